import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { TopList } from '../../../src/lab/metrics/top-list.ts'

const row = fc.record({ score: fc.nat(6), isFraud: fc.nat(1) })

test.prop([fc.array(row, { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), fc.boolean()])(
  'the first rows are those of a sorted list, whatever is offered first, and the list begins anew',
  (rows, most, isRising) => {
    const list = new TopList(most)
    for (let round = 0; round < 2; round++) {
      rows.forEach(({ score, isFraud }, at) => {
        list.offer(score, isRising ? at : -at, at, isFraud)
      })
      const first = rows
        .map((one, at) => ({ ...one, at }))
        .sort((a, b) => b.score - a.score || (isRising ? a.at - b.at : b.at - a.at))
        .slice(0, most)
      const taken = list.take()
      expect([...taken.card]).toEqual(first.map(({ at }) => at))
      expect([...taken.fraud]).toEqual(first.map(({ isFraud }) => isFraud))
    }
  },
)
