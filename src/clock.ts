// Clocks: the machine's, one that tests move by hand, and that of a tenant, which runs, stands, and can be moved forward.
import type { Clock } from './acs/ports.ts'

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
  let order = 0
  const plan = new Set<{ readonly at: number; readonly order: number; readonly work: () => void }>()
  const next = (until: number) =>
    [...plan].filter((entry) => entry.at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0]
  return {
    now: () => now,
    schedule(at, work) {
      order += 1
      const entry = { at, order, work }
      plan.add(entry)
      return () => plan.delete(entry)
    },
    advance(ms) {
      const until = now + ms
      for (let entry = next(until); entry !== undefined; entry = next(until)) {
        plan.delete(entry)
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

interface Entry {
  readonly at: number
  readonly order: number
  readonly work: () => void
  /** Takes it back from the base clock. */
  disarm: (() => void) | undefined
}

/**
 * While it runs, timers are the base's. While it stands or is moved, they wait here and fire one by one in the order of their
 * times: the clock shows the time of each until its effects are over.
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
  let order = 0
  const entries = new Set<Entry>()

  const now = (): number => stands ?? base.now() + offset
  const fire = (entry: Entry): void => {
    if (isClosed || !entries.delete(entry)) return
    entry.disarm?.()
    entry.work()
  }
  const arm = (entry: Entry): void => {
    if (stands === undefined) entry.disarm = base.schedule(entry.at - offset, () => fire(entry))
    else if (entry.at <= stands && !isMoving) {
      const immediate = setImmediate(() => fire(entry))
      entry.disarm = () => clearImmediate(immediate)
    }
  }
  const disarm = (): void => {
    for (const entry of entries) {
      entry.disarm?.()
      entry.disarm = undefined
    }
  }
  const next = (until: number): Entry | undefined => {
    let first: Entry | undefined
    for (const entry of entries) {
      if (entry.at > until) continue
      if (first === undefined || entry.at < first.at || (entry.at === first.at && entry.order < first.order))
        first = entry
    }
    return first
  }
  const settle = (mode: ClockState['mode'], at: number): void => {
    isMoving = false
    if (isClosed) return
    disarm()
    offset = at - base.now()
    stands = mode === 'frozen' ? at : undefined
    for (const entry of entries) arm(entry)
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
      for (let entry = next(until); entry !== undefined && !isClosed; entry = next(until)) {
        if (entry.at > stands) {
          stands = entry.at
          onChange(state()) // a crash must not lead back
        }
        fire(entry)
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
      order += 1
      const entry: Entry = { at, order, work, disarm: undefined }
      if (isClosed) return () => undefined
      entries.add(entry)
      arm(entry)
      return () => {
        entry.disarm?.()
        entries.delete(entry)
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
      entries.clear()
    },
  }
}
