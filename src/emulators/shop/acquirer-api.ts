// What the shop and its acquirer say to each other. Made up, as every acquirer's interface is; the names are those of 3-D
// Secure where it has one.
import { z } from 'zod'
import { acceptances } from './checkout.ts'

export const authorisationRequest = z.object({
  /** The shop's own name for this authorisation; the same one again gets the same answer. */
  reference: z.string().min(1).max(100),
  merchantID: z.string(),
  acctNumber: z.string().regex(/^\d{13,19}$/),
  cardExpiryDate: z.string().regex(/^\d{4}$/),
  amount: z.string().regex(/^\d{1,15}$/),
  currency: z.string().regex(/^\d{3}$/),
  exponent: z.string().regex(/^\d$/),
  /** What the merchant's contract takes: proven authentications only, or attempts too. */
  acceptance: z.enum(acceptances),
  /** The merchant asked for no challenge and pays for it if the purchase was none of the cardholder's. */
  isAtOwnRisk: z.boolean(),
  threeDS: z.object({
    messageVersion: z.string(),
    dsTransID: z.string().optional(),
    eci: z.string().optional(),
    authenticationValue: z.string().optional(),
    /** Stands for what an issuer reads out of its own authentication value; merchant: without the cardholder (3RI). */
    flow: z.enum(['frictionless', 'challenge', 'merchant']),
  }),
})
export type AuthorisationRequest = z.infer<typeof authorisationRequest>

/** Why an authorisation ended as it did. */
export const causes = [
  'approved',
  'approvedAtOwnRisk',
  'notAuthenticated',
  'attemptNotAccepted',
  'schemeUnknown',
  'eciUnknown',
  'dsTransIDMissing',
  'valueMissing',
  'valueMalformed',
  'valueUnexpected',
  'valueUsed',
  'cardExpired',
  'authenticationRequired',
] as const
export type Cause = (typeof causes)[number]

export const authorisationAnswer = z.object({
  /** Two digits as in ISO 8583. */
  responseCode: z.string().regex(/^\d\d$/),
  cause: z.enum(causes),
  /** Who bears a fraud: nobody knows for an authorisation that was declined. */
  liability: z.enum(['issuer', 'merchant']).optional(),
  approvalCode: z.string().optional(),
})
export type AuthorisationAnswer = z.infer<typeof authorisationAnswer>
