// The tenants of a running Sekisho: made on first use, each once, reset and dropped in order.
import type { ServerResponse } from 'node:http'
import { defaultName, isTenantName, type ResetOptions } from './room.ts'
import type { UnderWay } from './under-way.ts'

/** A tenant that is open. */
export interface OpenRoom {
  readonly underWay: UnderWay
  /** Exchanges that a fault holds, and live events, end. */
  quieten(): void
  /** Resolves when no effect is under way, or after a while. */
  idle(): Promise<void>
  /** Gives up waiting for others. */
  hurry(): void
  close(): Promise<void>
}

/** Why there is no such tenant, for whoever asked. */
export class RoomRefused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface RoomsOptions<R extends OpenRoom> {
  /** `before`: what it is made of again. */
  open(name: string, again: { readonly options: ResetOptions; readonly before: R } | undefined): Promise<R>
  /** Removes what is kept of it, also where it is not open. */
  remove(name: string): void
  /** Tenants that are kept from before. */
  readonly known: readonly string[]
  /** Besides the default one. */
  readonly most: number
}

export interface Rooms<R extends OpenRoom> {
  /** Undefined: it is not open, or not at this moment. */
  opened(name: string): R | undefined
  /** Opens it where needed; `mayMake`: also where there is none yet. Rejects with RoomRefused. */
  get(name: string, mayMake: boolean): Promise<R>
  has(name: string): boolean
  names(): readonly string[]
  all(): readonly R[]
  /** Drops what it holds and makes it again; waits for what is under way but `self`. */
  reset(name: string, options: ResetOptions, self?: ServerResponse): Promise<R>
  /** False: there is no such tenant. */
  drop(name: string, self?: ServerResponse): Promise<boolean>
  close(): Promise<void>
}

/** What is under way when a tenant is reset is waited for this long. */
const drainWithinMs = 10_000
/** What came while it was waited for. */
const lastWithinMs = 500

interface Entry<R> {
  /** Where it is to be had. */
  coming: Promise<R>
  room: R | undefined
}

export function createRooms<R extends OpenRoom>({ open, remove, known, most }: RoomsOptions<R>): Rooms<R> {
  const names = new Set(known)
  const entries = new Map<string, Entry<R>>()
  /** Resets and ends of one tenant, one after the other. */
  const turns = new Map<string, Promise<unknown>>()
  let isClosing = false

  const put = (name: string, coming: Promise<R>): Promise<R> => {
    const entry: Entry<R> = { coming, room: undefined }
    entries.set(name, entry)
    return coming.then(
      (room) => {
        entry.room = room
        return room
      },
      (error: unknown) => {
        if (entries.get(name) === entry) entries.delete(name)
        throw error
      },
    )
  }

  const get = async (name: string, mayMake: boolean): Promise<R> => {
    const entry = entries.get(name)
    if (entry !== undefined) return entry.room ?? entry.coming
    if (isClosing) throw new RoomRefused(503, 'stopping')
    if (!isTenantName(name))
      throw new RoomRefused(404, 'no such tenant: names are made of a-z, 0-9 and -, at most 40 of them')
    const isNew = name !== defaultName && !names.has(name)
    if (isNew && !mayMake) throw new RoomRefused(404, 'no such tenant')
    if (isNew && names.size >= most) throw new RoomRefused(503, full(most))
    if (isNew) names.add(name)
    try {
      return await put(name, open(name, undefined))
    } catch (error) {
      if (isNew) names.delete(name)
      throw error
    }
  }

  const inTurn = <T>(name: string, self: ServerResponse | undefined, work: () => Promise<T>): Promise<T> => {
    if (self !== undefined) entries.get(name)?.room?.underWay.leave(self) // also of who waits for their turn
    const turn = (turns.get(name) ?? Promise.resolve()).then(work)
    const settled = turn.catch(() => undefined)
    turns.set(name, settled)
    void settled.then(() => turns.get(name) === settled && turns.delete(name))
    return turn
  }

  /** Waits for what is under way. Until then it answers; afterwards, requests wait for `next`. */
  async function empty(name: string, room: R, self: ServerResponse | undefined, next: Promise<R>): Promise<void> {
    if (self !== undefined) room.underWay.leave(self)
    room.quieten()
    await room.underWay.over(drainWithinMs)
    await room.idle()
    put(name, next).catch(() => undefined)
    room.quieten()
    await room.underWay.over(lastWithinMs)
    room.underWay.cut()
    room.hurry()
    await room.close()
  }

  return {
    opened: (name) => entries.get(name)?.room,
    get,
    has: (name) => names.has(name) || name === defaultName,
    names: () => [...names].sort(),
    all: () => [...entries.values()].flatMap(({ room }) => room ?? []),
    reset: (name, options, self) =>
      inTurn(name, self, async () => {
        const before = await get(name, false)
        const { promise, resolve, reject } = promised<R>()
        try {
          await empty(name, before, self, promise)
          remove(name)
          const room = await open(name, { options, before })
          resolve(room)
          return room
        } catch (error) {
          reject(error)
          throw error
        }
      }),
    drop: (name, self) =>
      inTurn(name, self, async () => {
        if (!names.has(name)) return false
        const { promise, reject } = promised<R>()
        const entry = entries.get(name)
        if (entry !== undefined) await empty(name, await entry.coming, self, promise)
        remove(name)
        names.delete(name)
        entries.delete(name)
        reject(new RoomRefused(404, 'no such tenant: it was dropped'))
        return true
      }),
    async close() {
      isClosing = true
      await Promise.all(turns.values())
      const open = [...entries.entries()]
      // The default one last: it is the process's own.
      for (const isDefault of [false, true]) {
        await Promise.all(
          open
            .filter(([name]) => (name === defaultName) === isDefault)
            .map(async ([, { coming }]) => {
              const room = await coming.catch(() => undefined)
              await room?.close()
            }),
        )
      }
      entries.clear()
    },
  }
}

const full = (most: number): string =>
  `there are ${most} tenants already (--max-tenants); drop one with DELETE /api/v1/tenants/{name}`

/** A promise and its ends; that nobody waits for it is no failure. */
function promised<T>() {
  let resolve: (value: T) => void = () => undefined
  let reject: (reason: unknown) => void = () => undefined
  const promise = new Promise<T>((onValue, onReason) => {
    resolve = onValue
    reject = onReason
  })
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}
