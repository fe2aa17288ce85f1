// Stubs in memory, as the writer sees them: the AReq path looks here first, and with none there it costs nothing. A list is
// never changed, only replaced, so that what a failed unit or group did is taken back by the list of before.
import type { Stub } from '../acs/ports.ts'

export interface StubDisk {
  insert(stub: Omit<Stub, 'id'>): number
  saveLeft(stubId: number, left: number): void
  remove(stubId: number): void
}

const none: readonly Stub[] = []

/** The higher priority first, then the older. */
const inOrder = (stubs: readonly Stub[]): readonly Stub[] =>
  stubs.toSorted((one, other) => other.priority - one.priority || one.id - other.id)

export class StubCache {
  readonly #disk: StubDisk
  #stubs: readonly Stub[]
  #beforeUnit: readonly Stub[]
  #beforeGroup: readonly Stub[] | undefined

  constructor(disk: StubDisk, stubs: readonly Stub[]) {
    this.#disk = disk
    this.#stubs = inOrder(stubs)
    this.#beforeUnit = this.#stubs
  }

  /** In the order they are asked. */
  of(tenant: number): readonly Stub[] {
    return this.#stubs.length === 0 ? none : this.#stubs.filter((stub) => stub.tenant === tenant)
  }

  /** Of every tenant. */
  all(): readonly Stub[] {
    return this.#stubs
  }

  add(stub: Omit<Stub, 'id'>): Stub {
    const added = { ...stub, id: this.#disk.insert(stub) }
    this.#stubs = inOrder([...this.#stubs, added])
    return added
  }

  use({ id }: Stub): void {
    const stub = this.#stubs.find((one) => one.id === id)
    if (stub === undefined) return
    const left = stub.left - 1
    if (left < 1) {
      this.remove(id)
      return
    }
    this.#disk.saveLeft(id, left)
    this.#stubs = this.#stubs.map((one) => (one.id === id ? { ...one, left } : one))
  }

  remove(id: number): void {
    this.#disk.remove(id)
    this.#stubs = this.#stubs.filter((one) => one.id !== id)
  }

  begin(): void {
    this.#beforeUnit = this.#stubs
    this.#beforeGroup ??= this.#stubs
  }

  undo(): void {
    this.#stubs = this.#beforeUnit
  }

  beforeCommit(): void {}

  undoAll(): void {
    this.#stubs = this.#beforeGroup ?? this.#stubs
    this.#beforeGroup = undefined
  }

  done(): void {
    this.#beforeGroup = undefined
  }
}
