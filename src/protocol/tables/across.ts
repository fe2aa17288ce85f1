// Rules over several elements or messages, one row each: `when` says when the message breaks the rule.
// Spec: Tables A.1, A.17, sections 5.9.3, 5.9.8; results.md of the protocol handbook (rule ids).
import type { ErrorCode } from './errors.ts'
import type { Expression, MessageType, Version } from './types.ts'

type Other = 'AReq' | 'ARes' | 'CReq' | 'CRes' | 'RReq'

export interface AcrossRow {
  readonly rule: string
  readonly message: MessageType
  readonly versions?: readonly Version[]
  /** Only this profile checks it. */
  readonly profile?: 'strict'
  readonly when: Expression
  readonly element: string
  readonly code: ErrorCode
}

export interface EchoRow {
  readonly rule: string
  readonly message: MessageType
  readonly of: Other
  readonly elements: readonly string[]
  readonly code: ErrorCode
}

/** Elements of `message` that repeat those of `of`. */
export const echoRows: readonly EchoRow[] = [
  {
    rule: 'RES-AR-2',
    message: 'ARes',
    of: 'AReq',
    elements: ['threeDSServerTransID', 'dsTransID', 'sdkTransID'],
    code: '301',
  },
  { rule: 'RES-AR-2', message: 'ARes', of: 'AReq', elements: ['dsReferenceNumber'], code: '203' },
  { rule: 'FLOW-GEN-6', message: 'ARes', of: 'AReq', elements: ['messageVersion'], code: '203' },
  {
    rule: 'FLOW-DS-6',
    message: 'RReq',
    of: 'ARes',
    elements: ['threeDSServerTransID', 'dsTransID', 'acsTransID', 'sdkTransID'],
    code: '301',
  },
  { rule: 'FLOW-GEN-6', message: 'RReq', of: 'ARes', elements: ['messageVersion'], code: '203' },
  { rule: 'FLOW-DS-6', message: 'RReq', of: 'AReq', elements: ['threeDSServerTransID', 'dsTransID'], code: '301' },
  { rule: 'FLOW-GEN-6', message: 'RReq', of: 'AReq', elements: ['messageVersion', 'messageCategory'], code: '203' },
  {
    rule: 'ACS-VAL-136',
    message: 'RRes',
    of: 'RReq',
    elements: ['threeDSServerTransID', 'acsTransID', 'dsTransID'],
    code: '301',
  },
  { rule: 'ACS-VAL-137', message: 'RRes', of: 'RReq', elements: ['sdkTransID'], code: '301' },
  { rule: 'ACS-VAL-139', message: 'RRes', of: 'RReq', elements: ['messageVersion'], code: '203' },
  { rule: 'ACS-VAL-111', message: 'CReq', of: 'ARes', elements: ['sdkTransID'], code: '301' },
  { rule: 'ACS-VAL-95', message: 'CReq', of: 'ARes', elements: ['acsTransID', 'threeDSServerTransID'], code: '301' },
  { rule: 'ACS-VAL-96', message: 'CReq', of: 'ARes', elements: ['messageVersion'], code: '203' },
  {
    rule: 'FLOW-GEN-6',
    message: 'CRes',
    of: 'CReq',
    elements: ['acsTransID', 'threeDSServerTransID', 'sdkTransID'],
    code: '301',
  },
  { rule: 'FLOW-GEN-6', message: 'CRes', of: 'CReq', elements: ['messageVersion'], code: '203' },
]

const status = (...values: readonly string[]): Expression => ({ field: 'transStatus', in: values })
const not = (expression: Expression): Expression => ({ not: expression })
const all = (...parts: readonly Expression[]): Expression => ({ all: parts })
const any = (...parts: readonly Expression[]): Expression => ({ any: parts })
const asked = (name: string, ...values: readonly string[]): Expression => ({ context: `AReq.${name}`, in: values })
const present = (name: string): Expression => ({ present: name })

/** Values a DS may define for its own programmes (Table A.17, note). */
const dsValues = Array.from({ length: 20 }, (_, index) => String(80 + index))

