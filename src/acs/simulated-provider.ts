/**
 * Stands for those outside who know what an issuer cannot: who rings numbers, asks mail servers, goes past addresses, keeps a list
 * that merchants share. Nothing is asked: the answer is a row of a table that the seed draws, a pure function of seed and value, and
 * the same for every spelling. As with test cards, some values have a fixed answer, so that a test can say what it needs.
 */
import { createHash } from 'node:crypto'
import type { AReqFacts } from '../risk/facts.ts'
import type { Signals } from '../risk/signals.ts'
import { noTables, type Tables } from '../risk/tables.ts'
import { addressKeyOf } from '../risk/text/address.ts'
import { mailOf } from '../risk/text/mail.ts'
import { phoneOf } from '../risk/text/phone.ts'

export type SignalsFor = (areq: AReqFacts) => Signals

/** How many of the values in the table have it: made up. */
export const tableShares = {
  phoneSilent: 0.02,
  mailRefused: 0.01,
  addressUnknown: 0.01,
  addressVacant: 0.005,
  domainYoung: 0.02,
  listed: 0.002,
} as const

/** What is fixed, whatever the seed. */
const fixedAnswers = {
  /** The last digits of a telephone number. */
  phoneSilent: '0404',
  /** The part of a mail address before the @. */
  mailRefused: 'nobody',
  listed: 'listed',
  /** A word in a line of the address. */
  addressUnknown: 'nowhere',
  addressVacant: 'vacant',
} as const

export function simulatedProvider(seed: string, tables: Tables = noTables): SignalsFor {
  /** Uniform in [0, 1), one number for each question about a value. */
  const drawn = (question: string, value: string): number =>
    createHash('sha256').update(`${seed}\n${question}\n${value}`).digest().readUIntBE(0, 6) / 2 ** 48
  const has = (question: keyof typeof tableShares, value: string): boolean =>
    drawn(question, value) < tableShares[question]

  return (areq) => {
    const signals: { -readonly [K in keyof Signals]: Signals[K] } = {}
    const sharedList: NonNullable<Signals['sharedList']> = []
    const list = (kind: (typeof sharedList)[number]['kind'], value: string, isFixed = false): void => {
      if (!isFixed && !has('listed', `${kind}:${value}`)) return
      const merchants = 1 + Math.floor(drawn('merchants', `${kind}:${value}`) * 5)
      sharedList.push({ kind, reason: drawn('reason', value) < 0.7 ? 'fraud' : 'chargeback', merchants })
    }

    const element = areq.mobilePhone ?? areq.homePhone ?? areq.workPhone
    const phone = element === undefined ? undefined : phoneOf(element, tables)
    if (phone !== undefined) {
      const { e164, kind } = phone
      signals.phoneReachable =
        kind !== 'impossible' && !e164.endsWith(fixedAnswers.phoneSilent) && !has('phoneSilent', e164)
      list('phone', e164)
    }

    const mail = areq.email === undefined ? undefined : mailOf(areq.email, tables)
    if (mail !== undefined) {
      const { box, kind, registrable } = mail
      const local = box.slice(0, box.indexOf('@'))
      signals.mailDeliverable = mail.isDeliverable && local !== fixedAnswers.mailRefused && !has('mailRefused', box)
      if (kind === 'other') {
        const young = has('domainYoung', registrable)
        signals.domainAgeDays = Math.floor(drawn('domainAge', registrable) * (young ? 60 : 7_000)) + (young ? 0 : 60)
      }
      list('email', box, local === fixedAnswers.listed)
    }

    const lines = [areq.shipAddrLine1, areq.shipAddrLine2, areq.shipAddrLine3]
    const place = { city: areq.shipAddrCity, postCode: areq.shipAddrPostCode, state: areq.shipAddrState }
    const address = addressKeyOf({ lines, ...place, country: areq.shipAddrCountry })
    if (address !== undefined) {
      const words = lines.join(' ').toLowerCase()
      signals.addressExists = !words.includes(fixedAnswers.addressUnknown) && !has('addressUnknown', address)
      signals.addressVacant =
        signals.addressExists && (words.includes(fixedAnswers.addressVacant) || has('addressVacant', address))
      list('shipTo', address)
    }
    if (sharedList.length > 0) signals.sharedList = sharedList
    return signals
  }
}
