// What a check says of one payment, with the parameters and features of the test.
import { type Check, type CheckInput, Voice } from '../../../src/risk/check.ts'
import { type AReqFacts, factsOf, type MethodData } from '../../../src/risk/facts.ts'
import { type FeatureName, newFeatures, positionOf } from '../../../src/risk/features.ts'
import type { Signals } from '../../../src/risk/signals.ts'
import type { Tables } from '../../../src/risk/tables.ts'
import { defaultPolicy, keyOf, noon } from '../support.ts'

type Given = {
  readonly areq: AReqFacts
  readonly method?: MethodData
  readonly features?: Partial<Record<FeatureName, number>>
  readonly signals?: Signals
}

export function saidBy(check: Check, own: unknown, tables?: Tables) {
  const bound = check.bound.parse(own)
  const [least, most] = bound.span
  return ({ areq, method, features = {}, signals }: Given) => {
    const values = newFeatures().fill(Number.NaN)
    for (const [name, value] of Object.entries(features)) values[positionOf(name as FeatureName)] = value
    const context = { accountKey: 'account', keyOf, now: noon, policy: defaultPolicy, method, signals, tables }
    const facts = factsOf(areq, context)
    const input: CheckInput = { facts, features: values, issuer: defaultPolicy.issuer }
    const { weight, reason } = bound.run(input, new Voice())
    if (Number.isNaN(weight)) {
      if (!Object.hasOwn(check.silent, reason)) throw new Error(`${reason} is no abstention of ${check.id}`)
      return { silent: reason }
    }
    if (!Object.hasOwn(check.reasons, reason)) throw new Error(`${reason} is no reason of ${check.id}`)
    if (weight < least || weight > most) throw new Error(`${weight} is not within [${least}, ${most}]`)
    return { weight, reason, told: bound.told(input, reason) }
  }
}
