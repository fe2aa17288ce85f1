/** JSON that people can look at and compare: a key a line, a term or a tree a line. */
export function fileText(file: object): string {
  const lines = Object.entries(file)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const isList = Array.isArray(value) && value.some((one) => typeof one === 'object' && one !== null)
      const text = isList
        ? `[\n${(value as readonly unknown[]).map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`
        : JSON.stringify(value)
      return `  ${JSON.stringify(key)}: ${text}`
    })
  return `{\n${lines.join(',\n')}\n}\n`
}
