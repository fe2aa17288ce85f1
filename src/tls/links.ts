// How links are secured: what servers offer, whom they let in, and whom outgoing calls believe.
// Spec: section 6.1, Annex D; SEC-TLS-1, 3, 5, 7.
import { constants, X509Certificate } from 'node:crypto'
import type { ServerOptions } from 'node:https'
import { isIP } from 'node:net'
import { createSecureContext, type PeerCertificate, rootCertificates, type SecureContextOptions } from 'node:tls'
import { covers, isBy, type Role } from './keep.ts'
import type { Pair } from './make.ts'

/** SEC-TLS-1: ECDHE with AES-GCM; those of TLS 1.3 are the first two. */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
].join(':')

const careful = {
  minVersion: 'TLSv1.2',
  ciphers,
  ecdhCurve: 'X25519:P-256:P-384',
  honorCipherOrder: true,
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
} as const satisfies SecureContextOptions

const contextOf = (pairs: readonly Pair[], ca: readonly string[] = []): SecureContextOptions => ({
  ...careful,
  cert: pairs.map(({ certificate }) => certificate),
  key: pairs.map(({ key }) => key),
  ...(ca.length > 0 && { ca: [...ca] }),
})

export interface Serving {
  /** Made certificates of several key types. */
  readonly made: readonly Pair[]
  /** The operator's own certificate: shown to those who ask for a name it has. */
  readonly own?: Pair | undefined
  /** Addresses that browsers use without a name; the own certificate must have them to be the first choice. */
  readonly addresses: readonly string[]
  /** CAs whose clients are asked for; undefined: no client certificate is asked for (a browser would prompt). */
  readonly clientCa?: readonly string[]
}

/** Options of an https server. A client without a certificate of `clientCa` is turned away in the handshake (SEC-TLS-2). */
export function serverOptions({ made, own, addresses, clientCa }: Serving): ServerOptions {
  const asking = clientCa === undefined ? {} : { requestCert: true, rejectUnauthorized: true }
  const ofMade = contextOf(made, clientCa)
  if (own === undefined) return { ...ofMade, ...asking }
  const ofOwn = contextOf([own], clientCa)
  const certificate = new X509Certificate(own.certificate)
  const contexts = { made: createSecureContext(ofMade), own: createSecureContext(ofOwn) }
  // Who comes by an address names no host.
  const isFirst = addresses.every((address) => covers(certificate, address))
  return {
    ...(isFirst ? ofOwn : ofMade),
    ...asking,
    SNICallback: (name, done) => {
      const isOwn = isIP(name) === 0 && certificate.checkHost(name) !== undefined
      done(null, isOwn ? contexts.own : contexts.made)
    },
  }
}

export interface Trusting {
  /** CAs besides those Node.js brings along. */
  readonly ca: readonly string[]
  /** Shown to servers that ask for one. */
  readonly client?: Pair | undefined
}

/** Options of outgoing calls. Host names are always checked (SEC-TLS-7). */
export const clientOptions = ({ ca, client }: Trusting) => ({
  minVersion: careful.minVersion,
  ca: [...rootCertificates, ...ca],
  allowPartialTrustChain: true, // a certificate named by the operator is good without the CA above it
  ...(client !== undefined && { cert: client.certificate, key: client.key }),
})

export interface ClientRules {
  /** Our own CA: the certificates it made say which party they are for. */
  readonly ca: string
  /** Names of certificates by other CAs that may come in. */
  readonly names: readonly string[]
}

const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((entry): entry is string => typeof entry === 'string')

/** Says whether a client whose chain is good is one that is configured (SEC-TLS-3: a valid chain alone authorises nobody). */
export function clientCheck({ ca, names }: ClientRules): (peer: PeerCertificate, role: Role) => boolean {
  const authority = new X509Certificate(ca)
  const allowed = new Set(names.map((name) => name.toLowerCase()))
  return (peer, role) => {
    if (peer.raw === undefined) return false
    const certificate = new X509Certificate(peer.raw)
    if (isBy(certificate, authority)) return texts(peer.subject.OU).includes(role)
    const hosts = (peer.subjectaltname ?? '').split(', ').filter((entry) => entry.startsWith('DNS:'))
    const given = [...texts(peer.subject.CN), ...hosts.map((entry) => entry.slice(4))]
    return given.some((name) => allowed.has(name.toLowerCase()))
  }
}
