// A run of another Sekisho, or another tenant, taken in: all of it or nothing.
import type { NewTransaction } from '../../acs/ports.ts'
import { type Problem, type ReadFile, readFile } from '../../journal/file.ts'
import type { AdminPorts } from './ports.ts'

/** Carries the problems of lines out of the unit of work, which keeps nothing then. */
class NothingKept extends Error {
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super('the run cannot be kept')
    this.problems = problems
  }
}

export type Imported =
  | { readonly ok: true; readonly tenant: string; readonly transactions: number; readonly messages: number }
  | { readonly ok: false; readonly problems: readonly Problem[] }

export async function importRun(ports: AdminPorts, content: string): Promise<Imported> {
  const { store, tenant, observer } = ports
  const file: ReadFile = readFile(content, ports.keepsRaw === true)
  if (file.problems.length > 0) return { ok: false, problems: file.problems }
  try {
    await store.unit((unit) => {
      const rows = new Map<string, number>()
      const twins: Problem[] = []
      for (const { line, imported, label } of file.transactions) {
        const transaction: NewTransaction & typeof imported.transaction = { ...imported.transaction, tenant }
        const id = unit.importTransaction({ ...imported, transaction })
        if (id === undefined)
          twins.push({ line, path: 'acsTransID', message: 'a transaction with one of these ids is here already' })
        else {
          rows.set(transaction.acsTransID, id)
          if (label !== undefined) unit.saveLabel(id, label)
        }
      }
      if (twins.length > 0) throw new NothingKept(twins)
      for (const { entry, acsTransID } of file.entries) {
        const transactionId = acsTransID === undefined ? undefined : rows.get(acsTransID)
        unit.journal({ ...entry, tenant, ...(transactionId !== undefined && { transactionId }) })
      }
    })
  } catch (error) {
    if (error instanceof NothingKept) return { ok: false, problems: error.problems.slice(0, 50) }
    throw error
  }
  for (const { imported } of file.transactions.slice(-100)) {
    const [row] = await store.transactions({ tenant, acsTransID: imported.transaction.acsTransID, limit: 1 })
    if (row !== undefined) observer.challengeMoved({ transactionId: row.id }) // consoles that are open show it
  }
  return {
    ok: true,
    tenant: file.header?.tenant ?? '',
    transactions: file.transactions.length,
    messages: file.entries.length,
  }
}
