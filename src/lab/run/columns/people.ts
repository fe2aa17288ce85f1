/** Whom a row tells of: card, mail box, telephone, name. */
import { type MailFacts, type PhoneFacts, shopAccountOf } from '../../../risk/facts.ts'
import { markOf } from '../../../risk/profile.ts'
import type { Tables } from '../../../risk/tables.ts'
import { mailOf } from '../../../risk/text/mail.ts'
import { nameKeyOf } from '../../../risk/text/name.ts'
import { phoneOf } from '../../../risk/text/phone.ts'
import { acctNumberOf, labKeyOf, phoneElementOf } from '../areq.ts'
import { accountOf } from '../reader.ts'
import { Entity, entityOf, markFor, type Numbered } from './entities.ts'
import { Reading, type SlotsOf } from './reading.ts'
import type { Texts } from './texts.ts'

export type MailEntry = {
  readonly box: string | undefined
  readonly entity: Entity | undefined
  readonly domain: Entity | undefined
  readonly spelling: number | undefined
  readonly emailDomain: string | undefined
  readonly isAlias: boolean | undefined
  readonly facts: MailFacts | undefined
}
export type PhoneEntry = { readonly entity: Entity; readonly facts: PhoneFacts }
type CardEntry = {
  readonly text: string
  readonly entity: Entity
  readonly isNumber: boolean
  /** Of a card that is a number: with the range that the row last told. */
  bin: string | undefined
  range: Entity | undefined
}

const noMail: MailEntry = {
  box: undefined,
  entity: undefined,
  domain: undefined,
  spelling: undefined,
  emailDomain: undefined,
  isAlias: undefined,
  facts: undefined,
}

