/**
 * A few rates of a run without intervals, for what is tried many times: thresholds that are tuned, populations of other seeds.
 * The same numbers as `estimates` of the metrics, to which a test holds them.
 */

import type { Ground } from '../metrics/ground.ts'
import { isFraudBit, isUntoldBit } from '../metrics/ground.ts'
import { joined } from '../metrics/join.ts'
import type { EstimateKey } from '../metrics/types.ts'
import { type DecisionPart, isApproved, isChallenge, isDecided, isDecline, isFrictionless } from '../run/decisions.ts'

export const lightKeys = [
  'frictionless',
  'challenge',
  'decline',
  'completion',
  'genuineFlagged',
  'genuineLost',
  'fraudCaught',
  'fraudCaughtAmount',
  'fraudStopped',
  'fraudStoppedAmount',
  'fraudBpsAfter',
] as const satisfies readonly EstimateKey[]
export type LightKey = (typeof lightKeys)[number]
export type LightRates = Readonly<Record<LightKey, number | null>>

const share = (above: number, below: number): number | null => (below > 0 ? above / below : null)

export async function lightRates(ground: Ground, decisions: AsyncIterable<DecisionPart>): Promise<LightRates> {
  let decided = 0
  let frictionless = 0
  let challenged = 0
  let declined = 0
  let approved = 0
  let genuine = 0
  let genuineFlagged = 0
  let genuineLost = 0
  let fraud = 0
  let fraudAmount = 0
  let caught = 0
  let caughtAmount = 0
  let stopped = 0
  let stoppedAmount = 0
  let approvedAmount = 0
  for await (const part of joined(ground, decisions)) {
    for (let row = 0; row < part.n; row++) {
      const status = part.status[row] as number
      if (!isDecided(status)) continue
      decided++
      const passes = isFrictionless(status)
      const isLost = !isApproved(status, part.challenge[row] as number)
      if (passes) frictionless++
      else if (isChallenge(status)) challenged++
      else if (isDecline(status)) declined++
      const told = part.amount[row] as number
      const amount = Number.isNaN(told) ? 0 : told
      if (!isLost) {
        approved++
        approvedAmount += amount
      }
      const truth = part.truth[row] as number
      if ((truth & isUntoldBit) !== 0) continue
      if ((truth & isFraudBit) === 0) {
        genuine++
        if (!passes) genuineFlagged++
        if (isLost) genuineLost++
        continue
      }
      fraud++
      fraudAmount += amount
      if (!passes) {
        caught++
        caughtAmount += amount
      }
      if (isLost) {
        stopped++
        stoppedAmount += amount
      }
    }
  }
  const bps = share(fraudAmount - stoppedAmount, approvedAmount)
  return {
    frictionless: share(frictionless, decided),
    challenge: share(challenged, decided),
    decline: share(declined, decided),
    completion: share(approved, decided),
    genuineFlagged: share(genuineFlagged, genuine),
    genuineLost: share(genuineLost, genuine),
    fraudCaught: share(caught, fraud),
    fraudCaughtAmount: share(caughtAmount, fraudAmount),
    fraudStopped: share(stopped, fraud),
    fraudStoppedAmount: share(stoppedAmount, fraudAmount),
    fraudBpsAfter: bps === null ? null : 10_000 * bps,
  }
}
