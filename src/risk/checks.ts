/** All checks, in the order in which their evidence is summed. */
import type { Check } from './check.ts'
import { accountVelocity } from './checks/account-velocity.ts'
import { amountUnlikeHabit } from './checks/amount-unlike-habit.ts'
import { countryMismatch } from './checks/country-mismatch.ts'
import { deviceVelocity } from './checks/device-velocity.ts'
import { emailDomain } from './checks/email-domain.ts'
import { firstDevice } from './checks/first-device.ts'
import { ipVelocity } from './checks/ip-velocity.ts'
import { merchantCategory } from './checks/merchant-category.ts'
import { night } from './checks/night.ts'
import { shipToMismatch } from './checks/ship-to-mismatch.ts'

export const checks: readonly Check[] = [
  amountUnlikeHabit,
  firstDevice,
  accountVelocity,
  deviceVelocity,
  ipVelocity,
  shipToMismatch,
  night,
  countryMismatch,
  emailDomain,
  merchantCategory,
]
