// When effects are performed, who waits for them, and what is planned again.
import { describe, expect, test } from 'vitest'
import type { Effect, Observer, Store } from '../../src/acs/ports.ts'
import { manualClock } from '../../src/clock.ts'
import { createEffectRunner, type EffectHandler } from '../../src/outbound/effect-runner.ts'

const start = 1_000_000

let ids = 0
const effect = (kind: Effect['kind'], change: Partial<Effect> = {}): Effect => {
  ids += 1
  return {
    id: ids,
    tenant: 0,
    transactionId: 1,
    kind,
    payload: {},
    dueAt: start,
    attempts: 0,
    createdAt: start,
    ...change,
  }
}

/** A runner whose handlers note what they were given; `handle` says what comes of it. */
function runner(handle: EffectHandler = async () => undefined, open: readonly Effect[] = [], firstWithinMs = 60) {
  const clock = manualClock(start)
  const performed: Effect[] = []
  const failures: string[] = []
  const moved: [id: number, dueAt: number][] = []
  const unit = { moveEffect: (id: number, dueAt: number) => void moved.push([id, dueAt]) }
  const store = {
    openEffects: () => open,
    unit: async (work: (own: typeof unit) => unknown) => work(unit),
  }
  const observer: Pick<Observer, 'failed'> = { failed: ({ what }) => void failures.push(what) }
  const handler: EffectHandler = (given) => {
    performed.push(given)
    return handle(given)
  }
  const made = createEffectRunner({
    store: store as Partial<Store> as Store,
    clock,
    observer: observer as Observer,
    handlers: {
      timer: handler,
      sendOtp: handler,
      sendRReq: handler,
      play: handler,
      tell: handler,
      sendWebhook: handler,
      matchFeedback: handler,
    },
    firstWithinMs,
    stopWithinMs: 60,
  })
  return { clock, performed, failures, moved, made }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A promise that is settled from outside. */
function gate(): { readonly open: () => void; readonly opened: Promise<undefined> } {
  let open = (): void => {}
  const opened = new Promise<undefined>((resolve) => {
    open = () => resolve(undefined)
  })
  return { open: () => open(), opened }
}

test('what is due is performed at once, the rest at its time, in order', async () => {
  const { clock, performed, made } = runner()
  const [now, later, soon] = [
    effect('timer'),
    effect('timer', { dueAt: start + 20 }),
    effect('sendOtp', { dueAt: start + 10 }),
  ]
  made.take([now, later, soon])
  expect(performed).toEqual([now])
  clock.advance(9)
  expect(performed).toEqual([now])
  clock.advance(1)
  clock.advance(10)
  expect(performed).toEqual([now, soon, later])
  await made.stop()
})

test('an effect is never performed twice at the same time, nor planned twice', async () => {
  const { open, opened } = gate()
  const { clock, performed, made } = runner(() => opened)
  const one = effect('sendRReq')
  made.take([one])
  made.take([one])
  const planned = effect('timer', { dueAt: start + 5 })
  made.take([planned])
  made.take([planned])
  clock.advance(5)
  expect(performed).toEqual([one, planned])
  open()
  await made.stop()
})

test('first() waits for RReqs and for nothing else (CHL-SM-4)', async () => {
  const [rreq, mail] = [gate(), gate()]
  const { made } = runner((given) => (given.kind === 'sendRReq' ? rreq.opened : mail.opened))
  let isDone = false
  const waiting = made
    .first([effect('sendOtp'), effect('sendRReq'), effect('timer', { dueAt: start + 10 })])
    .then(() => {
      isDone = true
    })
  await settled()
  expect(isDone).toBe(false)
  rreq.open()
  await waiting
  await made.first([effect('sendOtp')])
  mail.open()
  await made.stop()
})

test('first() and whenSent() wait no longer than their limit (CHL-TMR-8, CHL-REP-8)', async () => {
  const { open, opened } = gate()
  const { made } = runner(() => opened)
  const from = performance.now()
  await made.first([effect('sendRReq')])
  made.take([effect('sendRReq', { transactionId: 2 })])
  await made.whenSent(2)
  const waited = performance.now() - from
  expect(waited).toBeGreaterThan(100)
  await made.whenSent(3)
  open()
  await made.stop()
})

test('once first() has waited to its limit, whenSent() does not wait again', async () => {
  const never = gate()
  const { made } = runner(() => never.opened)
  await made.first([effect('sendRReq')])
  let isSent = false
  void made.whenSent(1).then(() => {
    isSent = true
  })
  await settled()
  expect(isSent).toBe(true)
  never.open()
})

test('whenSent() waits for a first attempt, not for later ones (CHL-TMR-6)', async () => {
  const gates = [gate(), gate()]
  const { clock, performed, made } = runner(async ({ attempts }) => {
    await gates[attempts]?.opened
    return attempts === 0 ? clock.now() + 10 : undefined
  })
  made.take([effect('sendRReq')])
  let isSent = false
  const sent = made.whenSent(1).then(() => {
    isSent = true
  })
  await settled()
  expect(isSent).toBe(false)
  gates[0]?.open()
  await sent
  await settled()
  clock.advance(10)
  expect(performed.map(({ attempts }) => attempts)).toEqual([0, 1])
  let isFree = false
  void made.whenSent(1).then(() => {
    isFree = true
  })
  await settled()
  expect(isFree).toBe(true)
  gates[1]?.open()
  await made.stop()
})

test('a handler that fails is reported and asked again after 10 seconds', async () => {
  const { clock, performed, failures, made } = runner(async ({ attempts }) => {
    if (attempts === 0) throw new Error('x')
    return undefined
  })
  await made.first([effect('sendRReq')])
  expect(failures).toEqual(['effect sendRReq'])
  await settled()
  clock.advance(9_999)
  expect(performed).toHaveLength(1)
  clock.advance(1)
  expect(performed.map(({ attempts }) => attempts)).toEqual([0, 1])
  await made.stop()
})

test('timers of a transaction are forgotten, those of others and its other effects are not', async () => {
  const { clock, performed, made } = runner()
  const at = start + 10
  const [mine, other, mail] = [
    effect('timer', { dueAt: at }),
    effect('timer', { dueAt: at, transactionId: 2 }),
    effect('sendOtp', { dueAt: at }),
  ]
  made.take([mine, other, mail])
  made.forgetTimers(1)
  clock.advance(10)
  expect(performed).toEqual([other, mail])
  await made.stop()
})

test('a start takes up what is open, the overdue at once (CHL-SM-7)', async () => {
  const open = [
    effect('timer', { dueAt: start - 5_000 }),
    effect('sendRReq', { dueAt: start - 1, attempts: 3 }),
    effect('timer', { dueAt: start + 7 }),
  ]
  const { clock, performed, made } = runner(async () => undefined, open)
  made.start()
  expect(performed).toEqual(open.slice(0, 2))
  clock.advance(7)
  expect(performed).toEqual(open)
  await made.stop()
})

test('a stop plans nothing more and waits a while for what is under way', async () => {
  const { open, opened } = gate()
  const { clock, performed, made } = runner(() => opened)
  made.take([effect('sendRReq'), effect('timer', { dueAt: start + 5 })])
  const from = performance.now()
  await made.stop()
  expect(performance.now() - from).toBeGreaterThan(50)
  clock.advance(100)
  made.take([effect('sendRReq')])
  expect(performed).toHaveLength(1)
  open()
})

test('idle() waits for what is under way and for what comes of it, not for what is planned', async () => {
  const [first, second] = [gate(), gate()]
  let made: ReturnType<typeof runner>['made'] | undefined
  const handle: EffectHandler = async (given) => {
    if (given.kind === 'sendRReq') return second.opened
    await first.opened
    made?.take([effect('sendRReq')])
    return undefined
  }
  const own = runner(handle)
  made = own.made
  await made.idle()
  made.take([effect('timer'), effect('timer', { dueAt: start + 10 })])
  let isIdle = false
  const waiting = made.idle().then(() => {
    isIdle = true
  })
  first.open()
  await settled()
  expect(isIdle).toBe(false)
  second.open()
  await waiting
  expect(own.performed.map(({ kind }) => kind)).toEqual(['timer', 'sendRReq'])
  await made.stop()
})

describe('an RReq that a plan lets wait for the browser', () => {
  const waiting = (rreq: NonNullable<Effect['payload']['rreq']>, change: Partial<Effect> = {}): Effect =>
    effect('sendRReq', { payload: { rreq }, dueAt: start + 60_000, ...change })

  test('leaves when the final CRes has left, and is not waited for by it', async () => {
    const { performed, moved, made } = runner()
    const rreq = waiting({ when: 'afterCRes' })
    await made.first([rreq])
    await made.whenSent(1)
    expect(performed).toEqual([])
    made.release(2, 'cres')
    made.release(1, 'cres')
    made.release(1, 'cres')
    await made.idle()
    expect(performed).toEqual([{ ...rreq, dueAt: start }])
    expect(moved).toEqual([[rreq.id, start]])
    await made.stop()
  })

  test('leaves so long after it, and at the latest when its time has come', async () => {
    const { clock, performed, made } = runner()
    const [one, two] = [waiting({ when: 'afterCRes', delay: 5 }), waiting({ when: 'afterCRes' }, { transactionId: 2 })]
    made.take([one, two])
    made.release(1, 'cres')
    await made.idle()
    clock.advance(5)
    clock.advance(59_995)
    expect(performed.map(({ id }) => id)).toEqual([one.id, two.id])
    await made.stop()
  })

  test('leaves when the browser has gone back, or ten seconds after its page', async () => {
    const { clock, performed, made } = runner()
    const [told, untold] = [waiting({ when: 'afterReturn' }), waiting({ when: 'afterReturn' }, { transactionId: 2 })]
    made.take([told, untold])
    for (const id of [1, 2]) made.release(id, 'cres')
    await made.idle()
    expect(performed).toEqual([])
    made.release(1, 'return')
    await made.idle()
    expect(performed.map(({ id }) => id)).toEqual([told.id])
    clock.advance(10_000)
    expect(performed.map(({ id }) => id)).toEqual([told.id, untold.id])
    await made.stop()
  })

  test('is taken up after a restart, and once tried waits for nobody any more', async () => {
    const open = [waiting({ when: 'afterCRes' }), waiting({ when: 'afterCRes' }, { transactionId: 2, attempts: 1 })]
    const { performed, made } = runner(async () => undefined, open)
    made.start()
    made.release(1, 'cres')
    made.release(2, 'cres')
    await made.idle()
    expect(performed.map(({ id }) => id)).toEqual([open[0]?.id])
    await made.stop()
  })
})

test('an RReq that is planned for later holds up the final CRes until it was tried (CHL-SM-4)', async () => {
  const { clock, made } = runner(undefined, [], 30_000)
  let isDone = false
  const payload = { rreq: { when: 'beforeCRes' as const, delay: 10 } }
  const first = made.first([effect('sendRReq', { payload, dueAt: start + 10 })]).then(() => {
    isDone = true
  })
  await settled()
  expect(isDone).toBe(false)
  clock.advance(10)
  await first
  await made.stop()
})
