// The banking app of the cardholder: what it is asked to confirm, what it answers, and what the holder keeps there. One answer goes the
// same way whether a person gave it at /bank, somebody at the issuer's desk, or a test. Spec: FLOW-OOB, RES-DEC-2…5, CHL-TR-13, CHL-TL-1.
import { brandOf } from './brand.ts'
import { type AdvancePorts, advance } from './challenge/advance.ts'
import { isInApp, kindOf } from './challenge/kinds.ts'
import { type MatchNumber, matchNumber } from './challenge/match-number.ts'
import type { AwaitingAnswer, Challenge, Consent, Prompt, Verdict } from './challenge/state.ts'
import { mostMismatches } from './challenge/transition.ts'
import { type Issuer, type IssuerBrand, rangeOf } from './issuer.ts'
import type { Card, ChallengeRow, Transaction, UnitOfWork } from './ports.ts'
import { madeUpCard } from './register.ts'

export interface BankPorts extends AdvancePorts {
  readonly tenant: number
  readonly issuer: Issuer
}

type Way = 'oob' | 'oobMatch' | 'decoupled'

/**
 * open: it waits for an answer; answered: there was one, and the page of the shop has still to learn of it; notYet: the cardholder
 * has not come that far; over: nothing that the app says counts any more.
 */
type ApprovalState = 'open' | 'answered' | 'notYet' | 'over'

export const decisions = ['approve', 'refuse'] as const
type DecisionWord = (typeof decisions)[number]

/** How it ended, for the cardholder. */
export type Ending = 'approved' | 'refused' | 'cancelled' | 'expired' | 'ended'

export interface Approval {
  readonly transaction: Transaction
  readonly card: Card
  readonly brand: IssuerBrand
  readonly way: Way
  readonly state: ApprovalState
  /** While it is not over: when it ends by itself. */
  readonly until?: number
  readonly prompts: readonly Prompt[]
  /** Where one is to be chosen, as long as it can be. */
  readonly match?: MatchNumber & { readonly left: number }
  readonly answered?: DecisionWord
  /** What the cardholder of a scenario will do by themselves. */
  readonly planned?: { readonly at: number; readonly decision: DecisionWord }
  readonly verdict?: Verdict
  readonly ending?: Ending
}

/** At most so many are shown at once. */
const mostShown = 200
/** So many transactions are looked through for those of a card. */
const mostSearched = 5_000
const mostDecided = 10

const wordOf = (isApproved: boolean): DecisionWord => (isApproved ? 'approve' : 'refuse')

/** Of the range that the card is in; its first digits are enough. */
export const brandOfCard = (issuer: Pick<Issuer, 'issuers' | 'ranges'>, { mask }: Pick<Card, 'mask'>): IssuerBrand =>
  brandOf(issuer.issuers, rangeOf(issuer.ranges, mask)?.issuer)

/** Undefined: the banking app has nothing to do with it. */
function wayOf({ transaction, challenge }: ChallengeRow): Way | undefined {
  // A challenge that is handed over ends; what follows is no business of this transaction (CHL-TR-20).
  if (transaction.transStatus === 'D' || challenge.phase === 'awaitingDecoupled') return 'decoupled'
  const kind = kindOf(transaction)
  return kind === 'oob' || kind === 'oobMatch' ? kind : undefined
}

function endingOf({ transStatus, challengeCancel }: Verdict): Ending {
  if (transStatus === 'Y') return 'approved'
  if (challengeCancel === '01') return 'cancelled'
  if (challengeCancel === '03' || challengeCancel === '04' || challengeCancel === '05') return 'expired'
  return transStatus === 'N' ? 'refused' : 'ended'
}

/** A plan has taken the answer, and lets the verdict wait. */
const isTaken = ({ details }: Transaction, { endsAt }: { readonly endsAt?: number | undefined }): boolean =>
  endsAt !== undefined && details.plan?.challenge?.ending?.on === 'answer'

function stateOf(transaction: Transaction, challenge: Challenge): ApprovalState {
  switch (challenge.phase) {
    case 'awaitingFirstCReq':
      return 'notYet'
    case 'awaitingAnswer':
      if (!isInApp(challenge.screen)) return 'notYet'
      return challenge.app !== undefined || isTaken(transaction, challenge) ? 'answered' : 'open'
    case 'awaitingDecoupled':
      return isTaken(transaction, challenge) ? 'answered' : 'open'
    case 'ended':
      return 'over'
  }
}

