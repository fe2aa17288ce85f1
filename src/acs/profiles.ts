// Reads and writes the profiles of one AReq's entities inside a unit of work.
import { entityKinds, type Keys, type Profiles } from '../risk/profile.ts'
import type { NewTransaction, UnitOfWork } from './ports.ts'

export function readProfiles(unit: UnitOfWork, tenant: number, keys: Keys): Profiles {
  const asked: (readonly [string, string])[] = []
  for (const kind of entityKinds) {
    const key = keys[kind]
    if (key !== undefined) asked.push([kind, key])
  }
  unit.fetchProfiles(tenant, asked)
  const profiles: { -readonly [K in keyof Profiles]: Profiles[K] } = {}
  for (const kind of entityKinds) {
    const key = keys[kind]
    if (key !== undefined) profiles[kind] = unit.profile(tenant, kind, key)
  }
  return profiles
}

export function saveProfiles(unit: UnitOfWork, tenant: number, keys: Keys, profiles: Profiles): void {
  for (const kind of entityKinds) {
    const key = keys[kind]
    const profile = profiles[kind]
    if (key !== undefined && profile !== undefined) unit.saveProfile(tenant, kind, key, profile)
  }
}

/** What a test has decided in advance is no habit of anybody, and counts nowhere, unless its plan says so. */
export const teaches = ({ decidedBy, details }: Pick<NewTransaction, 'decidedBy' | 'details'>): boolean =>
  decidedBy === 'engine' || details.plan?.teach === true
