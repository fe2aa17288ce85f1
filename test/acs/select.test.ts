// Who decides: stub, override, scenario table, engine, in this order.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type SelectInput, select } from '../../src/acs/authenticate/select.ts'
import { stubFor } from '../../src/acs/authenticate/stubs.ts'
import { isOnTrustList, loadIssuer, planOf, rangeOf, scenarioFor, supportsDevice } from '../../src/acs/issuer.ts'
import type { Stub } from '../../src/acs/ports.ts'

const issuer = loadIssuer(readFileSync(new URL('../../src/acs/data/issuer.yaml', import.meta.url), 'utf8'))

const stub: Stub = {
  id: 7,
  tenant: 0,
  match: { elements: {} },
  times: 1,
  left: 1,
  outcome: { transStatus: 'U', transStatusReason: '22' },
  createdAt: 1,
}

const about = (pan: string, change: Partial<SelectInput> = {}): SelectInput => {
  const range = rangeOf(issuer.ranges, pan)
  if (range === undefined) throw new Error(`no range for ${pan}`)
  return { pan, range, scenarios: issuer.scenarios, ...change }
}

const scripted = '4000000000007700'
const risk = '4111110000007700'

describe('the first with an opinion decides', () => {
  const override = { transStatus: 'A' } as const

  test('a stub goes before everything else, and the scenario table says what it would have said', () => {
    expect(select(about(scripted, { stub, override }))).toEqual({
      outcome: { by: 'stub', transStatus: 'U', transStatusReason: '22' },
      why: 'stub 7',
      scenario: { transStatus: 'C', scenario: '700' },
    })
  })

  test('a stub decides a card of a risk range too, of which the scenario table knows nothing', () => {
    expect(select(about(risk, { stub }))).toEqual({
      outcome: { by: 'stub', transStatus: 'U', transStatusReason: '22' },
      why: 'stub 7',
    })
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
    ['4000000000002800', 'D', undefined],
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

  test.each([
    ['2.1.0', '226', false],
    ['2.2.0', '226', true],
    ['2.2.0', '227', false],
    ['2.3.1', '228', true],
    ['2.3.1', '229', false],
    ['2.3.1', '214', false],
  ] as const)('has for %s only reasons of that version: %s %s (RES-TR-2)', (version, ending, matches) => {
    const row = scenarioFor(issuer.scenarios, `4000000000000${ending}`, version)
    expect(row?.transStatusReason).toBe(matches ? ending.slice(1) : undefined)
    const selected = select(about(`4000000000000${ending}`, { version }))
    expect(selected?.why).toBe(matches ? 'scenario 2rr' : undefined)
  })

  test.each([
    ['4000000000002800', { result: 'approved', afterSeconds: 5 }],
    ['4000000000006801', { result: 'refused', afterSeconds: 5 }],
    ['4000000000001802', { result: 'ignored', afterSeconds: 0 }],
  ])('says what the cardholder of %s does outside of the shop', (pan, plan) => {
    expect(planOf(issuer, select(about(pan))?.decoupled)).toEqual(plan)
    // A stub decides about D, the row about the cardholder.
    expect(planOf(issuer, select(about(pan, { stub }))?.decoupled)).toEqual(plan)
  })

  test('leaves it to the issuer for every other card', () => {
    expect(planOf(issuer, select(about(scripted))?.decoupled)).toEqual({ result: 'approved', afterSeconds: 5 })
    expect(planOf({ decoupled: { ...issuer.decoupled, result: 'none' } }).result).toBe('ignored')
  })
})

describe('what the issuer knows', () => {
  test('the trust list of a card names shops by their acquirerMerchantID (RES-CI-5)', () => {
    expect(isOnTrustList(issuer, '4111110000000021', 'HAKONE-0001')).toBe(true)
    expect(isOnTrustList(issuer, '4111110000000021', 'OTHER')).toBe(false)
    expect(isOnTrustList(issuer, '4111110000000021', undefined)).toBe(false)
    expect(isOnTrustList(issuer, '5454540000000013', 'HAKONE-0001')).toBe(false)
  })

  test.each([
    ['01', ['01'], true],
    ['01', ['05'], false],
    ['02', ['05'], true],
    ['02', ['02', '03'], false],
    ['03', ['05'], true],
    ['03', ['04', '06', '07'], false],
  ])('interface %s with templates %j can show something: %s (ACS-VAL-55)', (sdkInterface, sdkUiType, can) => {
    expect(supportsDevice(issuer, { sdkInterface, sdkUiType })).toBe(can)
  })
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
    [
      "ranges: [{ from: '400000', to: '400009', scheme: visa, mode: risk }]\nscenarios: [{ endsWith: '1', transStatus: Y, decoupled: { result: Y }, title: t }]\nhabits: {}\ncards: []\ntry: []",
      'scenarios.0.decoupled',
    ],
  ])('is refused with the path of what is wrong', (text, path) => {
    expect(() => loadIssuer(text)).toThrow(`issuer data: ${path}:`)
  })
})

describe('the stub for an AReq', () => {
  const areq = { merchantName: 'Hakone Goods', purchaseAmount: '100' }
  const found = (changes: readonly Partial<Stub>[], at = 10): number | undefined =>
    stubFor(
      changes.map((change, position) => ({ ...stub, id: position, ...change })),
      { areq, panHash: 'a', at },
    )?.id

  test('is the oldest that fits in everything it asks for', () => {
    expect(found([{}, {}])).toBe(0)
    expect(found([{ match: { card: 'b', elements: {} } }, { match: { card: 'a', elements: {} } }])).toBe(1)
    const elements = { merchantName: 'Hakone Goods', purchaseAmount: '101' }
    expect(found([{ match: { card: 'a', elements } }])).toBeUndefined()
    expect(found([{ match: { card: 'a', elements: { ...elements, purchaseAmount: '100' } } }])).toBe(0)
  })

  test('has answers left and has not expired', () => {
    expect(found([{ left: 0 }, { expiresAt: 10 }, { expiresAt: 11 }])).toBe(2)
  })

  test('is none where an element it asks for was not sent', () => {
    expect(found([{ match: { elements: { threeDSRequestorID: 'x' } } }])).toBeUndefined()
  })
})
