// How deep a value is that somebody else has written. Pure.
import { Lexer } from 'yaml'

/** No message is nested deeper than 32, and what is said of one needs some more. */
const deepest = 64

/**
 * Whether it is deeper than anything of ours; to be asked before a schema walks it, which takes a stack as deep as the value.
 * What is a part of itself, as an anchor of YAML may make it, is deeper than anything.
 */
export function nestsDeeper(value: unknown, most = deepest): boolean {
  // Level by level, each object once: aliases may be on every level many times.
  let level = new Set<unknown>([value])
  for (let depth = 0; depth <= most; depth += 1) {
    const next = new Set<unknown>()
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue
      for (const member of Object.values(one) as unknown[])
        if (typeof member === 'object' && member !== null) next.add(member)
    }
    if (next.size === 0) return false
    level = next
  }
  return true
}

/** Indicators that a line begins nodes within nodes with, and how far to the right it may begin. */
const mostOnLine = 32
const farthest = 128

/**
 * Whether a YAML text is nested deeper than a parser can follow: to be asked before it is parsed, since a parser that runs out of
 * stack may take the process along. Reads no further than to where it is too deep.
 */
export function yamlNestsDeeper(text: string, most = deepest): boolean {
  let flow = 0
  let indicators = 0
  let isAtStart = true
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') flow += 1
    else if (token === ']' || token === '}') flow = Math.max(0, flow - 1)
    else if (token === '\n' || token === '\r\n') indicators = 0
    else if (flow === 0 && (token === '-' || token === '?' || token === ':')) indicators += 1
    if (
      flow > most ||
      indicators > mostOnLine ||
      (isAtStart && flow === 0 && /^ *$/.test(token) && token.length > farthest)
    )
      return true
    isAtStart = token === '\n' || token === '\r\n'
  }
  return false
}
