// What a 3DS Requestor and the 3DS Server say to each other; the protocol leaves this to them. Spec: section 2.4.1,
// [Req 81–83]; FLOW-S-1, FLOW-S-9.
import { z } from 'zod'
import { supportedVersions } from '../versions.ts'

const acctNumber = z.string().regex(/^\d{13,19}$/)
const httpUrl = z.url({ protocol: /^https?$/ }).max(2_048)

/** Versions are named to test with; without a name the newest is taken that everybody has (FLOW-PRE-6). */
const messageVersion = z.enum(supportedVersions)

export const versioningRequest = z.object({ acctNumber, messageVersion: messageVersion.optional() })

/** What is known of the card's range from the PRes of the DS. */
const cardRange = z.object({
  start: z.string(),
  end: z.string(),
  issuerCountryCode: z.string().optional(),
  dsProtocolVersions: z.array(z.string()).optional(),
  acsProtocolVersions: z.array(
    z.object({
      version: z.string(),
      acsInfoInd: z.array(z.string()).optional(),
      threeDSMethodURL: z.string().optional(),
    }),
  ),
})

export const versioningAnswer = z.object({
  threeDSServerTransID: z.string(),
  messageVersion: z.string(),
  /** Absent when the card range has none (FLOW-MTH-5: then threeDSCompInd is U). */
  threeDSMethodURL: httpUrl.optional(),
  /** The form field for the 3DS Method URL, ready to post. */
  threeDSMethodData: z.string().optional(),
  /** Absent without a PRes, or when the card is in none of its ranges. */
  cardRange: cardRange.optional(),
})

export const authenticationRequest = z
  .object({
    /** From the versioning call; without it a new transaction begins and the 3DS Method counts as not run. */
    threeDSServerTransID: z.uuid().optional(),
    /** Overrides what the versioning call chose. */
    messageVersion: messageVersion.optional(),
    /** 01 app (the SDK's elements are given in `areq`), 02 browser, 03 3RI. */
    deviceChannel: z.enum(['01', '02', '03']).default('02'),
    /** 01 payment, 02 non-payment. */
    messageCategory: z.enum(['01', '02']).default('01'),
    /** An earlier transaction of this 3DS Server: it becomes threeDSRequestorPriorAuthenticationInfo. */
    priorThreeDSServerTransID: z.uuid().optional(),
    challengeWindowSize: z.enum(['01', '02', '03', '04', '05']).default('05'),
    /** Opaque; comes back with the cres (FLOW-GEN-5). */
    threeDSSessionData: z
      .string()
      .max(1_024)
      .regex(/^[A-Za-z0-9_-]*$/)
      .optional(),
    /** Where the page that receives the cres leads when it is not in a frame. */
    returnURL: httpUrl.optional(),
    /**
     * AReq elements that the requestor knows, by their own names, in the shape of any version. browserIP, browserAcceptHeader
     * and acceptLanguage are taken from the connection if absent. What is wrong in other elements is for the DS to say.
     */
    areq: z.looseObject({
      acctNumber,
      threeRIInd: z
        .string()
        .regex(/^\d\d$/)
        .optional(),
      sdkTransID: z.uuid().optional(),
      threeDSRequestorChallengeInd: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
      threeDSRequestorDecReqInd: z.enum(['Y', 'N', 'F', 'B']).optional(),
      threeDSRequestorDecMaxTime: z
        .string()
        .regex(/^\d{5}$/)
        .optional(),
    }),
  })
  .superRefine(({ deviceChannel, areq }, check) => {
    const need = (name: 'threeRIInd' | 'sdkTransID'): void => {
      if (areq[name] === undefined)
        check.addIssue({
          code: 'custom',
          path: ['areq', name],
          message: `needed when deviceChannel is ${deviceChannel}`,
        })
    }
    if (deviceChannel === '03') need('threeRIInd') // FLOW-3RI-1
    if (deviceChannel === '01') need('sdkTransID')
  })

export const giveUpRequest = z.object({
  /** Whether the CReq has gone to the ACS: then the ACS hears nothing of the change of mind (FLOW-S-3). */
  isCreqSent: z.boolean().default(false),
})

/** Has the DS asked for its card ranges now: for all of them, or for what changed. */
export const refreshRequest = z.object({ isWhole: z.boolean().default(false) })

export const transactionStatus = z.object({
  threeDSServerTransID: z.string(),
  messageVersion: z.string(),
  card: z.string(),
  threeDSMethod: z.enum(['none', 'pending', 'completed']),
  deviceChannel: z.string().optional(),
  messageCategory: z.string().optional(),
  phase: z.enum(['prepared', 'authenticating', 'challenge', 'decoupled', 'settled']),
  /** Which event settled the transaction; `noResult`: the RReq did not come in time (FLOW-S-5). */
  settledBy: z.enum(['ARes', 'RReq', 'Erro', 'noResult', 'gaveUp']).optional(),
  dsTransID: z.string().optional(),
  acsTransID: z.string().optional(),
  transStatus: z.string().optional(),
  transStatusReason: z.string().optional(),
  eci: z.string().optional(),
  authenticationValue: z.string().optional(),
  challengeCancel: z.string().optional(),
  cardholderInfo: z.string().optional(),
  /** The issuer asks the cardholder outside of the browser; the result is waited for until then (milliseconds since 1970). */
  acsDecConInd: z.string().optional(),
  waitsUntil: z.number().optional(),
  /** The 3RI transaction that goes on after an RReq D, or the one that this goes on from (FLOW-S-8). */
  continuedBy: z.string().optional(),
  continues: z.string().optional(),
  /** whiteListStatus up to 2.2.0. */
  trustListStatus: z.string().optional(),
  /** Since 2.3.1: whether the device is bound, and the exemption that spared the cardholder a challenge. */
  deviceBindingStatus: z.string().optional(),
  transChallengeExemption: z.string().optional(),
  acsURL: z.string().optional(),
  creq: z.string().optional(),
  challengeWindowSize: z.string().optional(),
  threeDSSessionData: z.string().optional(),
  resultsStatus: z.string().optional(),
  /** The browser has come back from the challenge; says nothing about the result. */
  isReturned: z.boolean(),
  erro: z.record(z.string(), z.string()).optional(),
})

export type VersioningAnswer = z.infer<typeof versioningAnswer>
export type TransactionStatus = z.infer<typeof transactionStatus>
