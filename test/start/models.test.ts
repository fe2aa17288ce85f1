// Models of policies: where their files may be, and ONNX models through a runtime that answers later. The runtime of these tests is
// one of our own with the interface of the real ones, which are too large to come along.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, newFeatures } from '../../src/risk/features.ts'
import { loadPolicy, PolicyError } from '../../src/risk/policy.ts'
import { newScratch, weighInto } from '../../src/risk/score.ts'
import { modelsIn } from '../../src/start/models.ts'
import { onnxScorer } from '../../src/start/onnx.ts'
import { noon, policyText, purchase, World } from '../risk/support.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sekisho-models-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A runtime whose model is its text: a function of the input that gives the numbers of the output. */
const runtimeText = `
export class Tensor { constructor(type, data, dims) { this.type = type; this.data = data; this.dims = dims } }
export const InferenceSession = {
  async create(bytes) {
    const text = Buffer.from(bytes).toString('utf8')
    if (!text.startsWith('(')) throw new Error('this is no model')
    const model = eval(text)
    return {
      inputNames: ['X'],
      outputNames: ['label', 'probabilities'],
      async run({ X }, [output]) {
        if (X.dims[0] !== 1 || X.dims[1] !== X.data.length || X.type !== 'float32') throw new Error('not what was promised')
        return { [output]: new Tensor('float32', Float32Array.from(model(...X.data))) }
      },
    }
  },
}
`
function runtime(): string {
  const file = path.join(folder, 'runtime.mjs')
  writeFileSync(file, runtimeText)
  return pathToFileURL(file).href
}

const about = { kind: 'onnx', name: 'm', version: '1', features: { f0: 'a', f1: 'c' } } as const
const engine = ['a', 'b', 'c']
const model = (text: string) => onnxScorer(about, Buffer.from(text), engine, runtime())

describe('an ONNX model', () => {
  test('of one number gives log-odds, of its features in their order', () => {
    const scorer = model('((a, c) => [a - 2 * c])')
    expect(scorer.logOdds(Float64Array.of(4, 100, 1.5))).toBe(1)
    expect(scorer.logOdds(Float64Array.of(0, 100, 0.5))).toBe(-1)
    const out = new Float64Array(2)
    expect(scorer.contributions(Float64Array.of(4, 0, 1.5), out)).toBe(1)
    expect([...out]).toEqual([0, 0])
    expect(scorer).toMatchObject({ kind: 'onnx', features: ['a', 'c'] })
    expect(scorer.hash).toMatch(/^[0-9a-f]{64}$/)
  })

  test('of two numbers gives the probability of fraud, and is told what is not known', () => {
    const scorer = model('((a, c) => [0.2, Number.isNaN(c) ? 0.5 : 0.8])')
    expect(scorer.logOdds(Float64Array.of(0, 0, 1))).toBeCloseTo(Math.log(4), 6)
    expect(scorer.logOdds(Float64Array.of(0, 0, Number.NaN))).toBeCloseTo(0, 6)
  })

  test.each([
    ['that cannot be read', 'no model', 'this is no model'],
    ['that fails at once', '(() => { throw new Error("wants 7 numbers") })', 'wants 7 numbers'],
  ])('%s is refused', (_what, text, why) => {
    expect(() => model(text)).toThrow(why)
  })

  test('that fails later abstains from then on', () => {
    const scorer = model('((a) => { if (a > 1) throw new Error("too much"); return [a] })')
    expect(scorer.logOdds(Float64Array.of(1, 0, 0))).toBe(1)
    expect(scorer.logOdds(Float64Array.of(2, 0, 0))).toBeNaN()
    expect(scorer.logOdds(Float64Array.of(1, 0, 0))).toBeNaN()
  })

  test('without its package, or without names for its input, says what to do', () => {
    expect(() => onnxScorer(about, Buffer.from('x'), engine)).toThrow('npm install onnxruntime-web')
    expect(() => onnxScorer({ ...about, features: { f1: 'a' } }, Buffer.from('x'), engine, runtime())).toThrow('f0: …')
    expect(() => onnxScorer({ ...about, features: { f0: 'd' } }, Buffer.from('x'), engine, runtime())).toThrow('"d"')
  })
})

describe('the file of a model', () => {
  const linear = JSON.stringify({
    format: 'sekisho-logistic',
    formatVersion: 1,
    intercept: 0,
    terms: [{ feature: 'n_1h_account', weight: 0.5 }],
  })
  const policyWith = (file: string) =>
    policyText('default').replace(
      /^checks:/m,
      `scorers:\n  - { id: own, kind: logistic, model: '${file}', version: '3' }\nchecks:`,
    )

  test('is found beside the policy, or in the folder of models, and never outside', () => {
    const models = path.join(folder, 'models')
    mkdirSync(models)
    writeFileSync(path.join(models, 'linear.json'), linear)
    writeFileSync(path.join(folder, 'outside.json'), linear)
    const found = modelsIn([path.join(folder, 'none'), models])
    for (const file of ['../outside.json', path.join(folder, 'outside.json'), 'models/missing.json', '.'])
      expect(() => loadPolicy(policyWith(file), found), file).toThrow(PolicyError)
    const policy = loadPolicy(policyWith('linear.json'), found)
    expect(policy.scorers[0]?.scorer).toMatchObject({ kind: 'logistic', version: '3' })

    const facts = new World().factsOf(purchase, noon)
    const features = newFeatures()
    features[at.n_1h_account] = 4
    const scratch = newScratch(policy, facts, features)
    weighInto(scratch, features, facts, policy)
    expect(scratch.weights[policy.checks.length]).toBe(2)
    expect(scratch.reasons[policy.checks.length]).toBe('scorer.model')
  })
})
