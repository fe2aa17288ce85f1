import type { Policy } from '../../risk/policy.ts'
import type { Policies } from '../ports.ts'

/** One policy that stays as it is. */
export const onlyPolicy = (policy: Policy): Policies => ({
  running: () => policy,
  byHash: (hash) => (hash === policy.hash ? policy : undefined),
})
