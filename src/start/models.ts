// The files of models that policies name: beside the policy's own file, in the folder `models` of the data folder, or beside the
// policies that come with Sekisho. Never outside.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { featureNames } from '../risk/features.ts'
import { type Models, shippedPolicy } from '../risk/policy.ts'
import { onnxScorer } from './onnx.ts'

function fileIn(folder: string, name: string): Buffer | undefined {
  const root = path.resolve(folder)
  const file = path.resolve(root, name)
  if (!file.startsWith(root + path.sep)) return undefined
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** Where policies that come with Sekisho have their models. */
export const shippedFolder = fileURLToPath(new URL('.', shippedPolicy('default')))

/** Looks for a model in the folders, one after the other. */
export const modelsIn =
  (folders: readonly string[]): Models =>
  ({ kind, id, model, weight: _weight, cap: _cap, ...about }) => {
    if (model === undefined) return undefined
    for (const folder of folders) {
      const bytes = fileIn(folder, model)
      if (bytes === undefined) continue
      return kind === 'onnx' ? onnxScorer({ ...about, kind, name: id }, bytes, featureNames) : bytes.toString('utf8')
    }
    return undefined
  }
