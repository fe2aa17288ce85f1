// One number of a policy changed in its text; every other letter, comments too, stays as it was. Pure.
import { isScalar, parseDocument } from 'yaml'
import { yamlNestsDeeper } from '../nesting.ts'

/** Undefined: there is no number at this path, which is that of the text (positions in lists count from 0). */
export function withNumber(text: string, path: readonly string[], value: number): string | undefined {
  if (yamlNestsDeeper(text)) return undefined
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false })
  if (document.errors.length > 0) return undefined
  const node: unknown = document.getIn(
    path.map((name) => (/^\d+$/.test(name) ? Number(name) : name)),
    true,
  )
  if (!isScalar(node) || typeof node.value !== 'number' || !node.range) return undefined
  const [start, end] = node.range
  return `${text.slice(0, start)}${String(value)}${text.slice(end)}`
}
