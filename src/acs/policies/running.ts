import { indexOf, type Listable, type Listed, type ListIndex, listed, notListed } from '../../risk/policy/lists.ts'
import type { Policy } from '../../risk/policy.ts'
import type { Policies } from '../ports.ts'

/** Lists that are kept beside the policies; they hold whatever policy runs. */
export interface Lists {
  readonly allow: ListIndex
  readonly deny: ListIndex
}

export const noLists: Lists = { allow: indexOf([]), deny: indexOf([]) }

/** One policy that stays as it is, and no lists beside it. */
export const onlyPolicy = (policy: Policy): Policies => ({
  running: () => policy,
  byHash: (hash) => (hash === policy.hash ? policy : undefined),
  lists: () => noLists,
})

/** By the lists of the policy and by those beside it. */
export function listedBy(policy: Policy, beside: Lists, about: Listable, now: number): Listed {
  const own = listed(policy.lists, about, now)
  const others = listed(beside, about, now)
  if (others === notListed) return own
  return { allow: [...own.allow, ...others.allow], deny: [...own.deny, ...others.deny] }
}
