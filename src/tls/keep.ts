// The CA and certificates in their folder: each file whole or not there, each certificate made anew when it no longer fits.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import path from 'node:path'
import type { Pair, Wanted } from './make.ts'

export const roles = ['acs', 'ds', '3ds-server'] as const
/** Which party a client certificate speaks for. */
export type Role = (typeof roles)[number]

export const clientNames: Readonly<Record<Role, string>> = {
  acs: 'Sekisho ACS',
  ds: 'Sekisho DS',
  '3ds-server': 'Sekisho 3DS Server',
}

export interface Certificates {
  readonly ca: Pair
  /** Where `ca.pem` lies; undefined when nothing is kept. */
  readonly caFile: string | undefined
  readonly servers: readonly Pair[]
  readonly clients: Readonly<Record<Role, Pair>>
  /** What was made just now, for the log. */
  readonly made: readonly string[]
}

/** The folder holds a CA that cannot be used; it is not replaced unasked, since people may have come to trust it. */
export class CaProblem extends Error {}

const renewWithinMs = 30 * 86_400_000

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

let drafts = 0

/** Whole or not at all. With `isFirst` a file that is there already stays, and false is returned. */
function writeWhole(file: string, text: string, mode: number, isFirst = false): boolean {
  drafts += 1
  const draft = `${file}.${process.pid}.${drafts}`
  writeFileSync(draft, text, { mode, flush: true })
  if (!isFirst) {
    renameSync(draft, file)
    return true
  }
  try {
    linkSync(draft, file)
    unlinkSync(draft)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      unlinkSync(draft)
      return false
    }
    renameSync(draft, file) // a file system without hard links
    return true
  }
}

const both = ({ certificate, key }: Pair): string => `${certificate}${key}`

/** A file that holds a certificate and its key; undefined if it does not. */
function pairIn(text: string): Pair | undefined {
  const [certificate] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(text) ?? []
  const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n?/.exec(text) ?? []
  if (certificate === undefined || key === undefined) return undefined
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)) ? { certificate, key } : undefined
  } catch {
    return undefined
  }
}

const endOf = (certificate: X509Certificate): number => Date.parse(certificate.validTo)
const isFresh = (certificate: X509Certificate, now: number): boolean =>
  Date.parse(certificate.validFrom) <= now && endOf(certificate) - now > renewWithinMs

export const isBy = (certificate: X509Certificate, ca: X509Certificate): boolean =>
  certificate.checkIssued(ca) && certificate.verify(ca.publicKey)

export const covers = (certificate: X509Certificate, name: string): boolean =>
  (isIP(name) === 0 ? certificate.checkHost(name, { subject: 'never' }) : certificate.checkIP(name)) !== undefined

/** Names of a made server certificate, to be carried over into the next one. */
const namesOf = (certificate: X509Certificate): readonly string[] =>
  (certificate.subjectAltName ?? '').split(', ').flatMap((entry) => {
    const [, kind, name] = /^(DNS|IP Address):(.+)$/.exec(entry) ?? []
    return kind === undefined || name === undefined ? [] : [name]
  })

const isKeyOf = (certificate: X509Certificate, wanted: Wanted): boolean =>
  certificate.publicKey.asymmetricKeyType === (wanted.for === 'server' ? wanted.keyType : 'ec')

export interface Keeping {
  /** Undefined: nothing is kept. */
  readonly folder: string | undefined
  /** Host names and addresses of the server certificates. */
  readonly names: readonly string[]
  readonly now: number
}

async function openCa({ folder, now }: Pick<Keeping, 'folder' | 'now'>, made: string[]): Promise<Pair> {
  const newCa = async (): Promise<Pair> => (await import('./make.ts')).makeCa(now)
  if (folder === undefined) return newCa()
  const file = path.join(folder, 'ca-key.pem')
  const inFile = (): Pair | undefined => {
    const text = readIfThere(file)
    if (text === undefined) return undefined
    const pair = pairIn(text)
    if (pair === undefined) throw new CaProblem(`${file} does not hold a CA and its key; remove it to have one made.`)
    return pair
  }
  const kept = inFile()
  if (kept !== undefined && isFresh(new X509Certificate(kept.certificate), now)) return kept
  const ca = await newCa()
  const isOurs = writeWhole(file, both(ca), 0o600, kept === undefined)
  if (isOurs) made.push('ca.pem')
  return isOurs ? ca : (inFile() ?? ca) // another process was first
}

/** The CA alone, for those who are to trust it. */
function exportCa(folder: string, ca: Pair): string {
  const file = path.join(folder, 'ca.pem')
  if (readIfThere(file) !== ca.certificate) writeWhole(file, ca.certificate, 0o644)
  return file
}

/** The CA and where it is exported to; made if there is none. */
export async function keepCa(keeping: { readonly folder: string; readonly now: number }): Promise<{
  readonly ca: Pair
  readonly file: string
}> {
  const ca = await openCa(keeping, [])
  return { ca, file: exportCa(keeping.folder, ca) }
}

/** Opens the folder, which exists, and makes what is missing, due, or for other names. */
export async function keepCertificates(keeping: Keeping): Promise<Certificates> {
  const { folder, names, now } = keeping
  const made: string[] = []
  const ca = await openCa(keeping, made)
  const authority = new X509Certificate(ca.certificate)
  const caFile = folder === undefined ? undefined : exportCa(folder, ca)

  const one = async (name: string, wanted: Wanted): Promise<Pair> => {
    const file = folder === undefined ? undefined : path.join(folder, `${name}.pem`)
    const text = file === undefined ? undefined : readIfThere(file)
    const kept = text === undefined ? undefined : pairIn(text)
    const certificate = kept === undefined ? undefined : new X509Certificate(kept.certificate)
    const isOurs = certificate !== undefined && isBy(certificate, authority) && isKeyOf(certificate, wanted)
    const isGood =
      isOurs &&
      isFresh(certificate, now) &&
      (wanted.for === 'client' ||
        wanted.names.every((host) => covers(certificate, host) || namesOf(certificate).includes(host)))
    if (kept !== undefined && isGood) return kept
    // Two Sekishos with other names may share a folder: names of the one before are kept.
    const all =
      wanted.for === 'server' && isOurs
        ? { ...wanted, names: [...new Set([...wanted.names, ...namesOf(certificate)])] }
        : wanted
    const { makeCertificate } = await import('./make.ts')
    const pair = await makeCertificate(ca, all, now)
    if (file !== undefined) writeWhole(file, both(pair), 0o600)
    made.push(`${name}.pem`)
    return pair
  }
  const client = (role: Role): Promise<Pair> => one(`client-${role}`, { for: 'client', name: clientNames[role], role })
  return {
    ca,
    caFile,
    servers: [
      await one('server-ec', { for: 'server', keyType: 'ec', names }),
      await one('server-rsa', { for: 'server', keyType: 'rsa', names }), // SEC-TLS-1: suites of both kinds
    ],
    clients: { acs: await client('acs'), ds: await client('ds'), '3ds-server': await client('3ds-server') },
    made,
  }
}

/** A client certificate for a party that does not run here, signed by the CA of the folder. */
export async function issueClient(
  folder: string,
  { name, role, now }: { readonly name: string; readonly role: Role; readonly now: number },
): Promise<Pair> {
  const { ca } = await keepCa({ folder, now })
  const { makeCertificate } = await import('./make.ts')
  return makeCertificate(ca, { for: 'client', name, role }, now)
}
