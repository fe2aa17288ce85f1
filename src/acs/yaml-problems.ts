// What is wrong with a YAML text, and where: path, line and column. Pure.
import { type Document, isMap, isNode, isScalar, type LineCounter } from 'yaml'
import type { z } from 'zod'

export interface Problem {
  /** With dots; positions in lists count from 0. */
  readonly path: string
  readonly message: string
  /** From 1; absent where it has no place. */
  readonly line?: number
  readonly column?: number
}

type Path = readonly PropertyKey[]
type Issue = z.core.$ZodIssue

/** The node at the path, or the nearest above it. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const above = path.slice(0, length - 1)
    const parent = above.length === 0 ? document.contents : document.getIn(above, true)
    const name = path[length - 1]
    if (isMap(parent)) {
      const key = parent.items
        .map((pair) => pair.key)
        .find((one) => isScalar(one) && String(one.value) === String(name))
      if (isScalar(key) && key.range) return key.range[0]
      continue
    }
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return document.contents?.range?.[0] ?? 0
}

export function problemAt(document: Document, lines: LineCounter, path: Path, message: string): Problem {
  const { line, col } = lines.linePos(offsetOf(document, path))
  return { path: path.join('.'), message, line, column: col }
}

/** Where every side of a union wants other values of one member, that member and all of them. */
function valuesOf(
  sides: readonly (readonly Issue[])[],
): { readonly path: Path; readonly values: readonly string[] } | undefined {
  const [first] = sides[0] ?? []
  if (first?.code !== 'invalid_value' || first.path.length === 0) return undefined
  const values: string[] = []
  for (const side of sides) {
    const own = side.find(({ path }) => path.join('.') === first.path.join('.'))
    if (own?.code !== 'invalid_value') return undefined
    values.push(...own.values.map(String))
  }
  return { path: first.path, values }
}

/** Where a union has several sides, what the side says that went furthest. */
function flat(issue: Issue, above: Path): readonly { readonly path: Path; readonly message: string }[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], message: `there is no ${key} here` }))
  if (issue.code !== 'invalid_union') return [{ path, message: issue.message }]
  const kinds = valuesOf(issue.errors)
  if (kinds !== undefined)
    return [{ path: [...path, ...kinds.path], message: `one of ${kinds.values.join(', ')} expected` }]
  const sides = issue.errors.filter(
    (side) => side.length > 0 && side.every((one) => one.path.length > 0 || one.code === 'unrecognized_keys'),
  )
  const [best] = sides.toSorted((a, b) => a.length - b.length)
  return best === undefined ? [{ path, message: issue.message }] : best.flatMap((one) => flat(one, path))
}

export const problemsOf = (error: z.ZodError, document: Document, lines: LineCounter): readonly Problem[] =>
  error.issues
    .flatMap((issue) => flat(issue, []))
    .map(({ path, message }) => problemAt(document, lines, path, message))
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
