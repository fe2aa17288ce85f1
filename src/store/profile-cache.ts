// Profiles in memory, as the writer sees them; what a failed unit or group left is taken back.
export class ProfileCache<P> {
  readonly #most: number
  readonly #entries = new Map<string, P>()
  #unit: { readonly key: string; readonly before: P | undefined }[] = []
  #group: { readonly key: string; readonly before: P | undefined }[] = []

  constructor(most: number) {
    this.#most = most
  }

  get(key: string): P | undefined {
    return this.#entries.get(key)
  }

  /** Keeps what was read from disk; not part of any undo. */
  keep(key: string, profile: P): void {
    this.#entries.set(key, profile)
  }

  set(key: string, profile: P): void {
    this.#unit.push({ key, before: this.#entries.get(key) })
    this.#entries.set(key, profile)
  }

  begin(): void {
    if (this.#unit.length > 0) this.#group.push(...this.#unit)
    this.#unit = []
  }

  undo(): void {
    this.#takeBack(this.#unit)
    this.#unit = []
  }

  undoAll(): void {
    this.begin()
    this.#takeBack(this.#group)
    this.#group = []
  }

  done(): void {
    this.#unit = []
    this.#group = []
    // The oldest go first; a profile that is missing is read again.
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#most) break
      this.#entries.delete(key)
    }
  }

  #takeBack(changes: readonly { readonly key: string; readonly before: P | undefined }[]): void {
    for (const { key, before } of changes.toReversed()) {
      if (before === undefined) this.#entries.delete(key)
      else this.#entries.set(key, before)
    }
  }
}
