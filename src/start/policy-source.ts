// Where the policy of the start comes from: the file of --policy, read again when it changes, the shipped one, or a tenant's own.
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Logger } from 'pino'
import type { BasePolicy, FileProblem } from '../acs/policies/desk.ts'
import { type LoadPolicy, readPolicy } from '../acs/policies/text.ts'
import { isShipped, loadPolicy, type Policy, shippedPolicies, shippedPolicy } from '../risk/policy.ts'
import { readText } from './files.ts'
import { modelsIn, shippedFolder } from './models.ts'
import { watchText } from './watched-file.ts'

export interface ShippedText {
  readonly policy: Policy
  readonly text: string
}

/** As one tenant sees it. */
export interface PolicyOrigin {
  readonly load: LoadPolicy
  base(): BasePolicy
  problem(): FileProblem | undefined
  /** Policies that Sekisho comes with, each read when it is first asked for. */
  readonly shipped: () => readonly ShippedText[]
  /** Called with another valid text; the returned function takes it back. */
  onChange(listener: (base: BasePolicy) => void): () => void
}

export interface PolicySource {
  readonly load: LoadPolicy
  /** `own`: the text of a tenant that has one. */
  origin(own?: string): PolicyOrigin
  close(): void
}

export interface PolicySourceOptions {
  /** Of --policy: a file, or the name of a policy that Sekisho comes with. Undefined: `default`. */
  readonly file: string | undefined
  /** Models lie beside the file, here, or beside the shipped policies. */
  readonly modelsFolder: string
  readonly log: Logger
  /** How often the file is looked at. */
  readonly everyMs?: number
}

/** Throws PolicyError where the first text is no policy. */
export function openPolicySource({ file: given, modelsFolder, log, everyMs = 500 }: PolicySourceOptions): PolicySource {
  const own = given ?? 'default'
  // A file of that name comes first: who has one means it.
  const named = isShipped(own) && (given === undefined || !existsSync(own)) ? own : undefined
  const file = named === undefined ? given : undefined
  const models = modelsIn([...(file === undefined ? [] : [path.dirname(file)]), modelsFolder, shippedFolder])
  const load: LoadPolicy = (text) => loadPolicy(text, models)
  const name = path.basename(file ?? `${named}.yaml`)
  const from = file === undefined ? 'shipped' : 'file'
  let text = readText(file ?? shippedPolicy(named ?? 'default'))
  load(text)
  let problem: FileProblem | undefined
  const listeners = new Set<(base: BasePolicy) => void>()
  const base = (): BasePolicy => ({ text, from, file: name })
  let read: readonly ShippedText[] | undefined
  const shipped = (): readonly ShippedText[] => {
    read ??= shippedPolicies.map((one) => {
      const own = readText(shippedPolicy(one))
      return { policy: load(own), text: own }
    })
    return read
  }

  const take = (next: string): void => {
    const { problems } = readPolicy(next, load)
    if (problems.length > 0) {
      problem = { file: name, at: Date.now(), problems }
      log.error(
        { file, problems: problems.map(({ line = '?', path: at, message }) => `line ${line}: ${at}: ${message}`) },
        'policy: the file is not valid, the one before goes on',
      )
      return
    }
    problem = undefined
    if (next === text) return
    text = next
    log.info({ file }, 'policy: read again')
    for (const listener of listeners) listener(base())
  }
  const unwatch = file === undefined ? undefined : watchText({ file, text, everyMs, onChange: take })

  return {
    load,
    origin: (own) =>
      own === undefined
        ? {
            load,
            base,
            problem: () => problem,
            shipped,
            onChange(listener) {
              listeners.add(listener)
              return () => void listeners.delete(listener)
            },
          }
        : {
            load,
            base: () => ({ text: own, from: 'tenant', file: 'tenant.json' }),
            problem: () => undefined,
            shipped,
            onChange: () => () => {},
          },
    close: () => unwatch?.(),
  }
}
