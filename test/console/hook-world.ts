// A Sekisho that has seen everything the pages of the hook show: fraud of merchants, a journey from the log-in to the report, alerts,
// webhooks that arrive and such that do not, and names that try to be markup.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { manualClock } from '../../src/clock.ts'
import { type Service, service } from '../hook/doors/support.ts'
import { pay, send, thief, type WithSources, withSources } from '../hook/feedback/support.ts'
import { api, put, until } from '../http/support.ts'
import { policyText } from '../risk/support.ts'
import { type Members, postForm } from '../support/messages.ts'

/** A name as somebody might send it; in the shop of the journey. */
export const hostile = '<img src=x onerror=alert(1)>"&\'｛'

const overlay = [
  'rules:',
  '  - id: manifest-fraud-overlay',
  '    when: { of: feature.merchant_fraud_months, ge: 3 }',
  '    outcome: { atLeast: challenge }',
].join('\n')

export interface HookWorld {
  readonly sekisho: WithSources
  readonly receiver: Service
  /** The payment of the journey. */
  readonly paid: { readonly acsTransID: string; readonly threeDSServerTransID: string }
  /** One whose AReq names no shopper. */
  readonly lonely: { readonly acsTransID: string }
  /** As the shop names the shopper of the journey. */
  readonly acctID: string
  readonly orderId: string
  readonly card: string
  /** One that the receiver hears of. */
  payAtShopB(): Promise<{ readonly acsTransID: string }>
  /** On the clock of the tenant. */
  pass(ms: number): Promise<void>
  /** What the receiver of webhooks answers from now on. */
  answerWith(status: number): void
  close(): Promise<void>
}

