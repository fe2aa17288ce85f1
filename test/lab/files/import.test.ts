import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fc, test as prop } from '@fast-check/vitest'
import { afterAll, describe, expect, test } from 'vitest'
import { exportFormats, exportStream } from '../../../src/lab/files/export.ts'
import type { ImportOptions } from '../../../src/lab/files/import.ts'
import { openStream } from '../../../src/lab/stream/store.ts'
import { type Cells, desk, imported } from './support.ts'

const { folder, put, clear } = desk()
afterAll(clear)
const out = join(folder, 'out')

const header = 'id,ts,card,merchant,purchaseAmount'
const take = (csv: string, options: Partial<ImportOptions> = {}) =>
  imported({ events: [put('events.csv', csv)], out, ...options })
const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`
/** What the person is told of a row with this value, before one that is good. */
async function toldOf(column: string, value: string): Promise<readonly string[]> {
  const good = { ts: '1', card: 'c', merchant: 'm', purchaseAmount: '1', [column]: column in required ? '1' : '' }
  const lines = [Object.keys(good), Object.values({ ...good, [column]: value }), Object.values(good)]
  const { leftOut, events } = await take(lines.map((cells) => `${cells.map(quoted).join(',')}\n`).join(''))
  expect(events).toHaveLength(2 - leftOut.rows)
  return leftOut.shown
}
const required: Cells = { ts: 1, card: 1, merchant: 1, purchaseAmount: 1 }

test('a table becomes a stream in order of time, and empty is not sent', async () => {
  const result = await take(`${header},email\nb,20,c2,m,200,\na,10,c1,m,100,x@example.jp\nc,20,c3,m,300,""\n`)
  expect(result.events).toEqual([
    { id: 'a', ts: 10, card: 'c1', merchant: 'm', purchaseAmount: 100, email: 'x@example.jp' },
    { id: 'b', ts: 20, card: 'c2', merchant: 'm', purchaseAmount: 200 },
    { id: 'c', ts: 20, card: 'c3', merchant: 'm', purchaseAmount: 300 },
  ])
  expect(result).toMatchObject({ rows: 3, taken: 3, outOfOrder: 1, withTruth: 0, columnsLeftOut: [] })
  expect(result.leftOut).toEqual({ rows: 0, reasons: {}, shown: [], path: undefined })
  expect(result.meta).toMatchObject({ name: 'imported', from: 10, to: 20, measuredFrom: 10, events: 3 })
  expect(readdirSync(out).sort()).toEqual(['events.bin', 'stream.json'])
})

test('rows that cannot be taken are named with line and column, counted and written down; the others are taken', async () => {
  const result = await take(
    `${header},mcc\na,10,c1,m,12.50,5411\nb,x,,m,1,99999\nc,12,c1,m,1,5411\nd,13,c1,m\ne,14,c1,m,"1",5411\n`,
  )
  expect(result.events.map(({ id }) => id)).toEqual(['c', 'e'])
  expect(result.leftOut).toMatchObject({
    rows: 3,
    reasons: { 'number of fields': 1, 'purchaseAmount: not expected': 1, 'ts: no number': 1 },
    shown: [
      'events.csv:2: purchaseAmount: 12.5 is not a whole number of minor units, 0 or more (of a currency with cents, 12.50 is 1250)',
      'events.csv:3: ts: "x" is no number; expected whole seconds since 1970',
      'events.csv:3: mcc: "99999" is not four digits',
      'events.csv:3: card: not sent',
      'events.csv:5: 4 fields; the header has 6',
    ],
  })
  expect(
    readFileSync(result.leftOut.path ?? '', 'utf8')
      .split('\n')
      .slice(0, 3),
  ).toEqual([
    'file,line,column,problem',
    'events.csv,2,purchaseAmount,"12.5 is not a whole number of minor units, 0 or more (of a currency with cents, 12.50 is 1250)"',
    'events.csv,3,ts,"""x"" is no number; expected whole seconds since 1970"',
  ])
  // What was left out once does not stay there.
  expect((await take(`${header}\na,1,c,m,1\n`)).leftOut.path).toBeUndefined()
  expect(existsSync(join(out, 'left-out.csv'))).toBe(false)
})

test('nothing of a row that is left out stays for the next', async () => {
  const { events } = await take(
    `ts,card,merchant,purchaseAmount,email,browserTZ\n1,c,m,-1,x@example.jp,60\n2,c,m,1,,\n`,
  )
  expect(events).toEqual([{ ts: 2, card: 'c', merchant: 'm', purchaseAmount: 1 }])
})

test.each([
  ['ts', '1700000000000', 'ts: 170000***0000 is not whole seconds since 1970 (are these milliseconds?)'],
  ['ts', '1.5', 'ts: 1.5 is not whole seconds since 1970 (fractions of a second are to be left out)'],
  ['ts', '2026-01-01', 'ts: "2026-01-01" is no number; expected whole seconds since 1970'],
  ['purchaseAmount', '1,000', 'purchaseAmount: "1,000" is no number'],
  ['purchaseAmount', 'Infinity', 'purchaseAmount: "Infinity" is no number'],
  ['deviceChannel', '2', 'deviceChannel: "2" is not 01, 02, 03 (were zeros in front lost: 02?)'],
  ['mcc', '0x1f', 'mcc: "0x1f" is not four digits'],
  ['merchantCountryCode', 'XX', 'merchantCountryCode: "XX" is not three digits of ISO 3166-1'],
  ['browserIP', '203.0.113.x', 'browserIP: a text of 11 characters is not an IPv4 or IPv6 address'],
  [
    'browserTZ',
    '32400',
    'browserTZ: 32400 is not whole minutes behind UTC, from -900 to 900 (Tokyo is -540) (are these seconds?)',
  ],
  ['mobilePhone', '090-1234-5678', 'mobilePhone: a text of 13 characters is not country code and subscriber'],
  ['methodData', '[1]', 'methodData: a text of 3 characters is not a JSON object'],
  ['merchantVerdict', 'ok', 'merchantVerdict: "ok" is not OK, REVIEW, NG, HOLD'],
  ['merchantScore', '50', 'merchantScore: 50 is not a number from 0 to 1'],
  ['isFraud', 'maybe', 'isFraud: "maybe" is no number; expected 1 fraud, 0 genuine'],
  ['uChallenge', '1', 'uChallenge: 1 is not a number from 0 to below 1'],
  ['email', 'a'.repeat(4_001), 'email: a text of 4001 characters is not a text of at most 4,000 characters'],
  ['merchantName', `caf\ufffd`, 'merchantName: holds bytes that are no UTF-8 (another --encoding?)'],
])('%s with %j is told', async (column, value, told) => {
  expect((await toldOf(column, value)).join('\n')).toContain(told)
})

test.each([
  ['merchantCountryCode', 'jp', '392'],
  ['purchaseCurrency', 'EUR', '978'],
  ['browserJavascriptEnabled', 'True', 'true'],
  ['purchaseAmount', ' 1200.0 ', 1200],
  ['isFraud', 'False', 0],
  ['ipLat', '-33.9', -33.9],
  ['browserIP', '2001:db8::1', '2001:db8::1'],
  ['methodData', '{"deviceId":"a"}', '{"deviceId":"a"}'],
])('%s with %j is taken', async (column, value, kept) => {
  const row = { ts: '1', card: 'c', merchant: 'm', purchaseAmount: '1', [column]: value }
  const csv = `${Object.keys(row).join(',')}\n${Object.values(row).map(quoted).join(',')}\n`
  expect((await take(csv)).events[0]).toMatchObject({ [column]: kept })
})

describe('a column', () => {
  test('that is not known is left out and named, with what may have been meant', async () => {
    const result = await take(`${header},purchase_currency,foo\na,1,c,m,1,392,x\n`)
    expect(result.columnsLeftOut).toEqual(['foo', 'purchase_currency (--rename purchase_currency=purchaseCurrency?)'])
    expect(result.events[0]).not.toHaveProperty('foo')
    expect(result.meta.made).toMatchObject({ columnsLeftOut: ['foo', 'purchase_currency'] })
  })
  test('that every event needs has to be there', async () => {
    await expect(take('ts,card,merchant,purchase_amount\n1,c,m,1\n')).rejects.toThrow(
      'events.csv: there is no column purchaseAmount (--rename purchase_amount=purchaseAmount?); see docs/lab-import.md',
    )
  })
  test('with another name is renamed, once', async () => {
    const renames = new Map([['amount', 'purchaseAmount']])
    const result = await take('ts,card,merchant,amount\n1,c,m,7\n', { renames })
    expect(result.events).toEqual([{ ts: 1, card: 'c', merchant: 'm', purchaseAmount: 7 }])
    await expect(take('ts,card,merchant,amount,purchaseAmount\n1,c,m,7,8\n', { renames })).rejects.toThrow(
      'events.csv: both amount and purchaseAmount are the column purchaseAmount',
    )
    await expect(take(`${header}\na,1,c,m,1\n`, { renames })).rejects.toThrow('--rename: no file has a column amount')
  })
  test('becomes a slice where that is wanted', async () => {
    const result = await take(`${header},region,mcc\na,1,c,m,1,kanto,5411\n`, { slices: ['region', 'mcc'] })
    expect(result.meta.slices).toEqual(['mcc', 'region'])
    expect(result.events[0]).toMatchObject({ region: 'kanto', mcc: '5411' })
    await expect(take(`${header}\na,1,c,m,1\n`, { slices: ['region'] })).rejects.toThrow(
      '--slice: no file has a column',
    )
  })
  test('is ignored, and a text stands for not sent, where that is said', async () => {
    const csv = `${header},browserIP,email\na,1,c,m,1,nonsense,NULL\n`
    const { events } = await take(csv, { ignored: ['browserIP'], empties: ['NULL'] })
    expect(events).toEqual([{ id: 'a', ts: 1, card: 'c', merchant: 'm', purchaseAmount: 1 }])
  })
})

describe('with --strict', () => {
  const strict = join(folder, 'strict')
  test.each([
    ['a bad row', `${header}\na,1,c,m,1\nb,2,c,m,x\n`, 'events.csv:3: purchaseAmount: "x" is no number'],
    ['an unknown column', `${header},foo\na,1,c,m,1,\n`, 'events.csv: the column foo is not known'],
    [
      'an id that was there',
      `${header}\na,1,c,m,1\na,2,c,m,1\n`,
      'events.csv:3: id: an event before it has the same id',
    ],
    ['a broken row', `${header}\na,1,c,"m,1\n`, 'events.csv:2: a quote that is not closed'],
  ])('reading stops at %s', async (_, csv, told) => {
    await expect(take(csv, { isStrict: true, out: strict })).rejects.toThrow(told)
    expect(readdirSync(strict)).toEqual([])
  })
})

