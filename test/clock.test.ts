// The clock of a tenant: it runs, stands, and is moved forward; timers fire in order, each with its effects.
import { describe, expect, test } from 'vitest'
import { ClockWentBack, manualClock, virtualClock } from '../src/clock.ts'

const start = Date.UTC(2026, 0, 1)

test('it runs with its base, as far away from it as it was set', async () => {
  const base = manualClock(start)
  const clock = virtualClock({ base, now: start + 5_000 })
  const fired: number[] = []
  clock.schedule(start + 6_000, () => fired.push(clock.now()))
  base.advance(999)
  expect(fired).toEqual([])
  base.advance(1)
  expect(fired).toEqual([start + 6_000])
  expect(clock.state()).toEqual({ mode: 'run', now: start + 6_000, offsetMs: 5_000 })
})

test('its distance is the same at every look, although time goes on while it looks, and when it is opened again', () => {
  let ticks = start
  const base = { ...manualClock(start), now: () => ticks++ }
  const clock = virtualClock({ base, offsetMs: 5_000 })
  for (let look = 0; look < 3; look += 1) {
    const { now, offsetMs } = clock.state()
    expect(offsetMs).toBe(5_000)
    expect(now).toBe(ticks - 1 + 5_000)
  }
})

test('a timer that is taken back never fires, whether it runs or stands', async () => {
  const base = manualClock(start)
  const clock = virtualClock({ base })
  const fired: string[] = []
  const takeBack = clock.schedule(start + 10, () => fired.push('first'))
  takeBack()
  base.advance(20)
  await clock.freeze()
  const takeBackToo = clock.schedule(clock.now() + 10, () => fired.push('second'))
  takeBackToo()
  await clock.advance(20)
  expect(fired).toEqual([])
})

describe('frozen', () => {
  const frozen = (idle?: () => Promise<void>) => {
    const base = manualClock(start)
    return { base, clock: virtualClock({ base, mode: 'frozen', ...(idle !== undefined && { idle }) }) }
  }

  test('it stands while its base goes on', () => {
    const { base, clock } = frozen()
    const fired: number[] = []
    clock.schedule(start + 10, () => fired.push(1))
    base.advance(1_000)
    expect(fired).toEqual([])
    expect(clock.now()).toBe(start)
  })

  test('what is due already fires by itself', async () => {
    const { clock } = frozen()
    await new Promise<void>((resolve) => clock.schedule(start, resolve))
    expect(clock.now()).toBe(start)
  })

  test('timers fire in the order of their times, each at its own, also those that come up on the way', async () => {
    const { clock } = frozen()
    const fired: [string, number][] = []
    const note = (name: string) => () => fired.push([name, clock.now() - start])
    clock.schedule(start + 30, note('c'))
    clock.schedule(start + 10, () => {
      note('a')()
      clock.schedule(start + 20, note('b'))
      clock.schedule(start + 10, note('a again'))
      clock.schedule(start + 101, note('too late'))
    })
    clock.schedule(start + 30, note('d'))
    await clock.advance(100)
    expect(fired).toEqual([
      ['a', 10],
      ['a again', 10],
      ['b', 20],
      ['c', 30],
      ['d', 30],
    ])
    expect(clock.now()).toBe(start + 100)
  })

  test('what one timer set in motion is over before the next fires, and before the answer', async () => {
    const log: string[] = []
    let underWay: Promise<void> = Promise.resolve()
    const { clock } = frozen(() => underWay)
    for (const [name, at] of [
      ['first', 10],
      ['second', 20],
    ] as const)
      clock.schedule(start + at, () => {
        log.push(`${name} fires at ${clock.now() - start}`)
        underWay = (async () => {
          await new Promise((resolve) => setImmediate(resolve))
          log.push(`${name} is over at ${clock.now() - start}`)
        })()
      })
    await clock.set(start + 50)
    expect(log).toEqual(['first fires at 10', 'first is over at 10', 'second fires at 20', 'second is over at 20'])
  })

  test('several moves at once happen one after the other', async () => {
    const { clock } = frozen(() => new Promise((resolve) => setImmediate(resolve)))
    const fired: number[] = []
    clock.schedule(start + 15, () => fired.push(clock.now() - start))
    await Promise.all([clock.advance(10), clock.advance(10), clock.set(start + 30)])
    expect(fired).toEqual([15])
    expect(clock.now()).toBe(start + 30)
  })

  test('it does not go back', async () => {
    const { clock } = frozen()
    await expect(clock.set(start - 1)).rejects.toThrow(ClockWentBack)
    await expect(clock.freeze(start - 1)).rejects.toThrow(ClockWentBack)
    expect(clock.now()).toBe(start)
    await clock.advance(1) // and goes on as before
    expect(clock.now()).toBe(start + 1)
  })

  test('it runs on from where it stands', async () => {
    const { base, clock } = frozen()
    base.advance(60_000)
    await clock.run()
    const fired: number[] = []
    clock.schedule(start + 10, () => fired.push(clock.now() - start))
    base.advance(10)
    expect(fired).toEqual([10])
    expect(clock.state()).toEqual({ mode: 'run', now: start + 10, offsetMs: -60_000 })
  })

  test('after the end nothing fires, and nothing can be planned', async () => {
    const { clock } = frozen()
    const fired: number[] = []
    clock.schedule(start + 10, () => fired.push(1))
    const moved = clock.advance(20)
    clock.close()
    await moved
    clock.schedule(start, () => fired.push(2))
    await new Promise((resolve) => setImmediate(resolve))
    expect(fired).toEqual([])
  })
})

test('while it runs it can be advanced: what was due on the way has happened, and the rest comes earlier', async () => {
  const base = manualClock(start)
  const clock = virtualClock({ base })
  const fired: string[] = []
  clock.schedule(start + 1_000, () => fired.push('on the way'))
  clock.schedule(start + 5_000, () => fired.push('later'))
  await clock.advance(2_000)
  expect(fired).toEqual(['on the way'])
  expect(clock.state()).toEqual({ mode: 'run', now: start + 2_000, offsetMs: 2_000 })
  base.advance(3_000)
  expect(fired).toEqual(['on the way', 'later'])
})

test('who keeps its state hears of every step, before what happens then', async () => {
  const heard: string[] = []
  const clock = virtualClock({
    base: manualClock(start),
    mode: 'frozen',
    onChange: ({ mode, now }) => heard.push(`${mode} ${now - start}`),
  })
  clock.schedule(start + 10, () => heard.push('fires'))
  await clock.advance(20)
  await clock.run()
  expect(heard).toEqual(['frozen 10', 'fires', 'frozen 20', 'run 20'])
})
