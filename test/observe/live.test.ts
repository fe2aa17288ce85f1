// What is collected for consoles that are open.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Batch, createLive } from '../../src/observe/live.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('without a listener nothing is kept and no timer runs', () => {
  const live = createLive()
  for (let id = 1; id <= 1000; id += 1) live.transaction(id)
  live.mail(1)
  live.card('c')
  live.stubs()
  expect(vi.getTimerCount()).toBe(0)
  const batches: Batch[] = []
  live.listen(
    (batch) => batches.push(batch),
    () => {},
  )
  live.transaction(1001)
  vi.advanceTimersByTime(1000)
  expect(batches).toEqual([{ transactions: [1001], skipped: 0, inbox: [], cards: [], stubs: false }])
})

test('at most four batches a second, each row once in a batch, the oldest left out of a full one and counted', () => {
  const live = createLive({ everyMs: 250, mostRows: 3 })
  const batches: Batch[] = []
  live.listen(
    (batch) => batches.push(batch),
    () => {},
  )
  for (let at = 0; at < 1000; at += 10) {
    live.transaction(at)
    live.transaction(at)
    vi.advanceTimersByTime(10)
  }
  expect(batches.length).toBeLessThanOrEqual(4)
  expect(batches[0]).toMatchObject({ transactions: [220, 230, 240], skipped: 22 })
  const told = batches.reduce((sum, { transactions, skipped }) => sum + transactions.length + skipped, 0)
  vi.advanceTimersByTime(250)
  expect([told, batches.length]).toEqual([100, 4])
})

test('when the last listener leaves, what was collected is forgotten with its timer', () => {
  const live = createLive()
  const batches: Batch[] = []
  const stop = live.listen(
    (batch) => batches.push(batch),
    () => {},
  )
  const stopOther = live.listen(
    (batch) => batches.push(batch),
    () => {},
  )
  live.stubs()
  stop()
  expect(vi.getTimerCount()).toBe(1)
  stopOther()
  expect(vi.getTimerCount()).toBe(0)
  live.listen(
    (batch) => batches.push(batch),
    () => {},
  )
  live.card('a')
  live.mail(7)
  vi.advanceTimersByTime(250)
  expect(batches).toEqual([{ transactions: [], skipped: 0, inbox: [7], cards: ['a'], stubs: false }])
})

test('everybody who listens is told that it is over', () => {
  const live = createLive()
  const ended: string[] = []
  live.listen(
    () => {},
    () => ended.push('one'),
  )
  live.listen(
    () => {},
    () => ended.push('two'),
  )
  live.close()
  expect(ended).toEqual(['one', 'two'])
})
