/**
 * What is told of payments after them: a fraud, a chargeback, that all was well, what a person at the merchant thought. It becomes a
 * label, entries of the deny list, totals of the merchant and the record of every source that had spoken, all in one unit of work.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { sourceName, verdicts } from '../../risk/assessment.ts'
import { type Labelled, type LabelPorts, labelWithin, type SaidOfIt, tellLabelled } from '../labels.ts'
import { hasCardNumber } from '../plan.ts'
import { rowsOf } from '../policies/list-csv.ts'
import type { ListDesk } from '../policies/list-desk.ts'
import { looksLikeCard } from '../policies/text.ts'
import type { Effect, Policies, Transaction, UnitOfWork } from '../ports.ts'
import { listFraud } from './feedback-lists.ts'
import {
  chargebackReasons,
  type FeedbackAbout,
  type FeedbackOutcome,
  type FeedbackRecord,
  feedbackKinds,
  type ListWish,
  listable,
} from './feedback-record.ts'

/** Names of a source for its messages and orders: what can be shown, logged and compared. */
export const tellingId = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,98}[A-Za-z0-9])?$/, 'letters, digits, . _ : -')
  .refine((text) => !looksLikeCard(text), 'no card numbers')
export const orderId = z
  .string()
  .min(1)
  .max(64)
  .refine((text) => !looksLikeCard(text), 'no card numbers')

const aboutSchema = z
  .strictObject({
    acsTransID: z.guid().optional(),
    threeDSServerTransID: z.guid().optional(),
    dsTransID: z.guid().optional(),
    orderId: orderId.optional(),
  })
  .refine((about) => Object.values(about).some((id) => id !== undefined), 'must name a payment')

const note = z
  .string()
  .trim()
  .max(200)
  .refine((text) => !hasCardNumber(text), 'no card numbers: it stands in records')

export const feedbackSchema = z
  .strictObject({
    source: sourceName.optional().meta({ description: 'Who says it; may stand in the header sekisho-source instead.' }),
    id: tellingId.meta({ description: 'Of the source, for this report: told twice it counts once.' }),
    kind: z.enum(feedbackKinds).meta({
      description:
        'fraud: reported by whoever lost money. chargeback: with its reason. confirmedGood: the cardholder says so. review: what a person at the merchant decided.',
    }),
    about: aboutSchema.meta({ description: 'The payment, by any of its ids; all that are named must agree.' }),
    verdict: z.enum(verdicts).optional().meta({ description: 'Of a review, and of nothing else.' }),
    because: z
      .enum(chargebackReasons)
      .optional()
      .meta({ description: 'Of a chargeback: only fraud says something of who paid. Default: fraud.' }),
    note: note.optional().meta({ description: 'For who reads the record; no names of persons.' }),
    list: z
      .union([
        z.literal(false),
        z.strictObject({
          kinds: z.array(z.enum(listable)).min(1).max(listable.length).optional(),
          days: z.int().min(1).max(730).optional(),
        }),
      ])
      .optional()
      .meta({
        description:
          'Of a fraud: what of the payment goes on the deny list, and for how many days. Default: device, mail box, telephone and delivery address, unless the cardholder had used them before, for 90 days. false: nothing.',
      }),
  })
  .superRefine(({ kind, verdict, because, list }, context) => {
    const complain = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (kind === 'review' && verdict === undefined) complain('verdict', 'a review has one')
    if (kind !== 'review' && verdict !== undefined) complain('verdict', 'of a review only')
    if (kind !== 'chargeback' && because !== undefined) complain('because', 'of a chargeback only')
    const isFraud = kind === 'fraud' || (kind === 'chargeback' && (because ?? 'fraud') === 'fraud')
    if (list !== undefined && list !== false && !isFraud) complain('list', 'of a fraud only')
  })
export type Feedback = Omit<z.output<typeof feedbackSchema>, 'source' | 'list'> & Pick<FeedbackRecord, 'list'>

/** Who tells it. */
export interface Teller {
  readonly name: string
  /** acquirerMerchantIDs that it speaks for; absent: all. */
  readonly merchants?: readonly string[] | undefined
  /** What it confirms as good counts for its own record, too. */
  readonly vouchesForItself?: boolean | undefined
}

export interface FeedbackPorts extends LabelPorts {
  readonly policies: Policies & { readonly desk: Pick<ListDesk, 'renew' | 'room'> }
}

export interface FeedbackAnswer {
  readonly record: FeedbackRecord
  /** It was told before, in the same words. */
  readonly isRepeat: boolean
  /** What the payment is labelled with now. */
  readonly label?: Transaction['label'] | undefined
}

/** The id was used for something else. */
export class FeedbackConflict extends Error {}

