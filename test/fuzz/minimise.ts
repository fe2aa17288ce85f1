// The smallest input that still breaks the same law.

/** All that a value can be made smaller to, the greatest steps first. */
function* smaller(value: unknown): Generator<unknown> {
  if (typeof value === 'string') {
    if (value.length > 1) yield value.slice(0, value.length >> 1)
    if (value.length > 1) yield value.slice(1)
    if (value.length > 1) yield value.slice(0, -1)
  } else if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) {
      yield value.toSpliced(at, 1)
      for (const entry of smaller(value[at])) yield value.with(at, entry)
    }
  } else if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
    for (let at = 0; at < members.length; at += 1) yield Object.fromEntries(members.toSpliced(at, 1))
    for (const [at, [name, member]] of members.entries())
      for (const less of smaller(member)) yield Object.fromEntries(members.with(at, [name, less]))
  }
}

const parsed = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}

/** Takes parts away for as long as `isBroken` holds, at most `tries` times. */
export function minimise(bytes: Buffer, isBroken: (bytes: Buffer) => boolean, tries = 5_000): Buffer {
  let left = tries
  const holds = (candidate: Buffer): boolean => {
    left -= 1
    return left >= 0 && isBroken(candidate)
  }
  let smallest = bytes
  // Whatever the bytes are: pieces of them, from halves down to one.
  const cutPieces = (): void => {
    for (let size = smallest.length >> 1; size >= 1 && left > 0; size >>= 1) {
      for (let from = 0; from < smallest.length && left > 0; ) {
        const candidate = Buffer.concat([smallest.subarray(0, from), smallest.subarray(from + size)])
        if (holds(candidate)) smallest = candidate
        else from += size
      }
    }
  }
  // Members and texts, while it is JSON that is written as we would write it.
  const shrink = (): boolean => {
    const value = parsed(smallest)
    if (value === undefined || !holds(Buffer.from(JSON.stringify(value)))) return false
    smallest = Buffer.from(JSON.stringify(value))
    let isSmaller = true
    while (isSmaller && left > 0) {
      isSmaller = false
      for (const candidate of smaller(parsed(smallest))) {
        const written = Buffer.from(JSON.stringify(candidate))
        if (!holds(written)) continue
        smallest = written
        isSmaller = true
        break
      }
    }
    return true
  }
  if (!shrink()) cutPieces()
  return smallest
}
