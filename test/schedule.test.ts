// What is planned comes out in the order of its times, however it went in and whatever was taken back.
import { fc, test as law } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { manualClock, virtualClock } from '../src/clock.ts'
import { createSchedule, type Entry } from '../src/schedule.ts'

type Deed = { readonly add: number } | { readonly removeNth: number } | 'takeFirst'

law.prop([
  fc.array(
    fc.oneof<fc.Arbitrary<Deed>[]>(
      fc.record({ add: fc.integer({ min: 0, max: 20 }) }),
      fc.record({ removeNth: fc.nat(30) }),
      fc.constant('takeFirst'),
    ),
    { maxLength: 200 },
  ),
])('a schedule gives what a sorted list would', (deeds) => {
  const schedule = createSchedule()
  /** In the order they were added; sorting keeps it among equals. */
  let model: Entry[] = []
  const check = (): void => {
    expect(schedule.size()).toBe(model.length)
    expect(schedule.first()).toBe(model.toSorted((a, b) => a.at - b.at)[0])
  }
  for (const deed of deeds) {
    if (deed === 'takeFirst' || 'removeNth' in deed) {
      const entry = deed === 'takeFirst' ? schedule.first() : model[deed.removeNth]
      if (entry === undefined) continue
      expect(schedule.remove(entry)).toBe(true)
      expect(schedule.remove(entry)).toBe(false)
      model = model.filter((one) => one !== entry)
    } else model.push(schedule.add(deed.add, () => undefined))
    check()
  }
})

test('ten thousand timers are looked at a few times each when the clock is moved, not once for every other one', async () => {
  let looks = 0
  const clock = virtualClock({ base: manualClock(0), mode: 'frozen' })
  let fired = 0
  const count = 10_000
  for (let i = 0; i < count; i += 1) {
    const at = {
      valueOf() {
        looks += 1
        return (i * 7_919) % 30_000
      },
    } as unknown as number
    clock.schedule(at, () => {
      fired += 1
    })
  }
  await clock.advance(30_000)
  expect(fired).toBe(count)
  expect(looks).toBeLessThan(count * 200) // 14 levels, two looks each, in and out
})

test('a timer that is due takes another one back, which was due as well', () => {
  const base = manualClock(0)
  const clock = virtualClock({ base })
  const fired: string[] = []
  clock.schedule(10, () => {
    fired.push('first')
    takeBack()
  })
  const takeBack = clock.schedule(10, () => fired.push('second'))
  base.advance(20)
  expect(fired).toEqual(['first'])
})

test('after a timer that fails the others go on', () => {
  const base = manualClock(0)
  const clock = virtualClock({ base })
  const fired: number[] = []
  clock.schedule(10, () => {
    throw new Error('it fails')
  })
  clock.schedule(10, () => fired.push(clock.now()))
  expect(() => base.advance(20)).toThrow('it fails')
  base.advance(20)
  expect(fired).toHaveLength(1)
})

test('a machine that slept through a timer is no reason for later ones to wait for it', () => {
  const machine = manualClock(0)
  let slept = 0
  // Timers of the machine know nothing of the time it slept.
  const base = {
    now: () => machine.now() + slept,
    schedule: (at: number, work: () => void) => machine.schedule(at - slept, work),
  }
  const clock = virtualClock({ base })
  const fired: [string, number][] = []
  clock.schedule(600_000, () => fired.push(['before', clock.now()]))
  machine.advance(1_000)
  slept = 3_600_000
  clock.schedule(clock.now() + 30_000, () => fired.push(['after', clock.now()]))
  machine.advance(30_000)
  expect(fired).toEqual([
    ['before', 3_601_000],
    ['after', 3_631_000],
  ])
})
