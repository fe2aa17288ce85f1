// Load: cardholders who buy, answer challenges rightly and wrongly, and remember what they were told.
import { cresIn, field, postForm } from '../support/messages.ts'
import { sleep } from './processes.ts'

export type Plan = 'right' | 'wrongThenRight' | 'wrong' | 'cancel' | 'neverOpens' | 'leaves' | 'clicksTwice'

/** What one purchase got to see. Only what an answer said is in here. */
export interface Purchase {
  readonly threeDSServerTransID: string
  readonly acsTransID: string
  readonly transStatus: string
  readonly plan: Plan
  /** "Wrong code" pages that came back. */
  wrongCodes: number
  /** The final page: the transStatus of its CRes, or Erro. */
  final: string | undefined
  /** Whether the recorder had an RReq when the final page was there. */
  sawRReqFirst: boolean | undefined
}

export interface World {
  readonly shopPort: number
  readonly acsPort: number
  readonly random: () => number
  readonly isOver: () => boolean
  readonly hasRReq: (acsTransID: string) => boolean
}

export interface Diary {
  readonly purchases: Purchase[]
  /** Requests that were answered, and those that failed on the way because somebody was dead. */
  answered: number
  lost: number
  /** Answers nobody should ever get. */
  readonly surprises: string[]
}

const plans: readonly (readonly [Plan, number])[] = [
  ['right', 36],
  ['wrongThenRight', 14],
  ['wrong', 12],
  ['cancel', 10],
  ['neverOpens', 10],
  ['leaves', 8],
  ['clicksTwice', 10],
]

function planOf(random: () => number): Plan {
  let left = random() * plans.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [plan, weight] of plans) {
    left -= weight
    if (left < 0) return plan
  }
  return 'right'
}

/** Cards that are challenged, and such as are up to the risk engine; some frictionless or refused. */
function cardOf(random: () => number): string {
  const account = String(Math.floor(random() * 120)).padStart(3, '0')
  const kind = random()
  if (kind < 0.5) return `4000000000${account}700`
  if (kind < 0.58) return `4000000000${account}100`
  if (kind < 0.62) return `4000000000${account}201`
  return `4111150000${account}900`
}

const areqOf = (random: () => number) => ({
  acctNumber: cardOf(random),
  cardExpiryDate: '4912',
  threeDSRequestorID: 'HAKONE-REQ',
  threeDSRequestorName: 'Hakone Goods',
  threeDSRequestorURL: 'https://shop.example.com/',
  acquirerBIN: '400000',
  acquirerMerchantID: 'HAKONE-0001',
  mcc: '5999',
  merchantCountryCode: '392',
  merchantName: 'Hakone Goods',
  purchaseAmount: String(1_000 + Math.floor(random() * 30_000)),
  purchaseCurrency: '392',
  purchaseExponent: '0',
  browserIP: `192.0.2.${1 + Math.floor(random() * 200)}`,
})

interface Answered {
  readonly acsTransID?: string
  readonly threeDSServerTransID?: string
  readonly transStatus?: string
  readonly creq?: string
}

/** One cardholder after the other at this till, until it is over. */
export async function till(world: World, diary: Diary): Promise<void> {
  while (!world.isOver()) {
    await purchase(world, diary)
    await sleep(world.random() * 40)
  }
}

async function purchase(world: World, diary: Diary): Promise<void> {
  const { random, isOver } = world
  let answered: Answered
  try {
    const response = await fetch(`http://127.0.0.1:${world.shopPort}/3ds-server/authenticate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ areq: areqOf(random), messageVersion: '2.2.0', challengeWindowSize: '02' }),
    })
    const text = await response.text()
    if (response.status !== 200) diary.surprises.push(`authenticate: ${response.status} ${text}`)
    diary.answered += 1
    answered = JSON.parse(text) as Answered
  } catch {
    diary.lost += 1
    await sleep(50)
    return
  }
  const { acsTransID, threeDSServerTransID, transStatus, creq } = answered
  if (acsTransID === undefined || threeDSServerTransID === undefined || transStatus === undefined) {
    diary.lost += 1 // an Erro: the ACS could not be reached
    await sleep(50)
    return
  }
  const plan = planOf(random)
  const own: Purchase = {
    threeDSServerTransID,
    acsTransID,
    transStatus,
    plan,
    wrongCodes: 0,
    final: undefined,
    sawRReqFirst: undefined,
  }
  diary.purchases.push(own)
  if (transStatus !== 'C' || creq === undefined || plan === 'neverOpens') return

  const acs = `http://127.0.0.1:${world.acsPort}`
  /** As a person with a reload button: again after every broken connection. Undefined: it is over, or patience is. */
  const insist = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    while (!isOver()) {
      try {
        const answer = await work()
        diary.answered += 1
        return answer
      } catch {
        diary.lost += 1
        if (random() < 0.02) return undefined
        await sleep(30 + random() * 80)
      }
    }
    return undefined
  }
  const send = (where: string, fields: Record<string, string>) => insist(() => postForm(`${acs}${where}`, fields))

  let answer = await send('/acs/challenge', { creq, threeDSSessionData: 'c2Vzc2lvbg' })
  if (plan === 'leaves') return
  for (let turn = 0; turn < 12; turn += 1) {
    if (answer === undefined) return
    const { status, page } = answer
    if (status !== 200) {
      diary.surprises.push(`${plan}: page with status ${status}`)
      return
    }
    const cres = cresIn(page)
    if (cres !== undefined) {
      own.final = cres.messageType === 'CRes' ? String(cres.transStatus) : `Erro ${String(cres.errorCode)}`
      own.sawRReqFirst = world.hasRReq(acsTransID)
      return
    }
    const stepToken = field(page, 'stepToken')
    if (stepToken === undefined) {
      diary.surprises.push(`${plan}: page of an unknown kind`)
      return
    }
    if (/data-hint="wrong"/.test(page)) own.wrongCodes += 1
    const form = { acsTransID, stepToken }
    if (plan === 'cancel') {
      answer = await send('/acs/challenge/answer', { ...form, action: 'cancel', otp: '' })
      continue
    }
    const code = await insist(async () => {
      const inbox = await fetch(`${acs}/api/v1/inbox?acsTransID=${acsTransID}`)
      return ((await inbox.json()) as { messages: { code: string }[] }).messages[0]?.code ?? ''
    })
    if (code === undefined) return
    if (code === '') {
      diary.surprises.push(`${plan}: no code in the inbox`)
      return
    }
    const isWrong = plan === 'wrong' || (plan === 'wrongThenRight' && own.wrongCodes === 0)
    const otp = isWrong ? String((Number(code) + 1) % 1_000_000).padStart(6, '0') : code
    const verify = () => send('/acs/challenge/answer', { ...form, action: 'verify', otp })
    answer = plan === 'clicksTwice' ? (await Promise.all([verify(), verify()]))[1] : await verify()
  }
  diary.surprises.push(`${plan}: no end in sight`)
}
