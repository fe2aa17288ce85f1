import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configOf } from '../../../src/lab/gen/config.ts'
import { generate, generateInto, sliceNames } from '../../../src/lab/gen/generate.ts'
import { eventColumns, truthColumns } from '../../../src/lab/stream/schema.ts'
import { openStream } from '../../../src/lab/stream/store.ts'
import { partSize } from '../../../src/lab/stream/table.ts'
import { isFraud, isGenuine, partsFor, type Row, rowsFor, rowsOf, share } from './streams.ts'

const parts = partsFor()
const rows = rowsOf(parts)
const day = 86_400

describe('a generated stream', () => {
  test('lies in the order of time, in parts that follow each other', () => {
    let first = 0
    let before = 0
    for (const part of parts) {
      expect(part.first).toBe(first)
      expect(part.n).toBeLessThanOrEqual(partSize)
      first += part.n
    }
    for (const { ts } of rows) {
      if (!((ts as number) >= before && Number.isInteger(ts))) expect.fail(`${ts} after ${before}`)
      before = ts as number
    }
    const from = Date.parse('2025-04-01T00:00:00+09:00') / 1000
    expect(rows[0]?.ts as number).toBeGreaterThanOrEqual(from)
    expect(before).toBeLessThan(from + 180 * day)
  })

  test('has about as many events as were asked for', () => {
    expect(rows.length).toBeGreaterThan(19_000)
    expect(rows.length).toBeLessThan(22_500)
  })

  test('has columns of the schema, each of its kind, and slices', () => {
    const kinds: Readonly<Record<string, string>> = {
      ...eventColumns,
      ...truthColumns,
      ...Object.fromEntries(sliceNames.map((name) => [name, 'text'])),
    }
    for (const { columns } of parts)
      for (const [name, column] of columns) expect([name, column.kind]).toEqual([name, kinds[name]])
    for (const name of Object.keys(truthColumns)) expect(parts[0]?.columns.has(name)).toBe(true)
  })

  test('no dictionary holds a text that no row has', () => {
    const last = parts.at(-1)
    for (const [name, column] of last?.columns ?? []) {
      if (column.kind !== 'text') continue
      const used = new Set<number>()
      for (const part of parts) {
        const same = part.columns.get(name)
        if (same?.kind === 'text') for (const id of same.ids) used.add(id)
      }
      used.delete(0)
      expect([name, used.size]).toEqual([name, column.dictionary.size - 1])
    }
  })
})

describe('chance', () => {
  test('the same seed gives the same stream, another another', () => {
    expect(rowsFor({ events: 2_000 })).toEqual(rowsFor({ events: 2_000 }))
    expect(rowsFor({ events: 2_000 }, '2')).not.toEqual(rowsFor({ events: 2_000 }))
  })

  test('the luck of challenges is even, and the same whatever the knobs of challenges are', () => {
    const luck = rows.map(({ uChallenge }) => uChallenge as number)
    for (let tenth = 0; tenth < 10; tenth++) {
      const here = luck.filter((u) => Math.floor(u * 10) === tenth).length / luck.length
      expect(here).toBeGreaterThan(0.09)
      expect(here).toBeLessThan(0.11)
    }
    expect(new Set(luck).size).toBeGreaterThan(0.999 * luck.length)
    const others = rowsFor({ challenge: { pass: { sms: 0.5 } } })
    expect(others.map(({ uChallenge }) => uChallenge)).toEqual(luck)
  })

  test('a knob turned in one place moves nothing in another', () => {
    const events = (list: readonly Row[]) =>
      list.map(({ ts, card, merchant, purchaseAmount, browserIP }) =>
        [ts, card, merchant, purchaseAmount, browserIP].join(),
      )
    expect(events(rowsFor({ screenings: { quality: 0 } }))).toEqual(events(rows))
    expect(events(rowsFor({ shops: { wishes: { always: 0.9 } } }))).toEqual(events(rows))
  })
})

