// The words of numbers: those of the metrics themselves, so that a report and docs/lab-statistics.md cannot say different things.
import { type Denominator, type EstimateKey, type WhyNot, whyNot } from '../metrics/types.ts'
import type { Both } from './language.ts'

export const titleOf = (key: EstimateKey): Both => ({ en: key, ja: key })
export const definitionOf = (key: EstimateKey): Both => ({ en: key, ja: key })
export const denominatorOf = (denominator: Denominator): Both => ({ en: denominator, ja: denominator })
export const whyWords: Readonly<Record<WhyNot, Both>> = Object.fromEntries(
  Object.entries(whyNot).map(([key, en]) => [key, { en, ja: en }]),
) as Record<WhyNot, Both>