const matchOf = (
  { secrets }: Pick<BankPorts, 'secrets'>,
  { acsTransID }: Transaction,
  { setup, mismatches = 0 }: AwaitingAnswer,
): NonNullable<Approval['match']> => ({
  ...matchNumber(secrets, acsTransID, setup.secret),
  left: mostMismatches - mismatches,
})

const promptsOf = (challenge: Challenge): readonly Prompt[] => {
  if (challenge.phase === 'awaitingDecoupled') return challenge.prompts ?? []
  return challenge.phase === 'awaitingAnswer' ? (challenge.setup.prompts ?? []) : []
}

function approvalOfRow(ports: BankPorts, row: ChallengeRow, card: Card): Approval | undefined {
  const way = wayOf(row)
  if (way === undefined) return undefined
  const { transaction, challenge, verdict } = row
  const state = stateOf(transaction, challenge)
  const isAsked = challenge.phase === 'awaitingAnswer' && state === 'open' && challenge.screen === 'appMatch'
  const app = challenge.phase === 'awaitingAnswer' ? challenge.app : undefined
  const planned = challenge.phase === 'awaitingDecoupled' ? challenge.planned : undefined
  return {
    transaction,
    card,
    brand: brandOf(ports.issuer.issuers, transaction.details.issuer),
    way,
    state,
    ...(challenge.phase !== 'ended' && { until: Math.min(challenge.until, challenge.endsAt ?? challenge.until) }),
    prompts: promptsOf(challenge),
    ...(isAsked && { match: matchOf(ports, transaction, challenge) }),
    ...(app !== undefined && { answered: wordOf(app.isApproved) }),
    ...(planned !== undefined && { planned: { at: planned.at, decision: wordOf(planned.isApproved) } }),
    ...(verdict !== undefined && { verdict, ending: endingOf(verdict) }),
  }
}

const cardOf = async ({ store, tenant }: BankPorts, transaction: Pick<Transaction, 'panHash' | 'panMask' | 'scheme'>) =>
  (await store.card(tenant, transaction.panHash)) ??
  madeUpCard(transaction.panHash, transaction.panMask, transaction.scheme)

/** All that wait for an answer, or for the page of the shop to learn of it; newest first. */
export async function openApprovals(ports: BankPorts, panHash?: string): Promise<readonly Approval[]> {
  const rows = ports.store.waitingForApp(ports.tenant, mostShown, panHash)
  const approvals = await Promise.all(
    rows.map(async (row) => approvalOfRow(ports, row, await cardOf(ports, row.transaction))),
  )
  return approvals.filter((one) => one !== undefined)
}

/** Wherever it stands. Undefined: there is none, or the banking app has nothing to do with it. */
export async function approvalOf(ports: BankPorts, acsTransID: string): Promise<Approval | undefined> {
  const row = await ports.store.challengeRow(ports.tenant, acsTransID)
  return row === undefined ? undefined : approvalOfRow(ports, row, await cardOf(ports, row.transaction))
}

/** Those of a card that are over, newest first. */
export async function decidedApprovals(ports: BankPorts, card: Card): Promise<readonly Approval[]> {
  const { store, tenant } = ports
  const ids: string[] = []
  await store.scan({ tenant, most: mostSearched }, ({ panHash, challenge, acsTransID }) => {
    if (panHash === card.panHash && challenge?.phase === 'ended') ids.push(acsTransID)
    return ids.length < 3 * mostDecided // some of them were codes
  })
  const found: Approval[] = []
  for (const id of ids) {
    const row = await store.challengeRow(tenant, id)
    const approval = row === undefined ? undefined : approvalOfRow(ports, row, card)
    if (approval !== undefined && found.length < mostDecided) found.push(approval)
  }
  return found
}

