// What the use cases ask of the world, and the records they keep. Effects and storage implement these at the edge.
import type { FaultLink, MetFault } from '../faults/rule.ts'
import type { Finding } from '../protocol/errors.ts'
import type { ListIndex } from '../risk/policy/lists.ts'
import type { Policy } from '../risk/policy.ts'
import type { SeriesTerms } from '../risk/prior.ts'
import type { EntityKind, Profile } from '../risk/profile.ts'
import type { Without } from './authenticate/without.ts'
import type { ChallengeKind } from './challenge/kinds.ts'
import type { Challenge, Prompt, TimerName, Verdict } from './challenge/state.ts'
import type { AlertReason } from './hook/alert-record.ts'
import type { HookReads, HookShelf } from './hook/ports.ts'
import type { KeptInputs } from './kept-inputs.ts'
import type { KeptMatch } from './match.ts'
import type { Plan } from './plan.ts'
import type { PolicyReads, PolicyShelf } from './policies/kept.ts'
import type { NearMiss } from './scenarios.ts'

/** The default tenant; the bare paths belong to it. */
export const defaultTenant = 0

/** Milliseconds since 1970. Timers fire in order of their times. */
export interface Clock {
  now(): number
  /** Runs `work` once at or after `at`; the returned function takes it back. */
  schedule(at: number, work: () => void): () => void
}

/** Milliseconds with fractions since some moment; never goes back. For durations only. */
export type Stopwatch = () => number

export interface Random {
  /** A random UUID v4, lower case (RES-AR-3). */
  uuid(): string
  /** In [0,1). */
  fraction(): number
}

/** Keyed functions; the keys never leave the implementation (SEC-PCI-2). */
export interface Secrets {
  /** Keyed hash of a PAN, hexadecimal, 32 characters. */
  panHash(pan: string): string
  /** Keyed hash of any other identifying value, 22 characters. */
  keyOf(kind: string, value: string): string
  /** Six digits for one transaction and code number, as long as the challenge keeps its secret (SEC-OTP-1, CHL-SM-6). */
  otp(acsTransID: string, codeNumber: number, secret: string): string
  /** The value that a page has to bring back with its next answer (SEC-CSP-9). */
  stepToken(acsTransID: string, step: number): string
  /** A text as it may lie on disk, and back; undefined for what was not sealed for this transaction (SEC-URL-5). */
  seal(acsTransID: string, text: string): string
  unseal(acsTransID: string, sealed: string): string | undefined
  /** RES-AV-6. */
  authenticationValue(input: AuthenticationValueInput): string
}

/** The policies of a tenant: the one that decides now, and those that have decided before. */
export interface Policies {
  running(): Policy
  /** Undefined: its text was not kept. */
  byHash(hash: string): Policy | undefined
  /** Of the tenant, beside those of its policies. */
  lists(): { readonly allow: ListIndex; readonly deny: ListIndex }
}

export interface AuthenticationValueInput {
  readonly acsTransID: string
  readonly panHash: string
  readonly purchaseAmount: string
  readonly purchaseCurrency: string
  readonly transStatus: string
  /** Of the scheme; 20 octets without it. */
  readonly layout?: AuthenticationValueLayout | undefined
}

export interface AuthenticationValueLayout {
  readonly octets: number
  /** Octets before the keyed ones. */
  readonly lead: readonly number[]
}

export interface CardRange {
  /** Leading digits, inclusive. */
  readonly from: string
  readonly to: string
  readonly scheme: string
  /** Scripted: the scenario table may decide. Risk: always the engine. */
  readonly mode: 'scripted' | 'risk'
  /** Its id, where it is not the usual one. */
  readonly issuer?: string | undefined
}

/** A card as the issuer's register knows it. PANs are kept as keyed hash and mask. */
export interface Card {
  readonly panHash: string
  readonly mask: string
  readonly scheme: string
  readonly holder: string
  readonly email: string
  readonly phone?: string | undefined
  readonly language: 'en' | 'ja'
  readonly methods: readonly ChallengeKind[]
  /** Shops on the holder's trust list; absent: none (CHL-TL-3). */
  readonly trusts?: readonly TrustedShop[] | undefined
  /** Devices that the holder has bound; absent: none. */
  readonly devices?: readonly BoundDevice[] | undefined
  readonly blocked: boolean
  readonly stolen: boolean
  readonly expired: boolean
  /** Wrong codes since `failuresSince` (SEC-OTP-4). */
  readonly failures: number
  readonly failuresSince: number
  /** Whether the register has a row for it; otherwise it is a made-up cardholder of our ranges. */
  readonly isRegistered: boolean
}

