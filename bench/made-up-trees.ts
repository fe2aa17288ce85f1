/** Full trees of chance: what a walk through them costs does not depend on what they learnt. */
export function madeUpTrees(count: number, depth: number, names: readonly string[]): object {
  let state = 1
  const chance = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const splits = 2 ** depth - 1
  const each = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i))
  const child = (i: number): number => (i < splits ? i : splits - i - 1)
  return {
    format: 'sekisho-gbdt',
    formatVersion: 1,
    features: names,
    base: 0,
    trees: each(count, () => ({
      feature: each(splits, () => Math.floor(chance() * names.length)),
      threshold: each(splits, () => 10 * chance() ** 3),
      left: each(splits, (i) => child(2 * i + 1)),
      right: each(splits, (i) => child(2 * i + 2)),
      missingLeft: each(splits, () => (chance() < 0.5 ? 1 : 0)),
      leaf: each(splits + 1, () => chance() - 0.5),
      cover: each(splits + 1, () => 1),
    })),
  }
}
