// Which card of the ACS under test gives which outcome: the file behind --cards.
import { parse } from 'yaml'
import { z } from 'zod'

const pan = z.string().regex(/^[0-9]{13,19}$/, 'a card number of 13 to 19 digits expected')

export const cardsSchema = z
  .strictObject({
    frictionless: pan.describe('authenticated without a challenge (Y)'),
    challenge: pan.describe('challenged in a browser, by a code (C)'),
    attempt: pan.describe('attempted (A)'),
    denied: pan.describe('not authenticated (N)'),
    unavailable: pan.describe('could not be performed (U)'),
    rejected: pan.describe('rejected (R)'),
    information: pan.describe('information only, asked with challenge indicator 05 (I)'),
    decoupled: pan.describe('authenticated apart from the browser where the AReq allows it (D)'),
    outOfRange: pan.describe('in no card range of this ACS'),
  })
  .partial()

export type Cards = z.infer<typeof cardsSchema>
export type CardName = keyof Cards

/** The scripted cards of Sekisho's own issuer. */
export const ownCards: Cards = {
  frictionless: '4000000000005100',
  challenge: '4000000000007700',
  attempt: '4000000000008500',
  denied: '4000000000009201',
  unavailable: '4000000000001307',
  rejected: '4000000000007411',
  information: '4000000000003600',
  decoupled: '4000000000002800',
  outOfRange: '9999990000000006',
}

/** Reads the text of a card map. Throws Error with the name of the entry that is wrong, never a number. */
export function readCards(text: string): Cards {
  let content: unknown
  try {
    // Everything is text here: as a number a PAN would lose leading zeros, and digits beyond the sixteenth.
    content = parse(text, { schema: 'failsafe' })
  } catch {
    throw new Error('the card map is no YAML')
  }
  const result = cardsSchema.safeParse(content)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const name = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path[0]
  throw new Error(
    issue?.code === 'unrecognized_keys'
      ? `the card map knows no ${String(name)}: ${Object.keys(cardsSchema.shape).join(', ')}`
      : `the card map is not valid at ${String(name ?? 'its root')}: ${issue?.message}`,
  )
}