export interface TrustedShop {
  readonly acquirerMerchantID: string
  readonly merchantName?: string | undefined
  readonly at: number
}

export interface BoundDevice {
  /** Keyed. */
  readonly id: string
  /** In words, such as the name of the browser. */
  readonly name: string
  readonly at: number
}

export type DecidedBy = 'stub' | 'override' | 'scenario' | 'engine'

/** All that is kept of a transaction besides its messages. */
export interface Transaction {
  readonly id: number
  readonly tenant: number
  readonly at: number
  readonly acsTransID: string
  readonly threeDSServerTransID: string
  readonly dsTransID: string
  readonly messageVersion: string
  readonly deviceChannel: string
  readonly messageCategory: string
  readonly panHash: string
  readonly panMask: string
  readonly scheme: string
  /** Absent where the AReq has none: non-payment, 3RI (RES-NPA-1). */
  readonly merchantName?: string | undefined
  readonly purchaseAmount?: string | undefined
  readonly purchaseCurrency?: string | undefined
  readonly purchaseExponent?: string | undefined
  readonly transStatus: string
  readonly transStatusReason?: string | undefined
  readonly decidedBy: DecidedBy
  readonly score: number
  /** transStatus that the engine would have given. */
  readonly engineStatus?: string | undefined
  /** In minor units of the issuer's currency, by the rates of the time; undefined: there was no rate. */
  readonly issuerAmount?: number | undefined
  /** From the last byte of the AReq to the ARes that is ready to be kept, in milliseconds with fractions. */
  readonly durationMs?: number | undefined
  readonly details: TransactionDetails
  /** transStatus of the RReq once there is a verdict. */
  readonly resultStatus?: string | undefined
  readonly resultReason?: string | undefined
  /** How the RReq fared. */
  readonly delivery?: DeliveryState | undefined
  /** What it turned out to be. */
  readonly label?: Label | undefined
}

export const labelKinds = ['fraud', 'confirmedGood'] as const
export type LabelKind = (typeof labelKinds)[number]

export interface Label {
  readonly kind: LabelKind
  readonly at: number
  readonly note?: string | undefined
  /** What a fraud was held against, so that just that can be taken back. */
  readonly blamed?: Blame | undefined
  /** A source of the hook, or the cardholder; absent: somebody with the admin API. */
  readonly by?: string | undefined
  /** What somebody thinks, and does not know: nothing has learnt it. */
  readonly isOpinion?: boolean | undefined
  /** Sources whose word about the payment was held against it. */
  readonly counted?: readonly string[] | undefined
  /** It came with an imported run: nobody here has learnt it. */
  readonly isFromElsewhere?: true | undefined
}

export interface Blame {
  readonly kinds: readonly EntityKind[]
  /** As `monthAt` gives it. */
  readonly month: number
  readonly yen: number
}

/** late: delivered, but no RRes in time (RES-RR-4). lost: a plan keeps it from being sent. */
export type DeliveryState = 'pending' | 'delivered' | 'late' | 'refused' | 'gaveUp' | 'lost'

