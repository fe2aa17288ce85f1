/** Night is 00:00 to 04:59 in the issuer's zone. Who often buys at night may. Read from the clock, not from the AReq. */
import { z } from 'zod'
import { abstain, along, check, weight } from '../check.ts'
import { at } from '../features.ts'

export const night = check(
  'night',
  [],
  z.strictObject({
    weight,
    /** Share of the holder's own purchases at night from which a night is nothing unusual. */
    usualFrom: z.number().positive().max(1),
    /** Strength while the holder's hours are not known. */
    noHabit: z.number().min(0).max(1),
  }),
  ({ facts, features, issuer }, own) => {
    const { localHour } = facts
    if (localHour === undefined) return abstain('the cardholder is not there')
    if (features[at.is_night] !== 1) return abstain('it is not night')
    const share = features[at.night_share] ?? Number.NaN
    const strength = Number.isNaN(share) ? own.noHabit : 1 - along(share, [0, own.usualFrom])
    if (strength === 0) return abstain('the holder often buys at night')
    const minutes = Math.floor(localHour * 60 + 0.5)
    const time = `0${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
    return {
      checkId: 'night',
      weight: own.weight * strength,
      code: Number.isNaN(share) ? 'night.no-habit' : 'night.unlike-habit',
      params: { time, zone: issuer.zone.name },
      paths: [],
    }
  },
  ({ weight }) => [weight],
)
