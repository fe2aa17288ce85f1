/**
 * Regular expressions of policies. A text of somebody else is held against them, so they are run in a time that is bounded by
 * length of pattern × length of text whatever was written: all places at once (Thompson 1968), never back and forth.
 *
 * There are: letters, `.`, `[a-z]`, `[^a-z]`, `\d \w \s` and their capitals, `( )`, `|`, `? * +`, `{2}`, `{2,}`, `{2,4}`, `^`, `$`,
 * and `(?i)` at the beginning for letters of either case. No back references and no looking around.
 */

/** A text is looked at so far. */
export const longestText = 2_048
const mostSteps = 2_000

type Letters = (code: number) => boolean

type Node =
  | { readonly is: 'letters'; readonly letters: Letters }
  | { readonly is: 'begin' | 'end' | 'nothing' }
  | { readonly is: 'sequence' | 'either'; readonly of: readonly Node[] }
  | { readonly is: 'repeat'; readonly of: Node; readonly least: number; readonly most: number }

export class PatternError extends Error {}

const isDigit: Letters = (code) => code >= 48 && code <= 57
const isWord: Letters = (code) =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95
const isSpace: Letters = (code) => code === 32 || (code >= 9 && code <= 13) || code === 0x3000 || code === 0xa0
const not =
  (letters: Letters): Letters =>
  (code) =>
    !letters(code)
const classes: Readonly<Record<string, Letters>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
}
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13 }
const any: Letters = () => true

function parse(source: string): Node {
  const foldsCase = source.startsWith('(?i)')
  const text = Array.from(foldsCase ? source.slice(4) : source)
  let at = 0
  const fail = (problem: string): never => {
    throw new PatternError(`${problem} at character ${at + 1 + (foldsCase ? 4 : 0)}`)
  }
  const one = (letter: string): Letters => {
    const code = letter.codePointAt(0) ?? 0
    if (!foldsCase) return (other) => other === code
    const low = letter.toLowerCase().codePointAt(0)
    const high = letter.toUpperCase().codePointAt(0)
    return (other) => other === low || other === high
  }
  const between = (from: number, to: number): Letters => {
    if (from > to) fail('a range that goes down')
    const within: Letters = (code) => code >= from && code <= to
    if (!foldsCase) return within
    return (code) => {
      const letter = String.fromCodePoint(code)
      return within(letter.toLowerCase().codePointAt(0) ?? 0) || within(letter.toUpperCase().codePointAt(0) ?? 0)
    }
  }

  function either(depth: number): Node {
    if (depth > 20) fail('too many brackets inside each other')
    const branches = [sequence(depth)]
    while (text[at] === '|') {
      at++
      branches.push(sequence(depth))
    }
    const [first] = branches
    return branches.length === 1 && first !== undefined ? first : { is: 'either', of: branches }
  }

  function sequence(depth: number): Node {
    const parts: Node[] = []
    while (at < text.length && text[at] !== '|' && text[at] !== ')') parts.push(repeated(single(depth)))
    const [first] = parts
    if (first === undefined) return { is: 'nothing' }
    return parts.length === 1 ? first : { is: 'sequence', of: parts }
  }

  function repeated(node: Node): Node {
    const times = timesHere()
    if (times === undefined) return node
    if (node.is === 'begin' || node.is === 'end') fail('nothing to repeat')
    if (text[at] === '?' || text[at] === '+') fail('a pattern has no lazy or possessive repetition')
    if (timesHere() !== undefined) fail('nothing to repeat')
    return { is: 'repeat', of: node, ...times }
  }

  function timesHere(): { readonly least: number; readonly most: number } | undefined {
    const letter = text[at]
    if (letter === '?' || letter === '*' || letter === '+') {
      at++
      return { least: letter === '+' ? 1 : 0, most: letter === '?' ? 1 : Number.POSITIVE_INFINITY }
    }
    if (letter !== '{') return undefined
    const close = text.indexOf('}', at)
    const found = /^(\d{1,3})(,(\d{0,3}))?$/.exec(text.slice(at + 1, close < 0 ? at + 1 : close).join(''))
    if (found === null) return fail('{ } wants numbers, as {2}, {2,} or {2,4}; write \\{ for the letter')
    at = close + 1
    const least = Number(found[1])
    const most = found[2] === undefined ? least : found[3] === '' ? Number.POSITIVE_INFINITY : Number(found[3])
    if (most < least) fail('a repetition that goes down')
    return { least, most }
  }

  function single(depth: number): Node {
    const letter = text[at] ?? ''
    switch (letter) {
      case '^':
        at++
        return { is: 'begin' }
      case '$':
        at++
        return { is: 'end' }
      case '.':
        at++
        return { is: 'letters', letters: any }
      case '(': {
        at++
        if (text[at] === '?') {
          if (text[at + 1] !== ':') fail('(?…) other than (?: ) and a leading (?i) is not known')
          at += 2
        }
        const node = either(depth + 1)
        if (text[at] !== ')') fail('a bracket that is not closed')
        at++
        return node
      }
      case '[':
        at++
        return { is: 'letters', letters: letterSet() }
      case '\\':
        at++
        return { is: 'letters', letters: escaped() }
      case '*':
      case '+':
      case '?':
      case '{':
        return fail('nothing to repeat')
      default:
        at++
        return { is: 'letters', letters: one(letter) }
    }
  }

  function escaped(): Letters {
    const letter = text[at]
    if (letter === undefined) return fail('a \\ at the end')
    at++
    const known = classes[letter]
    if (known !== undefined) return known
    const control = controls[letter]
    if (control !== undefined) return (code) => code === control
    if (/[A-Za-z0-9]/.test(letter)) return fail(`\\${letter} is not known`)
    return one(letter)
  }

  function letterSet(): Letters {
    const isNot = text[at] === '^'
    if (isNot) at++
    const parts: Letters[] = []
    while (text[at] !== ']' || parts.length === 0) {
      const letter = text[at]
      if (letter === undefined) return fail('a [ that is not closed')
      at++
      if (letter === '\\') {
        parts.push(escaped())
        continue
      }
      const to = text[at + 1]
      if (text[at] === '-' && to !== undefined && to !== ']') {
        at += 2
        parts.push(between(letter.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0))
      } else parts.push(one(letter))
    }
    at++
    const some: Letters = (code) => parts.some((part) => part(code))
    return isNot ? not(some) : some
  }

  const node = either(0)
  if (at < text.length) fail('a ) without (')
  return node
}

