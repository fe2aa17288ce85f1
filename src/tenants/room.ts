// What a tenant is to those inside of it: a house of its own, with a name and a few settings.

/** `default` has the bare paths, every other one those below /t/{name}. */
export const defaultName = 'default'
export const isTenantName = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,39}$/.test(text)

export interface RoomSettings {
  readonly name: string
  /** Ids, codes and chance follow from it. */
  readonly seed?: string | undefined
  /** Used from the next reset on, where it is another one. */
  readonly nextSeed?: string | undefined
  /** Whether requests may say themselves how they are answered. */
  readonly overrides: boolean
  readonly hasToken: boolean
  /** By the machine's clock. */
  readonly createdAt: number
}

/** What may be changed while it runs. */
export interface RoomChange {
  readonly overrides?: boolean | undefined
  /** null: none. */
  readonly seed?: string | null | undefined
  readonly token?: string | null | undefined
}

export interface ResetOptions {
  /** null: none. */
  readonly seed?: string | null | undefined
  readonly clock?: { readonly mode: 'run' | 'frozen'; readonly now?: number | undefined } | undefined
  /** keep: a scenario table that was put in the place of the one from the start stays. */
  readonly scenarios?: 'keep' | 'default' | undefined
}

export interface Room {
  readonly name: string
  settings(): RoomSettings
  change(wanted: RoomChange): RoomSettings
  /** Folder of its files; undefined: nothing is kept. */
  readonly folder: string | undefined
}