describe('card numbers', () => {
  const pan = '4000000000007700'
  test('in the clear are kept under pseudonyms, with their range', async () => {
    const csv = `${header},bin\na,1,${pan},m,1,\nb,2,4000-0000-0000-7700,m,1,\nc,3,${pan},m,1,999999\nd,4,4000000000007701,m,1,\n`
    const { events, hasPseudonyms, meta } = await take(csv)
    const [a, b, c, d] = events
    expect(hasPseudonyms).toBe(true)
    expect(a?.card).toMatch(/^card-[0-9a-f]{20}$/)
    expect([b?.card, c?.card]).toEqual([a?.card, a?.card])
    expect([a?.bin, b?.bin, c?.bin, d?.bin]).toEqual(['400000', '400000', '999999', undefined])
    // It does not pass the check digit: it is no card number.
    expect(d?.card).toBe('4000000000007701')
    expect((await take(csv, { seed: 'other' })).meta.hash).not.toBe(meta.hash)
    const kept = await take(csv, { keepsCards: true })
    expect(kept.events[0]?.card).toBe(pan)
    expect(kept.hasPseudonyms).toBe(false)
  })
  test('are in no file of the stream, and in no message, in whatever column they stand', async () => {
    const spaced = pan.replace(/(....)(?=.)/g, '$1 ')
    const bad = [
      'ts',
      'purchaseAmount',
      'mcc',
      'deviceChannel',
      'browserIP',
      'merchantScore',
      'browserTZ',
      'cardholderName',
    ]
    for (const value of [pan, spaced, `${pan}.5`, `x${pan}`])
      for (const column of bad) {
        const text = column === 'cardholderName' ? `${value}${'x'.repeat(4_000)}` : value
        for (const told of await toldOf(column, text)) {
          expect(told).not.toContain(pan)
          expect(told.replace(/[^0-9]/g, '')).not.toContain(pan)
        }
      }
    const { leftOut } = await take(`${header}\na,1,${pan},m,x\nb,2,${spaced},m,1\n`)
    expect(leftOut.rows).toBe(1)
    for (const name of readdirSync(out)) {
      const bytes = readFileSync(join(out, name), 'latin1')
      expect(bytes).not.toContain(pan)
      expect(bytes).not.toContain(spaced)
    }
  })
})

