// How deep a value is that somebody else has written. Pure.

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
