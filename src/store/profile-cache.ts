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
  /** Those that there are. */
  read(tenant: number, entities: readonly string[]): ReadonlyMap<string, P>
  write(profiles: readonly { readonly tenant: number; readonly entity: string; readonly profile: P }[]): void
}

const keyOf = (tenant: number, entity: string): string => (tenant === 0 ? entity : `${tenant} ${entity}`)

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

  /** Reads at once what of them is not in memory yet, so that each `get` finds it there. */
  fetch(tenant: number, entities: readonly string[]): void {
    const missing = entities.filter((entity) => !this.#entries.has(keyOf(tenant, entity)))
    if (missing.length === 0) return
    const found = this.#disk.read(tenant, missing)
    for (const entity of missing) this.#keep(tenant, entity, found.get(entity))
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
    const dirty: { tenant: number; entity: string; profile: P }[] = []
    for (const { entry } of this.#group) {
      const { tenant, entity, profile } = entry
      if (!entry.isDirty || profile === undefined) continue
      dirty.push({ tenant, entity, profile })
      entry.isDirty = false
    }
    if (dirty.length > 0) this.#disk.write(dirty)
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
    const known = this.#entries.get(keyOf(tenant, entity))
    return known ?? this.#keep(tenant, entity, this.#disk.read(tenant, [entity]).get(entity))
  }

  #keep(tenant: number, entity: string, profile: P | undefined): Entry<P> {
    const entry: Entry<P> = { tenant, entity, profile, isDirty: false }
    this.#entries.set(keyOf(tenant, entity), entry)
    return entry
  }

  #takeBack(changes: readonly Change<P>[]): void {
    for (const { entry, before, wasDirty } of changes.toReversed()) {
      entry.profile = before
      entry.isDirty = wasDirty
    }
  }
}