export interface TransactionDetails {
  readonly dsURL?: string | undefined
  readonly dsReferenceNumber?: string | undefined
  readonly notificationURL?: string | undefined
  readonly browserLanguage?: string | undefined
  /** Spoken with the cardholder: the browser's where we speak it, else the card's (CHL-UI-12). */
  readonly language?: 'en' | 'ja' | undefined
  readonly purchaseDate?: string | undefined
  readonly challengeInd?: string | undefined
  readonly sdkTransID?: string | undefined
  /** Of a challenge. */
  readonly challengeKind?: ChallengeKind | undefined
  /** What is asked beside it. */
  readonly prompts?: readonly Prompt[] | undefined
  /** As the ARes told them, where the RReq will tell them, too (CHL-TL-3, CHL-TL-4). */
  readonly trustListStatus?: string | undefined
  readonly deviceBindingStatus?: string | undefined
  /** [2.3.1] For the RReq of one that was asked and did not pass: the issuer's text. */
  readonly cardholderInfo?: string | undefined
  /** Of the issuer whose range the card is in; absent: the usual one. */
  readonly issuer?: string | undefined
  /** Keyed: whom the shop says it is (acctID), at this shop. */
  readonly shopper?: string | undefined
  /** By which the shop is known on trust lists. */
  readonly acquirerMerchantID?: string | undefined
  /** Browser and system, where the device may be bound. */
  readonly deviceName?: string | undefined
  /** What the cardholder was asked to agree to for later payments (RES-3RI-4). */
  readonly series?: SeriesTerms | undefined
  /** How the cardholder is to be authenticated, by the newest codes. */
  readonly authenticationMethods?: readonly string[] | undefined
  /** RES-AV-3 was on. */
  readonly nonPaymentValues?: boolean | undefined
  /** Data sharing only was asked for (RES-CI-6). */
  readonly isDataShare?: boolean | undefined
  /** [2.3.1] F or B: a challenge may be handed over to a decoupled authentication (RES-TS-5). */
  readonly decReqInd?: 'F' | 'B' | undefined
  readonly decision: unknown
  /** Where somebody else decided. */
  readonly engine?: unknown
  /** The stub, override or row of the scenario table that decided. */
  readonly selected?: unknown
  /** All that the AReq met, where it was more than that, first what counts most. */
  readonly spoken?: unknown
  /** What the scenario table would have said, where a stub or an override decided; the card number is not kept. */
  readonly scenario?: unknown
  /** Of the card's range; unlisted: the card is outside of all ranges. */
  readonly mode?: CardRange['mode'] | 'unlisted' | undefined
  /** What is to happen to it by a stub, an override or the scenario table; the transStatus went through the decision. */
  readonly plan?: Plan | undefined
  /** What the request said of itself, where it could not be taken. */
  readonly overrideProblem?: string | undefined
  /** A row of the scenario table that would fit, with the code that the version does not have. */
  readonly nearMiss?: NearMiss | undefined
  /** What the engine decided by besides facts and features. */
  readonly inputs?: KeptInputs | undefined
  /** What the engine would have decided with an assessment left out. */
  readonly without?: readonly Without[] | undefined
  /** Base, challenge and reject threshold of the policy. */
  readonly terms?: readonly [base: number, challenge: number, reject: number] | undefined
  readonly evidence: unknown
  readonly features: unknown
  /** Which features those are. */
  readonly featureSet?: string | undefined
  readonly facts: unknown
  readonly policy: string
  /** Of its text; absent in records of earlier releases. */
  readonly policyHash?: string | undefined
  readonly warnings?: readonly Finding[] | undefined
}

export type NewTransaction = Omit<Transaction, 'id' | 'resultStatus' | 'resultReason' | 'delivery' | 'label'>

/** Links the ACS is an end of, and (in runs that were imported) those of the others. */
export type Link = FaultLink

/** One message of the journal; `masked` never holds a secret, `raw` only under the switch for test data. */
export interface JournalEntry {
  readonly id: number
  readonly tenant: number
  readonly transactionId?: number | undefined
  readonly at: number
  readonly link: Link
  readonly messageType?: string | undefined
  readonly masked: string
  readonly raw?: Uint8Array | undefined
  readonly findings?: readonly Finding[] | undefined
  readonly httpStatus?: number | undefined
  readonly durationMs?: number | undefined
  /** Transport headers worth keeping; never cookies or authorization. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** What went wrong with it on purpose, such as `status 503`. */
  readonly fault?: string | undefined
  /** What left in its place, masked, where that is something else; empty: nothing. */
  readonly sent?: string | undefined
  /** Who wrote it down, where it was not this ACS: in runs that were imported. */
  readonly party?: 'DS' | '3DSS' | undefined
  /** Why that party got no answer. */
  readonly problem?: string | undefined
  /** Of an entry of that party, in lower case: not all of its messages say it. */
  readonly serverTransID?: string | undefined
}

export type NewJournalEntry = Omit<JournalEntry, 'id'>

export interface FaultNote extends MetFault {
  readonly tenant: number
  readonly acsTransID: string
  readonly link: Link
  readonly messageType: string
}

