// Messages of the ACS are checked before they leave (VER-IM-6).
import { expect, test } from 'vitest'
import { buildARes, buildRReq } from '../../../src/acs/result/messages.ts'
import { createOutgoing, OutgoingBreach } from '../../../src/acs/result/outgoing.ts'
import { requestFor, secrets, transactionFor } from './support.ts'

const column = { version: '2.3.1', channel: '02', category: '01' } as const
const ares = buildARes(
  {
    request: requestFor(column),
    acsTransID: crypto.randomUUID(),
    panHash: 'a',
    scheme: 'visa',
    decision: { transStatus: 'N', transStatusReason: '01' },
    acsURL: 'https://acs.example',
    nonPaymentValues: false,
  },
  secrets,
)
const about = { leg: 'ACS-DS', deviceChannel: '02', messageCategory: '01' } as const

test('what its receivers would take leaves without a word', () => {
  const told: Error[] = []
  const outgoing = createOutgoing('fatal', (breach) => told.push(breach))
  outgoing.check('ARes', ares, about)
  outgoing.check('ARes', JSON.stringify(ares), about)
  const verdict = { transStatus: 'Y', interactionCounter: 1, at: 0 } as const
  outgoing.check('RReq', buildRReq(transactionFor(column, 'C'), verdict, secrets), about)
  expect(told).toEqual([])
})

test.each([
  ['an element that is missing', { transStatusReason: undefined }, '201 transStatusReason'],
  ['an empty element', { eci: '' }, '203 eci'],
  ['a wrong value', { transStatus: 'X' }, '203 transStatus'],
  ['a reserved value', { transStatusReason: '31' }, '207 transStatusReason'],
])('%s is told by its name and does not leave under test (VER-IM-6)', (_, change, expected) => {
  const told: Error[] = []
  const outgoing = createOutgoing('fatal', (breach) => told.push(breach))
  expect(() => outgoing.check('ARes', { ...ares, ...change }, about)).toThrow(OutgoingBreach)
  expect(told).toHaveLength(1)
  expect(told[0]?.message).toContain(expected)
})

test('in operation a breach is told and leaves all the same; switched off, nobody looks', () => {
  const told: Error[] = []
  const broken = { ...ares, authenticationValue: 'a secret that is none' }
  createOutgoing('log', (breach) => told.push(breach)).check('ARes', { ...broken, transStatus: 'X' }, about)
  expect(told).toHaveLength(1)
  expect(told[0]?.message).not.toContain('secret')
  createOutgoing('off', (breach) => told.push(breach)).check('ARes', { transStatus: 'X' }, about)
  expect(told).toHaveLength(1)
})
