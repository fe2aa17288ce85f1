// An AReq of any version in one shape, with the newest names.
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { requestOf } from '../../src/acs/authenticate/request.ts'
import { ownElements } from '../../src/protocol/messages/own.ts'
import { parseAReq } from '../../src/protocol/messages/parse.ts'
import type { AReq } from '../../src/protocol/messages/types.ts'
import { Voice } from '../../src/risk/check.ts'
import { factsOf } from '../../src/risk/facts.ts'
import { featureNames, featuresOf } from '../../src/risk/features.ts'
import { score } from '../../src/risk/score.ts'
import { defaultPolicy, keyOf, noon } from '../risk/support.ts'
import { fixtureMessage } from '../support/spec-fixtures.ts'

type Members = Readonly<Record<string, unknown>>

const parsed = (message: Members): AReq =>
  parseAReq(Buffer.from(JSON.stringify(message)), { profile: 'strict' }).message

const request = (folder: string, changes: Members = {}) =>
  requestOf(parsed({ ...fixtureMessage(folder, 'base-minimal'), ...changes }))

describe('what a request says, by the newest names (VER-IM-5)', () => {
  test('challenge indicators are a list, of one value without preference where there is none (RES-CI-4, VER-23-5)', () => {
    expect(request('areq-browser-220').challengeInds).toEqual(['01'])
    expect(request('areq-browser-220', { threeDSRequestorChallengeInd: '04' }).challengeInds).toEqual(['04'])
    expect(request('areq-browser-231', { threeDSRequestorChallengeInd: ['03', '12'] }).challengeInds).toEqual([
      '03',
      '12',
    ])
  })

  test('the trust list has one name (VER-23-3)', () => {
    const claim = { trustListStatus: 'Y', trustListStatusSource: '01' }
    const old = { whiteListStatus: 'Y', whiteListStatusSource: '01' }
    expect(request('areq-browser-220', old)).toMatchObject(claim)
    expect(request('areq-browser-231', claim)).toMatchObject(claim)
  })

  test('the name of the other version is no name (VER-IM-4)', () => {
    expect(request('areq-browser-220', { trustListStatus: { odd: 1 } })).not.toHaveProperty('trustListStatus')
    expect(request('areq-browser-231', { whiteListStatus: 7 })).not.toHaveProperty('trustListStatus')
    expect(request('areq-browser-210', { threeDSRequestorDecReqInd: 'Y' }).decReqInd).toBe('N')
  })

  test('decoupled is asked for or not, with minutes as a number (VER-22-1, VER-23-2, RES-DEC-4)', () => {
    expect(request('areq-browser-220').decReqInd).toBe('N')
    const asked = { threeDSRequestorDecReqInd: 'B', threeDSRequestorDecMaxTime: '00060' }
    expect(request('areq-browser-231', asked)).toMatchObject({ decReqInd: 'B', decMaxTimeMinutes: 60 })
  })

  test('prior authentications are a list: one object, or several of 2.3.1 (VER-23-6)', () => {
    const ref = '8a880dc0-d2d2-4067-bcb1-b08d1690b26e'
    const info = { threeDSReqPriorRef: ref, threeDSReqPriorAuthMethod: '02' }
    const own = { threeDSReqPriorDsTransId: ref }
    expect(request('areq-3ri-220', { threeDSRequestorPriorAuthenticationInfo: info }).priorAuthentications).toEqual([
      { ref, method: '02' },
    ])
    const odd = { ...info, threeDSReqPriorDsTransId: 5 }
    expect(request('areq-3ri-220', { threeDSRequestorPriorAuthenticationInfo: odd }).priorAuthentications).toEqual([
      { ref, method: '02' },
    ])
    const two = [info, { ...own, threeDSReqPriorAuthTimestamp: '202504011015' }]
    expect(request('areq-3ri-231', { threeDSRequestorPriorAuthenticationInfo: two }).priorAuthentications).toEqual([
      { ref, method: '02' },
      { dsTransId: ref, timestamp: '202504011015' },
    ])
    expect(request('areq-3ri-231').priorAuthentications).toEqual([])
  })

  test('a non-payment has no amounts, and none are made up (RES-NPA-1)', () => {
    const { purchaseAmount, purchaseCurrency } = request('areq-browser-npa-220')
    expect([purchaseAmount, purchaseCurrency]).toEqual([undefined, undefined])
    // [2.1] 3RI: ignored when sent (ACS-VAL-44).
    expect(request('areq-3ri-npa-210', { purchaseAmount: { x: 1 } })).not.toHaveProperty('purchaseAmount')
  })

  test('an app says what it can show', () => {
    expect(request('areq-app-220').deviceRenderOptions).toEqual({
      sdkInterface: '03',
      sdkUiType: ['01', '02', '03', '04', '05'],
    })
    expect(request('areq-browser-220', { deviceRenderOptions: 'no' })).not.toHaveProperty('deviceRenderOptions')
  })

  test('a payment over 3RI of 2.1.0 keeps its ids and card (ACS-VAL-62)', () => {
    const { threeDSServerTransID, dsTransID, acctNumber } = fixtureMessage('areq-3ri-npa-210', 'base-minimal')
    const kept = { messageCategory: '01', threeDSServerTransID, dsTransID, acctNumber }
    expect(request('areq-3ri-npa-210', { messageCategory: '01' })).toMatchObject(kept)
  })
})

