// What the ACS makes of an answer to its RReq: the RRes fixtures, and answers that are no RRes.
import { describe, expect, test } from 'vitest'
import type { RReqAnswer, Transaction } from '../../src/acs/ports.ts'
import { judge } from '../../src/acs/result/deliver.ts'
import { fixtureFiles, fixtureMessage, profilesOf, samplesOf } from '../support/spec-fixtures.ts'

const base = fixtureMessage('rres-220', 'base')

const transaction: Transaction = {
  id: 1,
  tenant: 0,
  at: 0,
  acsTransID: String(base.acsTransID),
  threeDSServerTransID: String(base.threeDSServerTransID),
  dsTransID: String(base.dsTransID),
  messageVersion: '2.2.0',
  deviceChannel: '02',
  messageCategory: '01',
  panHash: '',
  panMask: '',
  scheme: 'visa',
  merchantName: '',
  purchaseAmount: '1',
  purchaseCurrency: '392',
  purchaseExponent: '0',
  transStatus: 'C',
  decidedBy: 'engine',
  score: 0,
  details: { decision: {}, engine: {}, evidence: [], features: [], facts: {}, policy: 'default' },
}

const body = (content: unknown, contentType = 'application/json'): RReqAnswer => ({
  kind: 'body',
  bytes:
    content instanceof Uint8Array
      ? content
      : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
  contentType,
})

/** Ids that a case chose for itself belong to its transaction, if they are UUIDs. */
const withIdsOf = (bytes: Uint8Array): Transaction => {
  try {
    const message = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, unknown>
    const ids = ['acsTransID', 'dsTransID', 'threeDSServerTransID'].filter((name) => typeof message[name] === 'string')
    return { ...transaction, ...Object.fromEntries(ids.map((name) => [name, message[name]])) }
  } catch {
    return transaction
  }
}

describe.each(['lenient', 'strict'] as const)('by the %s profile', (profile) => {
  describe.each(fixtureFiles('rres-220'))('$title', ({ cases }) => {
    test.each(cases.filter((one) => profilesOf(one).includes(profile)))('$rule $id: $title', (one) => {
      for (const { id, bytes } of samplesOf('rres-220', one)) {
        const about = one.layer === 'transaction' ? transaction : withIdsOf(bytes)
        const judgement = judge(about, body(bytes), profile)
        expect(judgement.isRetried, id).toBe(false)
        expect(judgement.delivery, id).toBe('delivered')
        if (one.expect === 'accepted') expect(judgement.erro, id).toBeUndefined()
        else expect(judgement.erro, id).toMatchObject({ ...one.expect, errorCode: one.expect.errorCode })
      }
    })
  })
})

describe('an answer that is no RRes', () => {
  const good = { ...base }

  test('no connection is tried again (RES-RR-3)', () => {
    expect(judge(transaction, { kind: 'noConnection', reason: 'x' }, 'lenient')).toMatchObject({
      isRetried: true,
      delivery: 'pending',
    })
  })

  test.each([500, 502, 503, 504, 599])('HTTP %i is tried again (RES-RR-5)', (status) => {
    expect(judge(transaction, { kind: 'status', status }, 'lenient')).toMatchObject({
      isRetried: true,
      delivery: 'pending',
    })
  })

  test.each([201, 204, 301, 302, 400, 403, 404, 413, 429])('HTTP %i is not, and gets no Erro (RES-RR-5)', (status) => {
    const judgement = judge(transaction, { kind: 'status', status }, 'lenient')
    expect(judgement).toMatchObject({ isRetried: false, delivery: 'refused' })
    expect(judgement.erro).toBeUndefined()
  })

  test('late is not tried again and gets Erro 402 (RES-RR-4, ACS-VAL-140)', () => {
    expect(judge(transaction, { kind: 'late' }, 'lenient')).toMatchObject({
      isRetried: false,
      delivery: 'late',
      erro: { errorCode: '402' },
    })
  })

  test('an address that was not called is not tried again (SEC-TLS-9)', () => {
    expect(judge(transaction, { kind: 'notAllowed' }, 'lenient')).toMatchObject({
      isRetried: false,
      delivery: 'refused',
    })
  })

  test.each([
    [
      'an Erro',
      {
        messageType: 'Erro',
        messageVersion: '2.2.0',
        errorCode: '203',
        errorComponent: 'D',
        errorDescription: 'x',
        errorDetail: 'y',
      },
    ],
    [
      'an Erro of the 3DS Server',
      {
        messageType: 'Erro',
        messageVersion: '2.2.0',
        errorCode: '405',
        errorComponent: 'S',
        errorDescription: 'x',
        errorDetail: 'y',
      },
    ],
    ['an Erro with nothing in it', { messageType: 'Erro' }],
    ['an Erro of another version', { messageType: 'Erro', messageVersion: '2.1.0', errorCode: '203' }],
  ])('%s gets none back (ACS-VAL-150, FLOW-GEN-10)', (_, erro) => {
    const judgement = judge(transaction, body(erro), 'lenient')
    expect(judgement).toMatchObject({ isRetried: false, delivery: 'refused' })
    expect(judgement.erro).toBeUndefined()
  })

  test.each(['text/html', 'text/plain; charset=utf-8', 'application/x-www-form-urlencoded'])(
    'a body of type %s is refused with 101 (ACS-VAL-134)',
    (type) => {
      expect(judge(transaction, body(good, type), 'lenient').erro).toEqual({
        errorCode: '101',
        errorDetail: 'Invalid Formatted Message',
      })
    },
  )

  test.each(['application/JSON; charset = UTF-8', 'application/json', 'Application/Json;charset=utf8'])(
    'a body of type %s is read (TOL-10, FLOW-GEN-1)',
    (type) => {
      expect(judge(transaction, body(good, type), 'strict').erro).toBeUndefined()
    },
  )

  test('a body that does not say its type is read by the lenient profile only', () => {
    expect(judge(transaction, body(good, ''), 'lenient').erro).toBeUndefined()
    expect(judge(transaction, body(good, ''), 'strict').erro).toMatchObject({ errorCode: '101' })
  })

  test('ids are compared without regard to case (FLOW-GEN-7)', () => {
    const upper = { ...good, acsTransID: String(good.acsTransID).toUpperCase() }
    expect(judge(transaction, body(upper), 'strict').erro).toBeUndefined()
  })

  test('all ids that differ are named (ACS-VAL-136, ACS-VAL-20)', () => {
    const other = '00000000-0000-4000-8000-000000000000'
    const message = { ...good, threeDSServerTransID: other, acsTransID: other }
    expect(judge(transaction, body(message), 'lenient').erro).toEqual({
      errorCode: '301',
      errorDetail: 'acsTransID,threeDSServerTransID',
    })
  })
})