/** What is kept of the words, so that another report under the same id is found out. */
const wordsOf = ({ kind, about, verdict, because, note }: Omit<Feedback, 'id' | 'list'>): string => {
  const lower = (id: string | undefined): string | undefined => id?.toLowerCase()
  const { acsTransID, threeDSServerTransID, dsTransID, orderId: order } = about
  return JSON.stringify([
    kind,
    lower(acsTransID),
    lower(threeDSServerTransID),
    lower(dsTransID),
    order,
    verdict,
    because,
    note === '' ? undefined : note,
  ])
}

/** The payment that it is about; undefined: there is none, its ids disagree, or it is at a merchant that the source does not speak for. */
export function paymentOf(
  unit: UnitOfWork,
  tenant: number,
  teller: Pick<Teller, 'name' | 'merchants'>,
  about: FeedbackAbout,
): Transaction | undefined {
  const { acsTransID, threeDSServerTransID, dsTransID, orderId: order } = about
  const byOrder = order === undefined ? undefined : unit.hook.journey.serverTransIDOf(tenant, teller.name, order)
  const ids = {
    acsTransID: acsTransID?.toLowerCase(),
    threeDSServerTransID: threeDSServerTransID?.toLowerCase() ?? byOrder,
    dsTransID: dsTransID?.toLowerCase(),
  }
  if (Object.values(ids).every((id) => id === undefined)) return undefined
  if (byOrder !== undefined && byOrder !== ids.threeDSServerTransID) return undefined
  const found = unit.transactionBy(tenant, ids)
  if (found === undefined) return undefined
  const { merchants } = teller
  const { acquirerMerchantID } = found.details
  const isOwn = merchants === undefined || (acquirerMerchantID !== undefined && merchants.includes(acquirerMerchantID))
  return isOwn ? found : undefined
}

type Named = Pick<FeedbackAbout, 'threeDSServerTransID' | 'dsTransID'>

/** By what a report may wait for a payment that did not come yet. Its acsTransID is drawn here, so that nobody knows it before. */
export const namesOf = ({ threeDSServerTransID, dsTransID }: Named): readonly string[] => [
  ...(threeDSServerTransID === undefined ? [] : [`3DSServer ${threeDSServerTransID.toLowerCase()}`]),
  ...(dsTransID === undefined ? [] : [`DS ${dsTransID.toLowerCase()}`]),
]
const nameOfOrder = (source: string, order: string): string => `order ${source} ${order}`

function awaitPayment(unit: UnitOfWork, tenant: number, { source, id, about }: FeedbackRecord): void {
  const { orderId: order } = about
  const byOrder = order === undefined ? undefined : unit.hook.journey.serverTransIDOf(tenant, source, order)
  const names = [
    ...namesOf(about),
    ...(order === undefined ? [] : [nameOfOrder(source, order)]),
    ...namesOf({ threeDSServerTransID: byOrder }),
  ]
  for (const name of names) unit.hook.feedback.wait(tenant, name, { source, id })
}

/** An order names its payment: reports about the order wait for that from now on. Within a unit of work. */
export function orderNames(unit: UnitOfWork, tenant: number, source: string, order: string, payment: string): void {
  unit.hook.journey.putOrder(tenant, source, order, payment)
  for (const report of unit.hook.feedback.awaiting(tenant, [nameOfOrder(source, order)]))
    for (const name of namesOf({ threeDSServerTransID: payment })) unit.hook.feedback.wait(tenant, name, report)
}

/** What it says of the payment; undefined: nothing. */
function saidBy({ kind, verdict, because, note }: Feedback, teller: Teller): SaidOfIt | undefined {
  const by = teller.name
  const said = { by, ...(note !== undefined && note !== '' && { note }) }
  switch (kind) {
    case 'fraud':
      return { ...said, kind: 'fraud' }
    case 'chargeback':
      return (because ?? 'fraud') === 'fraud' ? { ...said, kind: 'fraud' } : undefined
    case 'confirmedGood':
      return { ...said, kind: 'confirmedGood', ...(teller.vouchesForItself !== true && { notFor: by }) }
    case 'review':
      // A person's word is no proof: it is shown, and nothing learns it.
      return verdict === 'OK' || verdict === 'NG'
        ? { ...said, kind: verdict === 'NG' ? 'fraud' : 'confirmedGood', isOpinion: true }
        : undefined
  }
}

interface Done extends FeedbackAnswer {
  readonly labelled?: Labelled | undefined
  readonly hasListed: boolean
}

const toldOtherwise = ({ id }: Feedback): string => `${id} was told before, with other words`