/** The ids of a transaction, in lower case. */
export interface TransactionIds {
  readonly acsTransID?: string | undefined
  readonly threeDSServerTransID?: string | undefined
  readonly dsTransID?: string | undefined
}

/** An entry with what is known of its transaction. */
export interface JournalRecord extends JournalEntry, TransactionIds {
  readonly decidedBy?: DecidedBy | undefined
}

/** A transaction of another Sekisho, or of another tenant, with all that was written down of it. */
export interface ImportedTransaction {
  readonly transaction: NewTransaction & Pick<Transaction, 'resultStatus' | 'resultReason' | 'delivery'>
  readonly challenge?: Challenge | undefined
}

/**
 * play: a plan's cardholder does something. tell: what others hear of the transaction is written down (webhooks, alerts). matchFeedback:
 * a report has named it before it came.
 */
export type EffectKind = 'timer' | 'sendOtp' | 'sendRReq' | 'play' | 'tell' | 'sendWebhook' | 'matchFeedback'

/** Work that a unit of work described and that is done after it. Holds no secret; performing it twice is harmless. */
export interface Effect {
  readonly id: number
  readonly tenant: number
  readonly transactionId: number
  readonly kind: EffectKind
  readonly payload: EffectPayload
  readonly dueAt: number
  readonly attempts: number
  readonly createdAt: number
}

export interface EffectPayload {
  readonly timer?: TimerName
  readonly codeNumber?: number
  /** Position in the plan of what the cardholder does; return: the way back to the shop, after its end. */
  readonly play?: number | 'return'
  readonly rreq?: PlannedRReq
  /** Of a message to the cardholder that is held up on purpose; it carries no code. */
  readonly note?: Omit<InboxMessage, 'id'>
  /** It was not taken, and is tried again. */
  readonly isTriedAgain?: boolean
  /** A message to the cardholder that carries no code, by its id in the inbox. */
  readonly inboxId?: number
  /** What has happened. */
  readonly tell?: TellMoment
  /** The row of the webhook that is to be sent. */
  readonly webhook?: number
}

/** Decided: the ARes. Begun: the cardholder sees the challenge. Ended: there is a verdict. */
export type TellMoment = 'decided' | 'begun' | 'ended'

/** What a plan wants of the RReq; its words are those of Plan.rreq. */
export interface PlannedRReq {
  readonly when: 'beforeCRes' | 'afterCRes' | 'insteadOfCRes' | 'afterReturn'
  /** Milliseconds from that moment, by the clock of the tenant. */
  readonly delay?: number | undefined
  readonly copies?: number | undefined
}

/** The final CRes has left for the browser; the browser has gone back to the shop. */
export type ReturnMoment = 'cres' | 'return'

/** email and sms carry a code; push carries one, too, or asks to open the banking app. */
export type InboxChannel = 'email' | 'sms' | 'push'

export type NewEffect = Omit<Effect, 'id' | 'attempts'>

/** A mail, text message or push note to a cardholder; the code is put in when it is read, never stored. */
export interface InboxMessage {
  readonly id: number
  readonly tenant: number
  readonly transactionId: number
  readonly acsTransID: string
  readonly at: number
  /** Absent in rows of earlier releases: email. */
  readonly channel?: InboxChannel | undefined
  readonly to: string
  readonly language: 'en' | 'ja'
  /** Absent: it carries none (push). */
  readonly codeNumber?: number | undefined
  readonly via: 'inbox' | 'smtp'
  readonly merchantName?: string | undefined
  readonly purchaseAmount?: string | undefined
  readonly purchaseCurrency?: string | undefined
  readonly purchaseExponent?: string | undefined
  readonly panMask: string
  /** Of an alert: why, and where the cardholder says whether it was them. */
  readonly alert?: { readonly reason: AlertReason; readonly url: string } | undefined
}

export interface ChallengeRow {
  readonly transaction: Transaction
  readonly challenge: Challenge
  readonly verdict?: Verdict | undefined
}

/** A planned answer for the next AReqs that match. */
export interface Stub {
  readonly id: number
  readonly tenant: number
  readonly match: KeptMatch
  readonly times: number
  /** How many AReqs it still answers. */
  readonly left: number
  /** The higher goes first; among equals the older. */
  readonly priority: number
  readonly plan: Plan
  readonly createdAt: number
  readonly expiresAt?: number | undefined
}

