/** The facts of the row that a reader is at: each is read when somebody asks for it, and nothing is made for the others. */
import type { ChainKeys, Chains } from '../../../risk/chains.ts'
import { type Facts, localHourAt, type Marks } from '../../../risk/facts.ts'
import type { Keys } from '../../../risk/profile.ts'
import { labKeyOf } from '../areq.ts'
import type { Row } from './row.ts'
import { markAt } from './wanted.ts'

const noKeys: ChainKeys = {}
/** Of all cards together: the freeman scorer's. */
export const everyoneKey = labKeyOf('everyone', '')

class RowKeys implements Keys {
  readonly #row: Row
  constructor(row: Row) {
    this.#row = row
  }
  get account(): string {
    return this.#row.account.key
  }
  get device(): string | undefined {
    return this.#row.device?.key
  }
  get ip(): string | undefined {
    return this.#row.address?.entity.key
  }
  get email(): string | undefined {
    return this.#row.mail.entity?.key
  }
  get merchant(): string | undefined {
    return this.#row.merchant?.key
  }
  get shipTo(): string | undefined {
    return this.#row.shipTo?.key
  }
  get range(): string | undefined {
    return this.#row.range?.key
  }
  get phone(): string | undefined {
    return this.#row.phone?.entity.key
  }
  get domain(): string | undefined {
    return this.#row.mail.domain?.key
  }
  get binMerchant(): string | undefined {
    return this.#row.binMerchant?.key
  }
  get everyone(): string | undefined {
    return this.#row.setting.countsChains === true ? everyoneKey : undefined
  }
  get #network(): ChainKeys {
    return this.#row.networkChain?.keys ?? noKeys
  }
  get #agent(): ChainKeys {
    return this.#row.agentChain?.keys ?? noKeys
  }
  get country(): string | undefined {
    return this.#network.country
  }
  get prefix(): string | undefined {
    return this.#network.prefix
  }
  get address(): string | undefined {
    return this.#network.address
  }
  get platform(): string | undefined {
    return this.#agent.platform
  }
  get agent(): string | undefined {
    return this.#agent.agent
  }
  get signature(): string | undefined {
    return this.#agent.signature
  }
}

const none: Float64Array = new Float64Array(0)
const told = (value: number | undefined): number | undefined =>
  value === undefined || Number.isNaN(value) ? undefined : value

