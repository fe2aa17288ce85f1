// A policy file with rules, lists and a segment, from the AReq on the wire to the record.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shippedPolicy } from '../../src/risk/policy.ts'
import { browserAReq, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'policy-'))
let sekisho: Running
beforeAll(async () => {
  const file = path.join(folder, 'own.yaml')
  const text = readFileSync(shippedPolicy('never-challenge'), 'utf8').replace(
    '  forwarding: []',
    `  forwarding: []
  deny: [{ kind: ip, value: 203.0.113.0/25, reason: attack of November }]`,
  )
  writeFileSync(
    file,
    `${text}
segments:
  - { id: dear, when: { of: amount, ge: 50000 }, thresholds: { challenge: -1, reject: 90 } }
rules:
  - { id: deny-list, when: { listed: deny, kind: ip }, outcome: { answer: R, transStatusReason: '11' } }
  - id: tickets-by-night-train
    when:
      all:
        - { of: areq.merchantRiskIndicator.shipIndicator, eq: '06' }
        - { of: areq.merchantName, matches: '(?i)^night' }
    outcome: { atLeast: challenge }
    cite: house rule 7
`,
  )
  sekisho = await running({ only: ['acs'], policy: file })
})
afterAll(async () => {
  await sekisho.close()
  rmSync(folder, { recursive: true })
})

async function decided(change: Members): Promise<{ readonly status: unknown; readonly record: Members }> {
  const { status, body } = await post(`${sekisho.acs}/acs/areq`, { ...browserAReq(), ...change })
  expect(status).toBe(200)
  const answer = await fetch(`${sekisho.acs}/api/v1/transactions/${String(body.acsTransID)}`)
  return { status: body.transStatus, record: (await answer.json()) as Members }
}
const because = (record: Members): readonly string[] =>
  (record.decision as { because: readonly string[] } | undefined)?.because ?? []

test('what no rule is about passes', async () => {
  expect((await decided({})).status).toBe('Y')
})

test('a rule over elements of the AReq challenges, and the record says which', async () => {
  const tickets = { merchantRiskIndicator: { shipIndicator: '06' }, merchantName: 'NIGHT trains' }
  const { status, record } = await decided(tickets)
  expect(status).toBe('C')
  expect(because(record)).toEqual(expect.arrayContaining(['rule:tickets-by-night-train', 'house rule 7']))
  expect((await decided({ ...tickets, merchantName: 'Day trains' })).status).toBe('Y')
})

test('an address on the list is refused, its neighbours are not', async () => {
  const { status, record } = await decided({ browserIP: '203.0.113.9' })
  expect(status).toBe('R')
  expect(because(record)).toContain('rule:deny-list')
  expect((await decided({ browserIP: '203.0.113.200' })).status).toBe('Y')
})

test('a segment has its own thresholds', async () => {
  const { status, record } = await decided({ purchaseAmount: '50000' })
  expect(status).toBe('C')
  expect(because(record)).toContain('segment:dear')
})