export type NewStub = Omit<Stub, 'id' | 'left'>

/** Inside the writer: reads see what earlier units of the same group wrote. Synchronous, all or nothing. */
export interface UnitOfWork {
  /** Reads at once what is asked for next. */
  fetchProfiles(tenant: number, keys: readonly (readonly [kind: string, key: string])[]): void
  profile(tenant: number, kind: string, key: string): Profile | undefined
  saveProfile(tenant: number, kind: string, key: string, profile: Profile): void
  card(tenant: number, panHash: string): Card | undefined
  saveCard(tenant: number, card: Card): void
  /** The row key of a new transaction, and which of its ids came before (SEC-RPL-1); then nothing is kept of it. */
  beginTransaction(
    tenant: number,
    ids: { readonly threeDSServerTransID: string; readonly dsTransID: string },
  ): { readonly id: number; readonly seen: readonly string[] }
  methodData(tenant: number, threeDSServerTransID: string): MethodDataRow | undefined
  saveMethodData(tenant: number, threeDSServerTransID: string, row: MethodDataRow): void
  insertTransaction(id: number, transaction: NewTransaction): void
  /** The verdict of a challenge; a transaction gets one, ever (CHL-SM-1). */
  saveVerdict(transactionId: number, verdict: Verdict): void
  /** In the place of the one there is: the DS could not be reached (RES-RR-3). */
  replaceVerdict(transactionId: number, verdict: Verdict): void
  saveDelivery(transactionId: number, delivery: DeliveryState): void
  transaction(tenant: number, acsTransID: string): Transaction | undefined
  /** The one that all of these ids name, in lower case. */
  transactionBy(tenant: number, ids: TransactionIds): Transaction | undefined
  /** By its row key. */
  transactionOf(transactionId: number): Transaction | undefined
  /** Undefined: it has none any more. */
  saveLabel(transactionId: number, label: Label | undefined): void
  journal(entry: NewJournalEntry): void
  /** The newest message of that kind met a fault after it was written down. */
  noteFault(about: FaultNote): void
  /** Its row key; undefined: a transaction with one of its ids is here already, and nothing is kept of this one. */
  importTransaction(imported: ImportedTransaction): number | undefined
  challenge(tenant: number, acsTransID: string): ChallengeRow | undefined
  challengeOf(transactionId: number): ChallengeRow | undefined
  insertChallenge(transactionId: number, challenge: Challenge): void
  saveChallenge(transactionId: number, challenge: Challenge): void
  addEffect(effect: NewEffect): Effect
  /** Takes back the open timers of a transaction. */
  clearTimers(transactionId: number): void
  finishEffect(effectId: number): void
  /** Sets its time; no attempt was made. */
  moveEffect(effectId: number, dueAt: number): void
  postponeEffect(effectId: number, dueAt: number): void
  /** Returns its id. */
  addToInbox(message: Omit<InboxMessage, 'id'>): number
  /** All messages, or one; returns how many there were. */
  removeFromInbox(tenant: number, id?: number): number
  /** Those that wait, in the order they are asked; also such as have expired. From memory. */
  stubs(tenant: number): readonly Stub[]
  addStub(stub: NewStub): Stub
  /** One AReq less to answer; a stub that answers none any more is gone. */
  useStub(stub: Stub): void
  /** False: there is no such stub. */
  deleteStub(tenant: number, stubId: number): boolean
  /** Returns how many there were. */
  deleteStubs(tenant: number): number
  readonly policies: PolicyShelf
  readonly hook: HookShelf
}

/** 3DS Method data older than this belong to nobody (FLOW-MTH-7), and are not kept. */
export const methodDataLifeMs = 900_000

export interface MethodDataRow {
  readonly at: number
  readonly data: unknown
}

export interface TransactionFilter {
  readonly tenant: number
  readonly limit: number
  /** Only rows with a smaller id (paging). */
  readonly before?: number | undefined
  readonly acsTransID?: string | undefined
  readonly threeDSServerTransID?: string | undefined
  readonly dsTransID?: string | undefined
  readonly transStatus?: string | undefined
}

