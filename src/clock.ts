// Clocks: the machine's, one that tests move by hand, and that of a tenant, which runs, stands, and can be moved forward.
import type { Clock } from './acs/ports.ts'
import { createSchedule } from './schedule.ts'

/** setTimeout takes at most this many milliseconds. */
const longestTimeout = 2_147_483_647

export const systemClock: Clock = {
  now: Date.now,
  schedule(at, work) {
    let timer: NodeJS.Timeout
    const arm = (): void => {
      const left = at - Date.now()
      timer = left > longestTimeout ? setTimeout(arm, longestTimeout) : setTimeout(work, Math.max(0, left))
    }
    arm()
    return () => clearTimeout(timer)
  },
}

export interface ManualClock extends Clock {
  /** Moves the clock forward; what is due on the way fires in order, each at its own time. */
  advance(ms: number): void
}

export function manualClock(start: number): ManualClock {
  let now = start
  const plan = createSchedule()
  return {
    now: () => now,
    schedule(at, work) {
      const entry = plan.add(at, work)
      return () => void plan.remove(entry)
    },
    advance(ms) {
      const until = now + ms
      for (let entry = plan.first(); entry !== undefined && entry.at <= until; entry = plan.first()) {
        plan.remove(entry)
        now = Math.max(now, entry.at)
        entry.work()
      }
      now = until
    },
  }
}

export interface ClockState {
  /** run: with the time of the machine, `offsetMs` away from it. frozen: it stands. */
  readonly mode: 'run' | 'frozen'
  readonly now: number
  readonly offsetMs: number
}

/** A time before the one that the clock shows: what happened cannot be undone. */
export class ClockWentBack extends Error {
  constructor(now: number) {
    super(`it is ${new Date(now).toISOString()} already, and a clock does not go back`)
  }
}

/** The clock of a tenant. */
export interface VirtualClock extends Clock {
  state(): ClockState
  /** Resolves when all that was due on the way is over. One after the other. */
  advance(ms: number): Promise<void>
  /** As advance, up to a moment. Rejects with ClockWentBack for one that is past. */
  set(at: number): Promise<void>
  /** Stands, now or at a later moment; what is due until then fires. */
  freeze(at?: number): Promise<void>
  /** Goes on from where it stands. */
  run(): Promise<void>
  /** Nothing fires any more. */
  close(): void
}

export interface VirtualClockOptions {
  /** What it runs by. */
  readonly base?: Clock
  readonly mode?: ClockState['mode']
  /** What it shows at first; otherwise the time of the base. */
  readonly now?: number | undefined
  /** Instead of `now`: how far from the base it runs. */
  readonly offsetMs?: number | undefined
  /** Resolves when what a timer has set in motion is over. */
  readonly idle?: () => Promise<void>
  /** Hears of every change, to keep it. */
  readonly onChange?: (state: ClockState) => void
}

/**
 * While it runs, the base wakes it when the first timer is due. While it stands or is moved, they fire one by one in the order
 * of their times: the clock shows the time of each until its effects are over.
 */
export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { base = systemClock, idle = () => Promise.resolve(), onChange = () => undefined } = options
  const opened = base.now()
  const shown = options.now ?? opened + (options.offsetMs ?? 0)
  let offset = shown - opened
  /** Undefined: it runs. */
  let stands: number | undefined = options.mode === 'frozen' ? shown : undefined
  let isClosed = false
  let isMoving = false
  const plan = createSchedule()

  const now = (): number => stands ?? base.now() + offset
  /** Of the base, for what comes first. */
  let wake: { readonly at: number; readonly isOverdue: boolean; readonly takeBack: () => void } | undefined
  const disarm = (): void => {
    wake?.takeBack()
    wake = undefined
  }
  const arm = (): void => {
    disarm()
    const at = plan.first()?.at
    if (at === undefined || isMoving) return
    const isOverdue = at <= now()
    if (stands === undefined) wake = { at, isOverdue, takeBack: base.schedule(at - offset, fireDue) }
    else if (isOverdue) {
      const immediate = setImmediate(fireDue)
      wake = { at, isOverdue, takeBack: () => clearImmediate(immediate) }
    }
  }
  /** All that is due; what comes up meanwhile for a time that is past may have to wait for the next time round. */
  const fireDue = (): void => {
    wake = undefined
    const until = now()
    try {
      let left = plan.size()
      for (let entry = plan.first(); entry !== undefined && entry.at <= until && left > 0; entry = plan.first()) {
        left -= 1
        plan.remove(entry)
        entry.work()
      }
    } finally {
      arm()
    }
  }
  const settle = (mode: ClockState['mode'], at: number): void => {
    isMoving = false
    if (isClosed) return
    offset = at - base.now()
    stands = mode === 'frozen' ? at : undefined
    arm()
    onChange(state())
  }
  const state = (): ClockState => {
    const machine = base.now()
    return {
      mode: isMoving ? modeAfter : stands === undefined ? 'run' : 'frozen',
      now: stands ?? machine + offset,
      offsetMs: stands === undefined ? offset : stands - machine,
    }
  }

  /** What it will be when it has been moved. */
  let modeAfter: ClockState['mode'] = options.mode ?? 'run'
  const move = async (to: (from: number) => number, mode: ClockState['mode'] | undefined): Promise<void> => {
    const from = now()
    const until = to(from)
    if (until < from) throw new ClockWentBack(from)
    modeAfter = mode ?? (stands === undefined ? 'run' : 'frozen')
    isMoving = true
    stands = from
    disarm()
    try {
      await idle()
      for (let entry = plan.first(); entry !== undefined && entry.at <= until; entry = plan.first()) {
        if (entry.at > stands) {
          stands = entry.at
          onChange(state()) // a crash must not lead back
        }
        plan.remove(entry)
        entry.work()
        await idle()
      }
    } finally {
      settle(modeAfter, Math.max(until, stands))
    }
  }

  // One after the other, whoever asks.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }

  return {
    now,
    schedule(at, work) {
      if (isClosed) return () => undefined
      const entry = plan.add(at, work)
      // Overdue: the machine slept, and its timers have not noticed yet.
      if (plan.first() === entry || (wake?.isOverdue === false && wake.at <= now())) arm()
      return () => {
        const isNext = plan.first() === entry
        if (plan.remove(entry) && isNext) arm()
      }
    },
    state,
    advance: (ms) => inTurn(() => move((from) => from + ms, undefined)),
    set: (at) => inTurn(() => move(() => at, undefined)),
    freeze: (at) => inTurn(() => move((from) => at ?? from, 'frozen')),
    run: () => inTurn(() => move((from) => from, 'run')),
    close() {
      isClosed = true
      disarm()
      plan.clear()
    },
  }
}
