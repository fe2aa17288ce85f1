// The settings of one tenant: as they are kept, as they are shown, and changed while it runs.
import { createHash } from 'node:crypto'
import type { ClockState } from '../clock.ts'
import { PolicyError } from '../risk/policy.ts'
import { type Kept, writeKept } from './kept.ts'
import { defaultName, NotAllowed, type ResetOptions, type RoomChange, type RoomSettings } from './room.ts'

export interface SettingsOptions {
  readonly name: string
  readonly kept: Kept
  /** Where they are kept; undefined: nowhere. */
  readonly folder: string | undefined
  /** What follows from the settings of the program. */
  readonly given: { readonly seed: string | undefined; readonly overrides: boolean }
  /** Ids that can be foreseen are for this machine only. */
  readonly maySeed: boolean
  /** Throws PolicyError. */
  readonly loadPolicy: (text: string) => unknown
}

export interface Settings {
  settings(): RoomSettings
  tokenDigest(): Buffer | undefined
  change(wanted: RoomChange): void
  keepClock(state: ClockState): void
  /** What the tenant begins with when it is made again. Throws NotAllowed. */
  again(options: ResetOptions, now: number): Kept
}

function checkPolicy(loadPolicy: SettingsOptions['loadPolicy'], text: string): void {
  try {
    loadPolicy(text)
  } catch (error) {
    if (error instanceof PolicyError) throw new NotAllowed('policy', error.message, 400)
    throw error
  }
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex')

export function createSettings({ name, kept: first, folder, given, maySeed, loadPolicy }: SettingsOptions): Settings {
  let kept = first
  const keep = (next: Kept): void => {
    kept = next
    if (folder !== undefined) writeKept(folder, kept)
  }
  const seedOf = (own: string | null | undefined): string | undefined => own ?? given.seed
  const checkSeed = (seed: string | null | undefined): void => {
    if (typeof seed === 'string' && !maySeed)
      throw new NotAllowed('seed', 'a seed makes ids that can be foreseen and works on loopback only')
  }
  return {
    settings() {
      const { createdAt, overrides, tokenDigest, nextSeed } = kept
      const seed = seedOf(kept.seed)
      return {
        name,
        ...(seed !== undefined && { seed }),
        ...(nextSeed !== undefined && seedOf(nextSeed) !== seed && { nextSeed: seedOf(nextSeed) ?? null }),
        overrides: overrides ?? given.overrides,
        hasToken: tokenDigest !== undefined,
        hasPolicy: kept.policy !== undefined,
        createdAt,
      }
    },
    tokenDigest: () => (kept.tokenDigest === undefined ? undefined : Buffer.from(kept.tokenDigest, 'hex')),
    change({ overrides, seed, token }) {
      checkSeed(seed)
      if (name === defaultName && token !== undefined)
        throw new NotAllowed('token', 'the token of the default tenant is the one of --admin-token')
      const { tokenDigest, ...rest } = kept
      const digest = token === undefined ? tokenDigest : token === null ? undefined : digestOf(token)
      keep({
        ...rest,
        ...(overrides !== undefined && { overrides }),
        ...(seed !== undefined && { nextSeed: seed }),
        ...(digest !== undefined && { tokenDigest: digest }),
      })
    },
    keepClock(clock) {
      keep({ ...kept, clock })
    },
    again({ seed, policy = kept.policy }, now) {
      checkSeed(seed)
      if (typeof policy === 'string') checkPolicy(loadPolicy, policy)
      const { overrides, tokenDigest } = kept
      const own = seed !== undefined ? seed : kept.nextSeed !== undefined ? kept.nextSeed : (kept.seed ?? null)
      return {
        createdAt: now,
        ...(own !== null && { seed: own }),
        ...(overrides !== undefined && { overrides }),
        ...(typeof policy === 'string' && { policy }),
        ...(tokenDigest !== undefined && { tokenDigest }),
      }
    },
  }
}