/** A transaction in a line of a list, with what is searched and counted. */
export interface TransactionBrief {
  readonly id: number
  readonly at: number
  readonly acsTransID: string
  readonly threeDSServerTransID: string
  readonly dsTransID: string
  readonly messageVersion: string
  readonly panHash: string
  readonly panMask: string
  readonly scheme: string
  readonly merchantName?: string | undefined
  readonly purchaseAmount?: string | undefined
  readonly purchaseCurrency?: string | undefined
  readonly purchaseExponent?: string | undefined
  readonly transStatus: string
  readonly transStatusReason?: string | undefined
  readonly decidedBy: DecidedBy
  /** transStatus the engine would have given. */
  readonly engine: string
  readonly score: number
  readonly durationMs?: number | undefined
  readonly issuerAmount?: number | undefined
  readonly resultStatus?: string | undefined
  readonly resultReason?: string | undefined
  readonly delivery?: DeliveryState | undefined
  readonly challenge?: { readonly phase: Challenge['phase']; readonly cancel?: string | undefined } | undefined
  /** What it turned out to be. */
  readonly labelKind?: LabelKind | undefined
}

export interface InboxFilter {
  readonly channel?: InboxChannel | undefined
  /** At this time or later. */
  readonly since?: number | undefined
  /** Only rows with a greater id. */
  readonly after?: number | undefined
  /** A code is in it. */
  readonly hasCode?: boolean | undefined
}

export interface ScanOptions {
  readonly tenant: number
  /** Only rows with a smaller id (paging). */
  readonly before?: number | undefined
  /** Rows looked at, at most. */
  readonly most: number
}

/** Reads of committed state, outside of any unit of work. */
export interface Queries {
  transactions(filter: TransactionFilter): Promise<readonly Transaction[]>
  /**
   * Shows `visit` the transactions, newest first, until it returns false; in slices, between which others have their turn.
   * `next`: there may be more before this id.
   */
  scan(
    options: ScanOptions,
    visit: (row: TransactionBrief) => boolean,
  ): Promise<{ readonly searched: number; readonly next?: number | undefined }>
  /** Those of these ids that there are, newest first. */
  briefs(tenant: number, ids: readonly number[]): readonly TransactionBrief[]
  journalOf(transactionId: number): Promise<readonly JournalEntry[]>
  /** Entries that name all of these ids, oldest first, also such as belong to no transaction. At most `limit`. */
  journalAbout(tenant: number, ids: TransactionIds, limit: number): readonly JournalRecord[]
  /** As `scan`, for the journal; with `after` oldest first, otherwise newest first. */
  scanJournal(
    options: ScanOptions & { readonly after?: number | undefined },
    visit: (entry: JournalRecord) => boolean,
  ): Promise<{ readonly searched: number; readonly next?: number | undefined }>
  /** The id of the newest entry; 0: there is none. */
  lastJournalId(): number
  /** Calls `listener` whenever entries have become durable; the returned function takes it back. */
  onJournal(listener: () => void): () => void
  effectsOf(transactionId: number): Promise<readonly (Effect & { readonly done: boolean })[]>
  challengeRow(tenant: number, acsTransID: string): Promise<ChallengeRow | undefined>
  /** What the codes of an open challenge are derived from; undefined: there is none any more (CHL-SM-6). */
  challengeSecret(transactionId: number): string | undefined
  /** Open ones that the banking app answers: out of band on their screen, and decoupled ones; newest first. */
  waitingForApp(tenant: number, limit: number, panHash?: string): readonly ChallengeRow[]
  /** Newest first. */
  inbox(tenant: number, limit: number, transactionId?: number, filter?: InboxFilter): Promise<readonly InboxMessage[]>
  inboxMessage(tenant: number, id: number): Promise<InboxMessage | undefined>
  cards(tenant: number): Promise<readonly Card[]>
  card(tenant: number, panHash: string): Promise<Card | undefined>
  /** As UnitOfWork has them. */
  stubs(tenant: number): readonly Stub[]
  readonly policies: PolicyReads
  readonly hook: HookReads
}

export interface Store extends Queries {
  /**
   * Runs `work` inside the writer, all or nothing; resolves when what it wrote is durable. `work` is run again when another
   * unit of its group failed, so it may act on the world through `unit` only.
   */
  unit<T>(work: (unit: UnitOfWork) => T): Promise<T>
  /** Effects that are still to be done, soonest first. */
  openEffects(): readonly Effect[]
  /** Deletes transactions that ended, and all that belongs to them, older than `before`. Returns how many. */
  prune(before: number): Promise<number>
  isReady(): boolean
  close(): Promise<void>
}