export class People extends Reading {
  readonly #tables: Tables
  readonly #ranges = new Map<string, Entity>()
  readonly #renewed = new Map<string, Entity>()
  readonly #rangeSlotOf: ((hash: number) => number) | undefined
  readonly #accounts: Numbered
  readonly #boxes: Numbered
  readonly #domains: Numbered
  readonly #spellings: Numbered
  readonly #namesBy: Numbered
  /** Cards that are numbers: their range goes by both. */
  readonly #cardNumbers: Numbered
  readonly #rangesByBin: Numbered
  readonly #phonesOf: readonly [Numbered, Numbered, Numbered]
  constructor(tables: Tables, slotsOf: SlotsOf) {
    super()
    this.#tables = tables
    this.#rangeSlotOf = slotsOf('range')
    this.#accounts = this.numbered(this.#cards, ({ entity }) => entity, slotsOf('account'))
    this.#boxes = this.numbered(this.mails, ({ entity }) => entity, slotsOf('email'))
    this.#spellings = this.marked(this.mails, ({ spelling }) => spelling)
    this.#namesBy = this.marked(this.names, (name) =>
      name === undefined ? undefined : markFor('name', nameKeyOf(name)),
    )
    this.#cardNumbers = this.marked(this.#cards, ({ isNumber }) => (isNumber ? 1 : undefined))
    this.#rangesByBin = this.numbered(this.#binRanges, (range) => range, this.#rangeSlotOf)
    this.#domains = this.numbered(this.mails, ({ domain }) => domain, slotsOf('domain'))
    const phone = slotsOf('phone')
    const numbersOf = (texts: Texts<PhoneEntry | undefined>) => this.numbered(texts, (entry) => entry?.entity, phone)
    this.#phonesOf = [numbersOf(this.#mobiles), numbersOf(this.#homes), numbersOf(this.#works)]
  }

  putAccounts(n: number, slots: Int32Array, marks: Float64Array): void {
    const { ids } = this.#cards
    const accounts = this.#accounts
    for (let row = 0; row < n; row++) {
      const id = ids[row] as number
      slots[row] = accounts.slotAt(id)
      marks[row] = accounts.markAt(id)
    }
  }
  putRanges(n: number, slots: Int32Array): void {
    const { ids } = this.#cards
    const { ids: bins } = this.#bins
    const numbers = this.#cardNumbers
    const ranges = this.#rangesByBin
    for (let row = 0; row < n; row++)
      slots[row] = numbers.slotAt(ids[row] as number) < 0 ? ranges.slotAt(bins[row] as number) : this.#rangeSlotAt(row)
  }
  #rangeSlotAt(row: number): number {
    const range = this.rangeAt(row)
    if (range !== undefined && range.slot < 0) range.slot = this.#rangeSlotOf?.(range.hash) ?? 0
    return range?.slot ?? -1
  }
  putBoxes(n: number, slots: Int32Array, marks: Float64Array | undefined): void {
    const { ids } = this.mails
    const boxes = this.#boxes
    for (let row = 0; row < n; row++) slots[row] = boxes.slotAt(ids[row] as number)
    if (marks !== undefined) for (let row = 0; row < n; row++) marks[row] = boxes.markAt(ids[row] as number)
  }
  putDomains(n: number, slots: Int32Array): void {
    const { ids } = this.mails
    const domains = this.#domains
    for (let row = 0; row < n; row++) slots[row] = domains.slotAt(ids[row] as number)
  }
  putPhones(n: number, slots: Int32Array, marks: Float64Array | undefined): void {
    const [mobiles, homes, works] = this.#phonesOf
    const { ids: mobileIds } = this.#mobiles
    const { ids: homeIds } = this.#homes
    const { ids: workIds } = this.#works
    for (let row = 0; row < n; row++) {
      let phones = mobiles
      let id = mobileIds[row] as number
      if (id === 0) {
        phones = homes
        id = homeIds[row] as number
      }
      if (id === 0) {
        phones = works
        id = workIds[row] as number
      }
      slots[row] = phones.slotAt(id)
      if (marks !== undefined) marks[row] = phones.markAt(id)
    }
  }
  putSpellings(n: number, marks: Float64Array): void {
    put(this.#spellings, this.mails.ids, n, marks)
  }
  putNames(n: number, marks: Float64Array): void {
    put(this.#namesBy, this.names.ids, n, marks)
  }
  putShopAccounts(n: number, marks: Float64Array): void {
    const { ids } = this.mails
    const boxes = this.#boxes
    const { ids: accounts } = this.#acctIDs
    for (let row = 0; row < n; row++) {
      const id = ids[row] as number
      if (boxes.slotAt(id) >= 0) marks[row] = boxes.markAt(id)
      else marks[row] = accounts[row] === 0 ? Number.NaN : (this.#shopAccounts.at(row) ?? Number.NaN)
    }
  }

  readonly #cards = this.texts<CardEntry>('card', (text) => this.#cardOf(text), this.#cardOf(''))
  readonly #bins = this.plain('bin')
  readonly #binRanges = this.texts<Entity | undefined>(
    'bin',
    (bin) => (/^\d{6}$/.test(bin) ? this.#rangeOf(bin) : undefined),
    undefined,
  )
  #cardOf(text: string): CardEntry {
    const isNumber = /^\d{13,19}$/.test(text)
    const range = isNumber ? this.#rangeOf(text.slice(0, 6)) : undefined
    return { text, entity: new Entity(accountOf(text, 0)), isNumber, bin: undefined, range }
  }
  #rangeOf(range: string): Entity {
    const known = this.#ranges.get(range)
    if (known !== undefined) return known
    // Of a range the key is the range itself.
    const made = new Entity(range)
    this.#ranges.set(range, made)
    return made
  }
  cardAt(row: number): string {
    return this.#cards.at(row).text
  }
  accountAt(row: number, renewal: number): Entity {
    const card = this.#cards.at(row)
    return renewal === 0 ? card.entity : this.#renewedOf(card.text, renewal)
  }
  #renewedOf(card: string, renewal: number): Entity {
    const key = accountOf(card, renewal)
    const known = this.#renewed.get(key)
    if (known !== undefined) return known
    const made = new Entity(key)
    this.#renewed.set(key, made)
    return made
  }
  rangeAt(row: number): Entity | undefined {
    const card = this.#cards.at(row)
    if (!card.isNumber) return this.#binRanges.at(row)
    const bin = this.#bins.at(row)
    if (bin !== card.bin) {
      card.bin = bin
      const range = acctNumberOf(card.text, bin)?.slice(0, 6)
      card.range = range === undefined ? undefined : this.#rangeOf(range)
    }
    return card.range
  }

  readonly mails = this.texts<MailEntry>('email', (text) => this.#mailOf(text), noMail)
  #mailOf(text: string): MailEntry {
    const mail = mailOf(text, this.#tables)
    const spelling = markOf(labKeyOf('spelling', text.trim().toLowerCase()))
    if (mail === undefined) return { ...noMail, spelling }
    const { box, domain, registrable, isAlias, kind, isDeliverable, fault, slipOf, lookAlike } = mail
    const { looksRandom, domainLooksRandom } = mail
    return {
      box,
      entity: entityOf('email', box),
      // Of a big provider everybody has a box.
      domain: kind === 'provider' ? undefined : entityOf('domain', registrable),
      spelling,
      emailDomain: domain,
      isAlias,
      facts: { kind, isDeliverable, fault, slipOf, lookAlike, looksRandom, domainLooksRandom },
    }
  }
  readonly #deliveries = this.texts<string | undefined>(
    'deliveryEmailAddress',
    (text) => mailOf(text, this.#tables)?.box ?? '',
    undefined,
  )
  deliveryAt(row: number): 'same' | 'other' | undefined {
    const other = this.#deliveries.at(row)
    if (other === undefined) return undefined
    const { box } = this.mails.at(row)
    return box !== undefined && other === box ? 'same' : 'other'
  }

  readonly #mobiles = this.#phones('mobilePhone')
  readonly #homes = this.#phones('homePhone')
  readonly #works = this.#phones('workPhone')
  #phones(name: 'mobilePhone' | 'homePhone' | 'workPhone'): Texts<PhoneEntry | undefined> {
    return this.texts<PhoneEntry | undefined>(
      name,
      (text) => {
        const phone = phoneOf(phoneElementOf(text), this.#tables)
        if (phone === undefined) return undefined
        const { e164, kind, country } = phone
        return { entity: entityOf('phone', e164), facts: { kind, country } }
      },
      undefined,
    )
  }
  /** The mobile number before others. */
  phoneAt(row: number): PhoneEntry | undefined {
    if (this.#mobiles.isTold(row)) return this.#mobiles.at(row)
    return this.#homes.isTold(row) ? this.#homes.at(row) : this.#works.at(row)
  }

  readonly names = this.plain('cardholderName')
  readonly #acctIDs = this.plain('acctID')
  readonly #merchantIds = this.plain('merchant')
  readonly #merchantNames = this.plain('merchantName')
  readonly #shopAccounts = this.tuples<number | undefined>(['acctID', 'merchant', 'merchantName'], (row) => {
    const id = this.#merchantIds.at(row)
    const name = this.#merchantNames.at(row)
    const merchant = id === undefined && name === undefined ? undefined : `${id ?? ''}\n${name ?? ''}`
    return markFor('shopAccount', shopAccountOf(merchant, this.#acctIDs.at(row)))
  })
}

function put(by: Numbered, ids: Uint32Array, n: number, marks: Float64Array): void {
  for (let row = 0; row < n; row++) {
    const id = ids[row] as number
    by.slotAt(id)
    marks[row] = by.markAt(id)
  }
}
