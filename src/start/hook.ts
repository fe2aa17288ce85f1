// The hook of a tenant, put together: who may speak (the file of --hook-sources, read again when it changes, or the shipped one), the
// doors, and the module of the operator.
import path from 'node:path'
import type { Logger } from 'pino'
import { createAhead } from '../acs/hook/ahead.ts'
import { openDoors } from '../acs/hook/doors.ts'
import { createRefusals } from '../acs/hook/refusals.ts'
import { type HookSources, moduleSource, readSources, SourcesError, sourcesOf } from '../acs/hook/sources.ts'
import { defaultTenant, type Store } from '../acs/ports.ts'
import type { Config } from '../config.ts'
import { createHookLimits } from '../http/hook-limits.ts'
import { createHookLink } from '../outbound/hook-link.ts'
import { type OpenModule, openHookModule } from '../outbound/hook-module.ts'
import { readText, StartError } from './files.ts'
import type { House } from './house.ts'
import { watchText } from './watched-file.ts'

const shippedFile = new URL('../../src/acs/data/hook-sources.yaml', import.meta.url)

/** What `${NAME}` in the file stands for besides the environment: of one tenant. */
export interface OwnVariables {
  readonly SEKISHO_SCREENING_KEY: string
  readonly SEKISHO_SCREENING_URL: string
}

export interface SourcesFile {
  /** For one tenant. */
  open(own: OwnVariables): { readonly sources: () => HookSources; close(): void }
  close(): void
}

const example: OwnVariables = {
  SEKISHO_SCREENING_KEY: `whsec_${Buffer.alloc(32).toString('base64')}`,
  SEKISHO_SCREENING_URL: 'http://localhost',
}

export interface SourcesFileOptions {
  /** Of --hook-sources; undefined: the file that Sekisho comes with. */
  readonly file: string | undefined
  /** There is a module that somebody has to speak for. */
  readonly hasModule: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Logger
  /** How often the file is looked at. */
  readonly everyMs?: number
}

/** Throws StartError where the file cannot be used. */
export function openSourcesFile({ file, hasModule, env, log, everyMs = 500 }: SourcesFileOptions): SourcesFile {
  const read = (text: string, own: OwnVariables): HookSources => {
    const found = readSources(text, { ...own, ...env })
    const isSpokenFor = found.list.some(({ doors }) => doors.includes('module'))
    return hasModule && !isSpokenFor ? sourcesOf([...found.list, moduleSource]) : found
  }
  let text = readText(file ?? shippedFile)
  try {
    read(text, example)
  } catch (error) {
    throw new StartError(
      `${file ?? 'the file of hook sources'} is not valid: ${error instanceof Error ? error.message : 'unknown reason'}`,
    )
  }
  const renew = new Set<() => void>()
  const take = (next: string): void => {
    try {
      read(next, example)
    } catch (error) {
      const found = error instanceof SourcesError ? error.problems : [{ path: '', message: 'not valid' }]
      const problems = found.map(
        ({ line = '?', column = '?', path: at, message }) => `line ${line}, column ${column}: ${at}: ${message}`,
      )
      log.error({ file, problems }, 'hook sources: the file is not valid, the one before goes on')
      return
    }
    text = next
    for (const one of renew) one()
    log.info({ file }, 'hook sources: read again')
  }
  const unwatch = file === undefined ? undefined : watchText({ file, text, everyMs, onChange: take })
  return {
    open(own) {
      let sources = read(text, own)
      const again = (): void => {
        sources = read(text, own)
      }
      renew.add(again)
      return { sources: () => sources, close: () => void renew.delete(again) }
    },
    close: () => unwatch?.(),
  }
}

/** How long a module may take to be there. */
const loadedWithinMs = 10_000

/** The module of the operator, for all tenants. Throws StartError where it cannot be used. */
export async function loadHookModule(
  { hookModule, hookModuleDeadline }: Pick<Config, 'hookModule' | 'hookModuleDeadline'>,
  log: Logger,
): Promise<OpenModule | undefined> {
  if (hookModule === undefined) return undefined
  const file = path.resolve(hookModule)
  readText(file)
  const module = openHookModule({
    file,
    deadline: hookModuleDeadline,
    onProblem: (problem) => log.warn({ problem }, 'hook: the module failed'),
  })
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it took too long to be loaded')), loadedWithinMs)
  })
  try {
    await Promise.race([module.ready(), limit])
    return module
  } catch (error) {
    await module.close()
    throw new StartError(`${hookModule} cannot be used: ${error instanceof Error ? error.message : 'unknown reason'}`)
  } finally {
    clearTimeout(timer)
  }
}

/** Where the screening service is, also one that is not there. */
const screeningUrlOf = ({ addresses }: House): string => addresses.screening?.api ?? `${addresses.shopUrl}/screening`

export function openHook(house: House, store: Store) {
  const { clock, observation, closers, sourcesFile, hookModule: module, screeningSecret, faults } = house
  const opened = sourcesFile.open({
    SEKISHO_SCREENING_KEY: screeningSecret,
    SEKISHO_SCREENING_URL: screeningUrlOf(house),
  })
  closers.push(() => opened.close())
  const link = createHookLink({ tls: house.links.optionsOf('acs'), faults })
  closers.push(() => link.close())
  const refusals = createRefusals()
  const limits = createHookLimits(house.config.hookRequestsPerMinute)
  closers.push(() => limits.close())
  const { sources } = opened
  const doors = openDoors({
    sources,
    hook: store.hook,
    refusals,
    clock,
    stopwatch: () => performance.now(),
    witness: observation.hook,
    link,
    module,
    tenantName: house.room.name,
    onFailure: (error) => observation.observer.failed({ what: 'hook', error }),
  })
  return {
    doors,
    signed: { sources, clock, witness: observation.hook, refusals, limits },
    tellAhead: createAhead({ store, clock }),
    tenant: defaultTenant,
  }
}
