// Finds journeys by what somebody has at hand: a shopper's name at the merchant, a card, an order, or an id of the payment.
import type { Secrets, Store, Transaction } from '../ports.ts'
import { shopperKey } from './journey.ts'

export const foundBy = ['shopper', 'payment', 'card', 'order'] as const

export interface FoundJourney {
  readonly by: (typeof foundBy)[number]
  /** Absent: the AReq names no shopper; there is the journey of the payment. */
  readonly shopper?: string | undefined
  readonly acsTransID?: string | undefined
  readonly at: number
  readonly merchantName?: string | undefined
}

export interface JourneySearchPorts {
  readonly store: Pick<Store, 'hook' | 'transactions' | 'scan'>
  readonly secrets: Pick<Secrets, 'keyOf' | 'panHash'>
  readonly tenant: number
  readonly sources: readonly { readonly name: string; readonly merchants?: readonly string[] | undefined }[]
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Payments that are looked through for a card, and for the merchants that there are. */
const mostScanned = 20_000
const mostOfCard = 50
const newest = 200

type By = FoundJourney['by']

const foundAs = (by: By, { at, acsTransID, merchantName, details: { shopper } }: Transaction): FoundJourney => ({
  by,
  ...(shopper !== undefined && { shopper }),
  acsTransID,
  at,
  ...(merchantName !== undefined && { merchantName }),
})

/** One of each shopper, the newest; those without a shopper one by one. */
function once(found: readonly FoundJourney[]): readonly FoundJourney[] {
  const seen = new Set<string>()
  return found.filter(({ shopper, acsTransID = '' }) => {
    const key = shopper ?? acsTransID
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

async function byId({ store, tenant }: JourneySearchPorts, id: string): Promise<readonly Transaction[]> {
  for (const name of ['acsTransID', 'threeDSServerTransID', 'dsTransID'] as const) {
    const found = await store.transactions({ tenant, [name]: id, limit: 1 })
    if (found.length > 0) return found
  }
  return []
}

async function byCard({ store, tenant }: JourneySearchPorts, card: string): Promise<readonly Transaction[]> {
  const ids: string[] = []
  await store.scan({ tenant, most: mostScanned }, ({ panHash, acsTransID }) => {
    if (panHash === card) ids.push(acsTransID)
    return ids.length < mostOfCard
  })
  const found: Transaction[] = []
  for (const acsTransID of ids) found.push(...(await store.transactions({ tenant, acsTransID, limit: 1 })))
  return found
}

async function byShopper(
  { store, secrets, tenant, sources }: JourneySearchPorts,
  name: string,
  merchant: string | undefined,
): Promise<readonly FoundJourney[]> {
  const { journey } = store.hook
  const payments = await store.transactions({ tenant, limit: newest })
  const merchants = new Set<string>(merchant === undefined ? [] : [merchant])
  if (merchant === undefined) {
    for (const { merchants: own = [] } of sources) for (const one of own) merchants.add(one)
    for (const { details } of payments)
      if (details.acquirerMerchantID !== undefined) merchants.add(details.acquirerMerchantID)
  }
  // The key itself, as the pages have it.
  const keys = [name, ...[...merchants].map((one) => shopperKey(secrets, one, name))]
  return keys.flatMap((shopper): readonly FoundJourney[] => {
    const paid = payments.find(({ details }) => details.shopper === shopper)
    const [event] = journey.of(tenant, shopper, 1)
    if (paid === undefined && event === undefined) return []
    const { merchantName, acsTransID } = paid ?? {}
    return [
      {
        by: 'shopper',
        shopper,
        at: Math.max(paid?.at ?? 0, event?.at ?? 0),
        ...(acsTransID !== undefined && { acsTransID }),
        ...(merchantName !== undefined && { merchantName }),
      },
    ]
  })
}

/** By the first of these that fits: an id of a payment, a card, an order, the name of a shopper. Newest first. */
export async function findJourneys(
  ports: JourneySearchPorts,
  words: string,
  merchant: string | undefined,
): Promise<readonly FoundJourney[]> {
  const { store, secrets, tenant, sources } = ports
  const text = words.trim()
  if (text === '') return []
  const lower = text.toLowerCase()
  if (guid.test(lower)) return (await byId(ports, lower)).map((one) => foundAs('payment', one))
  const digits = text.replaceAll(/[ -]/g, '')
  const card = /^[0-9]{13,19}$/.test(digits)
    ? secrets.panHash(digits)
    : /^[0-9a-f]{32}$/.test(lower)
      ? lower
      : undefined
  if (card !== undefined) return once((await byCard(ports, card)).map((one) => foundAs('card', one)))
  for (const { name } of sources) {
    const threeDSServerTransID = store.hook.journey.serverTransIDOf(tenant, name, text)
    if (threeDSServerTransID === undefined) continue
    const found = await store.transactions({ tenant, threeDSServerTransID, limit: 1 })
    if (found.length > 0) return found.map((one) => foundAs('order', one))
  }
  const found = await byShopper(ports, text, merchant)
  return once(found).toSorted((a, b) => b.at - a.at)
}
