// What a card range update does to the ranges a 3DS Server knows. Spec: [Req 250, 385]; FLOW-PRE-2, 5, 7, 8.
import { describe, expect, test } from 'vitest'
import { applyCardRanges, type CardRangeChange, serialNumFindings } from '../../src/protocol/rules/card-ranges.ts'

const change = (actionInd: 'A' | 'D' | 'M', start: string, end: string, entry = 'new'): CardRangeChange<string> => ({
  actionInd,
  start,
  end,
  entry,
})
const known = [
  { start: '4000000000000000', end: '4000009999999999', entry: 'old' },
  { start: '5000000000000000', end: '5000009999999999', entry: 'old' },
]
const apply = (
  changes: readonly CardRangeChange<string>[],
  more: { isWhole?: boolean; readOrder?: '01' | '02' } = {},
) => applyCardRanges(known, { isWhole: false, readOrder: '01', changes, ...more })

describe('an update of card ranges (FLOW-PRE-5)', () => {
  test('adds, modifies and deletes, in the order of the numbers', () => {
    const { table, findings } = apply([
      change('A', '4500000000000000', '4500009999999999'),
      change('M', '4000000000000000', '4000009999999999'),
      change('D', '5000000000000000', '5000009999999999'),
    ])
    expect(findings).toEqual([])
    expect(table?.map(({ start, entry }) => [start, entry])).toEqual([
      ['4000000000000000', 'new'],
      ['4500000000000000', 'new'],
    ])
  })

  test.each([
    ['the same range once more', [change('A', '4000000000000000', '4000009999999999')]],
    ['a range inside another', [change('A', '4000005000000000', '4000005999999999')]],
    ['a range over the end of another', [change('A', '4000009000000000', '4000019999999999')]],
    ['shorter numbers that begin alike', [change('A', '4000005000000', '4000005999999')]],
    ['an end before its start', [change('A', '4600009999999999', '4600000000000000')]],
  ])('%s is 205, and the whole update is dropped', (_title, changes) => {
    const { table, findings } = apply([change('M', '5000000000000000', '5000009999999999'), ...changes])
    expect(table).toBeUndefined()
    expect(findings.map(({ errorCode }) => errorCode)).toEqual(['205'])
  })

  test.each(['M', 'D'] as const)('%s of a range nobody knows is 206', (action) => {
    const { table, findings } = apply([change(action, '4000000000000000', '4000005999999999')])
    expect(table).toBeUndefined()
    expect(findings).toMatchObject([{ errorCode: '206', element: '4000000000000000-4000005999999999' }])
  })

  test('is read from its end where the DS says so (FLOW-PRE-8)', () => {
    const changes = [
      change('A', '4000000000000000', '4000009999999999'),
      change('D', '4000000000000000', '4000009999999999'),
    ]
    expect(apply(changes).findings.map(({ errorCode }) => errorCode)).toEqual(['205'])
    expect(apply(changes, { readOrder: '02' }).table?.map(({ entry }) => entry)).toEqual(['new', 'old'])
  })

  test('without a serial number replaces everything, whatever its actions say (FLOW-PRE-7)', () => {
    const { table } = apply([change('D', '4500000000000000', '4500009999999999')], { isWhole: true })
    expect(table?.map(({ start }) => start)).toEqual(['4500000000000000'])
  })
})

test('a serial number that the DS never gave is 307 (FLOW-PRE-2)', () => {
  expect(serialNumFindings('7', (one) => one === '7')).toEqual([])
  expect(serialNumFindings(undefined, () => false)).toEqual([])
  expect(serialNumFindings('8', (one) => one === '7')).toMatchObject([{ errorCode: '307', element: 'serialNum' }])
})
