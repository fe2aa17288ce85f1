// An experiment from the console by the lab itself: its own process, its report, and payments answered meanwhile.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Running, running } from '../support/running.ts'
import { ask } from './lab-world.ts'
import { eventually, sendAReq } from './support.ts'

let sekisho: Running
beforeAll(async () => {
  sekisho = await running({ only: ['acs'] })
})
afterAll(() => sekisho.close())

const yaml = `name: small
question: { en: Does it run? }
stream: { preset: japan, events: 1000, seed: 7 }
policies: [amount-only, rules-jp]
bootstrap: { draws: 100 }
keep: { decisions: false }
`
const patience = 280_000

test('is planned, run, measured and reported, and payments do not wait for it', async () => {
  const { status, body } = await ask(sekisho, 'POST', '', yaml)
  expect(body).toMatchObject({ id: '0001-small', state: 'running', variants: 2 })
  expect(status).toBe(201)
  expect((await sendAReq(sekisho)).transStatus).toBe('Y')
  const stateOf = async (): Promise<string> => (await ask(sekisho, 'GET', '/0001-small')).body.state
  await eventually(stateOf, patience).not.toBe('running')
  const one = (await ask(sekisho, 'GET', '/0001-small')).body
  expect(one).toMatchObject({ state: 'done', hasReport: true, canResume: false })
  const report: string = (await ask(sekisho, 'GET', '/0001-small/files/report.html')).body
  expect(report).toContain('Does it run?')
  expect(report).not.toContain('cannot be drawn')
  expect(report).not.toMatch(/NaN|undefined|\[object/)
  const { variants } = (await ask(sekisho, 'GET', '/0001-small/files/metrics.json')).body
  expect(variants.map(({ id }: { id: string }) => id)).toEqual(['amount-only', 'rules-jp'])
}, 300_000)

test('a policy that is not there is told with its place', async () => {
  const { status, body } = await ask(sekisho, 'POST', '', yaml.replace('amount-only', 'amount-onyl'))
  expect(status).toBe(400)
  expect(body.problems).toEqual([expect.objectContaining({ path: 'policies.0', line: 4 })])
  expect(body.error).toContain('amount-only')
}, 120_000)
