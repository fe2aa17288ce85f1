// What `decide` was given besides facts and features, as it is kept with a transaction, and the decision's basis back out of the record. Pure.
import { ownElements } from '../protocol/messages/own.ts'
import type { AReq } from '../protocol/messages/types.ts'
import { isObject } from '../protocol/rules/conditions.ts'
import type { Basis } from '../risk/again.ts'
import type { Asked, DecideInput } from '../risk/decide.ts'
import type { Facts } from '../risk/facts.ts'
import { featureSet } from '../risk/features.ts'
import { readFeatures } from '../risk/kept.ts'
import type { Transaction } from './ports.ts'

export type KeptInputs = Pick<
  DecideInput,
  'asked' | 'card' | 'supportsDevice' | 'prior' | 'decoupled' | 'listed' | 'opinions' | 'unheard'
>

/** Of a request, which holds the card number, only what a decision depends on. */
const keptAsked = (asked: Asked): Asked => ({
  messageVersion: asked.messageVersion,
  deviceChannel: asked.deviceChannel,
  messageCategory: asked.messageCategory,
  challengeInds: asked.challengeInds,
  ...(asked.authenticationInd !== undefined && { authenticationInd: asked.authenticationInd }),
  ...(asked.threeRIInd !== undefined && { threeRIInd: asked.threeRIInd }),
  decReqInd: asked.decReqInd,
  ...(asked.decMaxTimeMinutes !== undefined && { decMaxTimeMinutes: asked.decMaxTimeMinutes }),
  ...(asked.trustListStatus !== undefined && { trustListStatus: asked.trustListStatus }),
  ...(asked.deviceBindingStatus !== undefined && { deviceBindingStatus: asked.deviceBindingStatus }),
})

export const keepInputs = ({
  asked,
  card,
  supportsDevice,
  prior,
  decoupled,
  listed,
  opinions = [],
  unheard = [],
}: DecideInput): KeptInputs => ({
  asked: keptAsked(asked),
  card,
  ...(supportsDevice !== undefined && { supportsDevice }),
  ...(prior !== undefined && { prior }),
  ...(decoupled !== undefined && { decoupled }),
  ...(listed !== undefined && listed.allow.length + listed.deny.length > 0 && { listed }),
  ...(opinions.length > 0 && { opinions }),
  ...(unheard.length > 0 && { unheard }),
})

/** The elements of an AReq as the journal has it: masked, and without the card number. */
export function areqIn(masked: string): Readonly<Record<string, unknown>> | undefined {
  let message: unknown
  try {
    message = JSON.parse(masked)
  } catch {
    return undefined
  }
  if (!isObject(message)) return undefined
  const { acctNumber: _pan, ...areq } = ownElements(message as unknown as AReq)
  return areq
}

/**
 * What the engine decided by. Undefined: the record does not hold it, since it is older than these inputs, or was made by
 * a program with other features. `masked`: the AReq out of the journal.
 */
export function basisOf(
  { at, details }: Pick<Transaction, 'at' | 'details'>,
  masked: string | undefined,
): Basis | undefined {
  if (details.inputs === undefined || details.featureSet !== featureSet) return undefined
  return {
    ...details.inputs,
    facts: details.facts as Facts,
    features: readFeatures(details.features as readonly (number | null)[]),
    areq: masked === undefined ? undefined : areqIn(masked),
    now: at,
  }
}
