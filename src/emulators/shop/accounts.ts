// Accounts of the shop: members with a history, and the cards they let the shop remember. Everything that is added while
// the shop runs, card numbers above all, is in memory only (SEC-LOG-1). Spec: Table A.1, acctInfo,
// threeDSRequestorAuthenticationInfo.
import type { Address, Card } from './card-and-address.ts'

const dayMs = 86_400_000

/** threeDSReqAuthMethod of the ways to log in. */
export const loginMethods = ['02', '06'] as const
export type LoginMethod = (typeof loginMethods)[number]

/** A member as the shop was told in the past; ages are in days before the shop started. */
export interface Member {
  readonly id: string
  readonly name: string
  readonly kanji: string
  readonly kana: string
  readonly phone: string
  readonly email: string
  readonly address: Address
  readonly joined: number
  readonly changed: number
  readonly passwordChanged: number | undefined
  /** Purchases of the last six months, and transactions of the last year. */
  readonly purchases: number
  readonly transactions: number
  /** Days since the member's first saved card was added; undefined: none. */
  readonly cardSaved: number | undefined
}

export const hakone: Address = {
  line1: '1-2-3 Yumoto',
  city: 'Hakone',
  state: '14',
  postCode: '250-0311',
  country: '392',
}

export const members: readonly Member[] = [
  {
    id: 'hanako',
    name: 'Hanako Yamada',
    kanji: '山田 花子',
    kana: 'ヤマダ ハナコ',
    phone: '090-1234-0311',
    email: 'hanako@example.com',
    address: hakone,
    joined: 1_690,
    changed: 540,
    passwordChanged: 400,
    purchases: 17,
    transactions: 36,
    cardSaved: 1_120,
  },
  {
    id: 'ren',
    name: 'Ren Sato',
    kanji: '佐藤 蓮',
    kana: 'サトウ レン',
    phone: '080-1234-0522',
    email: 'ren@example.com',
    address: { line1: '7-8-9 Motohakone', city: 'Hakone', state: '14', postCode: '250-0522', country: '392' },
    joined: 12,
    changed: 12,
    passwordChanged: undefined,
    purchases: 1,
    transactions: 1,
    cardSaved: undefined,
  },
]

export const memberOf = (id: string | undefined): Member | undefined => members.find((member) => member.id === id)

export interface SavedCard extends Card {
  readonly id: string
  readonly savedAt: number
}

interface Activity {
  readonly cards: SavedCard[]
  /** When a purchase was placed, was paid, and when a card was to be added. */
  readonly placed: number[]
  readonly paid: number[]
  readonly additions: number[]
}

export interface Accounts {
  savedCards(memberId: string | undefined): readonly SavedCard[]
  notePlaced(memberId: string, addsCard: boolean): void
  /** A paid purchase; `card` is to be remembered. */
  notePaid(memberId: string, card: Card | undefined): void
  forget(memberId: string, cardId: string): void
  /** What the account says in an AReq. */
  acctInfo(about: AcctInfoInput): Readonly<Record<string, string>>
}

export interface AcctInfoInput {
  readonly member: Member | undefined
  readonly shipsElsewhere: boolean
  /** Nothing is sent anywhere but by mail. */
  readonly isDigital: boolean
  readonly hasTakenOver: boolean
  readonly savedAt: number | undefined
  readonly remembersCard: boolean
}

/** YYYYMMDD in UTC. */
export const wireDate = (at: number): string => new Date(at).toISOString().slice(0, 10).replaceAll('-', '')
/** YYYYMMDDHHMM in UTC. */
export const wireMinute = (at: number): string => new Date(at).toISOString().replace(/\D/g, '').slice(0, 12)

/** Codes of an age: `first` under 30 days, then 30 to 60, then more. */
function ageCode(at: number, now: number, first: number): string {
  const days = (now - at) / dayMs
  return `0${first + (days < 30 ? 0 : days <= 60 ? 1 : 2)}`
}

const within = (times: readonly number[], now: number, ms: number): number =>
  times.filter((at) => at > now - ms && at <= now).length

