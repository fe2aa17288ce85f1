// What the device information of an app tells, whatever stands in it.

import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { deviceInfoOf } from '../../src/risk/device-info.ts'
import { presenceAt } from '../../src/risk/presence.ts'
import { noon, purchase, World } from './support.ts'

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const world = new World()

describe('the device information of an app', () => {
  test('tells the language and the network address', () => {
    const info = encoded({ DV: '1.4', DD: { C005: 'en-GB', C010: '198.51.100.7' } })
    expect(deviceInfoOf(info)).toEqual({ language: 'en-GB', ip: '198.51.100.7' })
    const facts = world.factsOf({ ...purchase, deviceChannel: '01', sdkAppID: 'A1', deviceInfo: info }, noon)
    expect(facts).toMatchObject({ device: 'id', ip: 'public', ipCountry: '840', language: 'en' })
  })

  test('is not asked for by a browser', () => {
    const info = encoded({ DD: { C005: 'en-GB', C010: '198.51.100.7' } })
    const { presence, ...facts } = world.factsOf({ ...purchase, deviceInfo: info }, noon)
    expect(presenceAt(presence, 'deviceInfo')).toBe('present')
    expect(world.factsOf(purchase, noon)).toMatchObject(facts)
  })

  test('knows the device again by the id of the app, in any case of its letters', () => {
    const marks = (sdkAppID: string) => world.factsOf({ ...purchase, deviceChannel: '01', sdkAppID }, noon).marks.device
    expect(marks('ABCD')).toBe(marks('abcd'))
    expect(marks('abcd')).not.toBe(marks('abce'))
  })
})

property.prop([
  fc.oneof(
    fc.string(),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
  ),
])('anything at all tells nothing, or texts (ACS-VAL-56)', (text) => {
  const { language, ip } = deviceInfoOf(text)
  for (const told of [language, ip]) if (told !== undefined) expect(typeof told).toBe('string')
})
