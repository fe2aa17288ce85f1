/**
 * The export of a Sekisho's journal (docs/journal.md): an event for each transaction whose AReq is in the file. The card is the keyed hash
 * that the ACS knows it by. What the journal masks is not sent; labels are the truth.
 */
import { basename } from 'node:path'
import { z } from 'zod'
import { fileFormat, fileVersion } from '../../journal/file.ts'
import { eventColumns } from '../stream/schema.ts'
import { textOf } from './bytes.ts'
import { type Line, linesOf, notJson, objectIn, Places } from './json-lines.ts'
import type { BrokenRow, RawRow, Source } from './rows.ts'

const headerSchema = z.object({ format: z.literal(fileFormat), formatVersion: z.literal(fileVersion) })
const opinionSchema = z.object({ source: z.string(), verdict: z.string(), score: z.number().optional() })
const networkSchema = z.object({
  country: z.string().optional(),
  kind: z.string().optional(),
  lat: z.number().optional(),
  lon: z.number().optional(),
  radiusKm: z.number().optional(),
})
const transactionSchema = z.object({
  acsTransID: z.string(),
  at: z.number(),
  panHash: z.string(),
  panMask: z.string(),
  details: z
    .object({
      inputs: z
        .object({ opinions: z.array(opinionSchema).optional() })
        .optional()
        .catch(undefined),
      facts: z
        .object({
          device: z.string().optional(),
          keys: z.object({ device: z.string().optional() }).optional(),
          network: networkSchema.optional(),
        })
        .optional()
        .catch(undefined),
    })
    .optional(),
  label: z.object({ kind: z.enum(['fraud', 'confirmedGood']), at: z.number() }).optional(),
})
type Transaction = z.infer<typeof transactionSchema>

/** The first line of a file says whether it is an export. */
export const isJournal = (firstLine: string): boolean => headerSchema.safeParse(objectIn(firstLine)).success

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)
const whole = (value: unknown): unknown => (typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value)
type Members = Readonly<Record<string, unknown>>
const membersOf = (value: unknown): Members | undefined => {
  const one: unknown = Array.isArray(value) ? value[0] : value
  return typeof one === 'object' && one !== null ? (one as Members) : undefined
}
const phoneOf = (value: unknown): string | undefined => {
  const { cc, subscriber } = membersOf(value) ?? {}
  return typeof cc === 'string' && typeof subscriber === 'string' ? `${cc}-${subscriber}` : undefined
}

/** The columns of an AReq, of which the card is not one. Masked values are not there. */
export function cellsOfAReq(areq: Members): Members {
  const cells: Record<string, unknown> = {}
  const take = (members: Members | undefined): void => {
    for (const [name, value] of Object.entries(members ?? {})) {
      if (!Object.hasOwn(eventColumns, name) || value === '***') continue
      const one: unknown = Array.isArray(value) ? value[0] : value
      const kind = eventColumns[name as keyof typeof eventColumns]
      cells[name] = kind === 'number' ? whole(one) : one
    }
  }
  take(areq)
  for (const group of [
    'acctInfo',
    'merchantRiskIndicator',
    'threeDSRequestorAuthenticationInfo',
    'threeDSRequestorPriorAuthenticationInfo',
  ])
    take(membersOf(areq[group]))
  for (const name of ['mobilePhone', 'homePhone', 'workPhone']) cells[name] = phoneOf(areq[name])
  cells.merchant = areq.acquirerMerchantID ?? areq.merchantName
  for (const name of ['id', 'ts', 'card', 'bin']) delete cells[name]
  return cells
}

function cellsOf({ acsTransID, at, panHash, panMask, details, label }: Transaction, areq: Members): Members {
  const { facts, inputs } = details ?? {}
  const [first, second] = inputs?.opinions ?? []
  const { network } = facts ?? {}
  const bin = panMask.slice(0, 6)
  return {
    ...cellsOfAReq(areq),
    id: acsTransID,
    ts: seconds(at),
    card: panHash,
    ...(/^\d{6}$/.test(bin) && { bin }),
    // What the 3DS Method found is kept as a keyed hash, which tells devices apart as well.
    ...(facts?.device === 'id' && { deviceId: facts.keys?.device }),
    ...(network !== undefined && {
      ipCountry: network.country,
      ipType: network.kind,
      ipLat: network.lat,
      ipLon: network.lon,
      ipRadiusKm: network.radiusKm,
    }),
    ...(first !== undefined && {
      merchantSource: first.source,
      merchantVerdict: first.verdict,
      merchantScore: first.score,
    }),
    ...(second !== undefined && {
      merchantSource2: second.source,
      merchantVerdict2: second.verdict,
      merchantScore2: second.score,
    }),
    ...(label !== undefined && { isFraud: label.kind === 'fraud' ? 1 : 0, labelTs: seconds(label.at) }),
  }
}

const isAReqOfAcs = (object: Members): boolean =>
  object.kind === 'message' &&
  object.messageType === 'AReq' &&
  object.by === 'ACS' &&
  typeof object.acsTransID === 'string'

/**
 * Transactions stand before the messages in a file, and a file has at most 200,000 lines: they are held until their AReq comes.
 * @throws LabFileError: it cannot be opened
 */
export async function openJournal(path: string): Promise<Source> {
  const file = basename(path)
  const text = await textOf(path)
  const places = new Places()
  const transactions = new Map<string, Transaction & { readonly line: number }>()
  const rowOf = (line: Line): RawRow | BrokenRow | undefined => {
    if ('problem' in line) return line
    const object = objectIn(line.text)
    if (object === undefined) return { line: line.line, ...notJson }
    if (line.line === 1) return undefined
    if (object.kind === 'transaction') {
      const { data, error } = transactionSchema.safeParse(object)
      if (data === undefined) {
        const where = error?.issues[0]?.path.join('.') ?? ''
        return {
          line: line.line,
          problem: `a transaction without a ${where} that can be read`,
          reason: 'no transaction',
        }
      }
      transactions.set(data.acsTransID, { ...data, line: line.line })
      return undefined
    }
    if (!isAReqOfAcs(object)) return undefined
    const transaction = transactions.get(String(object.acsTransID))
    const areq = membersOf(object.message)
    if (transaction === undefined || areq === undefined)
      return { line: line.line, problem: 'an AReq whose transaction is not in the file', reason: 'no transaction' }
    transactions.delete(transaction.acsTransID)
    const cells = places.cellsOf(cellsOf(transaction, areq))
    return cells === undefined
      ? { line: line.line, problem: 'too many names', reason: 'too many names' }
      : { line: line.line, cells }
  }
  async function* rows(): AsyncGenerator<readonly (RawRow | BrokenRow)[]> {
    for await (const lines of linesOf(text.pieces)) yield lines.map(rowOf).filter((row) => row !== undefined)
    yield [...transactions.values()].map(({ line }) => ({
      line,
      problem: 'a transaction without its AReq',
      reason: 'no AReq',
    }))
  }
  return { file, unit: 'line', names: places.names, isOpen: true, progress: text.progress, rows: rows() }
}
