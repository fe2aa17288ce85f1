import { describe, expect, test } from 'vitest'
import { lengthOf, shownAsLines } from '../../../src/cli/lab/progress-bar.ts'
import { columns } from '../../../src/cli/lab/table.ts'
import { Meter, type Progress } from '../../../src/lab/experiment/progress.ts'
import { csv, cutOver } from '../../../src/lab/experiment/tables.ts'

describe('a run that is watched', () => {
  test('tells its rate and the time left by the last seconds', () => {
    let now = 0
    const told: Progress[] = []
    const meter = new Meter(
      (progress) => told.push(progress),
      () => now,
    )
    meter.at('decisions', 0, 10_000)
    for (let second = 1; second <= 20; second++) {
      now = second * 1_000
      // Slow for ten seconds, then four times as fast.
      meter.at('decisions', second <= 10 ? 100 * second : 1_000 + 400 * (second - 10), 10_000)
    }
    expect(told[0]).toEqual({ phase: 'decisions', done: 0, of: 10_000, unit: 'events' })
    expect(told.at(-1)?.eventsPerSecond).toBeCloseTo(400, 6)
    expect(told.at(-1)?.secondsLeft).toBeCloseTo(12.5, 6)
  })

  test('begins anew with every phase', () => {
    let now = 0
    const told: Progress[] = []
    const meter = new Meter(
      (progress) => told.push(progress),
      () => now,
    )
    meter.at('events', 0, 10)
    now = 1_000
    meter.at('events', 10, 10)
    meter.at('decisions', 0, 10)
    expect(told[2]?.eventsPerSecond).toBeUndefined()
  })

  test('gets a line at the beginning and end of a phase, and every ten seconds', () => {
    let now = 0
    const lines: string[] = []
    const { tell } = shownAsLines(
      (line) => lines.push(line),
      () => now,
    )
    const at = (seconds: number, done: number): void => {
      now = seconds * 1_000
      tell({
        phase: 'decisions',
        done,
        of: 3_000,
        unit: 'events',
        eventsPerSecond: 100,
        secondsLeft: (3_000 - done) / 100,
      })
    }
    for (let second = 0; second <= 30; second++) at(second, second * 100)
    at(31, 3_000)
    expect(lines).toEqual([
      'decisions: 0 of 3,000 events, 100 events/s, 30 s left\n',
      'decisions: 1,000 of 3,000 events, 100 events/s, 20 s left\n',
      'decisions: 2,000 of 3,000 events, 100 events/s, 10 s left\n',
      'decisions: 3,000 of 3,000 events, 100 events/s\n',
    ])
  })

  test.each([
    [0.2, '1 s'],
    [59.1, '1 min 0 s'],
    [125, '2 min 5 s'],
    [7_300, '2 h 1 min'],
  ])('says %s seconds as %s', (seconds, words) => {
    expect(lengthOf(seconds)).toBe(words)
  })
})

describe('a table', () => {
  test('of a terminal counts Japanese letters twice', () => {
    expect(
      columns(
        ['', 'A'],
        [
          ['率', '1'],
          ['ab', '22'],
        ],
      ),
    ).toBe('     A\n率   1\nab  22')
  })

  test('as CSV quotes what has to be quoted, and is no formula', () => {
    expect(
      csv(
        ['a', 'b'],
        [
          ['x,"y"', null],
          ['=1+1', -2.5],
          ['-x', true],
          ['', undefined],
        ],
      ),
    ).toBe('a,b\n"x,""y""",\n\'=1+1,-2.5\n\'-x,true\n,\n')
  })

  test.each(['-1+cmd', '-2*A1', '-1.', '-.5', '+81', '\n=1', '\t=1', '＝1', '＋1', '－1', '＠a', '-1\n=2'])(
    'as CSV takes no text for a number that only begins like one: %j',
    (text) => {
      const [, cell = ''] = /^a\n"?([\s\S]*?)"?\n$/.exec(csv(['a'], [[text]])) ?? []
      expect(cell).toBe(`'${text}`)
    },
  )
  test.each(['-1', '-2.5', '-1e-7', '-1.5E+9', '12', 'a=b', '山田'])('as CSV leaves %j as it is', (text) => {
    expect(csv(['a'], [[text]])).toBe(`a\n${text}\n`)
  })
  test('tells what cuts are over where no measure of order is', () => {
    const bin = { from: 0, to: 1, genuine: 3, fraud: 0 }
    expect(cutOver({ histogram: [bin, bin] })).toEqual({ events: 6, fraud: 0 })
    expect(cutOver({ histogram: [{ ...bin, fraud: 2 }, bin] })).toEqual({ events: 8, fraud: 2 })
  })
})
