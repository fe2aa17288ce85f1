// What the commands share that speak to a running Sekisho: where it is, how answers are printed, how problems end.
import { type Command, InvalidArgumentError } from 'commander'
import { type Client, createClient, SekishoError } from '../client/client.ts'

export interface RemoteOptions {
  readonly url: string
  readonly tenant?: string
  readonly token?: string
  readonly json?: boolean
}

const usualUrl = 'http://localhost:9440'

/** The options that say which Sekisho, which tenant, and how it is printed. */
export const withRemote = (command: Command): Command =>
  command
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2)) // 1 says what was found
    .option('--url <url>', `address of the ACS port (default ${usualUrl}) [SEKISHO_URL]`)
    .option('--tenant <name>', 'the tenant that is meant (default: that of the bare paths) [SEKISHO_TENANT]')
    .option('--token <token>', 'admin token, or that of the tenant [SEKISHO_TOKEN, SEKISHO_ADMIN_TOKEN]')
    .option('--json', 'print JSON')

const filled = (value: string | undefined): string | undefined => (value === '' ? undefined : value)

export const tokenOf = ({ token }: { readonly token?: string | undefined }): string | undefined =>
  token ?? filled(process.env.SEKISHO_TOKEN) ?? filled(process.env.SEKISHO_ADMIN_TOKEN)

export function clientOf({ url, tenant, token }: Partial<RemoteOptions>): Client {
  const { env } = process
  const baseUrl = url ?? filled(env.SEKISHO_URL) ?? usualUrl
  if (!/^https?:$/.test(URL.canParse(baseUrl) ? new URL(baseUrl).protocol : ''))
    throw new SekishoError('--url', 0, '', `an address such as ${usualUrl} expected`)
  return createClient({
    baseUrl,
    tenant: tenant ?? filled(env.SEKISHO_TENANT),
    token: tokenOf({ token }),
  })
}

export const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2))

/** What was not found ends with 1, whatever hinders with 2, and both say so in one line. */
export async function orExit(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const isKnown = error instanceof SekishoError || (error instanceof Error && 'code' in error)
    if (!isKnown) throw error
    process.stderr.write(`sekisho: ${error.message.replace(/\s+/g, ' ').trim()}\n`)
    process.exitCode = error instanceof SekishoError && error.status === 404 ? 1 : 2
  }
}

/** As orExit, for commands whose 1 is an answer: whatever hinders ends with 2, also what is not there. */
export async function orTrouble(work: () => Promise<void>): Promise<void> {
  let isOver = false
  await orExit(async () => {
    await work()
    isOver = true
  })
  if (!isOver) process.exitCode = 2
}

/** A table with columns as wide as they need. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function count(text: string): number {
  if (!/^[0-9]+$/.test(text)) throw new InvalidArgumentError('a whole number expected.')
  return Number(text)
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidArgumentError('JSON expected.')
  }
}

export function textOf(file: string): Promise<string> {
  return file === '-' ? standardInput() : import('node:fs/promises').then(({ readFile }) => readFile(file, 'utf8'))
}

async function standardInput(): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
