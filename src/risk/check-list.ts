// Made by `npm run tables` from the files in checks/; do not edit.
import type { Check } from './check.ts'
import { accountVelocity } from './checks/account-velocity.ts'
import { addressExists } from './checks/address-exists.ts'
import { amountUnlikeHabit } from './checks/amount-unlike-habit.ts'
import { automatedBrowser } from './checks/automated-browser.ts'
import { binEnumeration } from './checks/bin-enumeration.ts'
import { browserContradiction } from './checks/browser-contradiction.ts'
import { cardTesting } from './checks/card-testing.ts'
import { challengeWish } from './checks/challenge-wish.ts'
import { confirmedFraud } from './checks/confirmed-fraud.ts'
import { countryMismatch } from './checks/country-mismatch.ts'
import { dataQuality } from './checks/data-quality.ts'
import { deviceReplay } from './checks/device-replay.ts'
import { deviceVelocity } from './checks/device-velocity.ts'
import { deviceWithFraud } from './checks/device-with-fraud.ts'
import { emailDomain } from './checks/email-domain.ts'
import { entryBehaviour } from './checks/entry-behaviour.ts'
import { failedAttempts } from './checks/failed-attempts.ts'
import { firstAndExpensive } from './checks/first-and-expensive.ts'
import { firstDevice } from './checks/first-device.ts'
import { firstDiscount } from './checks/first-discount.ts'
import { impossibleTravel } from './checks/impossible-travel.ts'
import { ipVelocity } from './checks/ip-velocity.ts'
import { mailAlias } from './checks/mail-alias.ts'
import { mailDelivery } from './checks/mail-delivery.ts'
import { mailDomainNew } from './checks/mail-domain-new.ts'
import { mailHistory } from './checks/mail-history.ts'
import { manifestFraudMerchant } from './checks/manifest-fraud-merchant.ts'
import { merchantCategory } from './checks/merchant-category.ts'
import { merchantRisk } from './checks/merchant-risk.ts'
import { merchantStanding } from './checks/merchant-standing.ts'
import { merchantVelocity } from './checks/merchant-velocity.ts'
import { nameAgreement } from './checks/name-agreement.ts'
import { networkKind } from './checks/network-kind.ts'
import { night } from './checks/night.ts'
import { nightBurst } from './checks/night-burst.ts'
import { phoneNumber } from './checks/phone-number.ts'
import { phoneVelocity } from './checks/phone-velocity.ts'
import { placeAgainstClock } from './checks/place-against-clock.ts'
import { placeOfDelivery } from './checks/place-of-delivery.ts'
import { priorAuthentication } from './checks/prior-authentication.ts'
import { requestorAuthentication } from './checks/requestor-authentication.ts'
import { roundAmountNewDevice } from './checks/round-amount-new-device.ts'
import { sameAmount } from './checks/same-amount.ts'
import { sharedContact } from './checks/shared-contact.ts'
import { sharedList } from './checks/shared-list.ts'
import { shipToMismatch } from './checks/ship-to-mismatch.ts'
import { shipToVelocity } from './checks/ship-to-velocity.ts'
import { shopAccount } from './checks/shop-account.ts'
import { unfamiliar } from './checks/unfamiliar.ts'

/** All checks, by id. */
export const checks: readonly Check[] = [
  accountVelocity,
  addressExists,
  amountUnlikeHabit,
  automatedBrowser,
  binEnumeration,
  browserContradiction,
  cardTesting,
  challengeWish,
  confirmedFraud,
  countryMismatch,
  dataQuality,
  deviceReplay,
  deviceVelocity,
  deviceWithFraud,
  emailDomain,
  entryBehaviour,
  failedAttempts,
  firstAndExpensive,
  firstDevice,
  firstDiscount,
  impossibleTravel,
  ipVelocity,
  mailAlias,
  mailDelivery,
  mailDomainNew,
  mailHistory,
  manifestFraudMerchant,
  merchantCategory,
  merchantRisk,
  merchantStanding,
  merchantVelocity,
  nameAgreement,
  networkKind,
  night,
  nightBurst,
  phoneNumber,
  phoneVelocity,
  placeAgainstClock,
  placeOfDelivery,
  priorAuthentication,
  requestorAuthentication,
  roundAmountNewDevice,
  sameAmount,
  sharedContact,
  sharedList,
  shipToMismatch,
  shipToVelocity,
  shopAccount,
  unfamiliar,
]
