// The keys of the ACS: made once in the data folder, or derived from a seed. Spec: SEC-TLS-5, SEC-PCI-7.
import { createHmac, randomBytes } from 'node:crypto'
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { Keys } from './acs/secrets.ts'

const names = ['panHash', 'entity', 'otp', 'stepToken', 'authenticationValue'] as const

const key = z.base64().transform((text) => Buffer.from(text, 'base64'))
const fileSchema = z.object({ panHash: key, entity: key, otp: key, stepToken: key, authenticationValue: key })

const derive = (from: string, name: string): Buffer => createHmac('sha256', from).update(`sekisho:${name}`).digest()

export interface KeyOptions {
  /** Where the keys are kept; undefined: nowhere. */
  readonly file?: string | undefined
  readonly seed?: string | undefined
  /** A PAN hash key from the configuration, any text. */
  readonly panHashKey?: string | undefined
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

function keysIn(file: string): Keys | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  const result = fileSchema.safeParse(JSON.parse(text))
  if (!result.success) throw new Error(`${file} does not hold the keys of Sekisho`)
  return result.data
}

function made(options: KeyOptions): Keys {
  const { seed, file } = options
  const one = (name: string): Buffer => (seed === undefined ? randomBytes(32) : derive(seed, name))
  const [panHash, entity, otp, stepToken, authenticationValue] = names.map(one) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ]
  const keys: Keys = { panHash, entity, otp, stepToken, authenticationValue }
  if (file !== undefined) {
    const text = JSON.stringify(Object.fromEntries(names.map((name) => [name, keys[name].toString('base64')])))
    // Whole or not at all, and on the disk before anything is hashed with them; whoever comes second takes the first's.
    const draft = `${file}.${process.pid}`
    writeFileSync(draft, `${text}\n`, { mode: 0o600, flush: true })
    try {
      linkSync(draft, file)
      unlinkSync(draft)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
        unlinkSync(draft)
        return keysIn(file) ?? keys
      }
      renameSync(draft, file) // a file system without hard links
    }
  }
  return keys
}

export function loadKeys(options: KeyOptions): Keys {
  const keys = (options.file === undefined ? undefined : keysIn(options.file)) ?? made(options)
  return options.panHashKey === undefined ? keys : { ...keys, panHash: derive(options.panHashKey, 'panHash') }
}
