// What lies in files: settings by path, the data folder, and what can be wrong with them, in words for a person.
import { createHmac } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Issuer, loadIssuer } from '../acs/issuer.ts'
import type { Keys } from '../acs/secrets.ts'
import type { Config } from '../config.ts'
import { type OwnRange, readCardRanges } from '../emulators/card-ranges.ts'
import { loadKeys } from '../keys.ts'

/** Something about this machine that keeps Sekisho from starting; the message is one line for a person. */
export class StartError extends Error {}

export const readText = (file: string | URL): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new StartError(
      `${String(file)} cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'}).`,
    )
  }
}

export function readIssuer(file: string | URL): Issuer {
  const text = readText(file)
  try {
    return loadIssuer(text)
  } catch (error) {
    throw new StartError(`${String(file)} is not valid: ${error instanceof Error ? error.message : 'unknown reason'}`)
  }
}

/** The operator's card ranges; undefined: those of the issuer. */
export function readRanges(file: string | undefined): readonly OwnRange[] | undefined {
  if (file === undefined) return undefined
  const text = readText(file)
  try {
    return readCardRanges(text)
  } catch (error) {
    throw new StartError(`${file} is not valid: ${error instanceof Error ? error.message : 'unknown reason'}`)
  }
}

/** As mkdir -p. Node's own never ends where a folder cannot have folders, as under /proc. */
export function makeFolder(folder: string, mode = 0o777): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return
  try {
    mkdirSync(folder, { mode })
  } catch (error) {
    const parent = path.dirname(folder)
    if (codeOf(error) !== 'ENOENT' || existsSync(parent)) throw error
    makeFolder(parent)
    mkdirSync(folder, { mode })
  }
}

/** Where the CA and the certificates lie. */
export const tlsFolder = (config: Config): string => config.tlsDir ?? path.join(config.dataDir, 'tls')

/** A file for its owner's eyes only; one that is there is not overwritten. */
export function writeSecret(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new StartError(
      codeOf(error) === 'EEXIST'
        ? `${file} is there already; nothing was written.`
        : `${file} cannot be written (${codeOf(error)}).`,
    )
  }
}

/** The database file of a party, in a folder that exists; ':memory:' when nothing is kept. */
export function databaseFile(config: Config, name: string): string {
  if (config.ephemeral) return ':memory:'
  try {
    makeFolder(path.resolve(config.dataDir))
  } catch (error) {
    throw new StartError(
      `The data folder ${config.dataDir} cannot be made (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'}).`,
    )
  }
  return path.join(config.dataDir, name)
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** A database error at start in words. */
export function storeProblem(config: Config, error: unknown): unknown {
  const code = codeOf(error)
  if (code.startsWith('SQLITE_BUSY'))
    return new StartError(`The data folder ${config.dataDir} is in use by another Sekisho.`)
  if (
    code.startsWith('SQLITE_CANTOPEN') ||
    code.startsWith('SQLITE_READONLY') ||
    code === 'EACCES' ||
    code === 'EROFS' ||
    code === 'EPERM'
  ) {
    return new StartError(`The data folder ${config.dataDir} cannot be written (${code}).`)
  }
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT')
    return new StartError(`The database in ${config.dataDir} cannot be read (${code}).`)
  return error
}

export function keysOf(config: Config): Keys {
  try {
    return loadKeys({
      file: config.ephemeral ? undefined : path.join(config.dataDir, 'keys.json'),
      seed: config.seed,
      panHashKey: config.panHashKey,
    })
  } catch (error) {
    const problem = storeProblem(config, error)
    // The parser's own words would show what is in the file.
    throw problem instanceof StartError ? problem : new StartError(`The keys in ${config.dataDir} cannot be read.`)
  }
}

/** Of the screening service, where nobody has named one. */
export const screeningSecretOf = ({ entity }: Keys): string =>
  `whsec_${createHmac('sha256', entity).update('hook:screening').digest('base64')}`
