// The words of numbers: those of the metrics themselves, so that a report and docs/lab-statistics.md cannot say different things.
import type { Denominator, EstimateKey } from '../metrics/types.ts'
import { definitions, denominatorWords } from '../metrics/words.ts'
import type { Both } from './language.ts'

export { whyNotWords as whyWords } from '../metrics/words.ts'

export const titleOf = (key: EstimateKey): Both => definitions[key].title
export const definitionOf = (key: EstimateKey): Both => definitions[key].definition
/** What the number does not say. */
export const limitOf = (key: EstimateKey): Both => definitions[key].limit
export const denominatorOf = (denominator: Denominator): Both => denominatorWords[denominator]
