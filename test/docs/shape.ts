// Whether what a command printed has the shape a page shows. `…` stands for anything; a UUID stands for any UUID.
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A pattern of the whole text. */
const pattern = (shown: string): RegExp =>
  new RegExp(
    `^${shown
      .split(uuid)
      .map((part) => part.split('…').map(literally).join('[\\s\\S]*?'))
      .join(uuid.source)}$`,
    'i',
  )

function differences(shown: unknown, actual: unknown, at: string): readonly string[] {
  if (typeof shown === 'string') {
    if (shown === '…' && actual !== undefined) return []
    if (typeof actual === 'string' && pattern(shown).test(actual)) return []
  } else if (Array.isArray(shown)) {
    if (Array.isArray(actual)) {
      const rest: readonly unknown[] = actual
      return shown.flatMap((entry: unknown, index) => differences(entry, rest[index], `${at}[${index}]`))
    }
  } else if (typeof shown === 'object' && shown !== null) {
    if (typeof actual === 'object' && actual !== null)
      return Object.entries(shown).flatMap(([name, value]) =>
        differences(value, Reflect.get(actual, name), `${at}.${name}`),
      )
  } else if (Object.is(shown, actual)) return []
  return [
    `${at.slice(1) || 'the answer'}: the page shows ${JSON.stringify(shown)}, the answer has ${JSON.stringify(actual)}`,
  ]
}

/** Members that the page leaves out may be there; members that it shows must be. */
export function jsonDifferences(shown: string, actual: string): readonly string[] {
  let answer: unknown
  try {
    answer = JSON.parse(actual)
  } catch {
    return ['the answer is not JSON']
  }
  return differences(JSON.parse(shown), answer, '')
}

/** Every line that the page shows is there, in this order; other lines may stand between them. */
export function textDifferences(shown: string, actual: string): readonly string[] {
  const lines = actual.split('\n').map((line) => line.trimEnd())
  let from = 0
  for (const line of shown.split('\n').filter((text) => text.trim() !== '' && text.trim() !== '…')) {
    const found = lines.findIndex((candidate, index) => index >= from && pattern(line.trimEnd()).test(candidate))
    if (found < 0) return [`no such line after line ${from}: ${line}`]
    from = found + 1
  }
  return []
}