/** No count of an AReq goes beyond 9,999. */
function keep(times: number[], at: number): void {
  times.push(at)
  if (times.length > 10_000) times.shift()
}

/** Whether two cards are one account. */
const isSame = (a: Card, b: Card): boolean => a.acctNumber === b.acctNumber

export function createAccounts(clock: () => number, uuid: () => string, firstCard: Card | undefined): Accounts {
  const start = clock()
  const activities = new Map<string, Activity>()
  for (const member of members) {
    const cards: SavedCard[] = []
    if (member.cardSaved !== undefined && firstCard !== undefined) {
      cards.push({ ...firstCard, id: uuid(), savedAt: start - member.cardSaved * dayMs })
    }
    activities.set(member.id, { cards, placed: [], paid: [], additions: [] })
  }
  const none: Activity = { cards: [], placed: [], paid: [], additions: [] }
  const of = (memberId: string | undefined): Activity => activities.get(memberId ?? '') ?? none
  const dayBefore = (now: number, days: number): number => Math.min(now, start - days * dayMs)

  return {
    savedCards: (memberId) => of(memberId).cards,
    notePlaced(memberId, addsCard) {
      const { placed, additions } = of(memberId)
      keep(placed, clock())
      if (addsCard) keep(additions, clock())
    },
    notePaid(memberId, card) {
      const { paid, cards } = of(memberId)
      keep(paid, clock())
      if (card === undefined || cards.some((known) => isSame(known, card))) return
      cards.push({ ...card, id: uuid(), savedAt: clock() })
      if (cards.length > 5) cards.splice(1, 1) // the shop keeps a handful, the first for good
    },
    forget(memberId, cardId) {
      const { cards } = of(memberId)
      const index = cards.findIndex(({ id }) => id === cardId)
      if (index >= 0) cards.splice(index, 1)
    },
    acctInfo({ member, shipsElsewhere, isDigital, hasTakenOver, savedAt, remembersCard }) {
      const elsewhere = shipsElsewhere && !isDigital
      if (member === undefined) {
        return { chAccAgeInd: '01', paymentAccInd: '01', ...(shipsElsewhere && { shipAddressUsageInd: '01' }) }
      }
      const now = clock()
      const { placed, paid, additions } = of(member.id)
      const joined = dayBefore(now, member.joined)
      const changed = dayBefore(now, member.changed)
      const count = (n: number, most: number): string => String(Math.min(n, most))
      const password = member.passwordChanged === undefined ? undefined : dayBefore(now, member.passwordChanged)
      return {
        chAccAgeInd: ageCode(joined, now, 3),
        chAccDate: wireDate(joined),
        ...(hasTakenOver
          ? { chAccChangeInd: '01', chAccChange: wireDate(now), chAccPwChangeInd: '02', chAccPwChange: wireDate(now) }
          : {
              chAccChangeInd: ageCode(changed, now, 2),
              chAccChange: wireDate(changed),
              chAccPwChangeInd: password === undefined ? '01' : ageCode(password, now, 3),
              ...(password !== undefined && { chAccPwChange: wireDate(password) }),
            }),
        nbPurchaseAccount: count(member.purchases + within(paid, now, 182 * dayMs), 9_999),
        provisionAttemptsDay: count(within(additions, now, dayMs), 999),
        txnActivityDay: count(within(placed, now, dayMs), 999),
        txnActivityYear: count(member.transactions + within(placed, now, 365 * dayMs), 999),
        ...(savedAt !== undefined && { paymentAccInd: ageCode(savedAt, now, 3), paymentAccAge: wireDate(savedAt) }),
        ...(savedAt === undefined && remembersCard && { paymentAccInd: '02' }),
        ...(elsewhere && { shipAddressUsageInd: '01', shipNameIndicator: hasTakenOver ? '02' : '01' }),
        ...(!elsewhere &&
          !isDigital && {
            shipAddressUsageInd: ageCode(joined, now, 2),
            shipAddressUsage: wireDate(joined),
            shipNameIndicator: '01',
          }),
        suspiciousAccActivity: hasTakenOver ? '02' : '01',
      }
    },
  }
}