/** Letters to take, two ways to go on, an edge of the text, or the end of the pattern. */
type Step =
  | { is: 'take'; letters: Letters; next: number }
  | { is: 'fork'; next: number; other: number }
  | { is: 'begin' | 'end'; next: number }
  | { is: 'found' }

function build(node: Node): { readonly steps: readonly Step[]; readonly start: number } {
  const steps: Step[] = [{ is: 'found' }]
  const add = (step: Step): number => {
    if (steps.length >= mostSteps) throw new PatternError('the pattern is too large')
    steps.push(step)
    return steps.length - 1
  }
  let parts = 0
  /** The first step of what matches `node` and goes on at `next`. */
  function first(node: Node, next: number): number {
    if (++parts > 10 * mostSteps) throw new PatternError('the pattern is too large')
    switch (node.is) {
      case 'nothing':
        return next
      case 'letters':
        return add({ is: 'take', letters: node.letters, next })
      case 'begin':
      case 'end':
        return add({ is: node.is, next })
      case 'sequence':
        return node.of.reduceRight((rest, part) => first(part, rest), next)
      case 'either':
        return node.of
          .map((branch) => first(branch, next))
          .reduce((other, way) => add({ is: 'fork', next: way, other }))
      case 'repeat': {
        let rest = next
        if (node.most === Number.POSITIVE_INFINITY) {
          const again: Step = { is: 'fork', next: 0, other: next }
          rest = add(again)
          again.next = first(node.of, rest)
        } else
          for (let i = node.least; i < node.most; i++)
            rest = add({ is: 'fork', next: first(node.of, rest), other: next })
        for (let i = 0; i < node.least; i++) rest = first(node.of, rest)
        return rest
      }
    }
  }
  const start = first(node, 0)
  return { steps, start }
}

/** Whether the pattern is found anywhere in a text. Throws a PatternError that says what is wrong and where. */
export function patternOf(source: string): (text: string) => boolean {
  if (source.length > 500) throw new PatternError('a pattern has at most 500 characters')
  const { steps, start } = build(parse(source))
  // Two sets of places and a stack, made once: a text is looked at without anything being made.
  let here = new Uint16Array(steps.length)
  let there = new Uint16Array(steps.length)
  const seenAt = new Float64Array(steps.length)
  const stack = new Uint16Array(2 * steps.length + 2)
  let round = 0

  /** Adds a place and all that can be reached from it without taking a letter; -1: the pattern is found. */
  function reach(set: Uint16Array, size: number, from: number, isBegin: boolean, isEnd: boolean): number {
    let count = size
    let depth = 0
    stack[depth++] = from
    while (depth > 0) {
      const at = stack[--depth] ?? 0
      if (seenAt[at] === round) continue
      seenAt[at] = round
      const step = steps[at]
      if (step === undefined || step.is === 'found') return -1
      if (step.is === 'take') set[count++] = at
      else if (step.is === 'fork') {
        stack[depth++] = step.other
        stack[depth++] = step.next
      } else if (step.is === 'begin' ? isBegin : isEnd) stack[depth++] = step.next
    }
    return count
  }

  return (text) => {
    const end = Math.min(text.length, longestText)
    round++
    let size = reach(here, 0, start, true, end === 0)
    if (size < 0) return true
    for (let i = 0; i < end; ) {
      const code = text.codePointAt(i) ?? 0
      i += code > 0xffff ? 2 : 1
      const isEnd = i >= end
      round++
      let next = 0
      for (let k = 0; k < size; k++) {
        const step = steps[here[k] ?? 0]
        if (step === undefined || step.is !== 'take' || !step.letters(code)) continue
        next = reach(there, next, step.next, false, isEnd)
        if (next < 0) return true
      }
      next = reach(there, next, start, false, isEnd)
      if (next < 0) return true
      const used = here
      here = there
      there = used
      size = next
    }
    return false
  }
}