describe('the truth', () => {
  const events = `${header}\na,10,c,m,1\nb,20,c,m,1\nc,30,c,m,1\n`
  test('is found by id, in any order, with slices of its own', async () => {
    const truth = put('truth.csv', 'kind,id,isFraud,labelTs,region\n,c,0,,kanto\ntakeover,a,1,500,\n')
    const result = await take(events, { truth })
    expect(result.events).toMatchObject([
      { id: 'a', isFraud: 1, kind: 'takeover', labelTs: 500 },
      { id: 'b' },
      { id: 'c', isFraud: 0 },
    ])
    expect(result.events[1]).toEqual({ id: 'b', ts: 20, card: 'c', merchant: 'm', purchaseAmount: 1 })
    expect(result).toMatchObject({ truthRows: 2, withTruth: 2, meta: { slices: ['region'] } })
  })
  test('of no event, a second one, and one without id are left out and named', async () => {
    const truth = put('truth.csv', 'id,isFraud\na,1\nz,0\na,0\n,1\nb,2\n')
    const result = await take(events, { truth })
    expect(result.leftOut.reasons).toEqual({
      'id: not sent': 1,
      'isFraud: not expected': 1,
      'truth: again': 1,
      'truth: no event': 1,
    })
    expect(result.leftOut.shown).toContain('truth.csv:4: id: the truth of an event that has one')
    expect(result.events[0]).toMatchObject({ id: 'a', isFraud: 1 })
  })
  test('may stand with the events, but not in both', async () => {
    const both = `${header},isFraud\na,1,c,m,1,1\n`
    expect((await take(both)).withTruth).toBe(1)
    const truth = put('truth.csv', 'id,isFraud\na,1\n')
    await expect(take(both, { truth })).rejects.toThrow(/events.csv: isFraud belongs to the truth/)
    await expect(take('ts,card,merchant,purchaseAmount\n1,c,m,1\n', { truth })).rejects.toThrow(/no event has an id/)
    await expect(take(events, { truth: put('truth.csv', 'ID,isFraud\na,1\n') })).rejects.toThrow(
      /there is no column id/,
    )
  })
  test('that is known before the event is counted', async () => {
    const truth = put('truth.csv', 'id,isFraud,labelTs\na,1,5\nb,1,25\n')
    expect(await take(events, { truth })).toMatchObject({ labelledBefore: 1, withTruth: 2 })
  })
})

