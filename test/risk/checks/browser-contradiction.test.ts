import { describe, expect, test } from 'vitest'
import { contradictions } from '../../../src/risk/browser.ts'
import { browserContradiction } from '../../../src/risk/checks/browser-contradiction.ts'
import { saidBy } from './said.ts'

const shares = Object.fromEntries(contradictions.map((code) => [code, 0.25]))
const said = saidBy(browserContradiction, {
  weight: 2,
  most: 1,
  parts: { ...shares, screenImpossible: 0.75, languageDiffers: 0 },
})
const iPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'
const phone = { browserUserAgent: iPhone, browserScreenWidth: '390', browserScreenHeight: '844', browserTZ: '-540' }
const method = { screenWidth: 390, screenHeight: 844, timeZone: 'Asia/Tokyo', timeZoneOffset: -540, maxTouchPoints: 5 }

describe('a browser', () => {
  test('of which nothing is told, or that fits together, says nothing', () => {
    expect(said({ areq: { deviceChannel: '01' } })).toEqual({ silent: 'untold' })
    expect(said({ areq: phone, method })).toEqual({ silent: 'none' })
  })

  test('that says it is a phone with the screen of a desk gives evidence', () => {
    const areq = { ...phone, browserScreenWidth: '1920', browserScreenHeight: '1080' }
    expect(said({ areq })).toMatchObject({ weight: 1.5, reason: 'screenImpossible' })
  })

  test('is judged by the largest contradiction, and by all together up to the limit', () => {
    const areq = { ...phone, browserTZ: '300' }
    expect(said({ areq, method })).toMatchObject({ weight: 0.5, reason: 'zoneDiffers' })
    const desk = { ...method, screenWidth: 1920, screenHeight: 1080, maxTouchPoints: 0, timeZone: 'Europe/Paris' }
    const all = { ...areq, browserScreenWidth: '1920', browserScreenHeight: '1080' }
    expect(said({ areq: all, method: desk })).toMatchObject({ weight: 2, reason: 'screenImpossible' })
  })

  test('may do what a policy gives no weight', () => {
    expect(said({ areq: { ...phone, browserLanguage: 'fr' }, method: { ...method, language: 'ja' } })).toEqual({
      silent: 'none',
    })
  })

  test.each(contradictions)('%s has a reason of its own', (code) => {
    expect(Object.keys(browserContradiction.reasons)).toContain(code)
  })
})
