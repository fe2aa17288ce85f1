// The acquirer: takes authorisations over HTTP and answers for the issuer as well. It looks at what 3-D Secure proved,
// not at what the merchant says about it. Spec: RES-ECI-1, RES-AV-4; ECI and values by scheme: protocol/tables.
import { createHash } from 'node:crypto'
import { Router } from 'express'
import { authenticationValues } from '../../protocol/tables/authentication-values.ts'
import { schemes } from '../../protocol/tables/schemes.ts'
import { BodyAborted, BodyTooLarge } from '../../web/body.ts'
import { schemeOf } from '../cards.ts'
import { BadRequest, readJson } from '../http-form.ts'
import type { Clock, Log } from '../ports.ts'
import {
  type AuthorisationAnswer,
  type AuthorisationRequest,
  authorisationRequest,
  type Cause,
} from './acquirer-api.ts'

/** What an ECI claims: authenticated, attempted, or nothing. */
export type EciClass = 'authenticated' | 'attempted' | 'none'

export function eciClassOf(scheme: string, eci: string | undefined): EciClass | undefined {
  const row = schemes[scheme]
  if (row === undefined) return undefined
  if (eci === undefined) return 'none'
  if (eci === row.eci.Y) return 'authenticated'
  if (eci === row.eci.A) return 'attempted'
  const others = [...Object.values(row.eci), ...Object.values(row.eciDataOnly ?? {})]
  return others.includes(eci) ? 'none' : undefined
}

const responseCodes: Readonly<Record<Cause, string>> = {
  approved: '00',
  approvedAtOwnRisk: '00',
  notAuthenticated: '05',
  attemptNotAccepted: '05',
  schemeUnknown: '14',
  eciUnknown: '63',
  dsTransIDMissing: '63',
  valueMissing: '63',
  valueMalformed: '63',
  valueUnexpected: '63',
  valueUsed: '63',
  cardExpired: '54',
  authenticationRequired: '65',
}

/** The last day of the month is the card's last day. */
function isExpired(cardExpiryDate: string, now: number): boolean {
  const year = 2_000 + Number(cardExpiryDate.slice(0, 2))
  return now >= Date.UTC(year, Number(cardExpiryDate.slice(2)), 1)
}

/** As many characters as the scheme's value has, of base64. */
function isValue(scheme: string, value: string): boolean {
  const { characters } = authenticationValues[scheme] ?? {}
  return value.length === characters && /^[A-Za-z0-9+/]+={0,2}$/.test(value)
}

/** What is wrong between ECI, authentication value and dsTransID; nothing if they belong together. */
function mismatch(scheme: string, { threeDS, isAtOwnRisk }: AuthorisationRequest): Cause | undefined {
  const { eci, authenticationValue, dsTransID } = threeDS
  const claim = eciClassOf(scheme, eci)
  if (claim === undefined) return 'eciUnknown'
  if (claim === 'none') {
    // An exemption may come with a value of its own (spec-fixtures/spec/card-schemes.json, eciNote).
    return authenticationValue === undefined || isAtOwnRisk ? undefined : 'valueUnexpected'
  }
  if (authenticationValue === undefined) return 'valueMissing'
  if (!isValue(scheme, authenticationValue)) return 'valueMalformed'
  return dsTransID === undefined ? 'dsTransIDMissing' : undefined
}

export interface AcquirerOptions {
  readonly clock: Clock
  readonly log: Log
  readonly softDeclines: readonly string[]
}

/** Answers and values that are remembered. */
const remembered = 10_000

function keep<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > remembered && oldest !== undefined) map.delete(oldest)
}

export function createAcquirer({ clock, log, softDeclines }: AcquirerOptions): Router {
  const answers = new Map<string, AuthorisationAnswer>()
  /** Hashes of the authentication values that paid for something: each is good for one purchase. */
  const used = new Map<string, true>()

  function causeOf(request: AuthorisationRequest, value: string | undefined): Cause {
    const { acctNumber, threeDS, acceptance, isAtOwnRisk } = request
    const scheme = schemeOf(acctNumber)
    if (scheme === undefined || schemes[scheme] === undefined) return 'schemeUnknown'
    if (isExpired(request.cardExpiryDate, clock())) return 'cardExpired'
    const wrong = mismatch(scheme, request)
    if (wrong !== undefined) return wrong
    if (value !== undefined && used.has(value)) return 'valueUsed'
    const claim = eciClassOf(scheme, threeDS.eci)
    if (claim === 'none' && !isAtOwnRisk) return 'notAuthenticated'
    if (claim === 'attempted' && acceptance === 'Y') return 'attemptNotAccepted'
    if (threeDS.flow === 'frictionless' && softDeclines.includes(acctNumber)) return 'authenticationRequired'
    return claim === 'none' ? 'approvedAtOwnRisk' : 'approved'
  }

  function answerTo(request: AuthorisationRequest): AuthorisationAnswer {
    const { dsTransID, authenticationValue } = request.threeDS
    const value =
      authenticationValue === undefined
        ? undefined
        : createHash('sha256').update(`${dsTransID}\n${authenticationValue}`).digest('base64url')
    const cause = causeOf(request, value)
    const answer: AuthorisationAnswer = { responseCode: responseCodes[cause], cause }
    if (cause !== 'approved' && cause !== 'approvedAtOwnRisk') return answer
    if (value !== undefined) keep(used, value, true)
    const approvalCode = String(
      Number.parseInt(createHash('sha256').update(request.reference).digest('hex').slice(0, 8), 16) % 1_000_000,
    ).padStart(6, '0')
    return { ...answer, approvalCode, liability: cause === 'approved' ? 'issuer' : 'merchant' }
  }

  const router = Router()
  router.post('/authorisations', async (req, res) => {
    res.set('cache-control', 'no-store')
    try {
      const parsed = authorisationRequest.safeParse(await readJson(req, 16_384))
      if (!parsed.success) {
        // Names, never values (SEC-LOG-3).
        const names = parsed.error.issues.map((issue) => issue.path.join('.') || 'body')
        throw new BadRequest(400, `not valid: ${[...new Set(names)].join(', ')}`)
      }
      const { reference } = parsed.data
      const answer = answers.get(reference) ?? answerTo(parsed.data)
      keep(answers, reference, answer)
      const { responseCode, cause } = answer
      log.info({ reference, responseCode, cause }, 'acquirer: authorisation answered')
      res.json(answer)
    } catch (error) {
      if (error instanceof BodyAborted) return
      const status = error instanceof BadRequest ? error.status : error instanceof BodyTooLarge ? 413 : 500
      if (status === 500) log.error({ err: error }, 'acquirer: a request failed')
      res
        .status(status)
        .json({ error: status === 500 || !(error instanceof Error) ? 'internal failure' : error.message })
    }
  })
  return router
}
