// Exchanges that are held up on purpose: bounded in number and in time, and over when Sekisho stops.

export interface Exchanges {
  /** Waits so long. Resolves at once when everything ends. */
  wait(ms: number, signal?: AbortSignal): Promise<void>
  /** Keeps something open; `cut` is called when it has to end. Returns what lets go of it. */
  hold(cut: () => void): () => void
  /** How many are held or waited for. */
  count(): number
  /** Ends all of them, also those that are still to come. */
  close(): void
}

/** More than these at once: the oldest is ended. */
const mostAtOnce = 1_000
/** Nobody waits longer than this for what never comes. */
const longestMs = 600_000

export function createExchanges(most = mostAtOnce): Exchanges {
  /** In the order of their beginning. */
  const held = new Set<() => void>()
  let isClosed = false

  function hold(cut: () => void): () => void {
    if (isClosed) {
      cut()
      return () => undefined
    }
    const release = (): void => {
      clearTimeout(timer)
      held.delete(end)
    }
    const end = (): void => {
      release()
      cut()
    }
    const timer = setTimeout(end, longestMs)
    held.add(end)
    const [oldest] = held
    if (held.size > most) oldest?.()
    return release
  }

  return {
    hold,
    wait(ms, signal) {
      if (ms <= 0 || signal?.aborted === true) return Promise.resolve()
      return new Promise((resolve) => {
        const over = (): void => {
          clearTimeout(timer)
          release()
          signal?.removeEventListener('abort', over)
          resolve()
        }
        const timer = setTimeout(() => over(), ms)
        let release = (): void => undefined
        signal?.addEventListener('abort', over, { once: true })
        release = hold(over)
      })
    },
    count: () => held.size,
    close() {
      isClosed = true
      for (const end of [...held]) end()
    },
  }
}