/** Takes effects that a unit of work has written. */
export interface Effects {
  /** Starts what is due and plans the rest; never waits. */
  take(effects: readonly Effect[]): void
  /** As `take`; resolves when every sendRReq among them had its first attempt, at the latest after the limit (CHL-SM-4). */
  first(effects: readonly Effect[]): Promise<void>
  /** Resolves when no sendRReq of the transaction is on its first attempt any more, at the latest after the limit (CHL-REP-8). */
  whenSent(transactionId: number): Promise<void>
  /** Forgets the planned timers of a transaction. */
  forgetTimers(transactionId: number): void
  /** Sends an RReq that a plan has waiting for this moment; without one nothing happens. */
  release(transactionId: number, moment: ReturnMoment): void
}

/** What came back for an RReq. */
export type RReqAnswer =
  /** HTTP 200 with a body, whatever it holds. */
  | { readonly kind: 'body'; readonly bytes: Uint8Array; readonly contentType: string }
  | { readonly kind: 'status'; readonly status: number }
  /** No connection, or broken before an answer (RES-RR-3). */
  | { readonly kind: 'noConnection'; readonly reason: string }
  /** Delivered, no RRes in time (RES-RR-4). */
  | { readonly kind: 'late' }
  /** dsURL is not on the allow-list; it was not called (SEC-TLS-9). */
  | { readonly kind: 'notAllowed' }

/** Posts a message to a DS. */
export interface DsLink {
  /** `onFault`: the message meets a fault on purpose. */
  post(url: string, body: string, requestId: string, onFault?: (met: MetFault) => void): Promise<RReqAnswer>
}

/** What came of the final form at the notificationURL. */
export type ReturnAnswer =
  | { readonly kind: 'status'; readonly status: number }
  /** No connection, or broken before an answer. */
  | { readonly kind: 'noConnection'; readonly reason: string }
  /** Delivered, no answer in time. */
  | { readonly kind: 'late' }
  /** The notificationURL is not on the allow-list; it was not called. */
  | { readonly kind: 'notAllowed' }

/** Posts a form in the place of a browser; redirects are not followed. */
export interface ReturnLink {
  post(url: string, fields: Readonly<Record<string, string>>): Promise<ReturnAnswer>
}

/** Sends the code of a challenge to the cardholder; absent when only the built-in inbox takes it. */
export interface Mailer {
  send(message: Omit<InboxMessage, 'id'>): Promise<void>
}

/** Log line, counter and live event of what happened, together. */
export interface Observer {
  authenticated(event: { readonly id: number; readonly transaction: NewTransaction; readonly durationMs: number }): void
  refused(event: { readonly messageType: string; readonly errorCode: string; readonly errorDetail: string }): void
  /** A page was shown, a code sent, an answer taken; also when it has ended. */
  challengeMoved(event: { readonly transactionId: number }): void
  challengeEnded(event: { readonly acsTransID: string; readonly verdict: Verdict }): void
  rreq(event: {
    readonly transactionId: number
    readonly acsTransID: string
    readonly outcome: string
    readonly attempt: number
  }): void
  mailed(event: { readonly inboxId: number; readonly acsTransID: string }): void
  /** What it turned out to be was told, or taken back. */
  labelled(event: {
    readonly transactionId: number
    readonly acsTransID: string
    readonly kind: LabelKind | 'none'
  }): void
  /** The cardholder was told of a payment; `ms`: from the AReq to the message. */
  alerted(event: {
    readonly acsTransID: string
    readonly reason: AlertReason
    readonly ms: number
    readonly inboxIds: readonly number[]
  }): void
  /** A try of a webhook; never its address, nor what came back. */
  webhook(event: {
    readonly source: string
    readonly event: string
    readonly outcome: 'delivered' | 'failed' | 'givenUp'
    readonly acsTransID?: string | undefined
  }): void
  /** A row of the register: by the admin API, or wrong codes that were counted. */
  cardChanged(event: { readonly panHash: string }): void
  /** Added, used or taken back. */
  stubsChanged(): void
  failed(event: { readonly what: string; readonly error: unknown; readonly acsTransID?: string | undefined }): void
}
