// A short run of `npm run fuzz`, and what the run itself must be able to do.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { maskRefused } from '../../src/protocol/mask.ts'
import { type Running, running } from '../support/running.ts'
import { fuzzHttp, problemWith } from './http.ts'
import { inputsOf } from './inputs.ts'
import { minimise } from './minimise.ts'
import { fuzzParser } from './run.ts'

const seed = 20_260_115

describe('3,000 mutated messages', () => {
  test('are refused with one of our codes or accepted, by parser and inspection alike, and by lenient no less than by strict (ACS-VAL-4…22)', () => {
    // A machine that runs all tests at once is slow: the second that is the goal is looked at by `npm run fuzz`.
    const { answers, failures, first } = fuzzParser(seed, 3_000, 20_000)
    const told =
      first === undefined
        ? ''
        : `number ${first.index} of ${first.input.about.message} ${first.input.about.version} (${first.steps.join(', ')}): ${first.problem}\n${maskRefused(first.smallest.toString('utf8')).slice(0, 2_000)}`
    expect(told).toBe('')
    expect(failures).toBe(0)
    // The run reaches into every step of the parser: else the mutations have grown blunt.
    for (const answer of ['accepted', '101', '102', '201', '203', '204', '207'])
      expect(answers.get(answer) ?? 0).toBeGreaterThan(5)
  }, 600_000)
})

describe('mutated messages over HTTP', () => {
  let sekisho: Running
  beforeAll(async () => {
    sekisho = await running({ only: ['acs'] })
  })
  afterAll(() => sekisho.close())

  test('get ARes, ORes, Erro, the empty answer to an Erro, or 413; never a failure of ours (ACS-VAL-19, FLOW-GEN-2, FLOW-GEN-3)', async () => {
    const accounts = sekisho.issuer.cards.map(({ acctNumber }) => acctNumber)
    const target = { areqUrl: `${sekisho.acs}/acs/areq`, dsURL: 'http://127.0.0.1:9/ds', accounts }
    const { answers, failures } = await fuzzHttp(seed, 400, target)
    expect(failures.map(({ index, steps, problem }) => `${index} (${steps.join(', ')}): ${problem}`)).toEqual([])
    const aress = [...answers]
      .filter(([answer]) => answer.startsWith('ARes'))
      .reduce((sum, [, times]) => sum + times, 0)
    expect(aress).toBeGreaterThan(5)
  }, 600_000)
})

describe('the run', () => {
  test('makes the same messages of the same seed, and others of another', () => {
    const bytesOf = (of: number): readonly string[] => {
      const inputs = inputsOf(of)
      return [0, 1, 2, 3, 4, 5, 6, 7].map((index) => inputs.input(index).bytes.toString('base64'))
    }
    expect(bytesOf(7)).toEqual(bytesOf(7))
    expect(bytesOf(7)).not.toEqual(bytesOf(8))
  })

  test('makes a message the same whichever were made before', () => {
    const inputs = inputsOf(7)
    for (let index = 0; index < 20; index += 1) inputs.input(index)
    expect(inputs.input(5).bytes).toEqual(inputsOf(7).input(5).bytes)
  })

  test.each([
    [
      'members',
      { keep: 'needle', other: { deep: ['a', 'needle here', 'b'] }, more: 'x'.repeat(500) },
      '{"other":{"deep":["needle"]}}',
    ],
    ['bytes', 'no JSON at all, but a needle in it', 'needle'],
  ])('makes a failing message of %s smaller, down to what fails', (_what, message, left) => {
    const bytes = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message))
    const smallest = minimise(bytes, (candidate) => candidate.includes('needle'))
    expect(smallest.toString('utf8')).toBe(left)
  })

  test.each([
    [
      'a failure inside',
      200,
      '{"messageType":"Erro","errorCode":"403","errorComponent":"A","errorDescription":"x","errorDetail":"x","messageVersion":"2.2.0"}',
      '{}',
      'Erro 403',
    ],
    ['another status', 500, '{}', '{}', 'HTTP 500'],
    ['a page', 200, '<html>', '{}', 'the answer is no JSON object'],
    ['nothing', 200, '', '{"messageType":"AReq"}', 'an empty answer to what is no Erro'],
    ['another message', 200, '{"messageType":"CRes"}', '{}', 'an answer of type CRes'],
    ['a broken ARes', 200, '{"messageType":"ARes","messageVersion":"2.2.0"}', '{}', 'the ARes is refused'],
    ['no refusal of a body too large', 200, '', ' '.repeat(1024 * 1024 + 1), 'HTTP 200 instead of 413'],
  ])('notices %s', (_what, status, text, sent, problem) => {
    expect(problemWith(status, text, Buffer.from(sent))).toContain(problem)
  })

  test('takes the empty answer to an Erro as right (FLOW-GEN-10)', () => {
    expect(problemWith(200, '', Buffer.from('{"messageType":"Erro"}'))).toBeUndefined()
  })
})
