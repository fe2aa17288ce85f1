// What the ACS makes of an answer to its RReq: the RRes fixtures, and answers that are no RRes.
import { describe, expect, test } from 'vitest'
import type { RReqAnswer, Transaction } from '../../src/acs/ports.ts'
import { judge } from '../../src/acs/result/deliver.ts'
import {
  aboutOf,
  fixtureFiles,
  fixtureFolders,
  fixtureMessage,
  profilesOf,
  samplesOf,
} from '../support/spec-fixtures.ts'

/** Every version, channel and category that an RRes has. */
const rresFolders = fixtureFolders.filter((name) => aboutOf(name).message === 'RRes')
const base = fixtureMessage('rres-220', 'base')

const transactionOf = (folder: string): Transaction => {
  const ids = fixtureMessage(folder, 'base')
  const { version, channel = '02', category = '01' } = aboutOf(folder)
  return {
    ...transaction,
    acsTransID: String(ids.acsTransID),
    threeDSServerTransID: String(ids.threeDSServerTransID),
    dsTransID: String(ids.dsTransID),
    messageVersion: version,
    deviceChannel: channel,
    messageCategory: category,
    details: {
      ...transaction.details,
      ...(typeof ids.sdkTransID === 'string' && { sdkTransID: ids.sdkTransID }),
    },
  }
}

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
const withIdsOf = (about: Transaction, bytes: Uint8Array): Transaction => {
  try {
    const message = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, unknown>
    const ids = ['acsTransID', 'dsTransID', 'threeDSServerTransID'].filter((name) => typeof message[name] === 'string')
    const { sdkTransID = about.details.sdkTransID } = message
    return {
      ...about,
      ...Object.fromEntries(ids.map((name) => [name, message[name]])),
      details: { ...about.details, ...(typeof sdkTransID === 'string' && { sdkTransID }) },
    }
  } catch {
    return about
  }
}

describe.each(['lenient', 'strict'] as const)('by the %s profile', (profile) => {
  describe.each(rresFolders.flatMap((folder) => fixtureFiles(folder)))('$folder, $title', ({ folder, cases }) => {
    test.each(cases.filter((one) => profilesOf(one).includes(profile)))('$rule $id: $title', (one) => {
      const known = transactionOf(folder)
      for (const { id, bytes } of samplesOf(folder, one)) {
        const about = one.layer === 'transaction' ? known : withIdsOf(known, bytes)
        const judgement = judge(about, body(bytes), profile)
        expect(judgement.isRetried, id).toBe(false)
        expect(judgement.delivery, id).toBe('delivered')
        if (one.expect === 'accepted') expect(judgement.erro, id).toBeUndefined()
        else expect(judgement.erro, id).toMatchObject({ ...one.expect, errorCode: one.expect.errorCode })
      }
    })
  })
})

describe('ids of an app transaction (ACS-VAL-137)', () => {
  const appOf = (folder: string, sdkTransID: unknown) => {
    const known = transactionOf(folder)
    const message = { ...fixtureMessage(folder, 'base'), sdkTransID }
    return judge(known, body(message), 'lenient')
  }

  test.each(['rres-app-220', 'rres-app-231'])('%s: sdkTransID is required, and that of the transaction', (folder) => {
    const own = fixtureMessage(folder, 'base').sdkTransID
    expect(appOf(folder, own).erro).toBeUndefined()
    expect(appOf(folder, String(own).toUpperCase()).erro).toBeUndefined() // FLOW-GEN-7
    expect(appOf(folder, undefined).erro).toMatchObject({ errorCode: '201', errorDetail: 'sdkTransID' })
    expect(appOf(folder, crypto.randomUUID()).erro).toMatchObject({ errorCode: '301', errorDetail: 'sdkTransID' })
  })

  test('2.1.0 has none, and looks at none (ACS-VAL-32)', () => {
    expect(appOf('rres-app-210', undefined).erro).toBeUndefined()
    expect(appOf('rres-app-210', crypto.randomUUID()).erro).toBeUndefined()
  })

  test('04 after anything but D is noted, and taken (ACS-VAL-141)', () => {
    const known = transactionOf('rres-browser-231')
    const message = { ...fixtureMessage('rres-browser-231', 'base'), resultsStatus: '04' }
    expect(judge({ ...known, resultStatus: 'Y' }, body(message), 'strict')).toEqual({
      delivery: 'delivered',
      isRetried: false,
      outcome: 'RRes 04, taken as 01',
    })
    expect(judge({ ...known, resultStatus: 'D' }, body(message), 'strict').outcome).toBe('RRes 04')
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
