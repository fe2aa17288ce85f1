/** How the attackers of a stream go by what they are answered, as the closed loop takes it. */
import type { Consequences } from '../run/types.ts'
import type { GenConfig } from './config.ts'

export const consequencesOf = ({
  adapting: { retry, retries, minutes, lower, factor, giveUpAfter },
  attackers: { reissueDays },
}: GenConfig): Partial<Consequences> => ({
  retry: { share: retry, most: retries, minutes },
  lower: { share: lower, factor },
  giveUpAfter,
  reissueDays,
})
