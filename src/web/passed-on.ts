// Headers that travel with a message from party to party: what the request says of how it wants to be answered.
import type { IncomingHttpHeaders } from 'node:http'

/** A plan in JSON, where the tenant lets requests say so. */
export const overrideHeader = 'sekisho-override'

export type PassedOn = Readonly<Record<string, string>>

const nothing: PassedOn = {}

/** Longer ones are no plan. */
const longest = 8_192

export function passedOn(headers: IncomingHttpHeaders): PassedOn {
  const override = headers[overrideHeader]
  return typeof override === 'string' && override.length <= longest ? { [overrideHeader]: override } : nothing
}
