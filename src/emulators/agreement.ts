// Whether a message agrees with those before it in its transaction: what every receiver checks beyond the message's own
// elements. Spec: Table A.17, sections 5.9.3, 5.9.4, 5.9.8, 5.9.9; FLOW-DS-5, FLOW-DS-6, FLOW-S-4, RES-TS-7.
import { type About, type Finding, refuse } from '../protocol/errors.ts'
import type { AnyMessage, Profile } from '../protocol/messages/parse.ts'
import { type AcrossContext, acrossFindings } from '../protocol/rules/across.ts'

/** A non-payment may be answered without a status if the DS says so; this one does not (RES-TS-7). */
const withoutStatus = (message: AnyMessage): readonly Finding[] =>
  message.messageType === 'ARes' && message.transStatus === undefined
    ? [{ errorCode: '201', element: 'transStatus', rule: 'RES-TS-7' }]
    : []

/** Throws ProtocolError with the code of the first disagreement: 301, 203, 305, 313 … */
export function checkAgreement(message: AnyMessage, context: AcrossContext, profile: Profile, about: About): void {
  refuse([...acrossFindings(message, context, profile), ...withoutStatus(message)], about)
}
