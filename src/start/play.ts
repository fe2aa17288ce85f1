// Performs what the cardholder of a plan does.
import type { Effect, Store } from '../acs/ports.ts'

export async function performPlay({ store }: { readonly store: Store }, effect: Effect): Promise<undefined> {
  await store.unit((unit) => unit.finishEffect(effect.id))
}
