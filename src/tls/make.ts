// Makes a certification authority and the certificates it signs. Loaded only when something has to be made.
// Spec: Annex D; SEC-TLS-1 (EC P-256, RSA 2,048), SEC-TLS-5 (a key per purpose), SEC-PCI-7 (made on the first start).
import 'reflect-metadata'
import { createPrivateKey, KeyObject, randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** A certificate with its private key, both PEM. */
export interface Pair {
  readonly certificate: string
  readonly key: string
}

const day = 86_400_000
const caLifeDays = 3_650
/** Some platforms take no certificate with a longer life. */
const leafLifeDays = 397
/** Clocks differ. */
const skew = 3_600_000

const ec = { name: 'ECDSA', namedCurve: 'P-256' } as const
const rsa = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2_048, publicExponent: Buffer.from([1, 0, 1]), hash: 'SHA-256' }
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const

const newKeys = (type: 'ec' | 'rsa'): Promise<webcrypto.CryptoKeyPair> =>
  type === 'ec'
    ? webcrypto.subtle.generateKey(ec, true, ['sign', 'verify'])
    : webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify'])

/** Positive, and never the same twice. */
const newSerial = (): string => {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}

const pemOf = (key: webcrypto.CryptoKey): string =>
  KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()

const pairOf = (certificate: X509Certificate, key: webcrypto.CryptoKey): Pair => ({
  certificate: `${certificate.toString('pem')}\n`,
  key: pemOf(key),
})

/** A CA whose name tells it from others of its kind. */
export async function makeCa(now: number): Promise<Pair> {
  const keys = await newKeys('ec')
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{ O: ['Sekisho'] }, { CN: [`Sekisho test CA ${randomBytes(3).toString('hex')}`] }],
    notBefore: new Date(now - skew),
    notAfter: new Date(now + caLifeDays * day),
    signingAlgorithm: signing,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return pairOf(certificate, keys.privateKey)
}

export type Wanted =
  | { readonly for: 'server'; readonly keyType: 'ec' | 'rsa'; readonly names: readonly string[] }
  | { readonly for: 'client'; readonly name: string; readonly role: string }

const isAddress = (name: string): boolean => isIP(name) !== 0

async function extensionsFor(wanted: Wanted): Promise<readonly Extension[]> {
  if (wanted.for === 'client') return [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])]
  return [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(
      wanted.names.map((value) => ({ type: isAddress(value) ? 'ip' : 'dns', value }) as const),
    ),
  ]
}

export async function makeCertificate(ca: Pair, wanted: Wanted, now: number): Promise<Pair> {
  const issuer = new X509Certificate(ca.certificate)
  const der = createPrivateKey(ca.key).export({ type: 'pkcs8', format: 'der' })
  const signingKey = await webcrypto.subtle.importKey('pkcs8', der, ec, false, ['sign'])
  const keys = await newKeys(wanted.for === 'server' ? wanted.keyType : 'ec')
  const subject =
    wanted.for === 'server'
      ? [{ O: ['Sekisho'] }, { CN: ['Sekisho server'] }]
      : [{ O: ['Sekisho'] }, { OU: [wanted.role] }, { CN: [wanted.name] }]
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject,
    issuer: issuer.subject,
    notBefore: new Date(now - skew),
    notAfter: new Date(Math.min(now + leafLifeDays * day, issuer.notAfter.getTime())),
    signingAlgorithm: signing,
    signingKey,
    publicKey: keys.publicKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      ...(await extensionsFor(wanted)),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  })
  return pairOf(certificate, keys.privateKey)
}
