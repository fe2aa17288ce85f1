// Timers of the effect runner on a clock that does not keep its word.
import { expect, test } from 'vitest'
import type { Clock, Effect, Observer, Store } from '../../src/acs/ports.ts'
import { createEffectRunner } from '../../src/outbound/effect-runner.ts'

const answerTimer: Effect = {
  id: 1,
  tenant: 0,
  transactionId: 1,
  kind: 'timer',
  payload: { timer: 'answer' },
  dueAt: 10_000,
  attempts: 0,
  createdAt: 0,
}

test('a timer that fires before its time waits again, so that no challenge stays without an end (CHL-TMR-3)', () => {
  let now = 0
  let fire = (): void => {}
  const clock: Clock = {
    now: () => now,
    schedule(_at, work) {
      fire = work
      return () => {}
    },
  }
  const performedAt: number[] = []
  const perform = async (): Promise<undefined> => {
    performedAt.push(now)
  }
  const runner = createEffectRunner({
    store: {} as Store,
    clock,
    observer: {} as Observer,
    handlers: {
      timer: perform,
      sendOtp: perform,
      sendRReq: perform,
      play: perform,
      tell: perform,
      sendWebhook: perform,
      matchFeedback: perform,
    },
  })
  runner.take([answerTimer])
  now = 9_999 // as setTimeout may, and as a clock that was set back makes it
  fire()
  expect(performedAt).toEqual([])
  now = 10_000
  fire()
  expect(performedAt).toEqual([10_000])
})
