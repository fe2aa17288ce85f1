// The first door: a signed assessment in the AReq. Spec: messageExtension; RFC 7515 (compact JWS).
import { compactVerify, importJWK } from 'jose'
import {
  algorithmOf,
  assessmentExtension,
  longestToken,
  type TokenKey,
  tokenType,
} from '../../protocol/crypto/assessment-extension.ts'
import { secretBytes } from '../../protocol/crypto/webhook-signature.ts'
import { isObject } from '../../protocol/rules/conditions.ts'
import { sourceName, type Unheard } from '../../risk/assessment.ts'
import { type Judged, jsonIn, judgeFor, type Purchase, readAssessment } from './check.ts'
import { type HookSource, type HookSources, mayUse } from './sources.ts'

/** What the AReq carries for the hook. */
export interface Carried {
  readonly tokens: readonly unknown[]
  /** Sources that are worth asking. */
  readonly ask: readonly string[]
}

export const nothingCarried: Carried = { tokens: [], ask: [] }

/** More than a purchase has sources. */
const mostTokens = 4

export function carriedBy(extensions: unknown): Carried {
  if (!Array.isArray(extensions)) return nothingCarried
  const own = extensions.filter((one) => isObject(one) && one.id === assessmentExtension.id).slice(0, mostTokens)
  if (own.length === 0) return nothingCarried
  const data: readonly unknown[] = own.map((one: unknown) => (isObject(one) ? one.data : undefined))
  return {
    tokens: data.flatMap((one) =>
      isObject(one) && one.jws === undefined && one.ask !== undefined ? [] : [isObject(one) ? one.jws : one],
    ),
    ask: [...new Set(data.flatMap((one) => (isObject(one) && typeof one.ask === 'string' ? [one.ask] : [])))],
  }
}

type Read = Unheard | { readonly source: HookSource; readonly judged: Judged }

const partForm = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

const decoded = (part: string | undefined): unknown => jsonIn(Buffer.from(part ?? '', 'base64url'))

async function isSignedBy(token: string, key: TokenKey): Promise<boolean> {
  const alg = algorithmOf(key)
  if (alg === undefined) return false
  try {
    const bytes = typeof key === 'string' ? secretBytes(key) : await importJWK(key, alg)
    if (bytes === undefined) return false
    const { protectedHeader } = await compactVerify(token, bytes, { algorithms: [alg] })
    // An extension of RFC 7515 may say that the payload is not what is decoded here.
    if (protectedHeader.crit !== undefined) return false
    return protectedHeader.typ === undefined || protectedHeader.typ === tokenType
  } catch {
    return false
  }
}

/** One of them, as far as it can be believed. */
export async function readToken(
  token: unknown,
  { sources, purchase, now }: { readonly sources: HookSources; readonly purchase: Purchase; readonly now: number },
): Promise<Read> {
  const door = 'areq'
  if (typeof token !== 'string') return { door, problem: 'malformed' }
  if (token.length > longestToken) return { door, problem: 'tooLarge' }
  const [head, payload] = partForm.test(token) ? token.split('.') : []
  const header = decoded(head)
  const value = decoded(payload)
  if (!isObject(header) || !isObject(value)) return { door, problem: 'malformed' }
  const named = sourceName.safeParse(header.kid ?? value.source)
  const name = named.success ? named.data : undefined
  const source = name === undefined ? undefined : sources.get(name)
  if (source === undefined || !mayUse(source, door, purchase.acquirerMerchantID))
    return { door, problem: 'unknownSource', ...(name !== undefined && { source: name }) }
  for (const key of source.tokenKeys) {
    if (!(await isSignedBy(token, key))) continue
    const read = readAssessment(value)
    return { source, judged: 'assessment' in read ? judgeFor(read.assessment, { source, purchase, now }) : read }
  }
  return { door, source: source.name, problem: 'badSignature' }
}
