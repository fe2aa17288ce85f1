// Finds transactions by their ids. Ids are random, so a plain index would touch a page of its own for every id; here the
// newest ones are in memory (their rows hold them anyway) and reach the index on disk sorted, in slices, with later commits.

/** `a` acsTransID, `s` threeDSServerTransID, `d` dsTransID. */
export type IdKind = 'a' | 's' | 'd'

export interface IdDisk {
  find(key: Buffer): number | undefined
  insert(key: Buffer, transactionId: number): void
  remove(key: Buffer): void
  /** All ids of transactions up to this one are in the index. */
  mark(upTo: number): void
}

export interface IdIndexOptions {
  /** Ids kept in memory before they move to disk. */
  readonly generation?: number
  /** Ids that move with one commit. */
  readonly slice?: number
}

interface Generation {
  readonly ids: Map<string, number>
  readonly order: readonly string[]
  readonly upTo: number
  moved: number
}

/** Tenant, kind and the 16 bytes of the UUID, in either case. */
export const idKey = (tenant: number, kind: IdKind, uuid: string): string => {
  const hex = uuid.replaceAll('-', '').toLowerCase()
  return tenant === 0 ? kind + hex : `${kind}${hex}${tenant}`
}

const bytesOf = (key: string): Buffer => {
  const bytes = Buffer.from(key.slice(1, 33), 'hex')
  return Buffer.concat([bytes, Buffer.from(key[0] + key.slice(33), 'latin1')])
}

export class IdIndex {
  readonly #disk: IdDisk
  readonly #generation: number
  readonly #slice: number
  #recent = new Map<string, number>()
  #moving: Generation | undefined
  #last = 0
  #unit: string[] = []
  #group: string[] = []
  #movedBefore = 0

  constructor(disk: IdDisk, options: IdIndexOptions = {}) {
    this.#disk = disk
    this.#generation = options.generation ?? 24_576
    this.#slice = options.slice ?? 256
  }

  /** An id of a transaction that is stored but not in the index yet. */
  load(key: string, transactionId: number): void {
    this.#recent.set(key, transactionId)
    this.#last = Math.max(this.#last, transactionId)
  }

  find(key: string): number | undefined {
    return this.#recent.get(key) ?? this.#moving?.ids.get(key) ?? this.#disk.find(bytesOf(key))
  }

  add(key: string, transactionId: number): void {
    this.#unit.push(key)
    this.load(key, transactionId)
  }

  /** The transaction is gone. */
  remove(key: string): void {
    this.#recent.delete(key)
    this.#moving?.ids.delete(key)
    this.#disk.remove(bytesOf(key))
  }

  begin(): void {
    for (const key of this.#unit) this.#group.push(key)
    this.#unit = []
  }

  undo(): void {
    for (const key of this.#unit) this.#recent.delete(key)
    this.#unit = []
  }

  beforeCommit(): void {
    this.begin()
    const moving = this.#moving
    if (moving === undefined) return
    this.#movedBefore = moving.moved
    const end = Math.min(moving.moved + this.#slice, moving.order.length)
    for (const key of moving.order.slice(moving.moved, end)) {
      const transactionId = moving.ids.get(key)
      if (transactionId !== undefined) this.#disk.insert(bytesOf(key), transactionId)
    }
    moving.moved = end
    if (end === moving.order.length) this.#disk.mark(moving.upTo)
  }

  undoAll(): void {
    this.begin()
    for (const key of this.#group) this.#recent.delete(key)
    this.#group = []
    if (this.#moving !== undefined) this.#moving.moved = Math.min(this.#moving.moved, this.#movedBefore)
  }

  done(): void {
    this.#group = []
    const moving = this.#moving
    if (moving !== undefined) {
      this.#movedBefore = moving.moved
      if (moving.moved === moving.order.length) this.#moving = undefined
    }
    if (this.#moving === undefined && this.#recent.size >= this.#generation) {
      const ids = this.#recent
      this.#moving = { ids, order: [...ids.keys()].sort(byBytes), upTo: this.#last, moved: 0 }
      this.#movedBefore = 0
      this.#recent = new Map()
    }
  }
}

/** In the order of the index: by UUID first, then by kind. */
const byBytes = (a: string, b: string): number => {
  const left = a.slice(1) + a[0]
  const right = b.slice(1) + b[0]
  return left < right ? -1 : left > right ? 1 : 0
}
