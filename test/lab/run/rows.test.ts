import { describe, expect, test } from 'vitest'
import { featureRows } from '../../../src/lab/run/rows.ts'
import { policyText } from '../../risk/support.ts'
import { rowsOf, streamOf } from './made-up.ts'

const rows = rowsOf(5, 1_500)
const stream = streamOf(rows)
const policy = { text: policyText('rules-jp') }

describe('feature rows', () => {
  test('hold one row for each event, with its label, its card and its features', async () => {
    const read = await featureRows(stream, policy, { features: ['account_age_days', 'amount_log'] })
    expect(read.n).toBe(rows.length)
    expect([...read.y]).toEqual(rows.map(({ isFraud }) => isFraud))
    expect([...read.ts]).toEqual(rows.map(({ ts }) => ts))
    // The first event of a card has no age; its later ones do.
    const seen = new Set<unknown>()
    rows.forEach(({ card }, i) => {
      expect(Number.isNaN(read.features[0]?.[i])).toBe(!seen.has(card))
      seen.add(card)
    })
    expect(new Set(read.card).size).toBe(seen.size)
    expect(read.kinds[read.kind[rows.findIndex(({ kind }) => kind === 'stolen')] ?? -1]).toBe('stolen')
  })

  test('can be thinned out: frauds stay, and what stays is as it was', async () => {
    const all = await featureRows(stream, policy, { features: ['n_24h_account'] })
    const some = await featureRows(stream, policy, { features: ['n_24h_account'], genuineShare: 0.2 })
    const frauds = (y: Uint8Array): number => y.reduce((sum, one) => sum + one, 0)
    expect(frauds(some.y)).toBe(frauds(all.y))
    expect(some.n).toBeGreaterThan(200)
    expect(some.n).toBeLessThan(550)
    for (let i = 0; i < some.n; i++) {
      const event = some.event[i] as number
      expect(some.features[0]?.[i]).toBe(all.features[0]?.[event])
      expect(some.score[i]).toBe(all.score[event])
    }
  })
})
