// A history of transactions, put into the store of a running Sekisho at once: as varied as real traffic, and the same each time.
import type { NewTransaction, Store } from '../../src/acs/ports.ts'
import { seededRandom } from '../../src/random.ts'

const shops = [
  { name: 'Hakone Goods', currency: '392', from: 900, to: 38_000 },
  { name: 'Tōkaidō Outfitters', currency: '392', from: 4_000, to: 90_000 },
  { name: '箱根関所商店', currency: '392', from: 300, to: 6_000 },
  { name: 'Ashi Lake Ryokan & Onsen Reservations', currency: '392', from: 18_000, to: 240_000 },
  { name: 'Edo Books', currency: '978', from: 700, to: 9_000 },
  { name: 'Nakasendo Coffee Roasters', currency: '978', from: 450, to: 4_200 },
] as const
const ranges = [
  ['visa', '411111'],
  ['mastercard', '511111'],
  ['jcb', '351111'],
  ['visa', '411112'],
] as const

/** One of the endings of a challenge. */
const endings = [
  ['Y', undefined, 70],
  ['N', '19', 8],
  ['N', '01', 8],
  ['N', '14', 8],
  [undefined, undefined, 6],
] as const

/** The first of the choices whose weights reach `x`, a number below one. */
function pick<Choice extends readonly [...unknown[], number]>(choices: readonly Choice[], x: number): Choice {
  const total = choices.reduce((sum, choice) => sum + Number(choice.at(-1)), 0)
  let left = x * total
  for (const choice of choices) {
    left -= Number(choice.at(-1))
    if (left < 0) return choice
  }
  throw new Error('nothing to choose from')
}

const outcomes = [
  ['Y', undefined, 64],
  ['C', undefined, 22],
  ['N', '01', 3],
  ['N', '05', 2],
  ['R', '11', 4],
  ['R', '10', 1],
  ['U', '22', 1],
  ['A', undefined, 2],
  ['I', undefined, 1],
] as const

export interface HistoryOptions {
  readonly count: number
  /** When the newest happened. */
  readonly until: number
  /** Between the oldest and the newest. */
  readonly spanMs: number
}

/** Adds `count` transactions, oldest first; with challenges, verdicts and deliveries. */
export async function addHistory(store: Store, { count, until, spanMs }: HistoryOptions): Promise<void> {
  const random = seededRandom('console', 'history')
  let seed = 7
  const next = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648
  }
  for (let start = 0; start < count; start += 500) {
    await store.unit((unit) => {
      for (let index = start; index < Math.min(count, start + 500); index += 1) {
        const at = Math.round(until - spanMs * (1 - (index + 1) / count))
        const shop = shops[Math.floor(next() ** 1.4 * shops.length)] ?? shops[0]
        const cardNumber = Math.floor(next() * 60)
        const [scheme, bin] = ranges[cardNumber % ranges.length] ?? ranges[0]
        const [transStatus, transStatusReason] = pick(outcomes, next())
        const decidedBy = next() < 0.86 ? 'engine' : next() < 0.8 ? 'scenario' : 'stub'
        const amount = Math.round(shop.from + next() ** 2 * (shop.to - shop.from))
        const transaction: NewTransaction = {
          tenant: 0,
          at,
          acsTransID: random.uuid(),
          threeDSServerTransID: random.uuid(),
          dsTransID: random.uuid(),
          messageVersion: '2.2.0',
          deviceChannel: '02',
          messageCategory: '01',
          panHash: cardNumber.toString(16).padStart(32, '0'),
          panMask: `${bin}******${String(1_000 + cardNumber * 37).slice(-4)}`,
          scheme,
          merchantName: shop.name,
          purchaseAmount: String(amount),
          purchaseCurrency: shop.currency,
          purchaseExponent: shop.currency === '392' ? '0' : '2',
          transStatus,
          ...(transStatusReason !== undefined && { transStatusReason }),
          decidedBy,
          ...(decidedBy !== 'engine' && { engineStatus: next() < 0.5 ? transStatus : 'Y' }),
          issuerAmount: shop.currency === '392' ? amount : Math.round(amount * 1.6),
          score: { Y: -3, A: -2.4, I: -2.2, U: -1, C: 0.6, N: 1.5, R: 3.2 }[transStatus] + next() * 1.8 - 0.9,
          durationMs: 1.6 + next() ** 6 * 40 + next() * 1.5,
          details: { decision: {}, evidence: [], features: [], facts: {}, policy: 'default' },
        }
        const { id } = unit.beginTransaction(0, transaction)
        unit.insertTransaction(id, transaction)
        if (transStatus !== 'C') continue
        const [resultStatus, resultReason] = pick(endings, next())
        if (resultStatus === undefined) {
          unit.insertChallenge(id, {
            phase: 'awaitingFirstCReq',
            until: at + 30_000,
            setup: { kind: 'emailOtp', channels: ['email'], secret: '' },
          })
          continue
        }
        const verdict = {
          transStatus: resultStatus,
          ...(resultReason !== undefined && { transStatusReason: resultReason }),
          ...(resultReason === '01' && { challengeCancel: '01' }),
          ...(resultReason === '14' && { challengeCancel: '04' }),
          interactionCounter: resultReason === '19' ? 3 : 1,
          at: at + 20_000,
        }
        unit.insertChallenge(id, { phase: 'ended', verdict })
        unit.saveVerdict(id, verdict)
        unit.saveDelivery(id, next() < 0.02 ? 'refused' : 'delivered')
      }
    })
  }
}
