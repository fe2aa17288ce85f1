// Whether a source is asked at all: one that has failed too often in a row is left alone for a while, then tried once.
export interface CircuitOptions {
  /** So many in a row. */
  readonly failures: number
  readonly openFor: number
}

/** Questions to one source that are under way at once; an AReq more goes without. */
export const mostAtOnce = 256

export interface Circuit {
  /** Whether to ask now; whoever is told so says how it went. */
  mayAsk(now: number): boolean
  /** Returns whether that has opened or closed it. */
  ended(hasFailed: boolean, now: number, options: CircuitOptions): 'opened' | 'closed' | undefined
  isOpen(now: number): boolean
}

export function createCircuit(): Circuit {
  let failed = 0
  let underWay = 0
  let openUntil: number | undefined
  let isTrying = false
  return {
    mayAsk(now) {
      if (underWay >= mostAtOnce) return false
      if (openUntil !== undefined) {
        if (now < openUntil || isTrying) return false
        isTrying = true
      }
      underWay += 1
      return true
    },
    ended(hasFailed, now, { failures, openFor }) {
      underWay = Math.max(0, underWay - 1)
      const wasOpen = openUntil !== undefined
      if (!hasFailed) {
        // An answer to a question from before the break says as much as one to the trial.
        failed = 0
        openUntil = undefined
        isTrying = false
        return wasOpen ? 'closed' : undefined
      }
      failed += 1
      if (wasOpen ? !isTrying : failed < failures) return undefined
      openUntil = now + openFor
      isTrying = false
      return wasOpen ? undefined : 'opened'
    },
    isOpen: (now) => openUntil !== undefined && now < openUntil,
  }
}
