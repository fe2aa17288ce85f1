// The number that ties a page to the banking app: the page shows one, and the app asks which of three it is (acsUiTemplate 06).
import type { Secrets } from '../ports.ts'

export interface MatchNumber {
  /** Two digits, as the page shows them. */
  readonly shown: string
  /** What the banking app offers, in ascending order; one of them is the one shown. */
  readonly choices: readonly string[]
}

/** No code has this number (they begin with 1), so that the digits tell nothing of any code. */
const ownCodeNumber = 0
const lowest = 10
const span = 90

/** Follows from the secret of the challenge and goes with it: the same for the page and the app, also after a restart. */
export function matchNumber(secrets: Pick<Secrets, 'otp'>, acsTransID: string, secret: string): MatchNumber {
  const digits = secrets.otp(acsTransID, ownCodeNumber, secret)
  const numbers: number[] = []
  for (const start of [0, 2, 4]) {
    let number = Number(digits.slice(start, start + 2)) % span
    while (numbers.includes(number)) number = (number + 1) % span
    numbers.push(number)
  }
  const [shown = '', ...others] = numbers.map((number) => String(number + lowest))
  return { shown, choices: [shown, ...others].toSorted() }
}
