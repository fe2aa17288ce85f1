/** The name that was probably meant: people type policies by hand. */

/** Single letters that were left out, put in, exchanged, or swapped with their neighbour. */
function slips(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      next.push(cost)
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}

/** None when nothing is near: at most a third of the letters may differ. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const typed = name.slice(0, 80).toLowerCase()
  let found: string | undefined
  let least = Math.max(1, Math.floor(typed.length / 3)) + 1
  for (const candidate of names) {
    const apart = slips(typed, candidate.toLowerCase())
    if (apart >= least) continue
    least = apart
    found = candidate
  }
  return found
}

/** ` (did you mean x?)`, or nothing. */
export function meant(name: string, names: readonly string[]): string {
  const found = nearest(name, names)
  return found === undefined ? '' : ` (did you mean ${found}?)`
}