/** Of one message: its elements do not go together. */
export const withinRows: readonly AcrossRow[] = [
  // CRes of the app: texts that no template can do without (CHL-UI-3)
  ...(['challengeInfoHeader', 'challengeInfoText'] as const).map(
    (element): AcrossRow => ({
      rule: 'CHL-UI-3',
      message: 'CRes',
      versions: ['2.1.0', '2.2.0'],
      when: all({ field: 'acsUiType', in: ['01', '02', '03', '04'] }, not(present(element))),
      element,
      code: '201',
    }),
  ),
  {
    rule: 'CHL-UI-3',
    message: 'CRes',
    versions: ['2.1.0', '2.2.0'],
    when: all({ field: 'acsUiType', in: ['01', '02', '03'] }, not(present('challengeInfoLabel'))),
    element: 'challengeInfoLabel',
    code: '201',
  },
  // a page needs the HTML interface (Table A.14)
  ...(['ARes', 'RReq'] as const).map(
    (message): AcrossRow => ({
      rule: 'FLOW-APP-3',
      message,
      when: all(
        { field: 'acsRenderingType.acsInterface', in: ['01'] },
        { field: 'acsRenderingType.acsUiTemplate', in: ['05', '06'] },
      ),
      element: 'acsRenderingType.acsUiTemplate',
      code: '203',
    }),
  ),
  {
    rule: 'RES-DEC-2',
    message: 'ARes',
    versions: ['2.2.0', '2.3.1'],
    when: all(status('D'), present('acsDecConInd'), not({ field: 'acsDecConInd', in: ['Y'] })),
    element: 'acsDecConInd',
    code: '203',
  },
  {
    rule: 'RES-DEC-3',
    message: 'ARes',
    versions: ['2.2.0', '2.3.1'],
    when: all(not(status('D')), { field: 'acsDecConInd', in: ['Y'] }),
    element: 'acsDecConInd',
    code: '203',
  },
  {
    rule: 'RES-DEC-2',
    message: 'ARes',
    versions: ['2.2.0'],
    when: all(status('D'), present('authenticationType'), not({ field: 'authenticationType', in: ['04'] })),
    element: 'authenticationType',
    code: '203',
  },
  {
    rule: 'RES-DEC-2',
    message: 'ARes',
    versions: ['2.3.1'],
    when: all(status('D'), present('authenticationMethod'), not({ field: 'authenticationMethod', in: ['12'] })),
    element: 'authenticationMethod',
    code: '203',
  },
  {
    rule: 'RES-CM-1',
    message: 'ARes',
    profile: 'strict',
    when: all(not(status('C', 'D')), present('acsChallengeMandated')),
    element: 'acsChallengeMandated',
    code: '203',
  },
  // only of statuses that the version knows; any other is wrong by itself
  ...(
    [
      { version: '2.1.0', statuses: ['N', 'U', 'R', 'C'] },
      { version: '2.2.0', statuses: ['N', 'U', 'R', 'C', 'D'] },
      { version: '2.3.1', statuses: ['N', 'U', 'R', 'C', 'D', 'S'] },
    ] as const
  ).map(
    ({ version, statuses }): AcrossRow => ({
      rule: 'RES-AV-2',
      message: 'ARes',
      versions: [version],
      profile: 'strict',
      when: all(status(...statuses), present('authenticationValue')),
      element: 'authenticationValue',
      code: '203',
    }),
  ),
  {
    rule: 'RES-TR-1',
    message: 'RReq',
    versions: ['2.3.1'],
    when: all(status('D'), present('transStatusReason'), not({ field: 'transStatusReason', in: ['29', '30'] })),
    element: 'transStatusReason',
    code: '203',
  },
  {
    rule: 'RES-TR-1',
    message: 'RReq',
    versions: ['2.3.1'],
    when: all(status('D'), not(present('transStatusReason'))),
    element: 'transStatusReason',
    code: '201',
  },
  {
    rule: 'CHL-TMR-4',
    message: 'RReq',
    when: all({ field: 'transStatusReason', in: ['14'] }, not({ field: 'challengeCancel', in: ['04', '05'] })),
    element: 'challengeCancel',
    code: '203',
  },
  {
    rule: 'RES-AV-2',
    message: 'RReq',
    profile: 'strict',
    when: all(any(present('challengeCancel'), status('N', 'U', 'R')), present('authenticationValue')),
    element: 'authenticationValue',
    code: '203',
  },
  {
    rule: 'RES-AV-2',
    message: 'RReq',
    versions: ['2.3.1'],
    profile: 'strict',
    when: all(status('D'), not(present('challengeCancel')), present('authenticationValue')),
    element: 'authenticationValue',
    code: '203',
  },
]

