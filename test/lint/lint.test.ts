// The validator: what it reads, what it says, and what it never repeats.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fc, test as prop } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { exitCodeOf, lint } from '../../src/lint/lint.ts'
import type { LintOptions } from '../../src/lint/types.ts'
import { challenge, changed, handbook, inBase64url, linted, type Members, strict, told } from './messages.ts'

const { areq, ares, creq, rreq, rres, cres } = challenge
const whole = [areq, ares, creq, rreq, rres, cres]

interface Example {
  readonly name: string
  readonly meta: {
    readonly channel: string
    readonly category: string
    readonly leg: LintOptions['leg']
    readonly version: string
  }
  readonly message: Members
}

describe('messages that are right', () => {
  const folder = fileURLToPath(new URL('../../spec-fixtures/examples/spec/', import.meta.url))
  test.each(readdirSync(folder))('the examples of %s give no errors in either profile', (file) => {
    const examples = readFileSync(`${folder}${file}`, 'utf8').trim().split('\n')
    expect(examples.length).toBeGreaterThan(0)
    for (const line of examples) {
      const { name, meta, message } = JSON.parse(line) as Example
      const [channel, category] = [meta.channel.slice(0, 2), meta.category.slice(0, 2)]
      for (const profile of ['strict', 'lenient'] as const) {
        const result = linted(message, {
          profile,
          leg: meta.leg,
          ...(channel !== '*' && { channel: channel as '01', category: category as '01' }),
        })
        expect({ name, told: told(result).filter((text) => !text.startsWith('warning')) }).toEqual({ name, told: [] })
        expect(result.summary.messages, name).toBe(1)
      }
    }
  })

  test('a whole challenge has nothing to object to, and is one transaction', () => {
    const result = linted(whole)
    expect(told(result)).toEqual([])
    expect(result.transactions).toEqual([{ index: 0, messages: [0, 1, 2, 3, 4, 5] }])
    expect(
      result.messages.map(({ messageType, deviceChannel, assumed }) => [messageType, deviceChannel, assumed]),
    ).toEqual([
      ['AReq', '02', ['leg']],
      ['ARes', '02', ['leg']],
      ['CReq', '02', []],
      ['RReq', '02', ['leg']],
      ['RRes', '02', ['leg']],
      ['CRes', '02', []],
    ])
    expect(exitCodeOf(result)).toBe(0)
  })
})

