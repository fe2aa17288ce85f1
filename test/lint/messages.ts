// Messages of one browser challenge, by hand from the handbook's examples, and how the tests ask about them.
import { readFileSync } from 'node:fs'
import { lint } from '../../src/lint/lint.ts'
import type { LintOptions, LintResult } from '../../src/lint/types.ts'

export type Members = Readonly<Record<string, unknown>>

const { messages } = JSON.parse(
  readFileSync(new URL('../../spec-fixtures/examples/handbook.json', import.meta.url), 'utf8'),
) as { readonly messages: Readonly<Record<string, Members>> }

export const handbook = (name: string): Members => {
  const message = messages[name]
  if (message === undefined) throw new Error(`the handbook has no example ${name}`)
  return message
}

/** The message with some members set, and those that are undefined left out. */
export const changed = (message: Members, change: Members): Members =>
  Object.fromEntries(Object.entries({ ...message, ...change }).filter(([, value]) => value !== undefined))

const areq = handbook('AReq.browser.PA.2.2.0')
const ids = { threeDSServerTransID: areq.threeDSServerTransID, messageVersion: '2.2.0' }
const acsTransID = 'd7c1ee99-9478-44a6-b1f2-391e29c6b340'

/** A challenge that was passed, in the order of its messages. */
export const challenge = {
  areq,
  ares: {
    messageType: 'ARes',
    ...ids,
    acsTransID,
    dsTransID: areq.dsTransID,
    dsReferenceNumber: areq.dsReferenceNumber,
    acsReferenceNumber: 'ACS_TEST_0001',
    transStatus: 'C',
    acsChallengeMandated: 'N',
    acsURL: 'https://acs.example.test/challenge',
    authenticationType: '02',
  },
  creq: { messageType: 'CReq', ...ids, acsTransID, challengeWindowSize: '02' },
  rreq: {
    messageType: 'RReq',
    ...ids,
    acsTransID,
    dsTransID: areq.dsTransID,
    messageCategory: '01',
    transStatus: 'Y',
    authenticationType: '02',
    authenticationValue: 'AAABBJkZUQAAAABjRWWZEEFgFz8=',
    eci: '05',
    interactionCounter: '01',
  },
  rres: { messageType: 'RRes', ...ids, acsTransID, dsTransID: areq.dsTransID, resultsStatus: '01' },
  cres: { messageType: 'CRes', ...ids, acsTransID, transStatus: 'Y' },
} satisfies Record<string, Members>

export const inBase64url = (message: unknown): string => Buffer.from(JSON.stringify(message)).toString('base64url')

export const strict: LintOptions = { profile: 'strict', lang: 'en' }

export const linted = (input: unknown, options: Partial<LintOptions> = {}): LintResult =>
  lint(typeof input === 'string' ? input : JSON.stringify(input, null, 2), { ...strict, ...options })

/** `error 203 ACS-VAL-13 $.mcc` of every finding, with the position of its message where there are several. */
export const told = ({ messages: all, problems }: LintResult): readonly string[] => [
  ...problems.map(({ fault }) => `problem ${fault}`),
  ...all.flatMap(({ findings, index }) =>
    findings.map(({ severity, errorCode, rule, path }) =>
      [all.length > 1 ? `#${index}` : '', severity, errorCode ?? '', rule, path]
        .filter((part) => part !== '')
        .join(' '),
    ),
  ),
]
