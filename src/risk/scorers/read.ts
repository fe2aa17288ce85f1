/** From the text of a model and what the policy says of it to a scorer. */
import { gbdt } from './gbdt.ts'
import { iforest } from './iforest.ts'
import { lightgbm } from './lightgbm.ts'
import { logistic } from './logistic.ts'
import {
  checkedBy,
  hashOf,
  type Model,
  refuse,
  type Scorer,
  type ScorerAbout,
  scorerAbout,
  scorerOf,
} from './scorer.ts'
import { xgboost } from './xgboost.ts'

/** Characters of a model's text. */
const longest = 64 * 1024 * 1024

/** `engine`: the names of the engine's features, in the order of its numbers. Throws a ModelError. */
export function readScorer(told: ScorerAbout, text: string, engine: readonly string[]): Scorer {
  const about = checkedBy(scorerAbout, told)
  if (text.length > longest) refuse('', `longer than ${longest} characters`)
  return scorerOf(about, hashOf(text), modelOf(about.kind))

  function modelOf(kind: typeof about.kind): Model {
    switch (kind) {
      case 'logistic':
        return logistic(parsed(text), about, engine)
      case 'gbdt':
        return gbdt(parsed(text), about, engine)
      case 'iforest':
        return iforest(parsed(text), about, engine)
      case 'xgboost':
        return xgboost(parsed(text), about, engine)
      case 'lightgbm':
        return lightgbm(text, about, engine)
      case 'onnx':
        return refuse('kind', 'an ONNX model is no text: it comes as a session (onnxScorer)')
      case 'freeman':
        return refuse('kind', 'freeman has no model: its counts are in the profiles (freemanScorer)')
    }
  }
}

/** JSON as XGBoost writes it, with NaN in it; outside texts NaN and Infinity become null. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A text that does not end is one to the end: looked at once.
    const plain = text.replace(/"(?:[^"\\]|\\.)*(?:"|\\?$)|-?\b(?:NaN|Infinity)\b/g, (found) =>
      found[0] === '"' ? found : 'null',
    )
    try {
      return JSON.parse(plain)
    } catch {
      return refuse('', 'not JSON')
    }
  }
}