describe('threads', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-gen-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('one, two and three of them write the same bytes', async () => {
    const config = configOf('japan', { events: 40_000 })
    const metas = []
    for (const workers of [0, 2, 3])
      metas.push(await generateInto(join(folder, String(workers)), config, 'a', { workers }))
    expect(metas[1]).toEqual(metas[0])
    expect(metas[2]).toEqual(metas[0])
    for (const file of ['events.bin', 'stream.json']) {
      const one = await readFile(join(folder, '0', file))
      expect(one.equals(await readFile(join(folder, '2', file)))).toBe(true)
      expect(one.equals(await readFile(join(folder, '3', file)))).toBe(true)
    }
    const { meta } = await openStream(join(folder, '2'))
    expect(meta.measuredFrom).toBe(Date.parse('2025-05-31T00:00:00+09:00') / 1000)
    expect(meta.slices).toEqual(sliceNames)
    expect(meta.hash).toMatch(/^[0-9a-f]{64}$/)
  }, 60_000)

  test('a stream that is read as it is made is the one that is written', async () => {
    const made: Row[] = []
    for await (const part of generate(configOf('japan', { events: 40_000 }), 'a').parts(20_000))
      made.push(...rowsOf([part]))
    const kept: Row[] = []
    for await (const part of (await openStream(join(folder, '0'))).parts(20_000)) kept.push(...rowsOf([part]))
    expect(made.length).toBeGreaterThan(10_000)
    expect(made.slice(-10_000)).toEqual(kept.slice(-10_000))
  }, 60_000)

  test('stopped, it leaves nothing', async () => {
    const controller = new AbortController()
    const stopped = generateInto(join(folder, 'stopped'), configOf('japan', { events: 40_000 }), 'a', {
      workers: 2,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    await expect(stopped).rejects.toThrow(/abort/)
    await expect(openStream(join(folder, 'stopped'))).rejects.toThrow()
  }, 60_000)
})

describe('truth', () => {
  const truth = new Set<string>([...Object.keys(truthColumns), ...sliceNames])
  const seen = (list: readonly Row[]) =>
    list.map((row) =>
      JSON.stringify(Object.entries(row).filter(([name, value]) => value !== undefined && !truth.has(name))),
    )

  test('stands in no column that the engine sees', () => {
    // Other reports and other answers at the keyboard: not one event is another. No card is replaced, since that follows a report.
    const quiet = { attackers: { reissueDays: 1_000 } }
    const reports = (medianDays: number, pass: number) => ({
      ...quiet,
      attacks: Object.fromEntries(
        ['stolen_number', 'resale', 'family_or_friendly'].map((id) => [
          id,
          { report: { medianDays, sigma: 0.2, never: 0.4 }, pass },
        ]),
      ),
    })
    expect(seen(rowsFor(reports(40, 0.9)))).toEqual(seen(rowsFor(reports(3, 0.1))))
  })

  test('no event tells a pattern or a campaign by name', () => {
    const events = seen(rows).join('\n')
    for (const name of new Set(rows.flatMap(({ kind, campaign }) => [kind, campaign])))
      if (name !== undefined) expect(events.includes(String(name))).toBe(false)
  })

  test('first-party fraud is made of the holder’s own things', () => {
    const own = rowsFor({ attacks: { family_or_friendly: { per10k: 100 } } })
    const denied = own.filter(({ kind }) => kind === 'family_or_friendly')
    expect(denied.length).toBeGreaterThan(150)
    for (const { isFraud: fraud, campaign } of denied) expect([fraud, typeof campaign]).toEqual([1, 'string'])
    const mails = new Map(own.filter(isGenuine).map(({ card, email }) => [card, email]))
    const known = denied.filter(({ email, card }) => email !== undefined && mails.get(card) !== undefined)
    expect(share(known, ({ card, email }) => mails.get(card) === email)).toBeGreaterThan(0.7)
  })

  test('a challenge is passed, left or failed', () => {
    const isShare = (p: unknown): boolean => (p as number) >= 0 && (p as number) <= 1
    const bad = rows.filter(
      ({ pChallengePass: pass, pChallengeAbandon: abandon }) =>
        !(isShare(pass) && isShare(abandon) && (pass as number) + (abandon as number) <= 1 + 1e-12),
    )
    expect(bad).toEqual([])
  })

  test('what is reported is fraud, later than it happened, and within the cap', () => {
    for (const row of rows) {
      if (row.labelTs === undefined) continue
      expect(row.isFraud).toBe(1)
      expect(row.labelTs as number).toBeGreaterThan(row.ts as number)
      expect((row.labelTs as number) - (row.ts as number)).toBeLessThan((110 + 3) * day)
    }
  })

  test('after the report the holder has another number', () => {
    const many = rowsFor({
      attacks: { stolen_number: { per10k: 60, report: { medianDays: 3, sigma: 0.2, never: 0 } } },
    })
    const stolen = new Map<unknown, number>()
    for (const { kind, card, labelTs } of many)
      if (kind === 'stolen_number' && labelTs !== undefined) stolen.set(card, labelTs as number)
    expect(stolen.size).toBeGreaterThan(60)
    const late = many.filter(
      ({ card, ts }) => (ts as number) > (stolen.get(card) ?? Number.POSITIVE_INFINITY) + 3 * day,
    )
    expect(late).toEqual([])
  })

  test('abuse has a kind and is no fraud', () => {
    const abuse = ['first_discount', 'affiliate', 'ticket_hoarding', 'bnpl_nonpayment']
    const found = rows.filter(({ kind }) => abuse.includes(String(kind)))
    expect(found.length).toBeGreaterThan(20)
    expect(found.some(isFraud)).toBe(false)
    expect(
      share(
        rows.filter(({ kind }) => kind !== undefined && !abuse.includes(String(kind))),
        isFraud,
      ),
    ).toBe(1)
  })
})

describe('cards', () => {
  const sumOf = (card: string): number =>
    [...card].reverse().reduce((sum, sign, i) => {
      const digit = Number(sign) * (i % 2 === 1 ? 2 : 1)
      return sum + (digit > 9 ? digit - 9 : digit)
    }, 0)

  test('have sixteen digits, a right check digit and the range that is told', () => {
    const bad = rows.filter(
      ({ card, bin }) =>
        !(
          /^\d{16}$/.test(card as string) &&
          (card as string).startsWith(bin as string) &&
          sumOf(card as string) % 10 === 0
        ),
    )
    expect(bad).toEqual([])
  })

  test('a number belongs to one holder', () => {
    const names = new Map<unknown, unknown>()
    for (const { card, cardholderName } of rows.filter(isGenuine)) {
      if ((names.get(card) ?? cardholderName) !== cardholderName) expect.fail(`two holders of one number`)
      names.set(card, cardholderName)
    }
  })
})
