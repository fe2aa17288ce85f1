// The book of faults: which message meets which, how often, by which chance, and until when.
import { describe, expect, test } from 'vitest'
import { createExchanges } from '../../src/faults/exchanges.ts'
import { createFaults, type NewFaultRule } from '../../src/faults/registry.ts'
import { type FaultAbout, type PlannedFault, plannedFaultSchema } from '../../src/faults/rule.ts'
import { seededRandom } from '../../src/random.ts'

const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

const planned = (rule: object): PlannedFault =>
  plannedFaultSchema.parse({ link: 'ACS-DS', fault: { kind: 'drop' }, ...rule })

function book({ seed = 's', now = () => 0 }: { seed?: string; now?: () => number } = {}) {
  return createFaults({ random: seededRandom(seed, 'faults').fraction, now })
}

const ares = (number = 1, more: Partial<FaultAbout> = {}): FaultAbout => ({
  link: 'ACS→DS',
  message: 'ARes',
  threeDSServerTransID: id(number),
  ...more,
})

const added = (faults: ReturnType<typeof book>, rule: Partial<NewFaultRule> = {}, times = 1) => {
  const made = faults.add({ ...planned({ times }), ...rule })
  if (made === undefined) throw new Error('not taken')
  return made
}

describe('a rule', () => {
  test('meets as many messages as it says, the first ones, and is shown as used up', () => {
    const faults = book()
    const { id: rule } = added(faults, {}, 3)
    const met = Array.from({ length: 10 }, (_, index) => faults.take(ares(index)))
    expect(met.map((fault) => fault !== undefined)).toEqual([
      true,
      true,
      true,
      ...Array.from({ length: 7 }, () => false),
    ])
    expect(faults.list()).toMatchObject([{ id: rule, left: 0, met: 3 }])
    expect(faults.isIdle()).toBe(true)
  })

  test('is for its link, its message and its transaction alone', () => {
    const faults = book()
    added(faults, { message: 'RReq', match: { threeDSServerTransID: id(7).toUpperCase() } }, 100)
    expect(faults.take(ares(7))).toBeUndefined()
    expect(faults.take(ares(8, { message: 'RReq' }))).toBeUndefined()
    expect(faults.take(ares(7, { message: 'RReq', link: 'DS→3DSS' }))).toBeUndefined()
    expect(faults.take({ link: 'ACS→DS', message: 'RReq' })).toBeUndefined()
    expect(faults.take(ares(7, { message: 'rreq' }))).toEqual({ kind: 'drop' })
    expect(faults.take(ares(7, { message: 'RReq', threeDSServerTransID: id(7).toUpperCase() }))).toBeDefined()
  })

  test('both ids of a match have to fit', () => {
    const faults = book()
    added(faults, { match: { threeDSServerTransID: id(1), acsTransID: id(2) } }, 100)
    expect(faults.take(ares(1))).toBeUndefined()
    expect(faults.take(ares(1, { acsTransID: id(3) }))).toBeUndefined()
    expect(faults.take(ares(1, { acsTransID: id(2) }))).toBeDefined()
  })

  test('goes before younger ones, and one message meets one fault', () => {
    const faults = book()
    added(faults, { fault: { kind: 'status', status: 503 } })
    added(faults, { fault: { kind: 'reset' } })
    expect([faults.take(ares()), faults.take(ares()), faults.take(ares())].map((fault) => fault?.kind)).toEqual([
      'status',
      'reset',
      undefined,
    ])
  })

  test('is over when its time is, and does not come back', () => {
    let at = 0
    const faults = book({ now: () => at })
    added(faults, { expiresAt: 1_000 }, 100)
    at = 999
    expect(faults.take(ares())).toBeDefined()
    at = 1_000
    expect(faults.take(ares())).toBeUndefined()
    expect(faults.list()).toEqual([])
    expect(faults.isIdle()).toBe(true)
  })

  test('is taken back, alone or with all others', () => {
    const faults = book()
    const { id: first } = added(faults)
    added(faults)
    faults.plan({ threeDSServerTransID: id(1), acsTransID: id(2) }, [planned({})])
    expect(faults.remove(first)).toBe(true)
    expect(faults.remove(first)).toBe(false)
    expect(faults.list()).toHaveLength(2)
    faults.clear()
    expect(faults.list()).toEqual([])
    expect(faults.take(ares())).toBeUndefined()
  })

  test('are not without number', () => {
    const faults = book()
    const made = Array.from({ length: 1_001 }, () => faults.add(planned({})))
    expect(made.filter((rule) => rule !== undefined)).toHaveLength(1_000)
    expect(made.at(-1)).toBeUndefined()
  })

  test('times are exact when messages come all at once', async () => {
    const faults = book()
    added(faults, {}, 50)
    const met = await Promise.all(
      Array.from({ length: 500 }, async (_, index) => {
        if (index % 3 === 0) await Promise.resolve()
        return faults.take(ares(index))
      }),
    )
    expect(met.filter((fault) => fault !== undefined)).toHaveLength(50)
    expect(faults.list()).toMatchObject([{ left: 0, met: 50 }])
  })
})

