/** The same metrics written another way: pair by pair, sorted lists of objects, nothing clever. O(n²) and meant to be. */

export type Scored = { readonly y: number; readonly score: number }

/** Over every pair of a fraud and a genuine event. */
export function naiveAuc(rows: readonly Scored[]): number {
  let sum = 0
  let pairs = 0
  for (const fraud of rows)
    for (const genuine of rows) {
      if (fraud.y !== 1 || genuine.y !== 0) continue
      pairs++
      sum += fraud.score > genuine.score ? 1 : fraud.score === genuine.score ? 0.5 : 0
    }
  return sum / pairs
}

/** For each distinct score as a threshold, count anew. */
export function naiveAp(rows: readonly Scored[]): number {
  const frauds = rows.filter(({ y }) => y === 1).length
  let before = 0
  let sum = 0
  for (const threshold of [...new Set(rows.map(({ score }) => score))].sort((a, b) => b - a)) {
    const flagged = rows.filter(({ score }) => score >= threshold)
    const hits = flagged.filter(({ y }) => y === 1).length
    const recall = hits / frauds
    sum += (recall - before) * (hits / flagged.length)
    before = recall
  }
  return sum
}

/** ROC points by counting at each distinct score. */
export function naiveRoc(rows: readonly Scored[]): { fpr: number; tpr: number }[] {
  const frauds = rows.filter(({ y }) => y === 1).length
  const genuine = rows.length - frauds
  return [...new Set(rows.map(({ score }) => score))].map((threshold) => {
    const flagged = rows.filter(({ score }) => score >= threshold)
    const hits = flagged.filter(({ y }) => y === 1).length
    return { fpr: (flagged.length - hits) / genuine, tpr: hits / frauds }
  })
}

/** Covariance of the two AUCs from the matrix of all pairs (DeLong, DeLong, Clarke-Pearson 1988, equations 4 to 6). */
export function naiveDeLong(rows: readonly { readonly y: number; readonly a: number; readonly b: number }[]): {
  difference: number
  se: number
  z: number
} {
  const frauds = rows.filter(({ y }) => y === 1)
  const genuine = rows.filter(({ y }) => y === 0)
  const psi = (x: number, y: number): number => (x > y ? 1 : x === y ? 0.5 : 0)
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const covariance = (x: readonly number[], y: readonly number[]): number => {
    const [mx, my] = [mean(x), mean(y)]
    return x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] as number) - my), 0) / (x.length - 1)
  }
  const v10 = (key: 'a' | 'b'): number[] => frauds.map((f) => mean(genuine.map((g) => psi(f[key], g[key]))))
  const v01 = (key: 'a' | 'b'): number[] => genuine.map((g) => mean(frauds.map((f) => psi(f[key], g[key]))))
  const s = (of: (key: 'a' | 'b') => number[]): number =>
    covariance(of('a'), of('a')) + covariance(of('b'), of('b')) - 2 * covariance(of('a'), of('b'))
  const se = Math.sqrt(s(v10) / frauds.length + s(v01) / genuine.length)
  const difference = mean(v10('b')) - mean(v10('a'))
  return { difference, se, z: difference / se }
}

/** Pascal's triangle, so that no logarithm is involved. Up to a thousand throws. */
export function naiveCoin(b: number, c: number): number {
  let row = [1]
  for (let n = 0; n < b + c; n++) {
    const next = [(row[0] as number) / 2]
    for (let k = 1; k < row.length; k++) next.push(((row[k - 1] as number) + (row[k] as number)) / 2)
    next.push((row.at(-1) as number) / 2)
    row = next
  }
  let tail = 0
  for (let k = 0; k <= Math.min(b, c); k++) tail += row[k] as number
  return Math.min(1, 2 * tail)
}

/** Bin by bin, by filtering. */
export function naiveEce(rows: readonly { readonly y: number; readonly p: number }[]): number {
  let sum = 0
  for (let bin = 0; bin < 10; bin++) {
    const inBin = rows.filter(({ p }) => Math.min(Math.floor(10 * p), 9) === bin)
    if (inBin.length === 0) continue
    const meanP = inBin.reduce((total, { p }) => total + p, 0) / inBin.length
    const rate = inBin.filter(({ y }) => y === 1).length / inBin.length
    sum += (inBin.length / rows.length) * Math.abs(meanP - rate)
  }
  return sum
}

export type CardEvent = { readonly day: number; readonly card: string; readonly y: number; readonly score: number }

/** Per day; `known` says from which day on a card is left out. */
export function naiveCardPrecision(
  rows: readonly CardEvent[],
  k: number,
  known: Readonly<Record<string, number>> = {},
): number[] {
  const gone = new Set<string>()
  return [...new Set(rows.map(({ day }) => day))]
    .sort((a, b) => a - b)
    .map((day) => {
      const cards = [...new Set(rows.filter((row) => row.day === day).map(({ card }) => card))]
        .filter((card) => !gone.has(card) && !((known[card] ?? Number.POSITIVE_INFINITY) <= day))
        .map((card) => {
          const mine = rows.filter((row) => row.day === day && row.card === card)
          return { card, score: Math.max(...mine.map(({ score }) => score)), y: Math.max(...mine.map(({ y }) => y)) }
        })
        .sort((a, b) => b.score - a.score || (a.card < b.card ? -1 : 1))
        .slice(0, k)
      for (const { card, y } of cards) if (y === 1) gone.add(card)
      return cards.reduce((sum, { y }) => sum + y, 0) / k
    })
}

export function naivePrecision(rows: readonly CardEvent[], k: number): number[] {
  return [...new Set(rows.map(({ day }) => day))]
    .sort((a, b) => a - b)
    .map(
      (day) =>
        rows
          .map((row, at) => ({ ...row, at }))
          .filter((row) => row.day === day)
          .sort((a, b) => b.score - a.score || a.at - b.at)
          .slice(0, k)
          .reduce((sum, { y }) => sum + y, 0) / k,
    )
}
