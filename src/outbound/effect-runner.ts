// Performs the effects that units of work have written, now or at their times, and takes them up again after a restart.
import type { Clock, Effect, EffectKind, Effects, Observer, Store } from '../acs/ports.ts'

/** Performs one effect; returns when to perform it again, or undefined when it is finished. Finishing it in the store is its own work. */
export type EffectHandler = (effect: Effect) => Promise<number | undefined>

export interface EffectRunnerOptions {
  readonly store: Store
  readonly clock: Clock
  readonly observer: Observer
  readonly handlers: Readonly<Record<EffectKind, EffectHandler>>
  /** How long the final CRes waits for the RRes (CHL-TMR-8). */
  readonly firstWithinMs?: number
  /** How long a stop waits for what is under way. */
  readonly stopWithinMs?: number
}

/** After an unexpected failure the effect is tried again this much later. */
const retryFailedAfterMs = 10_000

/** Longest wait for what is under way to be over; one effect waits for a DS twice 5 s at most. */
const idleWithinMs = 30_000

export interface EffectRunner extends Effects {
  /** Takes up all that is open in the store. */
  start(): void
  /** Resolves when nothing is under way, or after 30 s: what waits for its time by the clock does not count. */
  idle(): Promise<void>
  /** Plans nothing more and waits a while for what is under way; what is open stays in the store. */
  stop(): Promise<void>
}

export function createEffectRunner(options: EffectRunnerOptions): EffectRunner {
  const { store, clock, observer, handlers, firstWithinMs = 5_000, stopWithinMs = 8_000 } = options
  const underWay = new Map<number, Promise<void>>()
  const planned = new Map<number, () => void>()
  const timers = new Map<number, Set<number>>()
  /** First attempts of RReqs that are under way, by transaction. */
  const firstAttempts = new Map<number, Promise<void>>()
  let isStopped = false

  const forget = (effect: Effect): void => {
    planned.delete(effect.id)
    if (effect.kind !== 'timer') return
    const own = timers.get(effect.transactionId)
    own?.delete(effect.id)
    if (own?.size === 0) timers.delete(effect.transactionId)
  }

  const perform = async (effect: Effect): Promise<void> => {
    let again: number | undefined
    try {
      again = await handlers[effect.kind](effect)
    } catch (error) {
      observer.failed({ what: `effect ${effect.kind}`, error })
      again = clock.now() + retryFailedAfterMs
    }
    underWay.delete(effect.id)
    if (again !== undefined) plan({ ...effect, attempts: effect.attempts + 1, dueAt: again })
  }

  const start = (effect: Effect): Promise<void> => {
    const running = underWay.get(effect.id)
    if (running !== undefined) return running
    forget(effect)
    const work = perform(effect)
    underWay.set(effect.id, work)
    if (effect.kind === 'sendRReq' && effect.attempts === 0) {
      firstAttempts.set(effect.transactionId, work)
      void work.then(() => firstAttempts.delete(effect.transactionId))
    }
    return work
  }

  const withinLimit = async (work: Promise<unknown>, limitMs = firstWithinMs): Promise<void> => {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs)
    })
    await Promise.race([work, limit])
    clearTimeout(timer)
  }

  const plan = (effect: Effect): void => {
    if (isStopped || planned.has(effect.id) || underWay.has(effect.id)) return
    if (effect.kind === 'timer') {
      const own = timers.get(effect.transactionId) ?? new Set()
      timers.set(effect.transactionId, own.add(effect.id))
    }
    planned.set(
      effect.id,
      clock.schedule(effect.dueAt, () => {
        if (isStopped) return
        // A timer may fire before its time by the clock (which may also be set back); a timeout taken too early would
        // change nothing and be over, and the challenge would wait for ever.
        if (effect.dueAt <= clock.now()) void start(effect)
        else if (planned.delete(effect.id)) plan(effect)
      }),
    )
  }

  const take = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      if (effect.dueAt > clock.now()) plan(effect)
      else if (!isStopped) void start(effect)
    }
  }

  return {
    take,
    async first(effects) {
      take(effects)
      const awaited = effects.filter((effect) => effect.kind === 'sendRReq').map((effect) => underWay.get(effect.id))
      if (awaited.length === 0) return
      await withinLimit(Promise.all(awaited))
    },
    async whenSent(transactionId) {
      const attempt = firstAttempts.get(transactionId)
      if (attempt !== undefined) await withinLimit(attempt)
    },
    forgetTimers(transactionId) {
      for (const id of timers.get(transactionId) ?? []) {
        planned.get(id)?.()
        planned.delete(id)
      }
      timers.delete(transactionId)
    },
    start() {
      take(store.openEffects())
    },
    async idle() {
      let isOver = false
      const settled = async (): Promise<void> => {
        while (underWay.size > 0 && !isOver) await Promise.all(underWay.values())
      }
      await withinLimit(settled(), idleWithinMs)
      isOver = true
    },
    async stop() {
      isStopped = true
      for (const cancel of planned.values()) cancel()
      planned.clear()
      timers.clear()
      await withinLimit(Promise.all(underWay.values()), stopWithinMs)
    },
  }
}
