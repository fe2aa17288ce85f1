/** What is assumed where nobody says otherwise. Made up within what is published of challenges; every report prints them. */
import type { Challenges, Consequences } from './types.ts'

export const usualChallenges: Challenges = {
  seconds: 45,
  technical: 0.01,
  genuine: { pass: 0.9, abandon: 0.07 },
  fraud: { pass: 0.15, abandon: 0.45 },
}

export const usualConsequences: Consequences = {
  blockAfterFailed: 3,
  blockAfterReject: false,
  blockAfterReport: true,
  reissueDays: 5,
  retry: { share: 0.6, most: 3, minutes: [2, 30] },
  lower: { share: 0.5, factor: 0.5 },
  giveUpAfter: 4,
}
