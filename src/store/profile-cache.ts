// Profiles in memory, as the writer sees them. Changes of a group reach the disk once per profile, within the group's commit;
// what a failed unit or group left is taken back.

interface Entry<P> {
  readonly tenant: number
  readonly entity: string
  profile: P | undefined
  isDirty: boolean
}

interface Change<P> {
  readonly entry: Entry<P>
  readonly before: P | undefined
  readonly wasDirty: boolean
}

export interface ProfileDisk<P> {
  read(tenant: number, entity: string): P | undefined
  write(tenant: number, entity: string, profile: P): void
}

export class ProfileCache<P> {
  readonly #disk: ProfileDisk<P>
  readonly #most: number
  readonly #entries = new Map<string, Entry<P>>()
  #unit: Change<P>[] = []
  #group: Change<P>[] = []

  constructor(disk: ProfileDisk<P>, most: number) {
    this.#disk = disk
    this.#most = most
  }

  /** What is kept of it, read from disk when it is asked for the first time. */
  get(tenant: number, entity: string): P | undefined {
    return this.#entry(tenant, entity).profile
  }

  set(tenant: number, entity: string, profile: P): void {
    const entry = this.#entry(tenant, entity)
    this.#unit.push({ entry, before: entry.profile, wasDirty: entry.isDirty })
    entry.profile = profile
    entry.isDirty = true
  }

  begin(): void {
    for (const change of this.#unit) this.#group.push(change)
    this.#unit = []
  }

  undo(): void {
    this.#takeBack(this.#unit)
    this.#unit = []
  }

  beforeCommit(): void {
    this.begin()
    for (const { entry } of this.#group) {
      if (!entry.isDirty || entry.profile === undefined) continue
      this.#disk.write(entry.tenant, entry.entity, entry.profile)
      entry.isDirty = false
    }
  }

  undoAll(): void {
    this.begin()
    this.#takeBack(this.#group)
    for (const { entry } of this.#group) entry.isDirty = false
    this.#group = []
  }

  done(): void {
    this.#group = []
    // The oldest go first; a profile that is missing is read again.
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#most) break
      this.#entries.delete(key)
    }
  }

  #entry(tenant: number, entity: string): Entry<P> {
    const key = tenant === 0 ? entity : `${tenant} ${entity}`
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    const entry: Entry<P> = { tenant, entity, profile: this.#disk.read(tenant, entity), isDirty: false }
    this.#entries.set(key, entry)
    return entry
  }

  #takeBack(changes: readonly Change<P>[]): void {
    for (const { entry, before, wasDirty } of changes.toReversed()) {
      entry.profile = before
      entry.isDirty = wasDirty
    }
  }
}