describe('a plan', () => {
  test('is for its transaction, by either id, and goes before rules', () => {
    const faults = book()
    added(faults, { fault: { kind: 'reset' } }, 100)
    faults.plan({ threeDSServerTransID: id(1).toUpperCase(), acsTransID: id(2) }, [
      planned({ message: 'RReq', fault: { kind: 'status', status: 500 } }),
    ])
    expect(faults.take(ares(1))?.kind).toBe('reset')
    expect(faults.take(ares(3, { message: 'RReq' }))?.kind).toBe('reset')
    const byAcsTransID: FaultAbout = { link: 'ACS→DS', message: 'RReq', acsTransID: id(2) }
    expect(faults.take(byAcsTransID)?.kind).toBe('status')
    expect(faults.take(byAcsTransID)?.kind).toBe('reset')
  })

  test('is met also by a message that names both ids, and by one with a wrong other id', () => {
    const faults = book()
    faults.plan({ threeDSServerTransID: id(1), acsTransID: id(2) }, [planned({ times: 2 })])
    expect(faults.take(ares(1, { acsTransID: id(2) }))).toBeDefined()
    expect(faults.take(ares(1, { acsTransID: id(99) }))).toBeDefined()
    expect(faults.isIdle()).toBe(true)
  })

  test('of ten thousand transactions before makes room', () => {
    const faults = book()
    for (let number = 0; number <= 10_000; number += 1) {
      faults.plan({ threeDSServerTransID: id(number), acsTransID: id(100_000 + number) }, [planned({})])
    }
    expect(faults.take(ares(0))).toBeUndefined()
    expect(faults.take(ares(1))).toBeDefined()
    expect(faults.take(ares(10_000))).toBeDefined()
  })
})

describe('a probability', () => {
  const some = (seed: string, order: readonly number[], repeats = 1): ReadonlySet<string> => {
    const faults = book({ seed })
    added(faults, { probability: 0.3 }, 1_000_000)
    return new Set(
      order.flatMap((number) =>
        Array.from({ length: repeats }, (_, repeat) =>
          faults.take(ares(number)) === undefined ? [] : [`${number} ${repeat}`],
        ).flat(),
      ),
    )
  }
  const numbers = Array.from({ length: 2_000 }, (_, index) => index)

  test('meets about as many messages as it says', () => {
    const { size } = some('a', numbers)
    // 600 are expected; eight standard deviations to each side.
    expect(size).toBeGreaterThan(435)
    expect(size).toBeLessThan(765)
  })

  test('meets the same messages with an equal seed, in whatever order they come', () => {
    const first = some('a', numbers, 2)
    expect(some('a', numbers.toReversed(), 2)).toEqual(first)
    expect(some('b', numbers, 2)).not.toEqual(first)
  })

  test('decides about each repeat of a message by itself', () => {
    const faults = book()
    added(faults, { probability: 0.5 }, 1_000_000)
    const fates = Array.from({ length: 200 }, () => faults.take(ares(1)) !== undefined)
    expect(fates).toContain(true)
    expect(fates).toContain(false)
  })

  test('of two rules are chances of their own', () => {
    const faults = book()
    added(faults, { probability: 0.5, fault: { kind: 'reset' } }, 1_000_000)
    added(faults, { probability: 0.5 }, 1_000_000)
    const kinds = numbers.map((number) => faults.take(ares(number))?.kind)
    expect(new Set(kinds)).toEqual(new Set(['reset', 'drop', undefined]))
  })
})

describe('what is held up', () => {
  test('is ended when the book closes, and so is what comes after', async () => {
    const faults = book()
    added(faults, {}, 100)
    const ended: string[] = []
    faults.exchanges.hold(() => ended.push('first'))
    const waiting = faults.exchanges.wait(500_000)
    faults.close()
    await waiting
    faults.exchanges.hold(() => ended.push('second'))
    await faults.exchanges.wait(500_000)
    expect(ended).toEqual(['first', 'second'])
    expect(faults.exchanges.count()).toBe(0)
    expect(faults.take(ares())).toBeUndefined()
  })

  test('is bounded: the oldest goes', () => {
    const exchanges = createExchanges(2)
    const ended: number[] = []
    const release = [1, 2, 3].map((number) => exchanges.hold(() => ended.push(number)))
    expect(ended).toEqual([1])
    release[1]?.()
    exchanges.hold(() => ended.push(4))
    expect(ended).toEqual([1])
    exchanges.close()
    expect(ended).toEqual([1, 3, 4])
  })

  test('a wait is over when nobody waits any more', async () => {
    const exchanges = createExchanges()
    const gone = new AbortController()
    const waiting = exchanges.wait(500_000, gone.signal)
    gone.abort()
    await waiting
    expect(exchanges.count()).toBe(0)
  })
})