const folders = readdirSync(new URL('../../spec-fixtures/', import.meta.url)).filter((name) =>
  /^areq-(app|browser|3ri)-(npa-)?2\d\d$/.test(name),
)
/** Values that no element may have: what is not of the column may hold them all the same. */
const oddities: readonly unknown[] = [7, true, { deep: [{}] }, [['x']], '\u0000', '{"__proto__":{}}']

describe.each(folders)('the facts of %s', (folder) => {
  const scored = (message: Members) => {
    const facts = factsOf(ownElements(parsed(message)), {
      accountKey: 'account',
      keyOf,
      now: noon,
      policy: defaultPolicy,
    })
    return { facts, scored: score({}, facts, [], defaultPolicy, noon) }
  }

  test.each(['base-minimal', 'base-full'])('of %s come to a score that is a number', (base) => {
    const { facts, scored: result } = scored(fixtureMessage(folder, base))
    expect(Number.isFinite(result.score)).toBe(true)
    expect(result.features).toHaveLength(featureNames.length)
    expect(result.features.every((value) => value !== undefined)).toBe(true)
    expect(featuresOf({}, facts, noon / 1000)).toEqual(result.features)
  })

  test('are the same whatever stands in elements that its column does not have (ACS-VAL-32, ACS-VAL-34)', () => {
    const message = fixtureMessage(folder, 'base-minimal')
    const clean = scored(message).facts
    const foreign = folder.includes('browser')
      ? ['sdkAppID', 'appIp', 'deviceInfo', 'threeRIInd']
      : ['browserIP', 'browserUserAgent', 'browserLanguage', 'browserTZ', 'browserScreenWidth', 'threeDSCompInd']
    for (const odd of oddities) {
      const changed = { ...message, ...Object.fromEntries(foreign.map((name) => [name, odd])) }
      expect(scored(changed).facts).toEqual(clean)
    }
  })

  test('say nothing of a browser that is not there, and nothing of the hour when the holder is not', () => {
    const { facts } = scored(fixtureMessage(folder, 'base-full'))
    if (!folder.includes('browser')) expect(facts.browserTZ).toBeUndefined()
    if (folder.includes('3ri')) {
      expect([facts.device, facts.ip, facts.language, facts.localHour]).toEqual(new Array(4).fill(undefined))
    }
    if (folder.includes('app')) expect(facts.device).toBe('id')
  })
})

describe('the night', () => {
  const night = Date.UTC(2026, 10, 22, 17) // 02:00 in Tokyo
  const opinions = (folder: string) => {
    const facts = factsOf(ownElements(parsed(fixtureMessage(folder, 'base-minimal'))), {
      accountKey: 'account',
      keyOf,
      now: night,
      policy: defaultPolicy,
    })
    const features = featuresOf({}, facts, night / 1000)
    const input = { facts, features, issuer: defaultPolicy.issuer }
    return defaultPolicy.checks.filter(({ run }) => !Number.isNaN(run(input, new Voice()).weight)).map(({ id }) => id)
  }

  test('is held against who buys in it, not against who is not there', () => {
    expect(opinions('areq-browser-220')).toContain('night')
    expect(opinions('areq-app-220')).toContain('night')
    expect(opinions('areq-3ri-220')).not.toContain('night')
  })
})
