import { expect, test } from 'vitest'
import { sharedList } from '../../../src/risk/checks/shared-list.ts'
import type { Signals } from '../../../src/risk/signals.ts'
import { saidBy } from './said.ts'

const said = saidBy(sharedList, {
  weight: 2,
  kinds: { card: 0.5, device: 1, email: 1, phone: 0.75, shipTo: 0.75, ip: 0.25 },
  reasons: { fraud: 1, chargeback: 0.75, abuse: 0.5, takeover: 1, nonPayment: 0.5 },
  confirmedGood: -0.5,
})
const of = (entries: NonNullable<Signals['sharedList']>) => said({ areq: {}, signals: { sharedList: entries } })

test('a list that nobody asked says nothing, and neither does one without an entry', () => {
  expect(said({ areq: {} })).toEqual({ silent: 'notAsked' })
  expect(of([])).toEqual({ silent: 'notListed' })
})

test('kind and reason weigh together', () => {
  expect(of([{ kind: 'device', reason: 'fraud' }])).toEqual({ weight: 2, reason: 'device', told: { why: 'fraud' } })
  expect(of([{ kind: 'ip', reason: 'abuse' }])).toMatchObject({ weight: 0.25, reason: 'ip' })
})

test('of several entries the strongest speaks, whatever their order', () => {
  const entries: NonNullable<Signals['sharedList']> = [
    { kind: 'card', reason: 'confirmedGood' },
    { kind: 'ip', reason: 'fraud' },
    { kind: 'email', reason: 'chargeback', merchants: 3 },
  ]
  expect(of(entries)).toMatchObject({ weight: 1.5, reason: 'email' })
  expect(of(entries.toReversed())).toMatchObject({ weight: 1.5, reason: 'email' })
})

test('what was only found honest speaks for the holder', () => {
  expect(of([{ kind: 'card', reason: 'confirmedGood' }])).toEqual({ weight: -0.5, reason: 'confirmedGood', told: {} })
})
