// Two runs compared: each kind of difference is found, and nothing else.
import { describe, expect, test } from 'vitest'
import { type Diff, type DiffOptions, diffRuns, NotCanonical, readCanonical } from '../../src/journal/diff.ts'
import { coloured, diffText } from '../../src/journal/diff-text.ts'
import { readRun } from '../../src/journal/file.ts'

const id = (n: number): string => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`

type Line = Record<string, unknown>

const header = (clock = 'frozen'): Line => ({ format: 'sekisho-canonical', formatVersion: 1, clock })
const payment = (n: number, more: Line = {}): Line[] => [
  { transaction: { acsTransID: id(n), threeDSServerTransID: id(n + 1), transStatus: 'C', score: 0.5, ...more } },
  said('DS→ACS', 'AReq', { threeDSServerTransID: id(n + 1), purchaseAmount: '1480', acctInfo: { chAccAgeInd: '01' } }),
  said('ACS→DS', 'ARes', { acsTransID: id(n), threeDSServerTransID: id(n + 1), transStatus: 'C' }),
  said('ACS→browser', undefined, { page: 'challenge', step: 1 }),
  said('ACS→DS', 'RReq', { acsTransID: id(n), transStatus: 'Y' }),
  said('DS→ACS', 'RRes', { acsTransID: id(n), resultsStatus: '01' }),
]

function said(link: string, messageType: string | undefined, message: Line): Line {
  return { at: '2026-01-01T00:00:00.000Z', link, ...(messageType !== undefined && { messageType }), message }
}

const textOf = (lines: readonly Line[]): string => lines.map((line) => JSON.stringify(line)).join('\n')
const base = [header(), ...payment(10), ...payment(20)]
const compared = (b: readonly Line[], options: DiffOptions = {}, a: readonly Line[] = base): Diff =>
  diffRuns(readCanonical(textOf(a)), readCanonical(textOf(b)), options)
const changed = (index: number, change: (line: Line) => Line): Line[] =>
  base.map((line, place) => (place === index ? change(line) : line))
const withMember = (name: string, value: unknown) => (line: Line) => ({
  ...line,
  message: { ...(line.message as Line), [name]: value },
})

test('equal runs have no difference', () => {
  const diff = compared(base)
  expect(diff).toEqual({ isEqual: true, transactions: { a: 2, b: 2 }, differences: [] })
  expect(diffText(diff)).toBe('No difference: 2 transactions.\n')
})

describe('what is found', () => {
  test.each([
    [
      'an element with another value',
      changed(2, withMember('purchaseAmount', '1')),
      'message.purchaseAmount',
      '1480',
      '1',
    ],
    [
      'a member of an object',
      changed(2, withMember('acctInfo', { chAccAgeInd: '05' })),
      'message.acctInfo.chAccAgeInd',
      '01',
      '05',
    ],
    ['an element that is new', changed(3, withMember('eci', '05')), 'message.eci', undefined, '05'],
    ['another type of value', changed(4, withMember('step', '1')), 'message.step', 1, '1'],
    ['an HTTP status', changed(3, (line) => ({ ...line, httpStatus: 503 })), 'httpStatus', undefined, 503],
    ['a fault', changed(3, (line) => ({ ...line, fault: 'delay' })), 'fault', undefined, 'delay'],
    [
      'a time, where both clocks stood',
      changed(3, (line) => ({ ...line, at: '2026-01-01T00:00:04.000Z' })),
      'at',
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:04.000Z',
    ],
  ])('%s', (_, b, path, before, after) => {
    const { isEqual, differences } = compared(b)
    expect(isEqual).toBe(false)
    expect(differences).toHaveLength(1)
    expect(differences[0]).toMatchObject({ kind: 'changed', position: 1, acsTransID: id(10), changes: [] })
    expect(differences[0]?.messages).toHaveLength(1)
    expect(differences[0]?.messages[0]?.changes).toEqual([
      { path, ...(before !== undefined && { a: before }), ...(after !== undefined && { b: after }) },
    ])
  })

  test('an element that is gone', () => {
    const b = changed(2, (line) => ({ ...line, message: { threeDSServerTransID: id(11), purchaseAmount: '1480' } }))
    expect(compared(b).differences[0]?.messages[0]?.changes).toEqual([
      { path: 'message.acctInfo', a: { chAccAgeInd: '01' } },
    ])
  })

  test('the result of a transaction', () => {
    const b = [header(), ...payment(10, { transStatus: 'Y' }), ...payment(20)]
    expect(compared(b).differences).toMatchObject([
      { changes: [{ path: 'transStatus', a: 'C', b: 'Y' }], messages: [] },
    ])
  })

  test('a message that comes twice, one that is missing, and one in another place', () => {
    const twice = base.toSpliced(5, 0, base[5] as Line)
    expect(compared(twice).differences[0]?.messages).toMatchObject([{ kind: 'onlyInB', messageType: 'RReq' }])
    expect(compared(base.toSpliced(5, 1)).differences[0]?.messages).toMatchObject([
      { kind: 'onlyInA', messageType: 'RReq', position: 4, message: { transStatus: 'Y' } },
    ])
    const moved = base.toSpliced(5, 1).toSpliced(4, 0, base[5] as Line)
    expect(
      compared(moved)
        .differences[0]?.messages.map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['onlyInA', 'onlyInB'])
  })

  test('a transaction that is in one of them only', () => {
    const diff = compared([header(), ...payment(20)])
    expect(diff.differences).toMatchObject([{ kind: 'onlyInA', position: 1, acsTransID: id(10) }])
    expect(compared([...base, ...payment(30)]).differences).toMatchObject([{ kind: 'onlyInB', position: 3 }])
  })
})

describe('ids', () => {
  const others = [header(), ...payment(50), ...payment(60)]

  test('are equal where they stand for the same', () => {
    expect(compared(others).isEqual).toBe(true)
    expect(compared(others, { strictIds: true }).isEqual).toBe(false)
  })

  test('are addresses of made-up cardholders as well, and no others', () => {
    const to = (address: string): Line[] => [...base, said('ACS→mail', undefined, { event: 'mail', to: address })]
    const a = to('card-4c2771d3@cardholder.example')
    expect(compared(to('card-9a4b94c9@cardholder.example'), {}, a).isEqual).toBe(true)
    expect(compared(to('card-9a4b94c9@cardholder.example'), { strictIds: true }, a).isEqual).toBe(false)
    expect(compared(to('hanako@cardholder.example'), {}, a).isEqual).toBe(false)
  })

  test('that stand for something else are a difference: a message names another transaction', () => {
    const b = others.with(5, withMember('acsTransID', id(60))(others[5] as Line))
    expect(compared(b).differences[0]?.messages).toMatchObject([
      { changes: [{ path: 'message.acsTransID', a: id(10), b: id(60) }] },
    ])
  })
})

test('elements are left out by name or path', () => {
  const b = changed(2, withMember('acctInfo', { chAccAgeInd: '05' }))
  expect(compared(b, { ignore: ['chAccAgeInd'] }).isEqual).toBe(true)
  expect(compared(b, { ignore: ['acctInfo.chAccAgeInd'] }).isEqual).toBe(true)
  expect(compared(b, { ignore: ['acctInfo'] }).isEqual).toBe(true)
  expect(compared(b, { ignore: ['purchaseAmount'] }).isEqual).toBe(false)
})

test('times of clocks that were running are compared only where that is asked for', () => {
  const a = [header('run'), ...payment(10)]
  const b = a.map((line) => ('at' in line ? { ...line, at: '2026-02-02T00:00:00.000Z' } : line))
  expect(compared(b, {}, a).isEqual).toBe(true)
  expect(compared(b, { times: true }, a).isEqual).toBe(false)
})

test('is told in words, A with a minus and B with a plus, coloured where there are colours', () => {
  const diff = compared(changed(2, withMember('purchaseAmount', '1')).toSpliced(5, 1))
  expect(diffText(diff)).toBe(
    [
      `transaction 1 (acsTransID ${id(10)})`,
      '  message 1, DS→ACS AReq',
      '    message.purchaseAmount',
      '      - "1480"',
      '      + "1"',
      `  - message 4, ACS→DS RReq: {"acsTransID":"${id(10)}","transStatus":"Y"}`,
      '',
      '1 of 2 transactions differs.',
      '',
    ].join('\n'),
  )
  const start = String.fromCharCode(27)
  expect(diffText(diff, coloured)).toContain(`${start}[31m      - "1480"${start}[0m`)
})

test.each([
  ['', 1],
  ['{"format":"sekisho-canonical","formatVersion":2,"clock":"run"}', 1],
  ['{"a":1}', 1],
  [`${JSON.stringify(header())}\n{"link":"x"}`, 2],
  [`${JSON.stringify(header())}\n\nno`, 3],
  ['{"format":"sekisho-journal","formatVersion":1}\n', 1],
])('what is no export is refused by its line: %j', (text, line) => {
  const problem = (() => {
    try {
      readRun(text)
      return undefined
    } catch (error) {
      return error
    }
  })()
  expect(problem).toBeInstanceOf(NotCanonical)
  expect((problem as NotCanonical).line).toBe(line)
})