/** Within a unit of work. Throws FeedbackConflict. */
function takeOne(
  unit: UnitOfWork,
  { policies, tenant }: FeedbackPorts,
  teller: Teller,
  feedback: Feedback,
  now: number,
): Done {
  const { id, kind, about, verdict, because, note, list } = feedback
  const before = unit.hook.feedback.get(tenant, teller.name, id)
  if (before !== undefined && wordsOf(before) !== wordsOf(feedback)) throw new FeedbackConflict(toldOtherwise(feedback))
  const payment = paymentOf(unit, tenant, teller, about)
  // One that found no payment may find it now; any other has done its work.
  if (before !== undefined && (before.outcome !== 'unmatched' || payment === undefined)) {
    return { record: before, isRepeat: true, label: payment?.label, hasListed: false }
  }
  const said = saidBy(feedback, teller)
  const labelled =
    payment === undefined || said === undefined ? undefined : labelWithin(unit, { policies, now }, payment, said)
  const transaction = labelled?.transaction ?? payment
  const lists = labelled !== undefined && said?.kind === 'fraud' && said.isOpinion !== true && list !== false
  const wish: ListWish = typeof list === 'object' ? list : {}
  const listed =
    lists && transaction !== undefined
      ? listFraud(unit, transaction, {
          source: teller.name,
          reason: `${kind} (${teller.name})`,
          wish,
          now,
          room: policies.desk.room(),
        })
      : []
  const outcome: FeedbackOutcome =
    payment === undefined ? 'unmatched' : labelled?.isTaken === true ? 'labelled' : 'kept'
  const record: FeedbackRecord = {
    id,
    source: teller.name,
    at: now,
    kind,
    about,
    ...(verdict !== undefined && { verdict }),
    ...(because !== undefined && { because }),
    ...(note !== undefined && note !== '' && { note }),
    ...(payment === undefined && list !== undefined && { list }),
    outcome,
    ...(payment !== undefined && { transactionId: payment.id, acsTransID: payment.acsTransID }),
    ...(listed.length > 0 && { listed }),
  }
  unit.hook.feedback.put(tenant, record)
  if (payment === undefined) awaitPayment(unit, tenant, record)
  return { record, isRepeat: false, label: transaction?.label, labelled, hasListed: listed.length > 0 }
}

async function tell(ports: FeedbackPorts, done: readonly Done[]): Promise<void> {
  if (done.some(({ hasListed }) => hasListed)) await ports.policies.desk.renew()
  for (const { labelled } of done) if (labelled !== undefined) await tellLabelled(ports, labelled)
}

const answerOf = ({ record, isRepeat, label }: Done): FeedbackAnswer => ({ record, isRepeat, label })

/** `first` runs in the same unit, before anything else; what it throws leaves nothing behind. Throws FeedbackConflict. */
export async function takeFeedback(
  ports: FeedbackPorts,
  teller: Teller,
  feedback: Feedback,
  first?: (unit: UnitOfWork) => void,
): Promise<FeedbackAnswer> {
  const done = await ports.store.unit((unit) => {
    first?.(unit)
    return takeOne(unit, ports, teller, feedback, ports.clock.now())
  })
  await tell(ports, [done])
  return answerOf(done)
}

/** Who may tell what, as it is now; undefined: nobody of that name, or not this. */
export type TellerOf = (source: string) => Teller | undefined

/** Reports that came before the payment which they name. Resolves to how many found it. */
export async function matchAwaited(
  ports: FeedbackPorts & { readonly tellerOf: TellerOf },
  ids: (unit: UnitOfWork) => Named | undefined,
): Promise<number> {
  const { store, clock, tenant, tellerOf } = ports
  const done = await store.unit((unit) => {
    const named = ids(unit)
    if (named === undefined) return []
    return unit.hook.feedback.awaiting(tenant, namesOf(named)).flatMap((report) => {
      const { row: _row, at: _at, outcome: _outcome, source, ...feedback } = report
      const teller = tellerOf(source)
      return teller === undefined ? [] : [takeOne(unit, ports, teller, feedback, clock.now())]
    })
  })
  const found = done.filter(({ isRepeat }) => !isRepeat)
  await tell(ports, found)
  return found.length
}

/** Performs an effect: a payment came that a report has named before. */
export async function performMatch(
  ports: FeedbackPorts & { readonly tellerOf: TellerOf },
  { id, transactionId }: Effect,
): Promise<undefined> {
  await matchAwaited(ports, (unit) => {
    unit.finishEffect(id)
    return unit.transactionOf(transactionId)
  })
}

export interface CsvProblem {
  readonly line: number
  readonly message: string
}

/** Some thousands at a time keep the writer busy for a moment only. */
export const mostRows = 2_000
const mostProblems = 50

