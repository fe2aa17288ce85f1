// What a console that is open wants to hear of: which rows are new or changed. Collected, so that a busy ACS tells of it a few
// times a second and no more; without a listener nothing is collected.

/** Ids of what changed since the last batch. */
export interface Batch {
  /** Newest last; more than `mostRows` are not told. */
  readonly transactions: readonly number[]
  /** Transactions that were left out of this batch. */
  readonly skipped: number
  readonly inbox: readonly number[]
  /** Keyed hashes. */
  readonly cards: readonly string[]
  readonly stubs: boolean
}

export interface Live {
  transaction(id: number): void
  mail(id: number): void
  card(panHash: string): void
  stubs(): void
  /** The returned function takes it back. `end` is called when there will be no more. */
  listen(tell: (batch: Batch) => void, end: () => void): () => void
  /** At once, for each message of the inbox; otherwise as `listen`. */
  onMail(tell: () => void, end: () => void): () => void
  /** Sekisho stops. */
  close(): void
}

export interface LiveOptions {
  readonly everyMs?: number
  readonly mostRows?: number
}

export function createLive({ everyMs = 250, mostRows = 100 }: LiveOptions = {}): Live {
  const listeners = new Set<{ readonly tell: (batch: Batch) => void; readonly end: () => void }>()
  const mailListeners = new Set<{ readonly tell: () => void; readonly end: () => void }>()
  const transactions = new Set<number>()
  const inbox = new Set<number>()
  const cards = new Set<string>()
  let hasStubs = false
  let skipped = 0
  let timer: NodeJS.Timeout | undefined

  const take = (): Batch => {
    const batch = {
      transactions: [...transactions],
      skipped,
      inbox: [...inbox],
      cards: [...cards],
      stubs: hasStubs,
    }
    for (const kept of [transactions, inbox, cards]) kept.clear()
    hasStubs = false
    skipped = 0
    timer = undefined
    return batch
  }
  const plan = (): void => {
    timer ??= setTimeout(() => {
      const batch = take()
      for (const { tell } of listeners) tell(batch)
    }, everyMs)
  }
  /** The latest `mostRows`; returns how many had to go. */
  const collect = <T>(kept: Set<T>, value: T): number => {
    kept.delete(value)
    kept.add(value)
    plan()
    if (kept.size <= mostRows) return 0
    for (const oldest of kept) {
      kept.delete(oldest)
      break
    }
    return 1
  }

  return {
    transaction(id) {
      if (listeners.size > 0) skipped += collect(transactions, id)
    },
    mail(id) {
      for (const { tell } of mailListeners) tell()
      if (listeners.size > 0) collect(inbox, id)
    },
    card(panHash) {
      if (listeners.size > 0) collect(cards, panHash)
    },
    stubs() {
      if (listeners.size === 0) return
      hasStubs = true
      plan()
    },
    listen(tell, end) {
      const listener = { tell, end }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearTimeout(timer)
        take()
      }
    },
    onMail(tell, end) {
      const listener = { tell, end }
      mailListeners.add(listener)
      return () => mailListeners.delete(listener)
    },
    close() {
      for (const { end } of [...listeners, ...mailListeners]) end()
    },
  }
}