test('a stream that is there stays as it is, with what was left out, until the new one is complete', async () => {
  const { meta } = await take(`${header}\na,1,c,m,1\nb,x,c,m,1\n`)
  const before = readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'latin1')])
  const twice = `${header}\na,1,c,m,1\na,2,c,m,1\n`
  for (const [csv, options] of [
    [twice, { isStrict: true }],
    [`${header}\na,x,c,m,1\n`, {}],
    ['ts\n', {}],
  ] as const) {
    await expect(take(csv, options)).rejects.toThrow()
    expect(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'latin1')])).toEqual(before)
  }
  expect((await openStream(out)).meta).toEqual(meta)
  expect((await take(twice)).meta.events).toBe(1)
})

test('of events with the same id the first in time stays', async () => {
  const result = await take(`${header}\na,30,late,m,1\na,10,early,m,1\na,20,middle,m,1\nb,5,c,m,1\n`)
  expect(result.events.map(({ id, card }) => [id, card])).toEqual([
    ['b', 'c'],
    ['a', 'early'],
  ])
  expect(result.leftOut.shown).toEqual([
    'events.csv:4: id: an event before it has the same id',
    'events.csv:2: id: an event before it has the same id',
  ])
})

test('several files are one table', async () => {
  const first = put('1.csv', `${header}\na,20,c,m,1\n`)
  const second = put('2.jsonl', '{"id":"b","ts":10,"card":"d","merchant":"m","purchaseAmount":2}\n\nnonsense\n[1]\n')
  const result = await imported({ events: [first, second], out })
  expect(result.events.map(({ id }) => id)).toEqual(['b', 'a'])
  expect(result.leftOut.shown).toEqual(['2.jsonl:3: not a JSON object', '2.jsonl:4: not a JSON object'])
})

