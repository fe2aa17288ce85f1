import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { fc, test as prop } from '@fast-check/vitest'
import { afterAll, describe, expect, test } from 'vitest'
import { csvRows, openCsv, separatorIn } from '../../../src/lab/files/csv.ts'
import { csvLine } from '../../../src/lab/files/csv-line.ts'
import type { BrokenRow, RawRow } from '../../../src/lab/files/rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'sekisho-csv-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function* piecesOf(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}
async function read(text: string, size = text.length + 1, separator = ','): Promise<readonly (RawRow | BrokenRow)[]> {
  const rows: (RawRow | BrokenRow)[] = []
  for await (const batch of csvRows(piecesOf(text, size), () => separator)) rows.push(...batch)
  return rows
}
const cellsIn = async (text: string, size?: number) =>
  (await read(text, size)).map((row) => ('problem' in row ? row.problem : row.cells))

test.each([
  [
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\r\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['a\n\n\r\nb\n', [['a'], ['b']]],
  [
    '"a","b ""c"""\n,\n',
    [
      ['a', 'b "c"'],
      ['', ''],
    ],
  ],
  [
    '"a\r\nb",c\r\n"",d\r\n',
    [
      ['a\r\nb', 'c'],
      ['', 'd'],
    ],
  ],
  ['"a,b"', [['a,b']]],
  ['1,"2"\r', [['1', '2']]],
  ['"",""\n', [['', '']]],
  ['""""\n', [['"']]],
])('%j is read, however it comes in pieces', async (text, rows) => {
  for (const size of [1, 2, 3, 5, 1000]) expect(await cellsIn(text, size), `pieces of ${size}`).toEqual(rows)
})

test('a row with wrong quotes is broken, and the next line is a row again', async () => {
  const text = 'a,b\n1,"2\n3,4\n5,6"7\n"8"9,10\n11,12\n'
  for (const size of [1, 4, 1000])
    expect(await cellsIn(text, size)).toEqual([
      ['a', 'b'],
      expect.stringMatching(/quote/),
      ['3', '4'],
      'a quote stands in a field that does not begin with one',
      'there is text behind a closing quote',
      ['11', '12'],
    ])
})

test('a quote that is never closed costs its own row only', async () => {
  const text = `a,b\n1,"2\n${'3,4\n'.repeat(400_000)}`
  const rows = await read(text, 1 << 16)
  expect(rows).toHaveLength(400_002)
  expect(rows[1]).toMatchObject({ line: 2, reason: 'row too long' })
  expect(rows.at(-1)).toEqual({ line: 400_002, cells: ['3', '4'] })
})

test('a line that is too long is broken, and is not kept in memory', async () => {
  const text = `a,b\n1,${'x'.repeat(3_000_000)}\n3,4\n"5${'y'.repeat(3_000_000)}",6\n7,8\n`
  for (const size of [1 << 16, 1 << 23]) {
    const rows = await read(text, size)
    expect(rows.map((row) => ('problem' in row ? row.reason : row.cells))).toEqual([
      ['a', 'b'],
      'row too long',
      ['3', '4'],
      'row too long',
      ['7', '8'],
    ])
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5])
  }
})

const cell = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('', '"', '""', ',', '\n', '\r\n', '山田', ' x ', 'a"b', '=1+1'),
)
prop.prop([fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { maxLength: 8 }), fc.integer({ min: 1, max: 9 })])(
  'what csvLine writes is read again, in any pieces',
  async (rows, size) => {
    const text = rows.map((cells) => csvLine(cells)).join('')
    expect(await cellsIn(text, size)).toEqual(rows)
  },
)

const noise = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', ' '), maxLength: 60 })
prop.prop([noise, fc.integer({ min: 1, max: 7 })], { numRuns: 500 })(
  'noise is read without an error, alike in any pieces, and a good line at its end is read',
  async (text, size) => {
    const whole = await read(text)
    expect(await read(text, size)).toEqual(whole)
    const rows = await read(`${text}\nlast,row\n`, size)
    const last = rows.at(-1)
    // Unless a quote before it spans it, rightly.
    const isQuoted = (text.match(/"/g) ?? []).length % 2 === 1
    if (!isQuoted) expect(last).toMatchObject({ cells: ['last', 'row'] })
    for (const row of rows) expect(row.line).toBeGreaterThan(0)
  },
)

test.each([
  ['a;b,c;d\n', ';'],
  ['a\tb\n1,2\t3\n', '\t'],
  ['"a;b;c",d\n', ','],
  ['only\n', ','],
])('the header %j is separated by %j', (text, separator) => {
  expect(separatorIn(text)).toBe(separator)
})

describe('a file', () => {
  const open = async (bytes: Uint8Array | string, options?: Parameters<typeof openCsv>[1]) => {
    const path = join(folder, 'events.csv')
    writeFileSync(path, bytes)
    const source = await openCsv(path, options)
    const rows: (RawRow | BrokenRow)[] = []
    for await (const batch of source.rows) rows.push(...batch)
    return { names: source.names, rows, done: source.progress() }
  }
  const wanted = { names: ['名', 'b'], rows: [{ line: 2, cells: ['山', '2'] }], done: 1 }
  const text = '名,b\n山,2\n'
  const utf16 = (swap: boolean): Buffer => {
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
    return swap ? bytes.swap16() : bytes
  }
  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16, little end first', utf16(false)],
    ['UTF-16, big end first', utf16(true)],
    ['gzip', gzipSync(text)],
  ])('is read in %s', async (_, bytes) => {
    expect(await open(bytes)).toEqual(wanted)
  })
  test('is read in UTF-16 without a byte order mark', async () => {
    const plain = 'a,b\n山,2\n'
    const read = { ...wanted, names: ['a', 'b'] }
    expect(await open(Buffer.from(plain, 'utf16le'))).toEqual(read)
    expect(await open(Buffer.from(plain, 'utf16le').swap16())).toEqual(read)
  })
  test('is read in another encoding where that is said', async () => {
    const shiftJis = Buffer.from([0x96, 0xbc, 0x2c, 0x62, 0x0a, 0x8e, 0x52, 0x2c, 0x32, 0x0a])
    expect(await open(shiftJis, { encoding: 'shift_jis' })).toEqual(wanted)
    await expect(open(text, { encoding: 'klingon' })).rejects.toThrow('events.csv: no encoding "klingon" is known')
  })
  test('is refused without a header that names each column once', async () => {
    await expect(open('')).rejects.toThrow(/nothing in it/)
    await expect(open('a,,c\n')).rejects.toThrow('events.csv:1: column 2 has no name')
    await expect(open('a,b,a\n')).rejects.toThrow('events.csv:1: there are two columns a')
    await expect(open('a,"b\n')).rejects.toThrow(/header cannot be read/)
    await expect(openCsv(join(folder, 'none.csv'))).rejects.toThrow('none.csv: cannot be opened')
  })
  test('has rows with as many fields as the header', async () => {
    const { rows } = await open('a,b\n1\n1,2,3\n1,2\n')
    expect(rows).toEqual([
      { line: 2, problem: '1 field; the header has 2', reason: 'number of fields' },
      { line: 3, problem: '3 fields; the header has 2', reason: 'number of fields' },
      { line: 4, cells: ['1', '2'] },
    ])
  })
  test('that is packed wrongly is named', async () => {
    const packed = gzipSync('a,b\n'.repeat(10_000))
    await expect(open(packed.subarray(0, packed.length - 20))).rejects.toThrow('events.csv: cannot be unpacked')
  })
})
