// What a tenant is to those inside of it: a house of its own, with a name and a few settings.
import type { ServerResponse } from 'node:http'
import type { ClockState } from '../clock.ts'

/** `default` has the bare paths, every other one those below /t/{name}. */
export const defaultName = 'default'
export const isTenantName = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,39}$/.test(text)

export interface RoomSettings {
  readonly name: string
  /** Ids, codes and chance follow from it. */
  readonly seed?: string | undefined
  /** Used from the next reset on, where it is another one; null: none. */
  readonly nextSeed?: string | null | undefined
  /** Whether requests may say themselves how they are answered. */
  readonly overrides: boolean
  readonly hasToken: boolean
  /** Whether it has a risk policy of its own. */
  readonly hasPolicy: boolean
  /** By the machine's clock. */
  readonly createdAt: number
}

/** What may be changed while it runs; null: none. */
export interface RoomChange {
  readonly overrides?: boolean | undefined
  readonly seed?: string | null | undefined
  readonly token?: string | null | undefined
}

export interface ResetOptions {
  /** null: none of its own. */
  readonly seed?: string | null | undefined
  readonly clock?: { readonly mode: ClockState['mode']; readonly now?: number | undefined } | undefined
  /** A risk policy of its own (YAML); null: that of the program. Otherwise as before. */
  readonly policy?: string | null | undefined
  /** keep: a scenario table that was put in the place of the one from the start stays. */
  readonly scenarios?: 'keep' | 'default' | undefined
}

/** A tenant as it is shown. */
export interface RoomView {
  readonly settings: RoomSettings
  readonly clock: ClockState
  /** Its public address, without a slash at the end. */
  readonly url: string
}

/** A change that cannot be; `path`: what of it. */
export class NotAllowed extends Error {
  readonly path: string
  readonly status: number
  constructor(path: string, message: string, status = 409) {
    super(message)
    this.path = path
    this.status = status
  }
}

export interface Room {
  readonly name: string
  /** Folder of its files; undefined: nothing is kept. */
  readonly folder: string | undefined
  settings(): RoomSettings
  view(): RoomView
  /** SHA-256 of its token. */
  tokenDigest(): Buffer | undefined
  change(wanted: RoomChange): void
  /** All that it holds is gone afterwards; `self` is the answer to who asked, which is not waited for. */
  reset(options: ResetOptions, self: ServerResponse): Promise<RoomView>
  /** False: it is the default one, which stays. */
  drop(self: ServerResponse): Promise<boolean>
  /** Of all tenants; for the operator, who comes by the bare paths. */
  readonly all?: Tenants | undefined
}

export interface ListedTenant {
  readonly name: string
  readonly url: string
  /** undefined: it is kept, and was not asked for since the start. */
  readonly view?: RoomView | undefined
}

export interface Tenants {
  readonly most: number
  list(): readonly ListedTenant[]
  has(name: string): boolean
  /** Rejects with RoomRefused. */
  make(name: string, wanted: RoomChange): Promise<RoomView>
  drop(name: string, self: ServerResponse): Promise<boolean>
}
