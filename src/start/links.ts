// How the links of a running Sekisho are secured: certificates for its ports, and what its own calls believe and show.
import { X509Certificate } from 'node:crypto'
import path from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../acs/ports.ts'
import type { Config } from '../config.ts'
import type { Fetch } from '../emulators/ports.ts'
import { CaProblem, type Certificates, keepCertificates, type Role, roles } from '../tls/keep.ts'
import { clientCheck, clientOptions, serverOptions } from '../tls/links.ts'
import type { Pair } from '../tls/make.ts'
import type { Security } from '../web/server.ts'
import type { Addresses } from './addresses.ts'
import { makeFolder, readText, StartError, tlsFolder } from './files.ts'

export interface Links {
  /** Undefined: the links are not encrypted. */
  readonly tls:
    | {
        readonly browsers: Security
        readonly servers: Security
        /** The CA, PEM. */
        readonly ca: string
        /** Where it lies, when anything is kept. */
        readonly caFile: string | undefined
        readonly isClient: ReturnType<typeof clientCheck>
      }
    | undefined
  /** Calls of a party: with the CAs it believes and the certificate it shows. */
  fetchOf(role: Role): Fetch
  optionsOf(role: Role): ReturnType<typeof clientOptions> | undefined
}

/** A PEM file of the operator, looked at before anything starts. */
function certificateIn(file: string): string {
  const text = readText(file)
  try {
    new X509Certificate(text)
    return text
  } catch {
    throw new StartError(`${file} does not hold a certificate (PEM).`)
  }
}

function pairIn(certificateFile: string | undefined, keyFile: string | undefined): Pair | undefined {
  if (certificateFile === undefined || keyFile === undefined) return undefined
  const pair = { certificate: certificateIn(certificateFile), key: readText(keyFile) }
  try {
    serverOptions({ made: [pair], own: pair, addresses: [] })
    return pair
  } catch {
    throw new StartError(`${keyFile} is not the private key (PEM, without a passphrase) of ${certificateFile}.`)
  }
}

async function certificatesOf(config: Config, addresses: Addresses, clock: Clock): Promise<Certificates> {
  const folder = config.ephemeral && config.tlsDir === undefined ? undefined : tlsFolder(config)
  try {
    if (folder !== undefined) makeFolder(path.resolve(folder), 0o700)
    return await keepCertificates({ folder, names: addresses.names, now: clock.now() })
  } catch (error) {
    if (error instanceof CaProblem) throw new StartError(error.message)
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code.startsWith('E') && folder !== undefined)
      throw new StartError(`The certificates in ${folder} cannot be kept (${code}).`)
    throw error
  }
}

const isIpAddress = (name: string): boolean => /^[0-9.]+$|:/.test(name)

export async function openLinks(
  config: Config,
  addresses: Addresses,
  { clock, log, closers }: { clock: Clock; log: Logger; closers: (() => Promise<void> | void)[] },
): Promise<Links> {
  const own = pairIn(config.tlsCert, config.tlsKey)
  const ownClient = pairIn(config.tlsClientCert, config.tlsClientKey)
  const otherCa = config.tlsCa === undefined ? [] : [certificateIn(config.tlsCa)]
  for (const [file, pair] of [
    [config.tlsCert, own],
    [config.tlsClientCert, ownClient],
  ] as const) {
    const validTo = pair === undefined ? undefined : new X509Certificate(pair.certificate).validTo
    if (validTo !== undefined && Date.parse(validTo) <= clock.now())
      log.warn({ file, validTo }, 'TLS: this certificate has expired; other parties will refuse it')
  }
  const kept = config.tls ? await certificatesOf(config, addresses, clock) : undefined
  if (kept !== undefined && kept.made.length > 0 && kept.caFile !== undefined)
    log.info({ folder: tlsFolder(config), made: kept.made }, 'TLS: certificates made')

  const isSpecial = kept !== undefined || otherCa.length > 0 || ownClient !== undefined
  const optionsOf = (role: Role): ReturnType<typeof clientOptions> | undefined =>
    isSpecial
      ? clientOptions({
          ca: [...(kept === undefined ? [] : [kept.ca.certificate]), ...otherCa, ...(own ? [own.certificate] : [])],
          client: ownClient ?? kept?.clients[role],
        })
      : undefined
  const fetches = new Map<Role, Fetch>()
  for (const role of isSpecial ? roles : []) {
    const connect = optionsOf(role)
    if (connect === undefined) continue
    const { Agent, fetch: fetchByUndici } = await import('undici')
    const dispatcher = new Agent({ connect })
    closers.push(() => dispatcher.destroy())
    // The same at run time as the global one, with types of its own.
    const call = fetchByUndici as (input: string, init: object) => Promise<unknown>
    fetches.set(role, ((input: string, init?: object) => call(input, { ...init, dispatcher })) as Fetch)
  }
  const fetchOf = (role: Role): Fetch => fetches.get(role) ?? fetch
  if (kept === undefined) return { tls: undefined, fetchOf, optionsOf }

  const serving = {
    made: kept.servers,
    own,
    addresses: [addresses.publicUrl, addresses.shopUrl]
      .map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''))
      .filter(isIpAddress),
  }
  const clientCa = [kept.ca.certificate, ...otherCa]
  return {
    tls: {
      browsers: { tls: serverOptions(serving) },
      servers: {
        tls: serverOptions({ ...serving, clientCa }),
        onRefused: (error) =>
          log.warn(
            { reason: 'code' in error ? error.code : error.message },
            'mTLS: a connection was refused; a client certificate of our CA or of --tls-ca is needed',
          ),
      },
      ca: kept.ca.certificate,
      caFile: kept.caFile,
      isClient: clientCheck({ ca: kept.ca.certificate, names: config.mtlsClients }),
    },
    fetchOf,
    optionsOf,
  }
}
