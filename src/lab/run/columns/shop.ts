/** What a shop tells of its customer and of the order, and what it asks for. */
import type { Asked } from '../../../risk/decide.ts'
import { type Facts, minutesSince, stampAt } from '../../../risk/facts.ts'
import { askedOf } from '../reader.ts'
import { Reading, wholeOf } from './reading.ts'
import type { Texts } from './texts.ts'

export class Shop extends Reading {
  readonly accountAges = this.numeric('chAccAgeInd')
  readonly newcomers = this.texts<boolean | undefined>(
    'chAccAgeInd',
    (text) => text === '01' || text === '02',
    undefined,
  )
  readonly accountChanges = this.numeric('chAccChangeInd')
  readonly passwordChanges = this.numeric('chAccPwChangeInd')
  readonly paymentAccounts = this.numeric('paymentAccInd')
  readonly addressAges = this.numeric('shipAddressUsageInd')
  readonly otherNames = this.flag('shipNameIndicator', '02')
  readonly suspects = this.flag('suspiciousAccActivity', '02')
  readonly preOrders = this.flag('preOrderPurchaseInd', '02')
  readonly reorders = this.flag('reorderItemsInd', '02')
  readonly timeframes = this.numeric('deliveryTimeframe')
  readonly shipIndicators = this.plain('shipIndicator')
  readonly addrMatches = this.plain('addrMatch')
  readonly compInds = this.plain('threeDSCompInd')

  readonly #purchases = this.numbers('nbPurchaseAccount')
  readonly #today = this.numbers('txnActivityDay')
  readonly #year = this.numbers('txnActivityYear')
  readonly #provisions = this.numbers('provisionAttemptsDay')
  purchasesAt(row: number): number | undefined {
    return wholeOf(this.#purchases.at(row))
  }
  todayAt(row: number): number | undefined {
    return wholeOf(this.#today.at(row))
  }
  yearAt(row: number): number | undefined {
    return wholeOf(this.#year.at(row))
  }
  provisionsAt(row: number): number | undefined {
    return wholeOf(this.#provisions.at(row))
  }

  readonly #authMethods = this.plain('threeDSReqAuthMethod')
  readonly #authTimes = this.texts<number>('threeDSReqAuthTimestamp', stampAt, Number.NaN)
  readonly #priorMethods = this.plain('threeDSReqPriorAuthMethod')
  readonly #priorTimes = this.texts<number>('threeDSReqPriorAuthTimestamp', stampAt, Number.NaN)
  authAt(row: number, now: number): Facts['requestorAuth'] {
    return authOf(this.#authMethods, this.#authTimes, row, now)
  }
  priorAt(row: number, now: number): Facts['priorAuth'] {
    return authOf(this.#priorMethods, this.#priorTimes, row, now)
  }

  readonly versions = this.plain('messageVersion')
  readonly channels = this.plain('deviceChannel')
  readonly categories = this.plain('messageCategory')
  readonly authenticationInds = this.plain('threeDSRequestorAuthenticationInd')
  readonly #wishes = this.plain('threeDSRequestorChallengeInd')
  readonly challengeInds = this.texts<readonly string[]>('threeDSRequestorChallengeInd', (text) => [text], ['01'])
  readonly #asked = this.tuples<Asked>(
    [
      'threeDSRequestorChallengeInd',
      'messageVersion',
      'deviceChannel',
      'messageCategory',
      'threeDSRequestorAuthenticationInd',
    ],
    (row) =>
      askedOf(
        this.versions.at(row),
        this.channels.at(row),
        this.categories.at(row),
        this.#wishes.at(row),
        this.authenticationInds.at(row),
      ),
  )
  putAsked(n: number, asked: Asked[]): void {
    for (let row = 0; row < n; row++) asked[row] = this.#asked.at(row)
  }
  #kindCount = 0
  readonly #kinds = this.tuples<number>(['messageVersion', 'deviceChannel', 'messageCategory'], () => this.#kindCount++)
  /** A number for each combination of version, channel and category that came up. */
  kindAt(row: number): number {
    return this.#kinds.at(row)
  }
}

function authOf(methods: Texts<string | undefined>, times: Texts<number>, row: number, now: number) {
  if (!methods.isTold(row) && !times.isTold(row)) return undefined
  return { method: methods.at(row), minutesAgo: minutesSince(times.at(row), now) }
}