/** Those that are wanted; of the others none is told. */
class RowMarks implements Marks {
  readonly #row: Row
  #accounts = none
  #devices = none
  #merchants = none
  #shipTos = none
  #countries = none
  #emails = none
  #phones = none
  #networks = none
  #methods = none
  #likenesss = none
  #spellings = none
  #names = none
  #shopAccounts = none
  constructor(row: Row) {
    this.#row = row
  }
  bind(): void {
    const { marks } = this.#row.columns
    this.#accounts = marks[markAt.account] ?? none
    this.#devices = marks[markAt.device] ?? none
    this.#merchants = marks[markAt.merchant] ?? none
    this.#shipTos = marks[markAt.shipTo] ?? none
    this.#countries = marks[markAt.country] ?? none
    this.#emails = marks[markAt.email] ?? none
    this.#phones = marks[markAt.phone] ?? none
    this.#networks = marks[markAt.network] ?? none
    this.#methods = marks[markAt.method] ?? none
    this.#likenesss = marks[markAt.likeness] ?? none
    this.#spellings = marks[markAt.spelling] ?? none
    this.#names = marks[markAt.name] ?? none
    this.#shopAccounts = marks[markAt.shopAccount] ?? none
  }
  get account(): number {
    const { row, renewal } = this.#row
    return renewal === 0 ? (this.#accounts[row] as number) : this.#row.account.mark
  }
  get device(): number | undefined {
    return told(this.#devices[this.#row.row])
  }
  get merchant(): number | undefined {
    return told(this.#merchants[this.#row.row])
  }
  get shipTo(): number | undefined {
    const { row, told: signals } = this.#row
    return signals?.hasAddress === true ? signals.shipTo?.mark : told(this.#shipTos[row])
  }
  get country(): number | undefined {
    return told(this.#countries[this.#row.row])
  }
  get email(): number | undefined {
    return told(this.#emails[this.#row.row])
  }
  get phone(): number | undefined {
    return told(this.#phones[this.#row.row])
  }
  get network(): number | undefined {
    return told(this.#networks[this.#row.row])
  }
  get method(): number | undefined {
    return told(this.#methods[this.#row.row])
  }
  get likeness(): number | undefined {
    return told(this.#likenesss[this.#row.row])
  }
  get spelling(): number | undefined {
    return told(this.#spellings[this.#row.row])
  }
  get name(): number | undefined {
    return told(this.#names[this.#row.row])
  }
  get shopAccount(): number | undefined {
    return told(this.#shopAccounts[this.#row.row])
  }
}

const untold = (isTold: boolean): number => (isTold ? 0 : 1)

export class RowFacts implements Facts {
  readonly #row: Row
  readonly keys: Keys
  readonly marks: Marks
  readonly #marks: RowMarks
  #amounts = none
  constructor(row: Row) {
    this.#row = row
    this.keys = new RowKeys(row)
    this.#marks = new RowMarks(row)
    this.marks = this.#marks
  }
  /** After the row was bound to a part. */
  bind(): void {
    this.#marks.bind()
    this.#amounts = this.#row.columns.amounts
  }
  get amount(): number | undefined {
    return told(this.#amounts[this.#row.row])
  }
  get localHour(): number | undefined {
    const { channel, now, setting } = this.#row
    return channel === 3 ? undefined : localHourAt(now, setting.issuer)
  }
  get month(): number {
    return this.#row.month
  }
  get device(): Facts['device'] {
    const { method, device, channel } = this.#row
    if (method?.entity !== undefined) return method.by
    return device === undefined ? undefined : channel === 1 ? 'id' : 'browser'
  }
  get ip(): Facts['ip'] {
    const { address } = this.#row
    return address === undefined ? undefined : address.isPublic ? 'public' : 'private'
  }
  get ipCountry(): string | undefined {
    return this.#row.place?.country
  }
  get network(): Facts['network'] {
    return this.#row.place?.network
  }
  get browser(): Facts['browser'] {
    const { channel, devices, row, method, now } = this.#row
    return channel === 2 ? devices.browserAt(row, method, now) : undefined
  }
  get emailDomain(): string | undefined {
    return this.#row.mail.emailDomain
  }
  get emailAlias(): boolean | undefined {
    return this.#row.mail.isAlias
  }
  get mail(): Facts['mail'] {
    return this.#row.mail.facts
  }
  get phone(): Facts['phone'] {
    return this.#row.phone?.facts
  }
  get merchantCountry(): string | undefined {
    return this.#row.orders.merchantCountries.at(this.#row.row)
  }
  get mcc(): string | undefined {
    return this.#row.orders.mccs.at(this.#row.row)
  }
  get billCountry(): string | undefined {
    return this.#row.orders.billCountries.at(this.#row.row)
  }
  get shipCountry(): string | undefined {
    return this.#row.orders.shipCountries.at(this.#row.row)
  }
  get language(): string | undefined {
    return this.#row.devices.languageAt(this.#row.row, this.#row.channel)
  }
  get browserTZ(): number | undefined {
    return this.#row.devices.zoneAt(this.#row.row)
  }
  get addrMatch(): string | undefined {
    return this.#row.shop.addrMatches.at(this.#row.row)
  }
  get shipIndicator(): string | undefined {
    return this.#row.shop.shipIndicators.at(this.#row.row)
  }
  get shipForwarding(): boolean | undefined {
    return this.#row.shipTo === undefined ? undefined : this.#row.ship.isForwarding
  }
  get shipPlace(): Facts['shipPlace'] {
    return this.#row.ship.kind
  }
  get shipPostalCode(): Facts['shipPostalCode'] {
    return this.#row.orders.shipCodeAt(this.#row.row)
  }
  get billPostalCode(): Facts['billPostalCode'] {
    return this.#row.orders.billCodeAt(this.#row.row)
  }
  get giftCardAmount(): number | undefined {
    return this.#row.orders.giftAmountAt(this.#row.row)
  }
  get giftCardCount(): number | undefined {
    return this.#row.orders.giftCountAt(this.#row.row)
  }
  get deliveryTimeframe(): number | undefined {
    return this.#row.shop.timeframes.at(this.#row.row)
  }
  get deliveryEmail(): Facts['deliveryEmail'] {
    return this.#row.people.deliveryAt(this.#row.row)
  }
  get preOrder(): boolean | undefined {
    return this.#row.shop.preOrders.at(this.#row.row)
  }
  get reordered(): boolean | undefined {
    return this.#row.shop.reorders.at(this.#row.row)
  }
  get shopAccountAge(): number | undefined {
    return this.#row.shop.accountAges.at(this.#row.row)
  }
  get shopAccountChange(): number | undefined {
    return this.#row.shop.accountChanges.at(this.#row.row)
  }
  get shopPasswordChange(): number | undefined {
    return this.#row.shop.passwordChanges.at(this.#row.row)
  }
  get shopPurchases(): number | undefined {
    return this.#row.shop.purchasesAt(this.#row.row)
  }
  get shopPurchasesToday(): number | undefined {
    return this.#row.shop.todayAt(this.#row.row)
  }
  get shopPurchasesYear(): number | undefined {
    return this.#row.shop.yearAt(this.#row.row)
  }
  get provisionAttempts(): number | undefined {
    return this.#row.shop.provisionsAt(this.#row.row)
  }
  get paymentAccountAge(): number | undefined {
    return this.#row.shop.paymentAccounts.at(this.#row.row)
  }
  get shipAddressAge(): number | undefined {
    return this.#row.shop.addressAges.at(this.#row.row)
  }
  get shipNameDiffers(): boolean | undefined {
    return this.#row.shop.otherNames.at(this.#row.row)
  }
  get shopSuspects(): boolean | undefined {
    return this.#row.shop.suspects.at(this.#row.row)
  }
  get isNewcomer(): boolean | undefined {
    return this.#row.shop.newcomers.at(this.#row.row)
  }
  get requestorAuth(): Facts['requestorAuth'] {
    return this.#row.shop.authAt(this.#row.row, this.#row.now)
  }
  get priorAuth(): Facts['priorAuth'] {
    return this.#row.shop.priorAt(this.#row.row, this.#row.now)
  }
  get authenticationInd(): string | undefined {
    return this.#row.shop.authenticationInds.at(this.#row.row)
  }
  get challengeInds(): readonly string[] {
    return this.#row.shop.challengeInds.at(this.#row.row)
  }
  get compInd(): string | undefined {
    return this.#row.shop.compInds.at(this.#row.row)
  }
  get signals(): Facts['signals'] {
    return this.#row.told?.facts
  }
  get chains(): Chains | undefined {
    const { setting, networkChain, agentChain } = this.#row
    return setting.countsChains === true
      ? { network: networkChain?.chains.network, agent: agentChain?.chains.agent }
      : undefined
  }
  get presence(): string {
    return this.#row.presence
  }
  get missing(): number {
    const { people, orders, channel, places, devices, row } = this.#row
    return (
      untold(people.mails.isTold(row)) +
      untold(orders.billCountries.isTold(row)) +
      (channel === 2 ? untold(places.isBrowserTold(row)) + untold(devices.zoneAt(row) !== undefined) : 0)
    )
  }
}

/** A view with members of its own. */
export function ownFactsOf(facts: RowFacts): Facts {
  const names = Object.entries(Object.getOwnPropertyDescriptors(RowFacts.prototype)).flatMap(([name, { get }]) =>
    get === undefined ? [] : [name as keyof Facts],
  )
  const view = { keys: facts.keys, marks: facts.marks }
  for (const name of names) Object.defineProperty(view, name, { enumerable: true, get: () => facts[name] })
  return view as Facts
}