export async function hookWorld(): Promise<HookWorld> {
  let status = 500
  const receiver = await service((res) => {
    res.writeHead(status)
    res.end()
  })
  const folder = mkdtempSync(path.join(tmpdir(), 'sekisho-hook-pages-'))
  const policy = path.join(folder, 'policy.yaml')
  writeFileSync(policy, policyText('default').replace(/^rules:$/m, overlay))
  const clock = manualClock(Date.parse('2026-09-05T03:00:00Z'))
  const sekisho = await withSources({ webhooks: { beta: `${receiver.url}/told` } }, { policy }, { clock })
  let now = clock.now()
  const moveTo = async (day: string): Promise<void> => {
    now = Date.parse(day)
    await put(sekisho, '/clock', { set: now }, 'POST')
  }
  let ids = 0
  const tell = async (door: string, body: Members, source: 'alpha' | 'beta' = 'alpha'): Promise<void> => {
    ids += 1
    const told = await send(sekisho, door, { id: `w-${ids}`, ...body }, { at: now, source })
    if (told.status >= 300) throw new Error(`${door}: ${told.status} ${JSON.stringify(told.body)}`)
  }
  const assess = async (threeDSServerTransID: string, verdict: string, score: number, source: 'alpha' | 'beta') => {
    const about = { threeDSServerTransID }
    const body = { source, verdict, score, reasons: ['first-order', 'forwarding-address'], about }
    const told = await send(
      sekisho,
      'assessments',
      { ...body, issuedAt: new Date(now).toISOString() },
      { at: now, source },
    )
    if (told.status >= 300) throw new Error(`assessment: ${told.status} ${JSON.stringify(told.body)}`)
  }
  const inYen = { purchaseCurrency: '392', purchaseExponent: '0' }
  const hakone = { acquirerMerchantID: 'SHOP-M', merchantName: '箱根カメラ', ...inYen }
  const odawara = { acquirerMerchantID: 'SHOP-C', merchantName: 'Odawara Donaudampfschifffahrts Market', ...inYen }
  const fraud = async (at: Members, yen: number) => {
    const threeDSServerTransID = randomUUID()
    await assess(threeDSServerTransID, 'NG', 0.93, 'alpha')
    const { acsTransID } = await pay(sekisho, { ...at, purchaseAmount: String(yen), threeDSServerTransID })
    await tell('feedback', { kind: 'fraud', about: { acsTransID }, list: false })
  }
  const good = async (verdict: string, score: number) => {
    const threeDSServerTransID = randomUUID()
    await assess(threeDSServerTransID, verdict, score, 'alpha')
    const { acsTransID } = await pay(sekisho, { ...hakone, purchaseAmount: '2400', threeDSServerTransID })
    await put(sekisho, `/transactions/${acsTransID}/label`, { kind: 'confirmedGood' })
  }

  await fraud(hakone, 620_000)
  await moveTo('2026-10-07T03:00:00Z')
  await fraud(hakone, 700_000)
  await moveTo('2026-11-30T14:59:00Z') // the last minute of November in Tokyo
  await fraud(hakone, 1_240_000)
  await fraud(odawara, 512_345)
  for (const [verdict, score] of [
    ['OK', 0.03],
    ['OK', 0.06],
    ['REVIEW', 0.55],
  ] as const)
    await good(verdict, score)

  // The journey: a thief has got into an account of SHOP-B.
  const acctID = 'member-７7'
  const orderId = 'B-77'
  const card = '4111110000770077'
  const shop = { acquirerMerchantID: 'SHOP-B' }
  await moveTo('2026-12-04T11:05:00Z')
  await put(
    sekisho,
    '/lists/deny',
    { kind: 'email', transaction: (await pay(sekisho, thief(1))).acsTransID, reason: 'a test' },
    'POST',
  )
  await tell('events', { kind: 'login', shopper: acctID, ...shop, result: 'failure', attempts: 4 })
  await moveTo('2026-12-04T11:07:30Z')
  const device = { isNewDevice: true, device: 'device-of-a-thief' }
  await tell('events', {
    kind: 'login',
    shopper: acctID,
    ...shop,
    result: 'success',
    passwordReset: true,
    stepUp: 'passed',
    ...device,
  })
  await moveTo('2026-12-04T11:20:00Z')
  const threeDSServerTransID = randomUUID()
  await tell('events', { kind: 'order', shopper: acctID, ...shop, orderId, state: 'placed', threeDSServerTransID })
  await assess(threeDSServerTransID, 'REVIEW', 0.62, 'beta')
  await moveTo('2026-12-04T11:20:05Z')
  const payment = { ...shop, acctID, merchantName: hostile, ...inYen, purchaseAmount: '128000', acctNumber: card }
  const paid = await pay(sekisho, { ...thief(1), ...payment, threeDSServerTransID })
  const alertOf = async (acsTransID: string) =>
    ((await api(sekisho, '/hook/alerts')).body.alerts as readonly Members[]).find(
      (alert) => alert.acsTransID === acsTransID,
    )
  await until(async () => (await alertOf(paid.acsTransID)) !== undefined)
  await moveTo('2026-12-04T11:52:00Z')
  const page = await (await fetch(`${sekisho.acs}/bank/alerts/${paid.acsTransID}`)).text()
  const token = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? ''
  await postForm(`${sekisho.acs}/bank/alerts/${paid.acsTransID}`, { token, answer: 'notMine' })
  await moveTo('2026-12-09T02:00:00Z')
  await tell('events', { kind: 'order', shopper: acctID, ...shop, orderId, state: 'cancelled', threeDSServerTransID })
  await tell('feedback', {
    kind: 'chargeback',
    about: { orderId },
    note: `<script>alert(2)</script> ${hostile}`,
    list: false,
  })
  // Another one, of nobody that the shop names, and a card that is refused.
  const lonely = await pay(sekisho, { ...thief(1), ...inYen, merchantName: 'Lonely Books', purchaseAmount: '5400' })
  await until(async () => (await alertOf(lonely.acsTransID)) !== undefined)
  return {
    sekisho,
    receiver,
    paid,
    lonely,
    acctID,
    orderId,
    card,
    payAtShopB: () => pay(sekisho, { ...shop, merchantName: hostile, ...inYen, purchaseAmount: '1800' }),
    pass: (ms) => moveTo(new Date(now + ms).toISOString()),
    answerWith(next) {
      status = next
    },
    async close() {
      await sekisho.close()
      await receiver.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
