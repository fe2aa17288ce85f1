// Who decides: stub, override, scenario table, engine, in this order.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type SelectInput, select } from '../../src/acs/authenticate/select.ts'
import { stubFor } from '../../src/acs/authenticate/stubs.ts'
import { loadIssuer, planOf, rangeOf, supportsDevice } from '../../src/acs/issuer.ts'
import type { Stub } from '../../src/acs/ports.ts'
import { isOnTrustList } from '../../src/acs/register.ts'
import { aboutCard, scenarioFor } from '../../src/acs/scenarios.ts'
import type { Version } from '../../src/protocol/tables/types.ts'

const shipped = readFileSync(new URL('../../src/acs/data/issuer.yaml', import.meta.url), 'utf8')
const issuer = loadIssuer(shipped)

const stub: Stub = {
  id: 7,
  tenant: 0,
  match: {},
  times: 1,
  left: 1,
  priority: 0,
  plan: { transStatus: 'U', transStatusReason: '22' },
  createdAt: 1,
}

const about = (pan: string, change: Partial<SelectInput> = {}): SelectInput => {
  const range = rangeOf(issuer.ranges, pan)
  if (range === undefined) throw new Error(`no range for ${pan}`)
  return { about: aboutCard(pan, range.scheme), mode: range.mode, scenarios: issuer.scenarios, ...change }
}

/** What a card's row says. */
const rowOf = (pan: string, version?: Version) => scenarioFor(issuer.scenarios, aboutCard(pan, 'visa'), version)

const scripted = '4000000000007700'
const risk = '4111110000007700'

describe('the first with an opinion decides', () => {
  const override = { transStatus: 'A' } as const

  test('a stub goes before everything else, and the scenario table says what it would have said', () => {
    const { outcome, spoken, plan, scenario } = select(about(scripted, { stub, override }))
    expect(outcome).toEqual({ by: 'stub', transStatus: 'U', transStatusReason: '22' })
    expect(plan).toEqual(stub.plan)
    expect(spoken.map(({ why }) => why)).toEqual(['stub 7', 'override', 'scenario 700'])
    expect(scenario).toMatchObject({ scenario: '700', plan: { transStatus: 'C' } })
  })

  test('a stub decides a card of a risk range too, of which the scenario table knows nothing', () => {
    const { outcome, spoken, scenario } = select(about(risk, { stub }))
    expect(outcome).toEqual({ by: 'stub', transStatus: 'U', transStatusReason: '22' })
    expect([spoken.length, scenario]).toEqual([1, undefined])
  })

  test('an override goes before the scenario table', () => {
    expect(select(about(scripted, { override })).outcome).toEqual({ by: 'override', transStatus: 'A' })
  })

  test('the scenario table decides a scripted card', () => {
    const { outcome, spoken } = select(about(scripted))
    expect(outcome).toEqual({ by: 'scenario', transStatus: 'C' })
    expect(spoken.map(({ why }) => why)).toEqual(['scenario 700'])
  })

  test('a card of a risk range never matches the scenario table, whatever its last digits', () => {
    expect(select(about(risk))).toEqual({ spoken: [] })
    expect(select(about(scripted, { mode: 'unlisted' }))).toEqual({ spoken: [] })
  })

  test('a scripted card that no row knows is left to the engine', () => {
    expect(select(about('4000000000000190'))).toEqual({ spoken: [] })
  })

  test('a plan that leaves the transStatus open applies, and the next is asked', () => {
    const late = { ...stub, plan: { delay: 4_000, eci: '06' } }
    const { outcome, plan } = select(about(scripted, { stub: late }))
    expect(outcome).toEqual({ by: 'scenario', transStatus: 'C' })
    expect(plan).toEqual({ transStatus: 'C', delay: 4_000, eci: '06' })
    const byEngine = select(about(risk, { stub: late }))
    expect([byEngine.outcome, byEngine.plan]).toEqual([undefined, late.plan])
    expect(select(about(scripted, { stub: late, override })).plan).toEqual({ ...late.plan, transStatus: 'A' })
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
    expect(rowOf(pan).outcome?.plan).toMatchObject({
      transStatus,
      ...(transStatusReason !== undefined && { transStatusReason }),
    })
  })

  test.each(['200', '214', '227', '299', '300'])(
    'an ending %s has no reason that an ARes of 2.2.0 may carry, so it matches nothing (RES-TR-2)',
    (ending) => {
      expect(rowOf(`4000000000000${ending}`).outcome).toBeUndefined()
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
    const { outcome, nearMiss } = rowOf(`4000000000000${ending}`, version)
    expect(outcome?.plan.transStatusReason).toBe(matches ? ending.slice(1) : undefined)
    expect(nearMiss).toEqual(matches ? undefined : { scenario: '2rr', code: ending.slice(1) })
    const { spoken } = select(about(`4000000000000${ending}`, { version }))
    expect(spoken.map(({ why }) => why)).toEqual(matches ? ['scenario 2rr'] : [])
  })

  test.each([
    ['4000000000002800', { result: 'approved', afterSeconds: 5 }],
    ['4000000000006801', { result: 'refused', afterSeconds: 5 }],
    ['4000000000001802', { result: 'ignored', afterSeconds: 0 }],
  ])('says what the cardholder of %s does outside of the shop', (pan, plan) => {
    expect(planOf(issuer, select(about(pan)).plan?.decoupled)).toEqual(plan)
    // A stub decides about D, the row about the cardholder.
    expect(planOf(issuer, select(about(pan, { stub })).plan?.decoupled)).toEqual(plan)
  })

  test('leaves it to the issuer for every other card', () => {
    expect(planOf(issuer, select(about(scripted)).plan?.decoupled)).toEqual({ result: 'approved', afterSeconds: 5 })
    expect(planOf({ decoupled: { ...issuer.decoupled, result: 'none' } }).result).toBe('ignored')
  })
})

