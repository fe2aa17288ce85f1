// Fills the register from the issuer's data: cards with their states, and the habits of those that have one.
import { maskPan } from '../protocol/mask.ts'
import { merchantValue } from '../risk/facts.ts'
import { seedHabit } from '../risk/habit.ts'
import type { Policy } from '../risk/policy.ts'
import { type Issuer, rangeOf } from './issuer.ts'
import { type Clock, defaultTenant, type Secrets, type Store } from './ports.ts'
import { saveProfiles } from './profiles.ts'

/** Shops of which a habit tells are known by name. */
function nameOf({ habits }: Pick<Issuer, 'habits'>, acquirerMerchantID: string): { readonly merchantName?: string } {
  const shops = Object.values(habits).flatMap((habit) => habit.shops)
  const shop = shops.find((one) => one.acquirerMerchantID === acquirerMerchantID)
  return shop === undefined ? {} : { merchantName: shop.merchantName }
}

/** The cards and habits of the issuer's data, where the register does not have them yet. */
export async function seedRegister(
  store: Store,
  secrets: Secrets,
  issuer: Issuer,
  policy: Policy,
  clock: Clock,
): Promise<void> {
  const at = clock.now()
  await store.unit((unit) => {
    for (const seed of issuer.cards) {
      const panHash = secrets.panHash(seed.acctNumber)
      if (unit.card(defaultTenant, panHash) !== undefined) continue
      unit.saveCard(defaultTenant, {
        panHash,
        mask: maskPan(seed.acctNumber),
        scheme: rangeOf(issuer.ranges, seed.acctNumber)?.scheme ?? '',
        holder: seed.holder,
        email: seed.email,
        language: seed.language,
        methods: ['emailOtp'],
        ...(seed.trusts.length > 0 && {
          trusts: seed.trusts.map((acquirerMerchantID) => ({
            acquirerMerchantID,
            ...nameOf(issuer, acquirerMerchantID),
            at,
          })),
        }),
        blocked: seed.blocked,
        stolen: seed.stolen,
        expired: seed.expired,
        failures: 0,
        failuresSince: 0,
        isRegistered: true,
      })
      const habit = seed.habit === undefined ? undefined : issuer.habits[seed.habit]
      if (habit === undefined) continue
      const { shops, ...spec } = habit
      const merchantKeys = shops.map((shop) => secrets.keyOf('merchant', merchantValue(shop) ?? ''))
      saveProfiles(unit, defaultTenant, { account: panHash }, seedHabit({ ...spec, merchantKeys }, at, policy))
    }
  })
}
