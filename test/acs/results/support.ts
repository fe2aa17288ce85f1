// What the tests of results share: requests, transactions and secrets of any version, channel and category.
import type { AuthenticationRequest } from '../../../src/acs/authenticate/request.ts'
import type { Transaction, TransactionDetails } from '../../../src/acs/ports.ts'
import { createSecrets } from '../../../src/acs/secrets.ts'
import type { Version } from '../../../src/protocol/tables/types.ts'

export const versions: readonly Version[] = ['2.1.0', '2.2.0', '2.3.1']
export const channels = ['01', '02', '03'] as const
export const categories = ['01', '02'] as const

const key = (octet: number): Buffer => Buffer.alloc(32, octet)
export const secrets = createSecrets({
  panHash: key(1),
  entity: key(2),
  otp: key(3),
  stepToken: key(4),
  authenticationValue: key(5),
})

export const ids = {
  threeDSServerTransID: '8a880dc0-d2d2-4067-bcb1-b08d1690b26e',
  dsTransID: 'f25084f0-5b16-4c0a-ae5d-b24808a95e4b',
  acsTransID: 'd7c1ee99-9478-44a6-b1f2-391e29c6b340',
  sdkTransID: 'b2385523-a66c-4907-ac3c-91848e8c0067',
} as const

export interface Column {
  readonly version: Version
  readonly channel: '01' | '02' | '03'
  readonly category: string
}

/** Columns that the protocol has: 3RI of 2.1.0 is non-payment only (RES-3RI-1). */
export const columns: readonly Column[] = versions.flatMap((version) =>
  channels.flatMap((channel) =>
    categories.flatMap((category) =>
      version === '2.1.0' && channel === '03' && category === '01' ? [] : [{ version, channel, category }],
    ),
  ),
)

const purchase = { purchaseAmount: '24800', purchaseCurrency: '392', purchaseExponent: '0' }

export const requestFor = (
  { version, channel, category }: Column,
  change: Partial<AuthenticationRequest> = {},
): AuthenticationRequest => ({
  messageVersion: version,
  deviceChannel: channel,
  messageCategory: category,
  threeDSServerTransID: ids.threeDSServerTransID,
  dsTransID: ids.dsTransID,
  dsReferenceNumber: 'DS-0001',
  dsURL: 'https://ds.example/rreq',
  acctNumber: '4000000000007700',
  challengeInds: ['01'],
  decReqInd: 'N',
  priorAuthentications: [],
  ...(channel === '01' && { sdkTransID: ids.sdkTransID }),
  ...(category === '01' && { ...purchase, merchantName: 'Hakone Goods' }),
  ...change,
})

export const transactionFor = (
  { version, channel, category }: Column,
  transStatus: 'C' | 'D',
  details: Partial<TransactionDetails> = {},
  change: Partial<Transaction> = {},
): Transaction => ({
  id: 1,
  tenant: 0,
  at: 0,
  acsTransID: ids.acsTransID,
  threeDSServerTransID: ids.threeDSServerTransID,
  dsTransID: ids.dsTransID,
  messageVersion: version,
  deviceChannel: channel,
  messageCategory: category,
  panHash: secrets.panHash('4000000000007700'),
  panMask: '400000******7700',
  scheme: 'visa',
  ...(category === '01' && { ...purchase, merchantName: 'Hakone Goods' }),
  transStatus,
  decidedBy: 'engine',
  score: 0,
  details: {
    ...(channel === '01' && { sdkTransID: ids.sdkTransID }),
    ...(transStatus === 'D' && { authenticationMethods: ['12'] }),
    decision: {},
    evidence: [],
    features: [],
    facts: {},
    policy: 'default',
    ...details,
  },
  ...change,
})
