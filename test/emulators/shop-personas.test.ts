// The personas of the shop before the real engine: the table of docs/shop.md is what happens.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { manualClock } from '../../src/clock.ts'
import { personas } from '../../src/emulators/shop/personas.ts'
import { factsOf } from '../../src/risk/facts.ts'
import { defaultPolicy } from '../risk/support.ts'
import { running } from '../support/running.ts'
import { shopping } from './support/shopping.ts'

const doc = readFileSync(new URL('../../docs/shop.md', import.meta.url), 'utf8')
const rows = [...doc.matchAll(/^\| `(\w+)` by (day|night) \| (\w) \| (\w) \| (\w) \| (\w) \|$/gm)].map(
  ([, persona = '', time = '', coffee, box, headphones, gift]) => ({
    persona,
    time,
    answers: [coffee, box, headphones, gift],
  }),
)
const carts = [{ coffee: 1 }, { box: 1 }, { headphones: 1 }, { gift: 5 }] as const
const everyday = { acctNumber: '4111110000000021' }
/** 14:30 and 02:30 in Tokyo. */
const times: Readonly<Record<string, string>> = { day: '2026-04-10T05:30:00Z', night: '2026-04-09T17:30:00Z' }

interface Recorded {
  readonly transStatus: string
  readonly decidedBy: string
}

/** What the engine of a Sekisho of its own answers to this first purchase. */
async function answerTo(persona: string, time: string, cart: Readonly<Record<string, number>>): Promise<Recorded> {
  const clock = manualClock(Date.parse(times[time] ?? ''))
  const sekisho = await running({}, { clock, shop: { processingScreenMs: 0 } })
  try {
    const shop = shopping(`${sekisho.shop}/shop`)
    await shop.buy(await shop.order(cart), everyday, { persona })
    const list = await fetch(`${sekisho.acs}/api/v1/transactions`)
    const { transactions } = (await list.json()) as { transactions: readonly Recorded[] }
    const [first] = transactions
    if (first === undefined) throw new Error('nothing reached the ACS')
    return { transStatus: first.transStatus, decidedBy: first.decidedBy }
  } finally {
    await sekisho.close()
  }
}

describe.concurrent('the engine answers', { timeout: 60_000 }, () => {
  test.for(rows)('$persona by $time as the table says', async ({ persona, time, answers }) => {
    const answered: Recorded[] = []
    for (const cart of carts) answered.push(await answerTo(persona, time, cart))
    expect(answered).toEqual(answers.map((transStatus) => ({ transStatus, decidedBy: 'engine' })))
  })
})

test('the table has every persona that pretends something, by day and by night', () => {
  const pretending = personas.filter((persona) => 'browser' in persona).map(({ id }) => id)
  expect(rows.map(({ persona, time }) => `${persona} ${time}`)).toEqual(
    pretending.flatMap((id) => [`${id} day`, `${id} night`]),
  )
})

test.each([
  ['home', '392'],
  ['phone', '392'],
  ['abroad', '826'],
  ['vpn', '840'],
  ['thief', '840'],
])('the address of %s is in country %s, as the page says', (id, country) => {
  const persona = personas.find((one) => one.id === id)
  const browser = persona !== undefined && 'browser' in persona ? persona.browser : undefined
  const context = { accountKey: 'a', keyOf: (kind: string) => kind, now: 0, policy: defaultPolicy }
  expect(factsOf({ ...browser }, context)).toMatchObject({ ipCountry: country, ip: 'public' })
})