describe('what the issuer knows', () => {
  test('the trust list of a card names shops by their acquirerMerchantID (RES-CI-5)', () => {
    const trusting = { trusts: [{ acquirerMerchantID: 'HAKONE-0001', at: 0 }] }
    expect(isOnTrustList(trusting, 'HAKONE-0001')).toBe(true)
    expect(isOnTrustList(trusting, 'OTHER')).toBe(false)
    expect(isOnTrustList(trusting, undefined)).toBe(false)
    expect(isOnTrustList({}, 'HAKONE-0001')).toBe(false)
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
    expect(() => loadIssuer(text, shipped)).toThrow(`issuer data: ${path}:`)
  })
})

describe('the stub for an AReq', () => {
  const areq = { merchantName: 'Hakone Goods', purchaseAmount: '100' }
  const found = (changes: readonly Partial<Stub>[], at = 10): number | undefined =>
    stubFor(
      changes.map((change, position) => ({ ...stub, id: position, ...change })),
      { areq, acctNumber: scripted, panHash: 'a', scheme: 'visa' },
      at,
    )?.id

  test('is the first that fits in everything it asks for', () => {
    expect(found([{}, {}])).toBe(0)
    expect(found([{ match: { card: 'b' } }, { match: { card: 'a' } }])).toBe(1)
    const paths = { merchantName: 'Hakone Goods', purchaseAmount: '101' }
    expect(found([{ match: { card: 'a', paths } }])).toBeUndefined()
    expect(found([{ match: { card: 'a', paths: { ...paths, purchaseAmount: '100' } } }])).toBe(0)
  })

  test('has answers left and has not expired', () => {
    expect(found([{ left: 0 }, { expiresAt: 10 }, { expiresAt: 11 }])).toBe(2)
  })

  test('is none where an element it asks for was not sent', () => {
    expect(found([{ match: { paths: { threeDSRequestorID: 'x' } } }])).toBeUndefined()
  })
})
