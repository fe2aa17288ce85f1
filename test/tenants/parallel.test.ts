// Two hundred tenants at once, each with ten scripted payments: nobody keeps anything of others, and those that are run again
// alone keep the same, byte for byte.
import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { ask, paid, tenantOf } from './support.ts'

const count = 200
/** Every so many-th is run again alone: a whole run of a tenant costs as much then as beside others. */
const everyNth = 5

let sekisho: Running
let ds: ListeningDs
beforeAll(async () => {
  ds = await listeningDs()
  const patience = { answersWithinMs: 120_000, checksAnswers: false } // however busy the machine is
  sekisho = await running({ seed: 'parallel' }, { ...patience, log: pino({ level: 'silent' }) })
})
afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

interface Payment {
  readonly card: string
  readonly areq?: Members
  /** Through the tenant's own 3DS Server and DS; otherwise the ACS is asked by a DS elsewhere. */
  readonly isWhole?: boolean
  /** What the cardholder does at a challenge, one after the other; `code`: the one that was sent. */
  readonly does?: readonly { readonly action: string; readonly otp?: string }[]
}

const open = { action: 'open' } as const

/** Ten payments: decided at once in every way, passed, failed, cancelled, planned, and one that time ends. */
const script: readonly Payment[] = [
  { card: '4000000000005100' },
  { card: '4000000000007700', isWhole: true, does: [open, { action: 'verify', otp: 'code' }] },
  { card: '4000000000000105' },
  { card: '4000000000017700', does: [open, { action: 'verify', otp: '000000' }, { action: 'cancel' }] },
  { card: '4111110000000005' }, // the engine
  { card: '4111110000000005', areq: { purchaseAmount: '2400000' } },
  { card: '4000000000027700' }, // nobody comes
  { card: '4000000000000101', does: [open, { action: 'verify', otp: '1' }] },
  { card: '4000000000005100', areq: { purchaseAmount: '99' } },
  { card: '4000000000000202' },
]

/** The same in every run of a tenant, and in no other tenant. */
function idOf(tenant: number, what: string): string {
  const hex = createHash('sha256').update(`${tenant} ${what}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

/** Requests on their way at once, of all tenants together: a client has so many connections, and a busy machine serves no more in time. */
const mostAtOnce = 24
let underWay = 0
const waiting: (() => void)[] = []
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (underWay >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  else underWay += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next === undefined) underWay -= 1
    else next()
  }
}

/** Runs the script in a tenant, and returns the canonical export. */
async function run(number: number): Promise<string> {
  const tenant = tenantOf(sekisho, `run-${number}`)
  for (const [index, { card, areq, isWhole = false, does = [] }] of script.entries()) {
    const purchase = { merchantName: `Shop ${number % 7}`, purchaseAmount: `${1_000 + number}`, ...areq }
    const ids = {
      threeDSServerTransID: idOf(number, `3DS Server ${index}`),
      dsTransID: idOf(number, `DS ${index}`),
    }
    const message = browserAReq({ ...purchase, ...ids, acctNumber: card, dsURL: ds.url })
    const { acsTransID } = await inTurn(async () =>
      isWhole ? paid(tenant, card, purchase) : (await post(`${tenant.acs}/acs/areq`, message)).body,
    )
    for (const { action, otp } of does) {
      const code = otp === 'code' ? await codeOf(tenant, acsTransID) : otp
      const at = `/transactions/${String(acsTransID)}/challenge`
      const answer = await inTurn(() => ask(tenant, 'POST', at, { action, otp: code }))
      expect(answer.status).toBe(200)
    }
    if (index === 4 || index === script.length - 1)
      await inTurn(() => ask(tenant, 'POST', '/clock', { advance: '20m' }))
  }
  const response = await inTurn(() => fetch(`${tenant.acs}/api/v1/journal/export?form=canonical`))
  expect(response.status).toBe(200)
  return response.text()
}

async function codeOf(tenant: Running, acsTransID: unknown): Promise<string> {
  const { body } = await inTurn(() => ask(tenant, 'GET', `/inbox?acsTransID=${String(acsTransID)}`))
  const [mail] = body.messages as readonly { readonly code: string }[]
  return mail?.code ?? ''
}

const numbers = Array.from({ length: count }, (_, number) => number)

const quoted = (text: string, member: string): readonly string[] =>
  [...text.matchAll(new RegExp(`"${member}":"([^"]*)"`, 'g'))].map(([, value = '']) => value)

test(`${count} tenants in parallel keep, byte for byte, what they keep one after the other`, {
  timeout: 900_000,
}, async () => {
  const together = await Promise.all(numbers.map(run))
  // Each is whole, and a run of its own.
  for (const [number, text] of together.entries()) {
    const transactions = text.split('\n').filter((line) => line.startsWith('{"transaction":{"acsTransID"'))
    expect(transactions).toHaveLength(script.length)
    expect(transactions.map((line) => /"transStatus":"(.)"/.exec(line)?.[1]).join('')).toMatch(/^YC/)
    // Amounts and shops tell whose payment it is.
    const amounts = new Set(quoted(text, 'purchaseAmount'))
    expect([...amounts].toSorted()).toEqual([`${1_000 + number}`, '2400000', '99'].toSorted())
    expect([...new Set(quoted(text, 'merchantName'))]).toEqual([`Shop ${number % 7}`])
  }
  expect(new Set(together).size).toBe(count)
  for (const number of numbers.filter((each) => each % everyNth === 0)) {
    const tenant = tenantOf(sekisho, `run-${number}`)
    expect((await ask(tenant, 'POST', '/reset')).status).toBe(200)
    const alone = await run(number)
    if (alone !== together[number]) expect(alone).toBe(together[number]) // the first that differs, and where
    await ask(tenant, 'DELETE', '/tenant')
  }
})
