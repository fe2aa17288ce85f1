import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { ColumnReader } from '../../../src/lab/run/column-reader.ts'
import { everything } from '../../../src/lab/run/columns/wanted.ts'
import { ownColumns } from '../../../src/lab/run/own-columns.ts'
import { type EventReader, PlainReader, type SlotOf } from '../../../src/lab/run/reader.ts'
import type { EventStream } from '../../../src/lab/stream/table.ts'
import { signalsIn } from '../../../src/risk/heed.ts'
import { Slots } from '../../../src/risk/live/slots.ts'
import { loadPolicy, type Policy } from '../../../src/risk/policy.ts'
import { shippedTables } from '../../../src/start/tables.ts'
import { policyText } from '../../risk/support.ts'
import { rowsOf, streamOf } from './made-up.ts'

const tables = shippedTables()
const japan = loadPolicy(policyText('rules-jp'))
const europe = loadPolicy(policyText('rules-eu'))
const freeman = loadPolicy(policyText('freeman'))

/** All members, also those that are read only when somebody asks. */
function plain(value: object, like: object): Record<string, unknown> {
  const read = value as Readonly<Record<string, unknown>>
  return Object.fromEntries(Object.keys(like).map((name) => [name, read[name]]))
}
const told = (members: object): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

function seen(reader: EventReader, reference: EventReader): unknown {
  const { facts, slots, asked } = reader
  const { keys, marks, ...others } = plain(facts, reference.facts) as { keys: object; marks: object }
  return {
    ...others,
    own: Object.fromEntries(
      Object.entries(told(reader.ownFacts)).filter(([name]) => name !== 'keys' && name !== 'marks'),
    ),
    keys: told(plain(keys, { ...reference.facts.keys, device: 1, phone: 1, address: 1, signature: 1 })),
    marks: plain(marks, reference.facts.marks),
    slots: [...slots],
    asked,
    heard: reader.heard,
    areq: told(plain(reader.areq, { ...reference.areq, mcc: 1, acctInfo: 1, browserIP: 1 })),
    kept: {
      amount: reader.kept.amount,
      localHour: reader.kept.localHour,
      presence: reader.kept.presence,
      slots: [...reader.kept.slots],
    },
  }
}

async function compare(stream: EventStream, policy: Policy): Promise<number> {
  // Of both readers, since by column slots are given out in another order.
  const slots = new Slots()
  const slotOf: SlotOf = (kind, hash) => slots.slotOf(kind, hash)
  const reference = new PlainReader(policy, tables, slotOf)
  const reader = new ColumnReader(policy, tables, slotOf, everything)
  let rows = 0
  for await (const whole of stream.parts()) {
    const part = ownColumns(whole)
    reference.bind(part)
    reader.bind(part)
    const ts = whole.columns.get('ts')
    for (let row = 0; row < part.n; row++) {
      const at = ts?.kind === 'number' ? (ts.values[row] ?? 0) : 0
      for (const one of [reference, reader]) {
        one.go(row, at, row % 97 === 0 ? 1 : 0)
        one.hear(signalsIn(policy, one.heard))
      }
      expect(seen(reader, reference), `row ${part.first + row}`).toStrictEqual(seen(reference, reference))
      rows++
    }
  }
  return rows
}

describe('facts from columns are those of the AReq', () => {
  test.each([
    ['rules-jp', japan],
    ['rules-eu', europe],
    ['freeman', freeman],
  ])('under %s, bit for bit', async (_, policy) => {
    expect(await compare(streamOf(rowsOf(11, 1_200), { size: 170, most: 60 }), policy)).toBe(1_200)
  })
  test('where nothing odd was sent', async () => {
    expect(await compare(streamOf(rowsOf(12, 800, { wild: 0 })), japan)).toBe(800)
  })
  property.prop([fc.integer(), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 2, max: 300 })], { numRuns: 12 })(
    'in whatever parts and dictionaries they come',
    async (seed, size, most) => {
      await compare(streamOf(rowsOf(seed, 120), { size, most }), japan)
    },
  )
})
