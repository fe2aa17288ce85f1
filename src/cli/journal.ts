// sekisho journal: search it, take a run out as a file, and take one in.
import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { SekishoError } from '../client/client.ts'
import { entrySchema } from '../journal/entry.ts'
import { colouredLine, lineOf, plainLine } from '../journal/line.ts'
import { type MatchOptions, queryOf, withMatch } from './journal-options.ts'
import { clientOf, count, orTrouble, print, type RemoteOptions, textOf, tokenOf, withRemote } from './remote.ts'

interface SearchOptions extends RemoteOptions, MatchOptions {
  readonly limit?: number
}

interface ExportOptions extends RemoteOptions {
  readonly canonical?: boolean
  readonly transaction?: string
  readonly out?: string
}

/** The API with a body that is no JSON, or a query with a name several times. */
async function asked(what: string, path: string, options: RemoteOptions, body?: string): Promise<string> {
  const { url } = clientOf(options)
  const token = tokenOf(options)
  let response: Response
  try {
    response = await fetch(`${url}${path}`, {
      ...(body !== undefined && { method: 'POST', body }),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/x-ndjson' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    })
  } catch (error) {
    throw new SekishoError(what, 0, '', `no answer from ${url}`, { cause: error })
  }
  const text = await response.text()
  if (response.ok) return text
  let problem = text.slice(0, 300)
  try {
    const said: unknown = JSON.parse(text)
    if (typeof said === 'object' && said !== null && 'error' in said) problem = String(said.error)
    if (typeof said === 'object' && said !== null && 'problems' in said && Array.isArray(said.problems))
      for (const one of said.problems as readonly { line: number; path: string; message: string }[])
        process.stderr.write(
          `line ${one.line}: ${[one.path, one.message].filter((words) => words !== '').join(': ')}\n`,
        )
  } catch {
    // no JSON: as it is
  }
  throw new SekishoError(what, response.status, '', problem)
}

async function search({ limit, ...options }: SearchOptions): Promise<void> {
  const query = queryOf(options, { limit: limit === undefined ? undefined : String(limit) })
  const answer: unknown = JSON.parse(await asked('journal', `/journal?${query.toString()}`, options))
  const { entries } = answer as { readonly entries: readonly unknown[] }
  const paint = process.stdout.isTTY === true && process.env.NO_COLOR === undefined ? colouredLine : plainLine
  for (const entry of entries.toReversed().map((one) => entrySchema.parse(one)))
    print(options.json === true ? JSON.stringify(entry) : lineOf(entry, paint))
  process.exitCode = entries.length === 0 ? 1 : 0
}

async function take({ canonical, transaction, out, ...options }: ExportOptions): Promise<void> {
  const query = new URLSearchParams({
    form: canonical === true ? 'canonical' : 'file',
    ...(transaction !== undefined && { acsTransID: transaction }),
  })
  const text = await asked('journal export', `/journal/export?${query.toString()}`, options)
  if (out === undefined) process.stdout.write(text)
  else writeFileSync(out, text)
}

async function bring(file: string, options: RemoteOptions): Promise<void> {
  const text = await asked('journal import', '/journal/import', options, await textOf(file))
  if (options.json === true) {
    print(text)
    return
  }
  const { tenant, transactions, messages } = JSON.parse(text) as Record<string, unknown>
  print(`Taken in from ${String(tenant)}: ${String(transactions)} transactions, ${String(messages)} messages.`)
}

export function addJournal(program: Command): void {
  const journal = program.command('journal').description('what was said: search it, take a run out, take one in')
  withMatch(withRemote(journal.command('search')))
    .description('messages, the newest last; 1 when there is none')
    .option('--limit <count>', 'the newest so many (default 50)', count)
    .action((options: SearchOptions) => orTrouble(() => search(options)))
  withRemote(journal.command('export'))
    .description('a run as one file, for another Sekisho or to be compared')
    .option('--canonical', 'only what is the same for equal seeds')
    .option('--transaction <acsTransID>', 'this transaction only')
    .option('--out <file>', 'write it there (default: print it)')
    .action((options: ExportOptions) => orTrouble(() => take(options)))
  withRemote(journal.command('import'))
    .description('take in a run that was exported; all of it or nothing')
    .argument('<file>', 'the file, - for standard input')
    .action((file: string, options: RemoteOptions) => orTrouble(() => bring(file, options)))
}