test('JSON lines may give numbers, truth values and objects where they are meant', async () => {
  const line = {
    ...{ ts: 1, card: 'c', merchant: 'm', purchaseAmount: 1, mcc: 742, merchantCountryCode: 36, deviceChannel: 2 },
    ...{ browserJavascriptEnabled: true, isFraud: true, methodData: { deviceId: 'x', n: 1 }, email: null, bin: '' },
  }
  const result = await imported({ events: [put('events.jsonl', JSON.stringify(line))], out })
  expect(result.events).toEqual([
    {
      ...{ ts: 1, card: 'c', merchant: 'm', purchaseAmount: 1, mcc: '0742', merchantCountryCode: '036' },
      ...{ deviceChannel: '02', browserJavascriptEnabled: 'true', isFraud: 1, methodData: '{"deviceId":"x","n":1}' },
    },
  ])
  const wrong = { ...line, email: { a: 1 }, merchantName: ['x'], purchaseAmount: true, mcc: 7.5 }
  const told = imported({ events: [put('events.jsonl', JSON.stringify(wrong))], out })
  await expect(told).rejects.toThrow(/no row could be taken\n {2}events.jsonl:1: purchaseAmount: boolean is no number/)
})

test('there is a word for a file that is empty, missing, or of an unknown kind, and for a folder with other things', async () => {
  await expect(take(`${header}\n`)).rejects.toThrow('events.csv: there are no rows in it')
  await expect(imported({ events: [join(folder, 'none.csv')], out })).rejects.toThrow('none.csv: cannot be opened')
  await expect(imported({ events: [folder], out: join(folder, 'of-a-folder') })).rejects.toThrow(/is a folder/)
  await expect(imported({ events: [put('events.xlsx', 'PK')], out })).rejects.toThrow(/not known what this is/)
  await expect(imported({ events: [put('events.json', '[{}]')], out })).rejects.toThrow(/one object a line/)
  await expect(imported({ events: [put('events.parquet', 'PAR1 and no more')], out })).rejects.toThrow(
    /events.parquet: cannot be read as Parquet/,
  )
  await expect(imported({ events: [put('named.parquet', 'id,ts')], out })).rejects.toThrow(/does not begin with PAR1/)
  await expect(take(`${header}\na,1,c,m,1\n`, { out: folder })).rejects.toThrow(/something else in this folder/)
})

test('what lies before the warm-up ends is not measured', async () => {
  const csv = `${header}\na,86400,c,m,1\nb,864000,c,m,1\n`
  expect((await take(csv, { warmUpDays: 3 })).meta.measuredFrom).toBe(4 * 86_400)
  expect((await take(csv, { measuredFrom: 100_000 })).meta.measuredFrom).toBe(100_000)
})

test('it stops when it is told to, and leaves what was there', async () => {
  const signal = AbortSignal.abort(new Error('enough'))
  const { meta } = await take(`${header}\na,1,c,m,1\n`)
  await expect(take(`${header}\nb,1,c,m,1\n`, { signal })).rejects.toThrow('enough')
  expect((await openStream(out)).meta).toEqual(meta)
  await expect(take(`${header}\nb,1,c,m,1\n`, { signal, out: join(folder, 'stopped') })).rejects.toThrow('enough')
  expect(readdirSync(join(folder, 'stopped'))).toEqual([])
})

