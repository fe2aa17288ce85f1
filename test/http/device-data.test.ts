// What the pages collect is what the table and the documentation say, and no more.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { deviceParameters, methodDataOf, readable } from '../../src/http/method-data.ts'
import { behaviourSchema } from '../../src/risk/behaviour.ts'
import { contradictions } from '../../src/risk/browser.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const page = read('docs/device-data.md')
const methodScript = read('src/http/views/method.js')
const challengeScript = read('src/http/views/challenge.js')
/** The first cells of the table below a heading. */
const rowsBelow = (heading: string): readonly string[] => {
  const [table = ''] = (page.split(`## ${heading}\n`)[1] ?? '').split('\n## ')
  return [...table.matchAll(/^\|(.*?)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name),
  )
}

describe('the documentation', () => {
  test('has every value of the 3DS Method, and no other', () => {
    const told = [...Object.keys(deviceParameters), 'clockOff', 'userAgent'].sort()
    expect(rowsBelow('What the 3DS Method tells').toSorted()).toEqual(told)
  })

  test('has every value of the challenge page, and no other', () => {
    expect(rowsBelow('What the challenge page tells').toSorted()).toEqual(Object.keys(behaviourSchema.shape).sort())
  })

  test('has every contradiction, and no other', () => {
    expect(rowsBelow('Contradictions').toSorted()).toEqual(contradictions.toSorted())
  })
})

describe('the scripts', () => {
  test.each(Object.keys(deviceParameters))('the 3DS Method collects %s', (name) => {
    expect(methodScript).toMatch(new RegExp(`\\b${name}:`))
  })

  test.each(Object.keys(behaviourSchema.shape))('the challenge page collects %s', (name) => {
    expect(challengeScript).toMatch(new RegExp(`\\b${name}:`))
  })

  test('ask nobody else and leave nothing but the id', () => {
    for (const script of [methodScript, challengeScript]) {
      expect(script).not.toMatch(/https?:\/\/|\bimport\b|\.cookie|sessionStorage|indexedDB|sendBeacon/)
      expect(script.match(/localStorage\.setItem/g)?.length ?? 0).toBe(script === methodScript ? 1 : 0)
    }
  })
})

describe('data of the 3DS Method', () => {
  const told = {
    screenWidth: 390,
    screenHeight: 844,
    colorDepth: 24,
    timeZone: 'Asia/Tokyo',
    timeZoneOffset: -540,
    language: 'ja-JP',
    languages: 'ja-JP,en-US',
    platform: 'Linux armv81',
    hardwareConcurrency: 8,
    deviceMemory: 8,
    maxTouchPoints: 5,
    canvasHash: '0badcafe',
    deviceId: '0123456789abcdef0123456789abcdef',
    deviceIdIsNew: true,
    webdriver: false,
    clock: Date.UTC(2026, 0, 15),
  }
  const now = Date.UTC(2026, 0, 15) + 5_000

  test('are kept as they were told, with the user agent of the request', () => {
    expect(methodDataOf(told, 'Mozilla/5.0 (X11)', now)).toEqual({
      ...told,
      clockOff: 5_000,
      userAgent: 'Mozilla/5.0 (X11)',
    })
    expect(methodDataOf(told, undefined, now)).toEqual({ ...told, clockOff: 5_000 })
    expect(methodDataOf({ userAgent: 'of a script' }, 'x'.repeat(9_000), now)).toEqual({ userAgent: 'x'.repeat(512) })
  })

  test.each([
    ['unknown', { email: 'a@example.com', pan: '4000000000001000' }],
    ['inherited', Object.create({ platform: 'Win32' }) as Record<string, unknown>],
    ['of another kind', { screenWidth: '390', webdriver: 'true', canvasHash: 12345678, language: ['ja'] }],
    ['out of range', { screenWidth: -1, timeZoneOffset: 9_000, clock: Number.NaN, maxTouchPoints: 1e9 }],
    ['too long', { platform: 'x'.repeat(65), languages: 'ja,'.repeat(99), deviceId: 'a'.repeat(65) }],
    [
      'hostile',
      { platform: '<script>', timeZone: "'; drop table", canvasHash: '../../etc', deviceId: '{{it}}'.repeat(4) },
    ],
  ])('that are %s are dropped', (_, data) => {
    expect(methodDataOf(data, undefined, now)).toEqual({})
  })

  test('have their clock as a date in the journal, where long numbers are masked', () => {
    expect(readable(methodDataOf({ clock: told.clock }, undefined, now))).toEqual({ clock: '2026-01-15T00:00:00.000Z' })
    expect(readable(methodDataOf({ clock: 8.64e15 }, undefined, now))).toEqual({ clock: '+275760-09-13T00:00:00.000Z' })
    expect(readable({ platform: 'Win32' })).toEqual({ platform: 'Win32' })
  })
})
