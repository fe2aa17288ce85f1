/**
 * The cheapest of passing, challenging and declining. With p the probability of fraud, A the amount, and of a challenge the
 * probability that the holder (g) or the thief (f) passes it:
 *
 *   pass       p · A · lossShare
 *   challenge  challenge + p · f · A · lossShare + (1 − p) · (1 − g) · A · margin
 *   decline    (1 − p) · A · margin
 *
 * Each is a straight line in p, and they rise the more the milder they are: so there are two values of p between which a challenge
 * is the cheapest, and these are thresholds of the score. A score that nobody has calibrated is taken for log-odds, and says so.
 */
import { z } from 'zod'
import type { Issuer } from '../setting.ts'
import { majorOf } from './money.ts'
import type { Thresholds } from './segments.ts'

const part = z.number().min(0).max(1)
const slope = z.number().min(0.001).max(1_000)
const intercept = z.number().min(-100).max(100)

export const costsSchema = z.strictObject({
  lossShare: part.describe('of the amount of an approved fraud, what the issuer loses'),
  margin: part.describe('of the amount of a genuine payment that is lost, what the issuer loses'),
  challenge: z.number().min(0).describe('of one challenge, in major units of the issuer’s currency'),
  passes: z
    .strictObject({ genuine: part, fraud: part })
    .refine(({ genuine, fraud }) => fraud <= genuine, 'a thief does not pass more often than the holder')
    .describe('how probable it is that a challenge is passed'),
  calibrator: z
    .union([z.literal('none'), z.strictObject({ platt: z.tuple([slope, intercept]) })])
    .default('none')
    .describe('platt [a, b]: the log-odds of fraud are a · score + b; none: the score is taken for them'),
})
export type Costs = Readonly<z.infer<typeof costsSchema>>

/** Log-odds beyond these are certain enough; they stay numbers in JSON. */
const surest = 40

const logOdds = (p: number): number =>
  p <= 0 ? -surest : p >= 1 ? surest : Math.min(surest, Math.max(-surest, Math.log(p / (1 - p))))

/** Where a challenge and where a decline become the cheapest, for an amount in minor units. */
export function cheapest(costs: Costs, amount: number, issuer: Issuer): Thresholds {
  const { lossShare, margin, challenge, passes, calibrator } = costs
  const loss = majorOf(amount, issuer) * lossShare
  const gain = majorOf(amount, issuer) * margin
  const failed = (1 - passes.genuine) * gain
  const fromPass = ratio(challenge + failed, loss * (1 - passes.fraud) + failed)
  const toDecline = ratio(passes.genuine * gain - challenge, passes.fraud * loss + passes.genuine * gain)
  // Where a challenge is never the cheapest, passing goes over into declining.
  const [first, second] =
    fromPass < toDecline ? [fromPass, toDecline] : [ratio(gain, loss + gain), ratio(gain, loss + gain)]
  const [a, b] = calibrator === 'none' ? [1, 0] : calibrator.platt
  return { challenge: (logOdds(first) - b) / a, reject: (logOdds(second) - b) / a }
}

/** Where nothing is at stake, what costs something is never reached, and what saves something is reached at once. */
const ratio = (cost: number, stake: number): number => (stake > 0 ? cost / stake : cost < 0 ? 0 : 1)
