// Card ranges of whole numbers, 13 to 19 digits at both ends, as a PRes tells them. Spec: FLOW-PRE-3, FLOW-PRE-5.

export interface Span {
  readonly start: string
  readonly end: string
}

const longest = 19

/** Both ends as long as the longest card number, so that ranges of unlike lengths can be compared by their leading digits. */
export const firstOf = ({ start }: Span): string => start.padEnd(longest, '0')
export const lastOf = ({ end }: Span): string => end.padEnd(longest, '9')

export const inOrder = <S extends Span>(spans: readonly S[]): readonly S[] =>
  spans.toSorted((one, other) => (firstOf(one) < firstOf(other) ? -1 : firstOf(one) > firstOf(other) ? 1 : 0))

/**
 * The range of a card among ranges in order that do not overlap. Read as: a card longer or shorter than its range is found
 * by its leading digits.
 */
export function spanOf<S extends Span>(ordered: readonly S[], acctNumber: string): S | undefined {
  const card = acctNumber.padEnd(longest, '0')
  let low = 0
  let high = ordered.length
  while (low < high) {
    const middle = (low + high) >> 1
    const span = ordered[middle]
    if (span === undefined || firstOf(span) > card) high = middle
    else low = middle + 1
  }
  const found = ordered[low - 1]
  return found !== undefined && card <= lastOf(found) ? found : undefined
}

/** Whether two of the ranges share a card. */
export function hasOverlap(ordered: readonly Span[]): boolean {
  let last = ''
  for (const span of ordered) {
    if (firstOf(span) <= last) return true
    last = lastOf(span)
  }
  return false
}

const next = (digits: string): string => String(BigInt(digits) + 1n).padStart(digits.length, '0')
const previous = (digits: string): string => String(BigInt(digits) - 1n).padStart(digits.length, '0')

/** What of `span` is in none of `others`. Ends are as long as the span's own. */
function without<S extends Span>(span: S, others: readonly Span[]): readonly S[] {
  const { length } = span.start
  let parts: readonly S[] = [span]
  for (const other of others) {
    const start = other.start.slice(0, length).padEnd(length, '0')
    const end = other.end.slice(0, length).padEnd(length, '9')
    parts = parts.flatMap((part) => {
      if (end < part.start || start > part.end) return [part]
      return [
        ...(start > part.start ? [{ ...part, end: previous(start) }] : []),
        ...(end < part.end ? [{ ...part, start: next(end) }] : []),
      ]
    })
  }
  return parts
}

/** Ranges that do not overlap, in order: where they would, the earlier of the list has the cards. */
export function disjoint<S extends Span>(spans: readonly S[]): readonly S[] {
  const ordered = inOrder(spans)
  if (!hasOverlap(ordered)) return ordered
  const kept: S[] = []
  for (const span of spans) kept.push(...without(span, kept))
  return inOrder(kept)
}
