// The index of ids against a plain map, through commits, failed units, failed groups and restarts.
import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { IdIndex, idKey } from '../../src/store/id-index.ts'

interface Disk {
  readonly index: Map<string, number>
  upTo: number
}

/** Writes of an open commit are seen by the one who writes and forgotten when it fails, as in a database. */
function diskOf(durable: Disk) {
  let open = { index: new Map(durable.index), upTo: durable.upTo }
  return {
    disk: {
      find: (key: Buffer) => open.index.get(key.toString('hex')),
      insert: (key: Buffer, id: number) => void open.index.set(key.toString('hex'), id),
      remove: (key: Buffer) => void open.index.delete(key.toString('hex')),
      mark: (upTo: number) => {
        open.upTo = upTo
      },
    },
    commit: (): Disk => ({ index: new Map(open.index), upTo: open.upTo }),
    rollBack: (to: Disk) => {
      open = { index: new Map(to.index), upTo: to.upTo }
    },
  }
}

const uuidOf = (n: number): string =>
  `${((n * 2_654_435_761) >>> 0).toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`

const unit = fc.constantFrom('ok', 'ok', 'ok', 'bad')
const group = fc.record({
  units: fc.array(unit, { minLength: 1, maxLength: 6 }),
  commits: fc.constantFrom(true, true, true, false),
})
const step = fc.oneof(
  { weight: 8, arbitrary: group },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
  { weight: 1, arbitrary: fc.constant('prune' as const) },
)

test.prop([fc.array(step, { maxLength: 60 })], { numRuns: 300 })(
  'every id of a committed transaction is found, no other, whatever failed and however often it was restarted',
  (steps) => {
    const options = { generation: 12, slice: 3 }
    let durable: Disk = { index: new Map(), upTo: 0 }
    const stored = new Map<string, number>() // the rows of transactions that were committed
    let world = diskOf(durable)
    let index = new IdIndex(world.disk, options)
    let last = 0
    const settle = (commits: boolean): void => {
      index.beforeCommit()
      if (commits) {
        durable = world.commit()
        index.done()
      } else {
        index.undoAll()
        world.rollBack(durable)
      }
    }
    for (const now of steps) {
      if (now === 'restart') {
        world = diskOf(durable)
        index = new IdIndex(world.disk, options)
        for (const [key, id] of stored) if (id > durable.upTo) index.load(key, id)
      } else if (now === 'prune') {
        const [first] = stored
        if (first === undefined) continue
        index.begin()
        index.remove(first[0])
        settle(true)
        stored.delete(first[0])
      } else {
        const added: [string, number][] = []
        for (const kind of now.units) {
          index.begin()
          last += 1
          const key = idKey(last % 3 === 0 ? 7 : 0, last % 2 === 0 ? 'a' : 's', uuidOf(last))
          expect(index.find(key)).toBeUndefined()
          index.add(key, last)
          expect(index.find(key)).toBe(last)
          if (kind === 'ok') added.push([key, last])
          else index.undo()
        }
        settle(now.commits)
        if (now.commits) for (const [key, id] of added) stored.set(key, id)
      }
      for (const [key, id] of stored) expect(index.find(key)).toBe(id)
      for (let n = 1; n <= last; n += 1) {
        const key = idKey(n % 3 === 0 ? 7 : 0, n % 2 === 0 ? 'a' : 's', uuidOf(n))
        expect(index.find(key)).toBe(stored.get(key))
      }
    }
  },
)

test('an id of one kind, or of another tenant, is not found as one of another (SEC-RPL-1)', () => {
  const index = new IdIndex(diskOf({ index: new Map(), upTo: 0 }).disk)
  index.add(idKey(0, 'a', uuidOf(1)), 1)
  expect(index.find(idKey(0, 'a', uuidOf(1).toUpperCase()))).toBe(1)
  expect(index.find(idKey(0, 's', uuidOf(1)))).toBeUndefined()
  expect(index.find(idKey(1, 'a', uuidOf(1)))).toBeUndefined()
})
