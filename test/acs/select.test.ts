// Who decides: stub, override, scenario table, engine, in this order.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type SelectInput, type Stub, select } from '../../src/acs/authenticate/select.ts'
import { loadIssuer, rangeOf, scenarioFor } from '../../src/acs/issuer.ts'

const issuer = loadIssuer(readFileSync(new URL('../../src/acs/data/issuer.yaml', import.meta.url), 'utf8'))

const stub: Stub = {
  id: 'next',
  matches: (areq) => areq.merchantName === 'Hakone Goods',
  outcome: { transStatus: 'U', transStatusReason: '22' },
}

const about = (pan: string, change: Partial<SelectInput> = {}): SelectInput => {
  const range = rangeOf(issuer.ranges, pan)
  if (range === undefined) throw new Error(`no range for ${pan}`)
  return { areq: { merchantName: 'Hakone Goods' }, pan, range, scenarios: issuer.scenarios, stubs: [], ...change }
}

const scripted = '4000000000007700'
const risk = '4111110000007700'

describe('the first with an opinion decides', () => {
  const override = { transStatus: 'A' } as const

  test('a stub that matches goes before everything else', () => {
    expect(select(about(scripted, { stubs: [stub], override }))).toEqual({
      outcome: { by: 'stub', transStatus: 'U', transStatusReason: '22' },
      why: 'stub next',
    })
  })

  test('a stub that does not match is passed over', () => {
    const areq = { merchantName: 'Another shop' }
    expect(select(about(scripted, { stubs: [stub], override, areq }))?.outcome.by).toBe('override')
  })

  test('an override goes before the scenario table', () => {
    expect(select(about(scripted, { override }))?.outcome).toEqual({ by: 'override', transStatus: 'A' })
  })

  test('the scenario table decides a scripted card', () => {
    expect(select(about(scripted))).toEqual({ outcome: { by: 'scenario', transStatus: 'C' }, why: 'scenario 700' })
  })

  test('a card of a risk range never matches the scenario table, whatever its last digits', () => {
    expect(select(about(risk))).toBeUndefined()
  })

  test('a scripted card that no row knows is left to the engine', () => {
    expect(select(about('4000000000000002'))).toBeUndefined()
  })
})

describe('the scenario table', () => {
  test.each([
    ['4000000000005100', 'Y', undefined],
    ['5200000000002201', 'N', '01'],
    ['3528000000002226', 'N', '26'],
    ['340000000000322', 'U', '22'],
    ['4000000000007411', 'R', '11'],
    ['4000000000008500', 'A', undefined],
    ['4000000000003600', 'I', undefined],
    ['4000000000007700', 'C', undefined],
  ])('%s is %s with reason %s', (pan, transStatus, transStatusReason) => {
    expect(scenarioFor(issuer.scenarios, pan)).toMatchObject({
      transStatus,
      ...(transStatusReason !== undefined && { transStatusReason }),
    })
  })

  test.each(['200', '214', '227', '299', '300'])(
    'an ending %s has no reason that an ARes of 2.2.0 may carry, so it matches nothing (RES-TR-2)',
    (ending) => {
      expect(scenarioFor(issuer.scenarios, `4000000000000${ending}`)).toBeUndefined()
    },
  )
})

describe('issuer data that cannot be used', () => {
  test.each([
    ['ranges: []\nscenarios: []\nhabits: {}\ncards: []\ntry: []', 'ranges'],
    [
      "ranges: [{ from: '400009', to: '400000', scheme: visa, mode: risk }]\nscenarios: []\nhabits: {}\ncards: []\ntry: []",
      'ranges.0',
    ],
    [
      "ranges: [{ from: '400000', to: '400009', scheme: visa, mode: risk }]\nscenarios: [{ endsWith: 'x', transStatus: Y, title: t }]\nhabits: {}\ncards: []\ntry: []",
      'scenarios.0.endsWith',
    ],
  ])('is refused with the path of what is wrong', (text, path) => {
    expect(() => loadIssuer(text)).toThrow(`issuer data: ${path}:`)
  })
})
