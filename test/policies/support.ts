import { type BasePolicy, openPolicyDesk, type PolicyDesk } from '../../src/acs/policies/desk.ts'
import type { Store } from '../../src/acs/ports.ts'
import { createSecrets } from '../../src/acs/secrets.ts'
import { loadPolicy } from '../../src/risk/policy.ts'
import { decodeProfile, encodeProfile } from '../../src/risk/profile-codec.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import { policyText } from '../risk/support.ts'

export const usual = policyText('default')
/** The default policy with other thresholds: another text, another hash. */
export const withChallengeAt = (challenge: number): string =>
  usual.replace(/^thresholds: .*$/m, `thresholds: { challenge: ${challenge}, reject: 3.5 }`)

const key = Buffer.alloc(32, 7)
export const secrets = createSecrets({
  panHash: key,
  entity: key,
  otp: key,
  stepToken: key,
  authenticationValue: key,
})

export const openStore = (file = ':memory:'): Promise<Store> =>
  openSqliteStore({ path: file, encodeProfile, decodeProfile })

export const clock = { at: Date.parse('2026-11-22T03:00:00Z'), now: (): number => clock.at }

export const shipped = (text = usual): BasePolicy => ({ text, from: 'shipped', file: 'default.yaml' })
export const fromFile = (text: string, file = 'mine.yaml'): BasePolicy => ({ text, from: 'file', file })

export const openDesk = (store: Store, base: BasePolicy = shipped()): Promise<PolicyDesk> =>
  openPolicyDesk({ store, clock, tenant: 0, load: loadPolicy, base })