export interface DecideInput {
  readonly acsTransID: string
  readonly decision: DecisionWord
  readonly consent?: Consent | undefined
  /** The one that was chosen; absent where a test does not care, which takes the right one. */
  readonly number?: string | undefined
  /** Who says so. */
  readonly via: 'bank' | 'api'
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export type Decided =
  | { readonly is: 'unknown' }
  /** It counted. */
  | { readonly is: 'taken'; readonly approval: Approval }
  /** Another number than that of the page; it may be chosen again, or that was the last time. */
  | { readonly is: 'mismatch'; readonly approval: Approval }
  /** It came too early, too late, or again. */
  | { readonly is: 'unfit'; readonly approval: Approval }

/** Its time was over before anybody had noticed, or somebody else was faster; what a plan made of the answer is no other one. */
const isOther = ({ verdict, ending, answered }: Approval, decision: DecisionWord): boolean =>
  (answered !== undefined && answered !== decision) ||
  ending === 'expired' ||
  (verdict !== undefined &&
    verdict.planned === undefined &&
    ending !== (decision === 'approve' ? 'approved' : 'refused'))

/** One answer of the banking app, through the machine; the journal says what was answered, and whether the number was right. */
export async function decide(ports: BankPorts, input: DecideInput): Promise<Decided> {
  const { store, tenant, clock } = ports
  const { acsTransID, decision, consent, number, via, headers } = input
  const before = await approvalOf(ports, acsTransID)
  if (before === undefined) return { is: 'unknown' }
  const { match } = before
  // A test that names none takes the right one; a person has to choose.
  const chosen = number ?? (via === 'api' ? match?.shown : undefined)
  const isMismatch = decision === 'approve' && match !== undefined && chosen !== match.shown
  const said = Object.fromEntries(
    Object.entries(consent ?? {}).filter(([name]) => before.prompts.some((p) => p === name)),
  )
  const masked = JSON.stringify({
    action: decision,
    ...(before.state === 'over' && { isLate: true }),
    ...(match !== undefined && decision === 'approve' && { number: isMismatch ? 'wrong' : 'right' }),
    ...(Object.keys(said).length > 0 && { consent: said }),
  })
  const { id: transactionId } = before.transaction
  await store.unit((unit) =>
    unit.journal({ tenant, transactionId, at: clock.now(), link: 'browser→ACS', masked, headers: { ...headers, via } }),
  )
  const find = (unit: UnitOfWork): ChallengeRow | undefined => unit.challenge(tenant, acsTransID)
  const event = {
    type: 'appAnswer',
    at: clock.now(),
    isApproved: decision === 'approve' && !isMismatch,
    consent: said,
    ...(isMismatch && { isMismatch }),
  } as const
  await advance(ports, find, event, { leavesReturn: true })
  const approval = await approvalOf(ports, acsTransID)
  if (approval === undefined) return { is: 'unknown' }
  if (before.state !== 'open') return { is: 'unfit', approval }
  // Of a wrong number nothing but a refusal can come.
  if (isOther(approval, isMismatch ? 'refuse' : decision)) return { is: 'unfit', approval }
  return { is: isMismatch ? 'mismatch' : 'taken', approval }
}

/** A card by its keyed id: of the register, or of a transaction of late. */
export async function cardWith(ports: BankPorts, panHash: string): Promise<Card | undefined> {
  const { store, tenant } = ports
  const kept = await store.card(tenant, panHash)
  if (kept !== undefined) return kept
  let found: Card | undefined
  await store.scan({ tenant, most: mostSearched }, (row) => {
    if (row.panHash === panHash) found = madeUpCard(row.panHash, row.panMask, row.scheme)
    return found === undefined
  })
  return found
}

/** Cards with these last four digits; without digits those of the register. */
export async function cardsEnding(ports: BankPorts, lastFour: string | undefined): Promise<readonly Card[]> {
  const { store, tenant } = ports
  const found = new Map<string, Card>()
  for (const card of await store.cards(tenant)) {
    if (lastFour === undefined ? card.isRegistered : card.mask.endsWith(lastFour)) found.set(card.panHash, card)
  }
  if (lastFour === undefined) return [...found.values()]
  await store.scan({ tenant, most: mostSearched }, ({ panHash, panMask, scheme }) => {
    if (panMask.endsWith(lastFour) && !found.has(panHash)) found.set(panHash, madeUpCard(panHash, panMask, scheme))
    return found.size < mostShown
  })
  return [...found.values()]
}

/** What a holder takes back: a shop from the trust list, or a device. False: it was not there. */
export async function takeBack(
  { store, tenant, observer }: BankPorts,
  panHash: string,
  what: { readonly acquirerMerchantID: string } | { readonly device: string },
): Promise<boolean> {
  const isChanged = await store.unit((unit) => {
    const card = unit.card(tenant, panHash)
    if (card === undefined) return false
    const { trusts = [], devices = [] } = card
    const next = {
      ...card,
      ...('device' in what
        ? { devices: devices.filter(({ id }) => id !== what.device) }
        : { trusts: trusts.filter(({ acquirerMerchantID }) => acquirerMerchantID !== what.acquirerMerchantID) }),
    }
    if ((next.trusts ?? trusts).length === trusts.length && (next.devices ?? devices).length === devices.length)
      return false
    unit.saveCard(tenant, next)
    return true
  })
  if (isChanged) observer.cardChanged({ panHash })
  return isChanged
}
