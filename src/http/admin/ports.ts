// What the admin API is given.
import type { Experiments } from '../../acs/experiments.ts'
import type { LiveIssuer } from '../../acs/issuer.ts'
import type { FileProblem, PolicyDesk } from '../../acs/policies/desk.ts'
import type { Observer, Secrets, Store } from '../../acs/ports.ts'
import type { VirtualClock } from '../../clock.ts'
import type { FaultBook } from '../../faults/registry.ts'
import type { Places } from '../../journal/places.ts'
import type { Live } from '../../observe/live.ts'
import type { Policy } from '../../risk/policy.ts'
import type { Room } from '../../tenants/room.ts'
import type { ChallengePorts } from './challenge.ts'
import type { About } from './docs.ts'
import type { HookAdminPorts } from './hook-sources.ts'
import type { PeerMessages } from './peer-messages.ts'

export interface AdminPorts extends HookAdminPorts {
  /** Challenges driven by the API. */
  readonly challenge: ChallengePorts
  readonly store: Store
  readonly clock: VirtualClock
  readonly room: Room
  readonly faults: FaultBook
  readonly secrets: Secrets
  readonly issuer: LiveIssuer
  /** Whether a card outside of all ranges is left to the engine; absent: it is refused. */
  readonly takesUnlisted?: ((acctNumber: string) => boolean) | undefined
  readonly policies: PolicyDesk
  /** Policies that Sekisho comes with. */
  readonly shipped: () => readonly { readonly policy: Policy; readonly text: string }[]
  /** The file of --policy, where it cannot be used as it is now. */
  readonly policyProblem?: (() => FileProblem | undefined) | undefined
  readonly tenant: number
  /** Of the lab. */
  readonly experiments: Experiments
  readonly observer: Observer
  readonly live: Live
  /** What DS and 3DS Server saw of a transaction. */
  readonly peerMessages?: PeerMessages | undefined
  /** Whether messages are kept in clear, too. */
  readonly keepsRaw?: boolean | undefined
  /** Addresses of the parties, for exports without hosts and ports. */
  readonly places: Places
  /** Resolves when nothing is on its way that belongs to a run. */
  idle(): Promise<void>
  readonly about: About
  /** Whether answers are held against the schemas of their operations; for tests. */
  readonly checksAnswers?: boolean | undefined
}
