// Tenants are made on first use, each once; a reset and an end wait for what is under way.
import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { createRooms, type OpenRoom, RoomRefused } from '../../src/tenants/rooms.ts'
import { createUnderWay, type UnderWay } from '../../src/tenants/under-way.ts'

interface Made extends OpenRoom {
  readonly name: string
  readonly number: number
}

/** An answer that is under way until it is ended. */
const answer = () => {
  const headers = new Map<string, string>()
  const res = Object.assign(new EventEmitter(), {
    headersSent: false,
    statusCode: 200,
    body: '',
    getHeader: (name: string) => headers.get(name),
    setHeader: (name: string, value: string) => void headers.set(name, value),
    end(text = '') {
      res.body = text
      res.emit('close')
    },
    destroy: () => void res.emit('close'),
  })
  return res
}
const asResponse = (res: ReturnType<typeof answer>): ServerResponse => res as object as ServerResponse

const house = ({ most = 3, known = [] as string[], opens = () => Promise.resolve() } = {}) => {
  const log: string[] = []
  let count = 0
  const rooms = createRooms<Made>({
    async open(name, again) {
      count += 1
      const number = count
      log.push(`open ${name}${again === undefined ? '' : ` after ${again.before.number}`}`)
      await opens()
      const underWay: UnderWay = createUnderWay()
      return {
        name,
        number,
        underWay,
        quieten: () => undefined,
        idle: () => Promise.resolve(),
        hurry: () => undefined,
        async close() {
          log.push(`close ${name}`)
        },
      }
    },
    remove: (name) => log.push(`remove ${name}`),
    known,
    most,
  })
  return { rooms, log }
}

const refusal = async (work: Promise<unknown>): Promise<number | undefined> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof RoomRefused ? error.status : undefined
}

test('fifty who ask at once for a tenant get the same one, made once', async () => {
  const { rooms, log } = house()
  const all = await Promise.all(Array.from({ length: 50 }, () => rooms.get('blue', true)))
  expect(new Set(all).size).toBe(1)
  expect(log).toEqual(['open blue'])
})

test.each(['Blue', 'blue.', '-blue', '', 'a'.repeat(41), 'blü', '..', 'b_lue'])('%j is no name', async (name) => {
  const { rooms, log } = house()
  expect(await refusal(rooms.get(name, true))).toBe(404)
  expect(log).toEqual([])
})

test('who may not make one is told that there is none', async () => {
  const { rooms } = house({ known: ['old'] })
  expect(await refusal(rooms.get('new', false))).toBe(404)
  expect((await rooms.get('old', false)).name).toBe('old')
})

test('a full house says how to make room; one that is dropped makes room', async () => {
  const { rooms } = house({ most: 2, known: ['a'] })
  await rooms.get('default', true) // does not count
  await rooms.get('b', true)
  await expect(rooms.get('c', true)).rejects.toThrow(/--max-tenants.*DELETE/)
  expect(await refusal(rooms.get('c', true))).toBe(503)
  expect(await rooms.drop('a')).toBe(true)
  expect((await rooms.get('c', true)).name).toBe('c')
  expect(rooms.names()).toEqual(['b', 'c'])
})

test('one that cannot be opened is not there, and can be asked for again', async () => {
  let isBroken = true
  const { rooms } = house({
    most: 1,
    opens: () => (isBroken ? Promise.reject(new Error('disk full')) : Promise.resolve()),
  })
  await expect(rooms.get('blue', true)).rejects.toThrow('disk full')
  expect(rooms.names()).toEqual([])
  isBroken = false
  expect((await rooms.get('blue', true)).name).toBe('blue')
})

describe('a reset', () => {
  test('waits for what is under way, closes, removes, and opens again', async () => {
    const { rooms, log } = house()
    const before = await rooms.get('blue', true)
    const res = answer()
    before.underWay.enter(asResponse(res))
    let isOver = false
    const reset = rooms.reset('blue', {}).then((room) => {
      isOver = true
      return room
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isOver).toBe(false)
    expect(rooms.opened('blue')).toBe(before) // what is under way may need the others
    res.end()
    const after = await reset
    expect(after.number).toBe(2)
    expect(rooms.opened('blue')).toBe(after)
    expect(log).toEqual(['open blue', 'close blue', 'remove blue', 'open blue after 1'])
  })

  test('does not wait for the request that asked for it, nor for others that ask for one', async () => {
    const { rooms } = house()
    const room = await rooms.get('blue', true)
    const asking = [answer(), answer(), answer()].map(asResponse)
    for (const res of asking) room.underWay.enter(res)
    const made = await Promise.all(asking.map((res) => rooms.reset('blue', {}, res)))
    expect(made.map(({ number }) => number)).toEqual([2, 3, 4])
  })

  test('is the same for all who ask meanwhile: they wait for the new one', async () => {
    const gates: (() => void)[] = []
    let isFirst = true
    const { rooms } = house({
      opens: () => {
        if (isFirst) {
          isFirst = false
          return Promise.resolve()
        }
        return new Promise((resolve) => gates.push(resolve))
      },
    })
    await rooms.get('blue', true)
    const reset = rooms.reset('blue', {})
    while (gates.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(rooms.opened('blue')).toBeUndefined()
    const waiting = rooms.get('blue', false)
    gates[0]?.()
    expect(await waiting).toBe(await reset)
  })

  test('ends live events at once', async () => {
    const { rooms } = house()
    const room = await rooms.get('blue', true)
    const stream = answer()
    stream.setHeader('content-type', 'text/event-stream')
    stream.headersSent = true
    room.underWay.enter(asResponse(stream))
    let isClosed = false
    stream.once('close', () => {
      isClosed = true
    })
    await rooms.reset('blue', {})
    expect(isClosed).toBe(true)
  })
})

test('what is dropped is gone; asked for again it is a new one', async () => {
  const { rooms, log } = house()
  await rooms.get('blue', true)
  expect(await rooms.drop('blue')).toBe(true)
  expect(await rooms.drop('blue')).toBe(false)
  expect(rooms.has('blue')).toBe(false)
  expect((await rooms.get('blue', true)).number).toBe(2)
  expect(log).toEqual(['open blue', 'close blue', 'remove blue', 'open blue'])
})

test('one that is kept and not open is dropped without being opened', async () => {
  const { rooms, log } = house({ known: ['old'] })
  expect(await rooms.drop('old')).toBe(true)
  expect(log).toEqual(['remove old'])
})

test('at the end all close, the default one last, and nobody comes any more', async () => {
  const { rooms, log } = house()
  for (const name of ['default', 'a', 'b']) await rooms.get(name, true)
  await rooms.close()
  expect(log.filter((line) => line.startsWith('close'))).toEqual(['close a', 'close b', 'close default'])
  expect(await refusal(rooms.get('c', true))).toBe(503)
})
