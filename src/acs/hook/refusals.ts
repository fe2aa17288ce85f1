// What was refused lately and named a transaction, so that its record can say so. In memory, and bounded: anybody may send it.
import type { Unheard } from '../../risk/assessment.ts'

export interface Refusals {
  add(threeDSServerTransID: string, refused: Unheard): void
  of(threeDSServerTransID: string): readonly Unheard[]
}

const mostOfOne = 5

export function createRefusals(most = 2_000): Refusals {
  const byTransaction = new Map<string, readonly Unheard[]>()
  return {
    add(threeDSServerTransID, refused) {
      const id = threeDSServerTransID.toLowerCase()
      const before = byTransaction.get(id) ?? []
      if (before.length >= mostOfOne) return
      byTransaction.delete(id)
      byTransaction.set(id, [...before, refused])
      const [oldest] = byTransaction.keys()
      if (byTransaction.size > most && oldest !== undefined) byTransaction.delete(oldest)
    },
    of: (threeDSServerTransID) => byTransaction.get(threeDSServerTransID.toLowerCase()) ?? [],
  }
}