/** Of a message and others of its transaction. */
export const acrossRows: readonly AcrossRow[] = [
  {
    rule: 'RES-TS-1',
    message: 'ARes',
    when: all(status('C'), any(asked('deviceChannel', '03'), asked('threeDSRequestorChallengeInd', '06'))),
    element: 'transStatus',
    code: '203',
  },
  {
    rule: 'RES-TS-2',
    message: 'ARes',
    versions: ['2.2.0'],
    when: all(status('D'), not(asked('threeDSRequestorDecReqInd', 'Y'))),
    element: 'transStatus',
    code: '203',
  },
  {
    rule: 'RES-TS-2',
    message: 'ARes',
    versions: ['2.3.1'],
    when: all(status('D'), not(asked('threeDSRequestorDecReqInd', 'Y', 'B'))),
    element: 'transStatus',
    code: '203',
  },
  {
    rule: 'RES-CI-2',
    message: 'ARes',
    when: all(status('D'), asked('threeDSRequestorChallengeInd', '06')),
    element: 'transStatus',
    code: '203',
  },
  {
    rule: 'RES-TS-3',
    message: 'ARes',
    profile: 'strict',
    when: all(status('I'), not(asked('threeDSRequestorChallengeInd', '05', '06', '07', ...dsValues))),
    element: 'transStatus',
    code: '203',
  },
  {
    rule: 'RES-TS-4',
    message: 'ARes',
    when: all(status('S'), not(all(asked('deviceChannel', '02'), asked('threeDSRequestorSpcSupport', 'Y')))),
    element: 'transStatus',
    code: '203',
  },
  {
    rule: 'ACS-VAL-168',
    message: 'ARes',
    versions: ['2.3.1'],
    when: all(asked('splitSdkType.limitedInd', 'Y'), { field: 'authenticationMethod', in: ['01', '06'] }),
    element: 'authenticationMethod',
    code: '203',
  },
  {
    rule: 'FLOW-DS-6',
    message: 'RReq',
    versions: ['2.3.1'],
    when: not({ context: 'ARes.transStatus', in: ['C', 'D', 'S'] }),
    element: 'acsTransID',
    code: '313',
  },
  {
    rule: 'FLOW-DS-6',
    message: 'RReq',
    versions: ['2.1.0', '2.2.0'],
    when: not({ context: 'ARes.transStatus', in: ['C', 'D'] }),
    element: 'acsTransID',
    code: '305',
  },
  {
    rule: 'FLOW-DS-6',
    message: 'RReq',
    versions: ['2.3.1'],
    when: { contextPresent: 'RReq' },
    element: 'acsTransID',
    code: '312',
  },
  {
    rule: 'FLOW-DS-6',
    message: 'RReq',
    versions: ['2.1.0', '2.2.0'],
    when: { contextPresent: 'RReq' },
    element: 'acsTransID',
    code: '301',
  },
  {
    rule: 'RES-TS-5',
    message: 'RReq',
    versions: ['2.3.1'],
    when: all(status('D'), not(asked('threeDSRequestorDecReqInd', 'F', 'B'))),
    element: 'transStatus',
    code: '203',
  },
  {
    rule: 'RES-AV-1',
    message: 'RReq',
    profile: 'strict',
    when: all({ contextPresent: 'ARes.authenticationValue' }, present('authenticationValue')),
    element: 'authenticationValue',
    code: '203',
  },
  {
    rule: 'ACS-VAL-168',
    message: 'RReq',
    versions: ['2.3.1'],
    when: all(asked('splitSdkType.limitedInd', 'Y'), { field: 'authenticationMethod', in: ['01', '06'] }),
    element: 'authenticationMethod',
    code: '203',
  },
  {
    rule: 'ACS-VAL-98',
    message: 'CReq',
    when: not({ context: 'ARes.transStatus', in: ['C'] }),
    element: 'acsTransID',
    code: '305',
  },
  {
    rule: 'CHL-CTR-7',
    message: 'CRes',
    when: all(status('Y'), not({ context: 'RReq.transStatus', in: ['Y'] })),
    element: 'transStatus',
    code: '203',
  },
  {
    rule: 'CHL-CTR-7',
    message: 'CRes',
    when: all(status('N'), { context: 'RReq.transStatus', in: ['Y', 'D'] }),
    element: 'transStatus',
    code: '203',
  },
  {
    rule: 'RES-TS-5',
    message: 'CRes',
    versions: ['2.3.1'],
    when: all(status('D'), not({ context: 'RReq.transStatus', in: ['D'] })),
    element: 'transStatus',
    code: '203',
  },
]
