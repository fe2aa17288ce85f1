// sekisho diff: two runs, message by message. 0 equal, 1 different, 2 trouble.
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { SekishoError } from '../client/client.ts'
import { diffRuns, NotCanonical, type Run } from '../journal/diff.ts'
import { coloured, diffText, plain } from '../journal/diff-text.ts'
import { readRun } from '../journal/file.ts'
import { clientOf, orTrouble, printJson, type RemoteOptions, textOf, withRemote } from './remote.ts'

interface Options extends Omit<RemoteOptions, 'tenant'> {
  readonly ignore?: string
  readonly strictIds?: boolean
  readonly times?: boolean
}

const isTenant = (name: string): boolean => /^[a-z0-9][a-z0-9-]{0,39}$/.test(name)

/** A tenant is made on first use, and one with a slip in its name would be an empty run. Who may not list them is not helped. */
async function checkTenant(name: string, options: Options): Promise<void> {
  const listed = await clientOf(options)
    .api.listTenants()
    .catch((error: unknown) => {
      if (error instanceof SekishoError && error.status >= 400) return undefined
      throw error
    })
  if (listed !== undefined && !listed.tenants.some((one) => one.name === name))
    throw new SekishoError('diff', 0, name, 'neither a file nor a tenant')
}

/** A file, or the name of a tenant of the running Sekisho. */
async function runOf(name: string, options: Options): Promise<Run> {
  const isFile = name === '-' || existsSync(name)
  if (!isFile && !isTenant(name)) throw new SekishoError('diff', 0, name, 'neither a file nor a tenant')
  if (!isFile) await checkTenant(name, options)
  const text = isFile
    ? await textOf(name)
    : await clientOf({ ...options, tenant: name }).api.exportJournal({ query: { form: 'canonical' } })
  try {
    return readRun(text)
  } catch (error) {
    if (error instanceof NotCanonical) throw new SekishoError('diff', 0, name, `line ${error.line}: ${error.message}`)
    throw error
  }
}

async function run(a: string, b: string, options: Options): Promise<void> {
  const { ignore = '', strictIds, times } = options
  const runs = [await runOf(a, options), await runOf(b, options)] as const
  const diff = diffRuns(...runs, {
    ignore: ignore.split(',').filter((name) => name !== ''),
    strictIds,
    times,
  })
  const paint = process.stdout.isTTY === true && process.env.NO_COLOR === undefined ? coloured : plain
  if (options.json === true) printJson(diff)
  else process.stdout.write(diffText(diff, paint))
  process.exitCode = diff.isEqual ? 0 : 1
}

export function addDiff(program: Command): void {
  withRemote(program.command('diff'))
    .description('compare two runs: exports (files, - for standard input) or tenants of a running Sekisho')
    .argument('<a>', 'a file, or the name of a tenant')
    .argument('<b>', 'a file, or the name of a tenant')
    .option('--ignore <names>', 'elements that are not compared, comma separated')
    .option('--strict-ids', 'ids have to be the same, not only to stand for the same')
    .option('--times', 'compare times, also where clocks were running')
    .addHelpText('after', '\nExit code: 0 equal, 1 different, 2 something could not be read.')
    .action((a: string, b: string, options: Options) => orTrouble(() => run(a, b, options)))
}