const value = fc.string({ minLength: 1, maxLength: 6 })

const event = fc.record(
  {
    ts: fc.integer({ min: 0, max: 40 }),
    card: value,
    merchant: value,
    purchaseAmount: fc.nat(),
    email: value,
    mcc: fc.constantFrom('5411', '0742'),
    ipLat: fc.double({ min: -90, max: 90, noNaN: true }),
    isFraud: fc.constantFrom(0, 1),
    pChallengePass: fc.double({ min: 0, max: 1, noNaN: true }),
    region: value,
  },
  { requiredKeys: ['ts', 'card', 'merchant', 'purchaseAmount'] },
)
const line = (cells: Cells): string => `${JSON.stringify(cells)}\n`

prop.prop([fc.array(event, { minLength: 1, maxLength: 80 }), fc.integer({ min: 1, max: 40 })], { numRuns: 25 })(
  'order, runs and format do not matter: written out in any format and taken in again it is the same stream',
  async (cells, runSize) => {
    const slices = cells.some(({ region }) => region !== undefined) ? ['region'] : []
    const rows = cells.map((one, at) => ({ id: `e${at}`, ...one, ...(one.ipLat === 0 && { ipLat: 0 }) }) as Cells)
    const sorted = [...rows].sort((a, b) => Number(a.ts) - Number(b.ts))
    const jsonl = put('events.jsonl', rows.map(line).join(''))
    const one = await imported({ events: [jsonl], out, slices, runSize, keepsCards: true })
    expect(one.leftOut.rows).toBe(0)
    const withoutZero = sorted.map((row) =>
      Object.fromEntries(Object.entries(row).map(([k, v]) => [k, v === 0 ? 0 : v])),
    )
    expect(one.events).toEqual(withoutZero)
    for (const format of exportFormats) {
      const path = join(folder, `again.${format}`)
      await exportStream(await openStream(out), { format, out: path })
      const again = await imported({ events: [path], out: join(folder, 'again'), slices, keepsCards: true })
      expect(again.meta.hash, format).toBe(one.meta.hash)
    }
  },
)

prop.prop([fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 9 })], {
  numRuns: 25,
})('rows of one time keep the order of the input, in runs of any size', async (times, runSize) => {
  const csv = `${header}\n${times.map((ts, at) => `e${at},${ts},c,m,1\n`).join('')}`
  const { events, outOfOrder } = await take(csv, { runSize })
  const wanted = times.map((ts, at) => ({ ts, id: `e${at}` })).sort((a, b) => a.ts - b.ts)
  expect(events.map(({ ts, id }) => ({ ts, id }))).toEqual(wanted)
  expect(outOfOrder).toBe(times.filter((ts, at) => times.slice(0, at).some((before) => before > ts)).length)
})

const junk = fc.oneof(
  fc.constantFrom(
    '',
    '"',
    '1',
    '-1',
    '1e999',
    '0x10',
    'NaN',
    '01',
    '392',
    '203.0.113.7',
    '{',
    '{}',
    '\ufeff',
    '\0',
    '=1',
  ),
  fc.string({ maxLength: 12 }),
)
const names = [
  ...['id', 'ts', 'card', 'merchant', 'purchaseAmount', 'mcc', 'browserIP', 'methodData', 'isFraud', 'deviceChannel'],
]
prop.prop([fc.array(fc.array(junk, { minLength: 8, maxLength: 12 }), { maxLength: 30 })], { numRuns: 80 })(
  'malformed rows are told, never thrown, and every row is accounted for',
  async (table) => {
    const csv = `${names.join(',')}\n${table.map((cells) => `${cells.join(',')}\n`).join('')}good,1,c,m,1,,,,,\n`
    const result = await take(csv).catch((error: Error) => error)
    if (result instanceof Error) {
      // A row before may have swallowed the good one in its quotes.
      expect(result.message).toMatch(/no row could be taken|there are no rows/)
      return
    }
    expect(result.taken + result.leftOut.rows).toBe(result.rows)
    expect(result.events).toHaveLength(result.taken)
    expect(Object.values(result.leftOut.reasons).reduce((sum, count) => sum + count, 0)).toBe(result.leftOut.rows)
  },
)
