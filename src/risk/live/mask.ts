/** Which features somebody reads: others need not be worked out. */
import { at, type FeatureName, featureNames, isFeature } from '../features.ts'
import { Plan } from './plan.ts'

export class FeatureMask {
  /** 1 where the feature is wanted, in the order of `featureNames`. */
  readonly wanted: Uint8Array
  readonly plan: Plan
  constructor(wanted: Uint8Array) {
    this.wanted = wanted
    this.plan = new Plan(wanted)
  }
  has(name: FeatureName): boolean {
    return this.wanted[at[name]] === 1
  }
  get names(): readonly FeatureName[] {
    return featureNames.filter((name) => this.has(name))
  }
}

export const maskOf = (names: Iterable<string>): FeatureMask => {
  const wanted = new Uint8Array(featureNames.length)
  for (const name of names) if (isFeature(name)) wanted[at[name]] = 1
  return new FeatureMask(wanted)
}

export const everyFeature: FeatureMask = maskOf(featureNames)