describe('messages that are wrong', () => {
  const cases: readonly (readonly [string, Members, Members, readonly string[], string])[] = [
    [
      'a required element is missing (ACS-VAL-12)',
      areq,
      { merchantName: undefined },
      ['error 201 ACS-VAL-12 $.merchantName'],
      'merchantName',
    ],
    [
      'a required element is empty (ACS-VAL-26)',
      areq,
      { merchantName: '' },
      ['error 201 ACS-VAL-12 $.merchantName'],
      'merchantName',
    ],
    ['an optional element is empty (ACS-VAL-30)', areq, { email: '' }, ['error 203 ACS-VAL-30 $.email'], 'email'],
    [
      'an amount has a point (AREQ:purchaseAmount)',
      areq,
      { purchaseAmount: '12.50' },
      ['error 203 ACS-VAL-13 $.purchaseAmount'],
      'purchaseAmount',
    ],
    [
      'a boolean is written as text (ACS-VAL-25)',
      areq,
      { browserJavaEnabled: 'true' },
      ['error 203 ACS-VAL-25 $.browserJavaEnabled'],
      'browserJavaEnabled',
    ],
    [
      'a currency is excluded (ACS-VAL-45)',
      areq,
      { purchaseCurrency: '999' },
      ['error 304 ACS-VAL-45 $.purchaseCurrency'],
      'purchaseCurrency',
    ],
    [
      'an extension is critical and lacks its data (ACS-VAL-84, ACS-VAL-85)',
      areq,
      { messageExtension: [{ name: 'x', id: 'A000000999-1', criticalityIndicator: true }] },
      ['error 201 ACS-VAL-84 $.messageExtension[0].data', 'error 202 ACS-VAL-85 $.messageExtension[0].id'],
      'messageExtension.data',
    ],
    [
      'a reserved value is used (ACS-VAL-35)',
      areq,
      { threeDSRequestorChallengeInd: '55' },
      ['error 203 ACS-VAL-35 $.threeDSRequestorChallengeInd'],
      'threeDSRequestorChallengeInd',
    ],
  ]
  test.each(cases)('%s', (_, message, change, expected, errorDetail) => {
    const result = linted(changed(message, change))
    expect(told(result)).toEqual(expected)
    expect(result.messages[0]?.erro?.errorDetail).toBe(errorDetail)
    expect(exitCodeOf(result)).toBe(1)
    for (const finding of result.messages[0]?.findings ?? []) {
      expect(finding.message).not.toBe('')
      expect(finding.expected).not.toBe('')
    }
  })

  test('a name that occurs twice is found although a JSON parser would not tell (ACS-VAL-11)', () => {
    const text = JSON.stringify(areq).replace('"mcc":', '"mcc":"1234","mcc":')
    expect(told(linted(text))).toEqual(['error 204 ACS-VAL-11 $.mcc'])
    expect(told(linted(`[${text}]`))).toEqual(['error 204 ACS-VAL-11 $.mcc'])
  })

  test('the example of a finding passes in its place', () => {
    const broken = changed(areq, {
      purchaseAmount: '12.50',
      mcc: 'x',
      browserIP: '999.1.1.1',
      browserLanguage: '',
      purchaseDate: '20261301000000',
    })
    const { messages } = linted(broken)
    const { findings = [] } = messages[0] ?? {}
    expect(findings.map(({ element }) => element).sort()).toEqual(
      ['browserIP', 'browserLanguage', 'mcc', 'purchaseAmount', 'purchaseDate'].sort(),
    )
    const mended = changed(broken, Object.fromEntries(findings.map(({ element, example }) => [element, example])))
    expect(told(linted(mended))).toEqual([])
  })

  test('line and column are those of the text, for what is missing those of the object around it', () => {
    const text = JSON.stringify(
      changed(areq, { mcc: 'x', messageExtension: [{ name: 'n', id: 'i', criticalityIndicator: false }] }),
      null,
      2,
    )
    const { messages } = linted(text)
    const lines = text.split('\n')
    for (const { path, line = 0, column = 0 } of messages[0]?.findings ?? []) {
      const rest = lines[line - 1]?.slice(column - 1)
      expect(rest).toMatch(path === '$.mcc' ? /^"mcc": "x"/ : /^\{/)
    }
    expect(messages[0]?.findings).toHaveLength(2)
  })

  test('with --show every finding names a line of the message as it is shown', () => {
    const { messages } = linted(JSON.stringify(changed(areq, { mcc: 'x' })), { show: true })
    const [message] = messages
    expect(message?.lines?.[(message.findings[0]?.shownLine ?? 0) - 1]).toBe('  "mcc": "x",')
  })

  test('conditions that hang on a message that is not there are warnings, and errors once it is there', () => {
    const alone = changed(rreq, { interactionCounter: undefined })
    expect(told(linted(alone))).toEqual(['warning 201 ACS-VAL-12 $.interactionCounter'])
    expect(linted(alone).messages[0]?.erro).toBeUndefined()
    expect(told(linted([areq, ares, alone, rres]))).toEqual(['#2 error 201 ACS-VAL-12 $.interactionCounter'])
  })

  test('the lenient profile warns of what the strict one refuses (TOL-1)', () => {
    const message = changed(areq, { threeDSRequestorPriorAuthenticationInfo: {} })
    expect(told(linted(message, { profile: 'lenient' }))).toEqual([
      'warning 203 TOL-1 $.threeDSRequestorPriorAuthenticationInfo',
    ])
    expect(told(linted(message))).toEqual(['error 203 ACS-VAL-30 $.threeDSRequestorPriorAuthenticationInfo'])
  })

  test('only active versions are taken, and that of the transaction (ACS-VAL-9, ACS-VAL-10)', () => {
    expect(linted(areq, { versions: ['2.3.1'] }).messages[0]?.erro).toEqual({ errorCode: '102', errorDetail: '2.3.1' })
    expect(told(linted([areq, changed(ares, { messageVersion: '2.1.0' })]))).toContain(
      '#1 error 203 ACS-VAL-10 $.messageVersion',
    )
    expect(told(linted(areq, { messageVersion: '2.1.0' }))).toContain('error 203 ACS-VAL-10 $.messageVersion')
  })

  test('without an AReq the options say what it would have said', () => {
    const app = handbook('CReq.app.first')
    expect(linted(app).messages[0]).toMatchObject({
      deviceChannel: '01',
      messageCategory: '01',
      assumed: ['messageCategory'],
    })
    const { assumed, deviceChannel, messageCategory } =
      linted(rres, { channel: '03', category: '02' }).messages[0] ?? {}
    expect({ deviceChannel, messageCategory, assumed }).toEqual({
      deviceChannel: '03',
      messageCategory: '02',
      assumed: ['leg'],
    })
    expect(linted(areq, { leg: '3DSS-DS' }).messages[0]).toMatchObject({ leg: '3DSS-DS', assumed: [] })
  })
})

describe('messages against each other', () => {
  test('a status that was not asked for is found (RES-TS-1, RES-TS-2)', () => {
    expect(told(linted([changed(areq, { threeDSRequestorChallengeInd: '06' }), ares]))).toContain(
      '#1 error 203 RES-TS-1 $.transStatus',
    )
    const decoupled = changed(ares, {
      transStatus: 'D',
      acsDecConInd: 'Y',
      authenticationType: '04',
      cardholderInfo: 'x',
      acsURL: undefined,
    })
    expect(told(linted([areq, decoupled]))).toContain('#1 error 203 RES-TS-2 $.transStatus')
  })

  test('an id that is not echoed is found (RES-AR-2)', () => {
    const other = changed(ares, { dsTransID: '00000000-0000-4000-8000-000000000000' })
    const result = linted([areq, other])
    expect(told(result)).toEqual(['#1 error 301 RES-AR-2 $.dsTransID'])
    expect(result.messages[1]?.erro).toEqual({ errorCode: '301', errorDetail: 'dsTransID' })
  })

  test('an RReq after a frictionless ARes is found (FLOW-DS-6)', () => {
    const frictionless = changed(ares, {
      transStatus: 'N',
      transStatusReason: '01',
      acsURL: undefined,
      authenticationType: undefined,
      acsChallengeMandated: undefined,
    })
    expect(told(linted([areq, frictionless, rreq, rres]))).toEqual(['#2 error 305 FLOW-DS-6 $.acsTransID'])
  })

  test('an ARes C without an RReq is warned of once the flow goes on (RES-RR-1)', () => {
    expect(told(linted([areq, ares]))).toEqual([])
    expect(told(linted([areq, ares, creq]))).toEqual(['#1 warning RES-RR-1 $.transStatus'])
    const erro = handbook('Erro.AReq.missing')
    expect(told(linted([areq, ares, changed(erro, { threeDSServerTransID: areq.threeDSServerTransID })]))).toEqual([])
  })

  test('an RReq without its RRes is warned of (FLOW-S-2)', () => {
    expect(told(linted([areq, ares, creq, rreq, cres]))).toEqual(['#3 warning FLOW-S-2 $'])
  })

  test('a final CRes that comes before the RReq is out of order (RES-RR-8)', () => {
    expect(told(linted([areq, ares, creq, cres, rreq, rres]))).toContain('#3 error RES-RR-8 $')
  })

  test('a final CRes that contradicts the RReq is found (CHL-CTR-7)', () => {
    expect(
      told(
        linted([
          areq,
          ares,
          creq,
          changed(rreq, { transStatus: 'N', transStatusReason: '19', authenticationValue: undefined }),
          rres,
          cres,
        ]),
      ),
    ).toEqual(['#5 error 203 CHL-CTR-7 $.transStatus'])
  })

  test('a second RReq is found, a copy of the first on its way through the DS is none (FLOW-DS-6)', () => {
    expect(told(linted([areq, ares, rreq, rreq, rres]))).toEqual([])
    const second = changed(rreq, {
      transStatus: 'U',
      transStatusReason: '22',
      authenticationValue: undefined,
      authenticationType: undefined,
    })
    expect(told(linted([areq, ares, rreq, second, rres]))).toEqual(['#3 error 301 FLOW-DS-6 $.acsTransID'])
  })

  test('messages of two transactions are kept apart', () => {
    const other = changed(areq, {
      threeDSServerTransID: '11111111-1111-4111-8111-111111111111',
      dsTransID: '22222222-2222-4222-8222-222222222222',
      deviceChannel: '02',
    })
    expect(linted([areq, other, ares]).transactions).toEqual([
      { index: 0, messages: [0, 2] },
      { index: 1, messages: [1] },
    ])
  })

  test('session data have to come back as they went (FLOW-GEN-5)', () => {
    const form = (carrier: string, message: unknown, session: string) => ({
      [carrier]: inBase64url(message),
      threeDSSessionData: session,
    })
    const flow = (session: string) => [
      areq,
      ares,
      form('creq', creq, 'b3JkZXI'),
      rreq,
      rres,
      form('cres', cres, session),
    ]
    expect(told(linted(flow('b3JkZXI')))).toEqual([])
    expect(told(linted(flow('other')))).toEqual(['#5 error FLOW-GEN-5 $.threeDSSessionData'])
  })
})

describe('what the input may be', () => {
  const broken = changed(creq, { challengeWindowSize: '9' })
  const finding = 'error 203 ACS-VAL-13 $.challengeWindowSize'
  test.each([
    ['one message', JSON.stringify(broken), 'message'],
    ['with a byte order mark', `\ufeff${JSON.stringify(broken)}`, 'message'],
    ['a list of one', JSON.stringify([broken]), 'array'],
    ['a message under some name', JSON.stringify({ at: 1, request: { body: broken } }), 'array'],
    ['a base64url text', inBase64url(broken), 'base64url'],
    ['a base64url text in several lines', inBase64url(broken).replace(/(.{60})/g, '$1\n'), 'base64url'],
    ['a form body', `creq=${inBase64url(broken)}&threeDSSessionData=YWJj`, 'form'],
    ['a form as JSON', JSON.stringify({ creq: inBase64url(broken), threeDSSessionData: 'YWJj' }), 'message'],
    [
      'an HTTP request with its form',
      `POST /acs/challenge HTTP/1.1\r\nHost: acs.example.test\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\ncreq=${inBase64url(broken)}`,
      'http',
    ],
    [
      'an HTTP answer with JSON',
      `HTTP/1.1 200 OK\nContent-Type: application/json\n\n${JSON.stringify(broken)}\n`,
      'http',
    ],
    ['headers alone in front', `Content-Type: application/json\n\n${JSON.stringify(broken)}`, 'http'],
    ['a text in quotes', JSON.stringify(JSON.stringify(broken)), 'message'],
    ['a text with its quotes escaped', JSON.stringify(JSON.stringify(broken)).slice(1, -1), 'message'],
  ])('%s', (_, text, kind) => {
    const result = linted(text)
    expect(told(result)).toEqual([finding])
    expect(result.kind).toBe(kind)
  })

  test('JSON lines, with lines of something else between and one that is broken', () => {
    const text = [
      JSON.stringify(areq),
      '{"level":30,"msg":"started"}',
      '',
      '{"messageType":"AReq",',
      JSON.stringify(broken),
    ].join('\n')
    const result = linted(text)
    expect(result.kind).toBe('lines')
    expect(told(result)).toEqual(
      ['problem end', `#1 ${finding}`].map((line) =>
        line.replace('problem end', `problem ${result.problems[0]?.fault}`),
      ),
    )
    expect(result.problems[0]).toMatchObject({ line: 5, column: 1 })
    expect(result.messages.map(({ line }) => line)).toEqual([1, 5])
    expect(exitCodeOf(result)).toBe(2)
  })

  test('values that jq prints one below the other', () => {
    const result = linted([areq, ares].map((message) => JSON.stringify(message, null, 2)).join('\n'))
    expect([result.kind, result.summary.messages, told(result)]).toEqual(['lines', 2, []])
  })

  test('a HAR: bodies of both directions, forms as text and as params, base64, and nothing else', () => {
    const entry = (request: unknown, content: unknown, startedDateTime = '2026-01-15T10:30:00.000Z') => ({
      startedDateTime,
      request: { method: 'POST', url: 'https://x.example.test/?card=4000000000000002', postData: request },
      response: { status: 200, content },
    })
    const har = {
      log: {
        version: '1.2',
        entries: [
          entry(
            { text: `creq=${inBase64url(broken)}` },
            { mimeType: 'text/html', text: '<html>"messageType"</html>' },
            '2026-01-15T10:30:05.000Z',
          ),
          entry(
            { text: JSON.stringify(areq) },
            { text: Buffer.from(JSON.stringify(ares)).toString('base64'), encoding: 'base64' },
          ),
          entry(undefined, { text: 'var a = 1' }),
          entry({ params: [{ name: 'cres', value: inBase64url(cres) }] }, {}, '2026-01-15T10:31:00.000Z'),
          entry(
            { text: 'a.b.c.d.e' },
            { text: '{"messageType":"AReq","messageVersion":"2.2.0",}' },
            '2026-01-15T10:32:00.000Z',
          ),
        ],
      },
    }
    const result = linted(har)
    expect(result.kind).toBe('har')
    expect(result.messages.map(({ messageType, where }) => [messageType, where])).toEqual([
      ['AReq', 'log.entries[1].request.postData.text'],
      ['ARes', 'log.entries[1].response.content.text'],
      ['CReq', 'log.entries[0].request.postData.text (creq)'],
      ['CRes', 'log.entries[3].request.postData.params (cres)'],
      [undefined, 'log.entries[4].response.content.text'],
    ])
    expect(told(result)).toEqual(['#1 warning RES-RR-1 $.transStatus', `#2 ${finding}`, '#4 error 101 ACS-VAL-4 $'])
    expect(result.notes.join(' ')).toMatch(/1 encrypted/)
    expect(result.notes.join(' ')).toMatch(/comma after the last member.*\(1:47\)/)
    expect(JSON.stringify(result)).not.toContain('4000000000000002')
  })

  test('the 3DS Method: the id and where the answer goes (FLOW-MTH-2)', () => {
    const post = {
      threeDSServerTransID: areq.threeDSServerTransID,
      threeDSMethodNotificationURL: 'https://shop.example.test/3ds',
    }
    expect(told(linted(`threeDSMethodData=${inBase64url(post)}`))).toEqual([])
    expect(told(linted(`threeDSMethodData=${inBase64url({ ...post, threeDSServerTransID: 'x' })}`))).toEqual([
      'error 203 FLOW-MTH-2 $.threeDSServerTransID',
    ])
    const tooLong = `https://shop.example.test/${'x'.repeat(300)}`
    expect(
      told(linted(`threeDSMethodData=${inBase64url({ ...post, threeDSMethodNotificationURL: tooLong })}`)),
    ).toEqual(['error 203 FLOW-MTH-2 $.threeDSMethodNotificationURL'])
  })

  test('padding and the other alphabet are taken and told (FLOW-GEN-4)', () => {
    const padded = Buffer.from(JSON.stringify(changed(creq, { challengeWindowSize: '01', x: '?>' }))).toString('base64')
    expect(told(linted(`creq=${encodeURIComponent(padded)}`)).every((text) => text === 'warning FLOW-GEN-4 $')).toBe(
      true,
    )
    expect(told(linted(`creq=${encodeURIComponent(padded)}`)).length).toBeGreaterThan(0)
  })

  test('a creq that is no base64url is a finding, since it was sent (ACS-VAL-91)', () => {
    expect(told(linted('creq=%%%&x=1'))).toEqual(['error 101 ACS-VAL-91 $'])
    expect(told(linted(`creq=${inBase64url(cres)}`))).toEqual(['error 101 ACS-VAL-6 $.messageType'])
  })

  test.each([
    ['nothing', '  \n ', 'empty', { line: 1, column: 1 }],
    [
      'a message with a slip',
      '{\n  "messageType": "AReq",\n  "mcc": "5411",\n}',
      'trailingComma',
      { line: 3, column: 16 },
    ],
    ['words', 'Please check this', 'unknown', { line: 1, column: 1 }],
    ['JSON of something else', '{"hello": "world"}', 'noMessage', { line: 1, column: 1 }],
    ['a text in quotes that is none', '"hello"', 'noMessage', { line: 1, column: 1 }],
    ['a HAR without messages', '{"log":{"entries":[]}}', 'noMessage', { line: 1, column: 1 }],
    ['an encrypted CReq', 'eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn', 'encrypted', { line: 1, column: 1 }],
    ['signed content', 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl', 'signed', { line: 1, column: 1 }],
    ['a creq without its end', inBase64url(creq).slice(0, 61), 'notBase64url', { line: 1, column: 1 }],
    [
      'a broken body behind headers',
      'Content-Type: application/json\n\n{"messageType" "AReq"}',
      'colon',
      { line: 3, column: 16 },
    ],
  ])('%s cannot be read, and the reason has its place', (_, text, fault, place) => {
    const result = linted(text)
    expect(result.problems).toEqual([expect.objectContaining({ fault, ...place })])
    expect(result.problems[0]?.message).not.toBe('')
    expect(exitCodeOf(result)).toBe(2)
  })
})

describe('masked values', () => {
  const masked = changed(areq, {
    acctNumber: '400000******0002',
    cardExpiryDate: '***',
    cardholderName: '[redacted]',
    mcc: 'x',
  })
  test('are not called wrong, and the result says which they are', () => {
    const result = linted(masked)
    expect(told(result)).toEqual(['error 203 ACS-VAL-13 $.mcc'])
    expect(result.messages[0]?.masked).toEqual(
      expect.arrayContaining(['acctNumber', 'cardExpiryDate', 'cardholderName']),
    )
    expect(result.messages[0]?.erro).toEqual({ errorCode: '203', errorDetail: 'mcc' })
    expect(result.notes.join(' ')).toContain('acctNumber')
  })

  test('in an export of the console, whose links say who sent what', () => {
    const entry = (link: string, message: unknown) => ({
      id: 1,
      at: 1,
      link,
      messageType: 'AReq',
      message,
      findings: [],
    })
    const journal = {
      acsTransID: ares.acsTransID,
      messages: [
        entry('Requestor→3DSS', { purchase: { amount: 1 } }),
        entry(
          '3DSS→DS',
          changed(masked, { mcc: '5411', dsTransID: undefined, dsReferenceNumber: undefined, dsURL: undefined }),
        ),
        entry('DS→ACS', changed(masked, { mcc: '5411' })),
        entry('ACS→DS', ares),
        entry('browser→ACS', creq),
        entry('browser→ACS', { action: 'verify', step: 1, otp: '***' }),
        entry('ACS→DS', changed(rreq, { authenticationValue: '***' })),
        entry('DS→3DSS', changed(rreq, { authenticationValue: '***' })),
        entry('DS→ACS', rres),
        entry('ACS→browser', cres),
      ],
    }
    const result = linted(journal)
    expect(result.kind).toBe('journal')
    expect(told(result)).toEqual([])
    expect(result.messages.map(({ leg, assumed }) => [leg, assumed])).toEqual(
      ['3DSS-DS', 'DS-ACS', 'ACS-DS', 'BRW-ACS', 'ACS-DS', 'DS-3DSS', 'DS-ACS', 'ACS-BRW'].map((leg) => [leg, []]),
    )
  })
})

describe('what is never repeated', () => {
  test('sensitive values are in no finding, in no line, in no note (SEC-LOG-2)', () => {
    const secrets = {
      acctNumber: '4000000000000002999999',
      cardExpiryDate: '3199',
      cardSecurityCode: '98765',
      threeDSRequestorAuthenticationInfo: { threeDSReqAuthData: 'hunter2'.repeat(5_000) },
      email: 'nobody at all',
      merchantName: `4000 0000 0000 0002 ${'x'.repeat(30)}`,
    }
    for (const lang of ['en', 'ja'] as const) {
      const text = JSON.stringify(
        linted(changed(areq, secrets), { show: true, lang }).messages.map(
          ({ findings, notes }: { findings: unknown; notes?: unknown }) => [findings, notes],
        ),
      )
      for (const secret of ['4000000000000002', '3199', '98765', 'hunter2', 'nobody at all', '4000 0000'])
        expect(text).not.toContain(secret)
    }
    const { lines = [] } = linted(changed(areq, secrets), { show: true }).messages[0] ?? {}
    for (const secret of ['4000000000000002', '3199', '98765']) expect(lines.join('\n')).not.toContain(secret)
  })
})

describe('whatever is pasted', () => {
  prop.prop([fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' }), fc.base64String({ minLength: 16 }))])(
    'there is a result',
    (text) => {
      const result = lint(text, { ...strict, show: true })
      expect(result.summary.messages + result.problems.length).toBeGreaterThan(0)
    },
  )

  prop.prop([fc.constantFrom(...whole), fc.nat(), fc.nat(), fc.string({ maxLength: 4 })])(
    'a message with a piece cut out has a result',
    (message, from, length, piece) => {
      const text = JSON.stringify(message)
      const start = from % text.length
      const cut = `${text.slice(0, start)}${piece}${text.slice(start + (length % 40))}`
      expect(lint(cut, { ...strict, show: true }).summary).toBeDefined()
    },
  )

  test.each([
    [
      'deep nesting',
      `${'{"messageType":"AReq","messageVersion":"2.2.0","acctInfo":'.repeat(3_000)}1${'}'.repeat(3_000)}`,
    ],
    [
      'lists in lists',
      `{"messageType":"AReq","messageVersion":"2.2.0","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    ],
    ['__proto__', '{"messageType":"AReq","messageVersion":"2.2.0","__proto__":{"a":1},"constructor":{"prototype":1}}'],
    ['lone surrogates', '{"messageType":"AReq","messageVersion":"2.2.0","merchantName":"\\ud800"}'],
  ])('%s has a result', (_, text) => {
    const result = lint(text, { ...strict, show: true })
    expect(result.summary.messages).toBe(1)
    expect(result.summary.errors).toBeGreaterThan(0)
  })

  test('a recording of many megabytes is read, and what is no message is passed over', () => {
    const filler = {
      request: { method: 'GET', url: 'https://x.example.test/' },
      response: { content: { text: 'x'.repeat(100_000) } },
    }
    const one = {
      request: {
        method: 'POST',
        url: 'https://x.example.test/',
        postData: { text: JSON.stringify(changed(areq, { mcc: 'x' })) },
      },
      response: {},
    }
    const har = JSON.stringify({
      log: { version: '1.2', entries: [...Array.from({ length: 200 }, () => filler), one] },
    })
    expect(har.length).toBeGreaterThan(20_000_000)
    expect(told(linted(har))).toEqual(['error 203 ACS-VAL-13 $.mcc'])
  })

  test('what goes beyond the limits is counted', () => {
    const many = linted(
      Array.from({ length: 30 }, () => ({ messageType: 'AReq', messageVersion: '2.2.0' })),
      { mostMessages: 10, mostFindings: 3 },
    )
    expect(many.summary.messages).toBe(10)
    expect(many.messages.every(({ findings, omitted }) => findings.length === 3 && (omitted?.errors ?? 0) > 0)).toBe(
      true,
    )
    expect(many.summary.errors).toBeGreaterThan(30)
    expect(many.notes.join(' ')).toContain('10 of 30')
  })
})