const columns = [
  'id',
  'kind',
  'acsTransID',
  'threeDSServerTransID',
  'dsTransID',
  'orderId',
  'verdict',
  'because',
  'note',
] as const
const aboutColumns = ['acsTransID', 'threeDSServerTransID', 'dsTransID', 'orderId'] as const

export interface CsvFeedback {
  readonly line: number
  readonly feedback: Feedback
}

/** All of it, or what is wrong with it by line; never a value. */
export function readFeedbackCsv(
  text: string,
): { readonly rows: readonly CsvFeedback[] } | { readonly problems: readonly CsvProblem[] } {
  const all = rowsOf(text)
  if (all === undefined) return { problems: [{ line: 1, message: 'a quotation mark is open at the end' }] }
  const [head, ...body] = all
  const names = head?.fields.map((name) => name.trim()) ?? []
  const isTable = names.every((name) => (columns as readonly string[]).includes(name))
  if (!isTable || !names.includes('id') || !names.includes('kind') || new Set(names).size !== names.length)
    return { problems: [{ line: 1, message: `the first line names the columns: ${columns.join(',')}` }] }
  if (body.length > mostRows)
    return { problems: [{ line: 1, message: `${body.length} rows; ${mostRows} are as many as are taken at once` }] }
  const problems: CsvProblem[] = []
  const rows: CsvFeedback[] = []
  const seen = new Set<string>()
  for (const { line, fields } of body) {
    if (problems.length >= mostProblems) break
    if (fields.length > names.length) {
      problems.push({ line, message: `${fields.length} fields, and ${names.length} columns` })
      continue
    }
    const cells = new Map(names.map((name, i) => [name, fields[i]?.trim() ?? ''] as const))
    const cell = (name: string): string | undefined => (cells.get(name) === '' ? undefined : cells.get(name))
    const about = Object.fromEntries(aboutColumns.map((name) => [name, cell(name)]))
    const rest = Object.fromEntries((['id', 'kind', 'verdict', 'because', 'note'] as const).map((n) => [n, cell(n)]))
    const found = feedbackSchema.safeParse({ ...rest, about })
    if (!found.success) {
      const [issue] = found.error.issues
      problems.push({ line, message: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}` })
      continue
    }
    const { source: _source, ...feedback } = found.data
    if (seen.has(feedback.id)) problems.push({ line, message: 'id: it stands in an earlier line, too' })
    seen.add(feedback.id)
    rows.push({ line, feedback })
  }
  return problems.length > 0 ? { problems } : { rows }
}

/** Rows of one unit of work: no AReq waits longer for the writer than these take. */
const together = 25

/**
 * An id that was used for something else refuses all, before anything is written. Then so many at a time, since every AReq waits
 * for the writer; reports are told apart by their ids, so a table that was cut off in between is told again and goes on.
 */
export async function takeFeedbackRows(
  ports: FeedbackPorts,
  teller: Teller,
  rows: readonly CsvFeedback[],
): Promise<readonly FeedbackAnswer[] | { readonly problems: readonly CsvProblem[] }> {
  const { store, tenant, clock } = ports
  const inUnits = async <T>(
    work: (unit: UnitOfWork, row: CsvFeedback) => readonly T[],
    take: (some: readonly T[]) => void,
  ): Promise<void> => {
    for (let at = 0; at < rows.length; at += together) {
      const some = rows.slice(at, at + together)
      take(await store.unit((unit) => some.flatMap((row) => work(unit, row))))
      await nextTurn()
    }
  }
  const problems: CsvProblem[] = []
  await inUnits(
    (unit, { line, feedback }): readonly CsvProblem[] => {
      const before = unit.hook.feedback.get(tenant, teller.name, feedback.id)
      const isOther = before !== undefined && wordsOf(before) !== wordsOf(feedback)
      return isOther ? [{ line, message: `id: ${toldOtherwise(feedback)}` }] : []
    },
    (some) => problems.push(...some),
  )
  if (problems.length > 0) return { problems }
  const done: Done[] = []
  try {
    await inUnits(
      (unit, { line, feedback }): readonly (Done | CsvProblem)[] => {
        try {
          return [takeOne(unit, ports, teller, feedback, clock.now())]
        } catch (error) {
          // Somebody told it in the meantime, in other words.
          if (!(error instanceof FeedbackConflict)) throw error
          return [{ line, message: `id: ${error.message}` }]
        }
      },
      (some) => {
        done.push(...some.filter((one) => 'record' in one))
        problems.push(...some.filter((one) => 'message' in one))
      },
    )
  } finally {
    // What is written is told, also where the rest could not be.
    await tell(ports, done)
  }
  return problems.length > 0 ? { problems } : done.map(answerOf)
}
