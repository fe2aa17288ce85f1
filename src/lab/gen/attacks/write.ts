/** An attacker's deed as a purchase. */
import { Chance } from '../chance.ts'
import { challengeMethods, type PatternId, patternIds } from '../config.ts'
import { visitsMost } from '../life.ts'
import type { Out } from '../out.ts'
import type { Purchase } from '../purchase.ts'
import type { Scene } from '../scene.ts'
import { tiers } from '../shops.ts'
import { signalsOf } from '../signals.ts'
import type { Act } from './act.ts'
import { patterns } from './patterns.ts'
import type { Planned } from './plan.ts'

const chance = new Chance()
const kindNumber = (pattern: PatternId): number => 1 + patternIds.indexOf(pattern)
const campaignName = ({ campaign: { pattern, n } }: Planned): string => `${pattern}-${n}`
/** Of a deed: no two have the same. */
const whichOf = ({ campaign: { n }, i }: Planned): number => n * 4_096 + i + visitsMost

export function fillAct(p: Purchase, out: Out, scene: Scene, planned: Planned, act: Act): void {
  const { campaign, labelTs } = planned
  const { shops, holders, keys } = scene
  const { seat, account, shipTo } = act
  p.ts = act.ts
  p.shop = act.shop
  p.yen = Math.max(1, act.yen)
  p.card = out.card.id(act.card)
  p.bin = out.bin.id(act.card.slice(0, 6))
  p.cardholderName = out.cardholderName.id(act.latin)
  const tier = tiers[shops.tier[act.shop] as number]
  const isFull = tier === 'full'
  const tells = tier !== 'minimum'
  p.email = tells ? out.email.id(act.mail) : 0
  p.mobilePhone = act.phone === undefined || !isFull ? 0 : out.mobilePhone.id(act.phone)
  p.billPlace = act.bill.place
  p.billAddrLine1 = tells ? out.billAddrLine1.id(act.bill.line) : 0
  p.billAddrPostCode = tells ? out.billAddrPostCode.id(act.bill.postal) : 0
  p.shipPlace = shipTo?.place ?? -1
  p.isShippedHome = shipTo === undefined || shipTo.line === act.bill.line
  if (shipTo !== undefined && tells) {
    p.shipAddrLine1 = out.shipAddrLine1.id(shipTo.line)
    p.shipAddrPostCode = out.shipAddrPostCode.id(shipTo.postal)
  }
  p.shipAddressUsage = p.isShippedHome && account?.age === 5 ? 4 : 1
  p.acctID = account === undefined || !isFull ? 0 : out.acctID.id(account.id)
  p.accountAge = account?.age ?? 1
  p.accountChange = account?.change ?? 1
  p.passwordChange = account?.password ?? 1
  p.nbPurchaseAccount = account?.purchases ?? 0
  p.txnActivityDay = account?.today ?? 0
  p.deliveryEmailAddress = act.deliveryMail === undefined || !tells ? 0 : out.deliveryEmailAddress.id(act.deliveryMail)
  p.giftCards = act.giftCards ?? 0
  p.isPreOrder = false
  p.isExpress = act.isExpress ?? false
  p.isNewHere = account === undefined || account.age < 5
  p.isApp = false
  p.model = seat.model
  p.version = seat.version
  p.isHeadless = seat.isHeadless
  p.hasScreen = seat.hasScreen
  p.browserLanguage = seat.language
  p.tz = seat.tz
  p.network = seat.network
  p.ip = out.browserIP.id(seat.ip)
  p.method = seat.method === undefined ? 1 + (act.ts % 2) : 0
  p.deviceId = seat.method?.deviceId === undefined ? 0 : out.deviceId.id(seat.method.deviceId)
  p.methodData = seat.method === undefined ? 0 : out.methodData.id(seat.method.data)
  p.cardAgeDays = act.cardAgeDays
  p.isFraud = patterns[campaign.pattern].isFraud ? 1 : 0
  label(p, out, planned)
  p.labelTs = labelTs
  p.visible = patterns[campaign.pattern].visible
  p.ageBand = act.holder < 0 ? 0 : 1 + (holders.ageBand[act.holder] as number)
  const drawn = chance.at(keys.luck, -1 - p.kind, whichOf(planned))
  p.luck = drawn.unit()
  p.signals = shops.hasSignals[act.shop] === 1 ? signalsOf(act.signals, drawn) : -1
  answer(p, scene, campaign.pattern, act, drawn)
}

export function label(p: Purchase, out: Out, planned: Planned): void {
  p.kind = kindNumber(planned.campaign.pattern)
  p.campaign = out.campaign.id(campaignName(planned))
}

/** Who holds the telephone that the code goes to is asked; the thief at the keyboard has it handed over, or not. */
function answer(p: Purchase, { config, holders }: Scene, pattern: PatternId, act: Act, drawn: Chance): void {
  const { challenge, attacks } = config
  const shares = challengeMethods.map((method) => challenge.methods[method])
  const method = act.holder < 0 ? drawn.weighted(shares) : (holders.method[act.holder] as number)
  const name = challengeMethods[method] as (typeof challengeMethods)[number]
  const { pass } = attacks[pattern]
  p.challengeMethod = method
  p.pass = pattern === 'phishing_relay' ? Math.min(1, (pass / 0.8) * challenge.relayed[name]) : pass
  p.abandon = (1 - p.pass) * challenge.thiefAbandon
}

/** What a screening sees of a row: the same numbers whatever else is drawn for it. */
export const screenWhich = whichOf
