// What a 3DS Requestor and the 3DS Server say to each other; the protocol leaves this to them. Spec: section 2.4.1,
// [Req 81–83]; FLOW-S-1, FLOW-S-9.
import { z } from 'zod'

const acctNumber = z.string().regex(/^\d{13,19}$/)
const httpUrl = z.url({ protocol: /^https?$/ }).max(2_048)

export const versioningRequest = z.object({ acctNumber })

export const versioningAnswer = z.object({
  threeDSServerTransID: z.string(),
  messageVersion: z.string(),
  /** Absent when the card range has none (FLOW-MTH-5: then threeDSCompInd is U). */
  threeDSMethodURL: httpUrl.optional(),
  /** The form field for the 3DS Method URL, ready to post. */
  threeDSMethodData: z.string().optional(),
})

export const authenticationRequest = z.object({
  /** From the versioning call; without it a new transaction begins and the 3DS Method counts as not run. */
  threeDSServerTransID: z.uuid().optional(),
  challengeWindowSize: z.enum(['01', '02', '03', '04', '05']).default('05'),
  /** Opaque; comes back with the cres (FLOW-GEN-5). */
  threeDSSessionData: z
    .string()
    .max(1_024)
    .regex(/^[A-Za-z0-9_-]*$/)
    .optional(),
  /** Where the page that receives the cres leads when it is not in a frame. */
  returnURL: httpUrl.optional(),
  /** AReq elements that the requestor knows, by their own names. browserIP and browserAcceptHeader are taken from the connection if absent. */
  areq: z.looseObject({ acctNumber }),
})

export const giveUpRequest = z.object({
  /** Whether the CReq has gone to the ACS: then the ACS hears nothing of the change of mind (FLOW-S-3). */
  isCreqSent: z.boolean().default(false),
})

export const transactionStatus = z.object({
  threeDSServerTransID: z.string(),
  messageVersion: z.string(),
  card: z.string(),
  threeDSMethod: z.enum(['none', 'pending', 'completed']),
  phase: z.enum(['prepared', 'authenticating', 'challenge', 'settled']),
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
