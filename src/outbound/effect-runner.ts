// Performs the effects that units of work have written, now or at their times, and takes them up again after a restart.
import type { Clock, Effect, EffectKind, Effects, Observer, ReturnMoment, Store } from '../acs/ports.ts'

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
  /** How long `idle` waits for it. */
  readonly idleWithinMs?: number
}

/** How long an RReq that follows the browser's return waits for a word of it, once the page that sends it back has left. */
const returnWithinMs = 10_000

/** Whether a plan lets the RReq wait for the browser (see `release`). */
const followsBrowser = ({ payload: { rreq }, attempts }: Effect): boolean =>
  attempts === 0 && (rreq?.when === 'afterCRes' || rreq?.when === 'afterReturn')

/** The first attempt of an RReq that the final CRes waits for (CHL-SM-4). */
const precedesCRes = (effect: Effect): boolean =>
  effect.kind === 'sendRReq' && effect.attempts === 0 && !followsBrowser(effect)

/** After an unexpected failure the effect is tried again this much later. */
const retryFailedAfterMs = 10_000

/** Longest wait for what is under way to be over; one effect waits for a DS twice 5 s at most. */
const usualIdleMs = 30_000

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
  const { idleWithinMs = usualIdleMs } = options
  const underWay = new Map<number, Promise<void>>()
  const planned = new Map<number, () => void>()
  const timers = new Map<number, Set<number>>()
  /** First attempts of RReqs that are under way, or will be before the final CRes, by transaction. */
  const firstAttempts = new Map<number, { readonly work: Promise<void>; readonly over: () => void }>()
  /** RReqs that wait for the browser, by transaction. */
  const held = new Map<number, Effect>()
  const moves = new Set<Promise<void>>()
  let isStopped = false

  const forget = (effect: Effect): void => {
    planned.delete(effect.id)
    if (held.get(effect.transactionId)?.id === effect.id) held.delete(effect.transactionId)
    if (effect.kind !== 'timer') return
    const own = timers.get(effect.transactionId)
    own?.delete(effect.id)
    if (own?.size === 0) timers.delete(effect.transactionId)
  }

  const noLongerWaitedFor = ({ transactionId }: Effect): void => {
    firstAttempts.get(transactionId)?.over()
    firstAttempts.delete(transactionId)
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
    if (precedesCRes(effect)) noLongerWaitedFor(effect)
    if (again !== undefined) plan({ ...effect, attempts: effect.attempts + 1, dueAt: again })
  }

  const start = (effect: Effect): Promise<void> => {
    const running = underWay.get(effect.id)
    if (running !== undefined) return running
    forget(effect)
    const work = perform(effect)
    underWay.set(effect.id, work)
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
    if (followsBrowser(effect)) held.set(effect.transactionId, effect)
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

  const expect = (effect: Effect): void => {
    if (isStopped || !precedesCRes(effect) || firstAttempts.has(effect.transactionId)) return
    let over = (): void => {}
    const work = new Promise<void>((resolve) => {
      over = resolve
    })
    firstAttempts.set(effect.transactionId, { work, over })
  }

  const move = async (effect: Effect): Promise<void> => {
    try {
      await store.unit((unit) => unit.moveEffect(effect.id, effect.dueAt))
    } catch (error) {
      observer.failed({ what: 'effect sendRReq', error }) // it keeps its time in the store, and goes now all the same
    }
    take([effect])
  }

  const release = (transactionId: number, moment: ReturnMoment): void => {
    const effect = held.get(transactionId)
    if (effect === undefined || isStopped) return
    const { when, delay = 0 } = effect.payload.rreq ?? {}
    const wait = when === 'afterReturn' && moment === 'cres' ? returnWithinMs : 0
    planned.get(effect.id)?.()
    forget(effect)
    const work = move({ ...effect, dueAt: clock.now() + wait + delay })
    moves.add(work)
    void work.then(() => moves.delete(work))
  }

  const take = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      expect(effect)
      if (effect.dueAt > clock.now()) plan(effect)
      else if (!isStopped) void start(effect)
    }
  }

  return {
    take,
    async first(effects) {
      take(effects)
      const rreqs = effects.filter((effect) => effect.kind === 'sendRReq')
      const awaited = rreqs.flatMap((effect) => firstAttempts.get(effect.transactionId)?.work ?? [])
      if (awaited.length === 0) return
      await withinLimit(Promise.all(awaited))
      // The limit is one for all: whoever gives the browser the final CRes does not begin to wait anew.
      for (const rreq of rreqs) noLongerWaitedFor(rreq)
    },
    async whenSent(transactionId) {
      const attempt = firstAttempts.get(transactionId)
      if (attempt !== undefined) await withinLimit(attempt.work)
    },
    release,
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
        while (underWay.size + moves.size > 0 && !isOver) await Promise.all([...underWay.values(), ...moves])
      }
      await withinLimit(settled(), idleWithinMs)
      isOver = true
    },
    async stop() {
      isStopped = true
      for (const cancel of planned.values()) cancel()
      planned.clear()
      held.clear()
      timers.clear()
      await withinLimit(Promise.all(underWay.values()), stopWithinMs)
    },
  }
}
