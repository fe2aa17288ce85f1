// Where the scenario tables of the tenants come from: the file of --issuer, read again when it changes, and what a tenant has put
// in its place.
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Logger } from 'pino'
import { type Issuer, IssuerError, type LiveIssuer, liveIssuer, loadIssuer } from '../acs/issuer.ts'
import type { Problem } from '../acs/yaml-problems.ts'
import { maskDigitRuns } from '../protocol/mask.ts'
import { readText, StartError } from './files.ts'
import { watchText } from './watched-file.ts'

/** In the folder of a tenant. */
export const ownTableFile = 'scenarios.yaml'

const shippedFile = new URL('../../src/acs/data/issuer.yaml', import.meta.url)

export interface IssuerSource {
  /** For one tenant. `folder`: where its own table is kept; `kept`: one that is taken over from before. */
  open(options: { readonly folder?: string | undefined; readonly kept?: string | undefined }): {
    readonly issuer: LiveIssuer
    close(): void
  }
  close(): void
}

export interface IssuerSourceOptions {
  /** Of --issuer; undefined: the table that Sekisho comes with. */
  readonly file: string | undefined
  readonly log: Logger
  /** How often the file is looked at. */
  readonly everyMs?: number
}

/** Names and values of a table may be repeated, card numbers not (SEC-LOG-3). */
const wordsOf = (error: unknown): string => (error instanceof Error ? maskDigitRuns(error.message) : 'unknown reason')

/** Whole or not at all. */
function keepIn(folder: string, text: string | undefined): void {
  const file = path.join(folder, ownTableFile)
  if (text === undefined) {
    rmSync(file, { force: true })
    return
  }
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text, { mode: 0o600, flush: true })
  renameSync(draft, file)
}

/** Throws StartError where the file is no issuer's data. */
export function openIssuerSource({ file, log, everyMs = 500 }: IssuerSourceOptions): IssuerSource {
  const shipped = readText(shippedFile)
  let text = file === undefined ? shipped : readText(file)
  const open = new Set<LiveIssuer>()
  // Tenants share what they have in common, which nobody changes: the table from the start, as it was read last.
  let last: { readonly text: string; readonly data: Issuer } | undefined
  const read = (wanted: string): Issuer => {
    if (wanted !== text) return loadIssuer(wanted, shipped)
    if (last?.text !== wanted) last = { text: wanted, data: loadIssuer(wanted, shipped) }
    return last.data
  }
  const start = (kept: string | undefined, keep?: (text: string | undefined) => void): LiveIssuer => {
    try {
      return liveIssuer({ shipped, usual: text, kept, keep, read })
    } catch (error) {
      throw new StartError(`${file ?? 'the scenario table'} is not valid: ${wordsOf(error)}`)
    }
  }
  start(undefined)

  const take = (next: string): void => {
    try {
      loadIssuer(next, shipped)
      text = next
      for (const issuer of open) issuer.renew(next)
      log.info({ file }, 'scenario table: read again')
    } catch (error) {
      // Nobody is there to hear of another error, and nothing to be done but to go on.
      const found: readonly Problem[] =
        error instanceof IssuerError ? error.problems : [{ path: '', message: wordsOf(error) }]
      const problems = found.map(({ line = '?', column = '?', path: at, message }) =>
        maskDigitRuns(`line ${line}, column ${column}: ${at}: ${message}`),
      )
      log.error({ file, problems }, 'scenario table: the file is not valid, the one before goes on')
    }
  }
  const unwatch = file === undefined ? undefined : watchText({ file, text, everyMs, onChange: take })

  return {
    open({ folder, kept }) {
      const own = folder === undefined ? undefined : path.join(folder, ownTableFile)
      const keep = folder === undefined ? undefined : (changed: string | undefined) => keepIn(folder, changed)
      let before = kept ?? (own !== undefined && existsSync(own) ? readText(own) : undefined)
      let issuer: LiveIssuer
      try {
        issuer = liveIssuer({ shipped, usual: text, kept: before, keep, read })
      } catch (error) {
        // The file may have become faulty, or the table was kept by another release: what counts is that there is one.
        log.error({ problem: wordsOf(error), own }, 'scenario table: not valid, the one from the start is taken')
        before = undefined
        issuer = usable(
          () => start(undefined, keep),
          () => liveIssuer({ shipped, keep, read }),
        )
      }
      if (kept !== undefined && before !== undefined) keep?.(kept)
      if (before !== undefined) log.info({ own }, 'scenario table: the one that was put in place over the API')
      open.add(issuer)
      return { issuer, close: () => void open.delete(issuer) }
    },
    close: () => unwatch?.(),
  }
}

function usable(first: () => LiveIssuer, other: () => LiveIssuer): LiveIssuer {
  try {
    return first()
  } catch {
    return other()
  }
}
