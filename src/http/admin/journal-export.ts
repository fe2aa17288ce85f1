// A run out of this tenant, as a file that another one can take in, or in the canonical form that is compared.
import type { Response } from 'express'
import type { Transaction } from '../../acs/ports.ts'
import { type CanonicalRun, canonicalLines } from '../../journal/canonical.ts'
import type { Entry } from '../../journal/entry.ts'
import { type FileHeader, fileFormat, fileVersion, lineOfEntry, lineOfTransaction } from '../../journal/file.ts'
import { allEntries } from './journal-source.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest } from './request.ts'

/** Messages of one export. */
const mostEntries = 200_000
const pageSize = 500

export interface ExportFilter {
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly acsTransID?: string | undefined
}

interface Collected {
  /** In the order in which they began. */
  readonly transactions: readonly Transaction[]
  readonly entries: readonly Entry[]
}

async function allTransactions({ store, tenant }: AdminPorts): Promise<Transaction[]> {
  const found: Transaction[] = []
  for (let before: number | undefined; ; ) {
    const page = await store.transactions({ tenant, limit: pageSize, before })
    found.push(...page)
    before = page.at(-1)?.id
    if (page.length < pageSize) return found.reverse()
  }
}

async function collect(ports: AdminPorts, filter: ExportFilter): Promise<Collected> {
  const { from = 0, to = Number.MAX_SAFE_INTEGER, acsTransID } = filter
  const [all, entries] = await Promise.all([allTransactions(ports), allEntries(ports, mostEntries)])
  if (entries === undefined)
    throw new BadRequest(413, 'from', `more than ${mostEntries} messages; export a part of them, with from and to`)
  const isWanted = (one: Transaction): boolean =>
    one.at >= from && one.at <= to && (acsTransID === undefined || one.acsTransID === acsTransID)
  const transactions = all.filter(isWanted)
  if (acsTransID !== undefined && transactions.length === 0)
    throw new BadRequest(404, 'acsTransID', 'no such transaction')
  const wanted = new Set(transactions.map(({ threeDSServerTransID }) => threeDSServerTransID.toLowerCase()))
  const known = new Set(all.map(({ threeDSServerTransID }) => threeDSServerTransID.toLowerCase()))
  // A message goes with its transaction; one without any, by its time.
  const isPart = ({ threeDSServerTransID = '', at }: Entry): boolean =>
    known.has(threeDSServerTransID)
      ? wanted.has(threeDSServerTransID)
      : acsTransID === undefined && at >= from && at <= to
  return { transactions, entries: entries.filter(isPart) }
}

export async function canonicalRun(ports: AdminPorts, filter: ExportFilter = {}): Promise<CanonicalRun> {
  await ports.idle() // what is on its way belongs to the run
  const { transactions, entries } = await collect(ports, filter)
  return { transactions, entries, places: ports.places, isFrozen: ports.clock.state().mode === 'frozen' }
}

async function* fileLines(ports: AdminPorts, filter: ExportFilter): AsyncGenerator<string> {
  await ports.idle()
  const { transactions, entries } = await collect(ports, filter)
  const { name, seed } = ports.room.settings()
  const { mode, now } = ports.clock.state()
  const header: FileHeader = {
    format: fileFormat,
    formatVersion: fileVersion,
    version: ports.about.version,
    tenant: name,
    ...(seed !== undefined && { seed }),
    clock: { mode, now: new Date(now).toISOString() },
    places: ports.places,
  }
  yield JSON.stringify(header)
  const known = new Set(transactions.map(({ acsTransID }) => acsTransID.toLowerCase()))
  for (const transaction of transactions) {
    const row = await ports.store.challengeRow(ports.tenant, transaction.acsTransID)
    yield JSON.stringify(lineOfTransaction(transaction, row?.challenge))
  }
  for (const entry of entries) yield JSON.stringify(lineOfEntry(entry, (id) => known.has(id)))
}

/** Written as it is made; who reads slowly is waited for. */
async function write(res: Response, name: string, lines: AsyncGenerator<string> | Generator<string>): Promise<void> {
  // The first line before the head of the answer: until then a problem has a status of its own.
  const first = await lines.next()
  res.set({ 'Content-Type': 'application/x-ndjson', 'Content-Disposition': `attachment; filename="${name}"` })
  let chunk = first.done === true ? '' : `${first.value}\n`
  const flush = async (): Promise<void> => {
    const isRoom = res.write(chunk)
    chunk = ''
    if (!isRoom && !res.destroyed) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          res.off('drain', done).off('close', done)
          resolve()
        }
        res.on('drain', done).on('close', done)
      })
    }
  }
  for await (const line of lines) {
    chunk += `${line}\n`
    if (chunk.length > 65_536) await flush()
    if (res.destroyed) return
  }
  res.end(chunk)
}

export async function sendExport(
  ports: AdminPorts,
  res: Response,
  { form, ...filter }: ExportFilter & { readonly form: 'file' | 'canonical' },
): Promise<void> {
  const name = `${ports.room.settings().name}${form === 'canonical' ? '.canonical' : ''}.ndjson`
  await write(
    res,
    name,
    form === 'canonical' ? canonicalLines(await canonicalRun(ports, filter)) : fileLines(ports, filter),
  )
}
