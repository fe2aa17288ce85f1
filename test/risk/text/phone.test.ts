import { describe, expect, test } from 'vitest'
import { phoneOf } from '../../../src/risk/text/phone.ts'
import { tables } from './tables.ts'

describe('numbers in Japan', () => {
  test.each([
    ['09012345678', 'mobile'],
    ['9012345678', 'mobile'],
    ['7012345678', 'mobile'],
    ['6012345678', 'mobile'],
    ['0312345678', 'fixed'],
    ['312345678', 'fixed'],
    ['0665551234', 'fixed'],
    ['0997123456', 'fixed'],
    ['05012345678', 'ip'],
    ['0120123456', 'tollFree'],
    ['08001234567', 'tollFree'],
    ['0570012345', 'other'],
    ['09001234567', 'impossible'],
    ['090123456', 'impossible'],
    ['901234567890', 'impossible'],
    ['0012345678', 'impossible'],
    ['1', 'impossible'],
  ] as const)('+81 %s is %s', (subscriber, kind) => {
    expect(phoneOf({ cc: '81', subscriber }, tables)).toMatchObject({ kind, country: '392' })
  })

  test('with and without the 0 before it, it is one number', () => {
    const [a, b] = ['09012345678', '9012345678'].map((subscriber) => phoneOf({ cc: '81', subscriber }, tables)?.e164)
    expect(a).toBe('+819012345678')
    expect(b).toBe(a)
  })

  test('the plan agrees with that of the library about every kind that both tell', () => {
    const heads = ['3', '6', '11', '52', '92', '98', '99', '45', '75', '50', '70', '80', '90', '120', '800']
    for (const head of heads) {
      for (const tail of ['12345678', '2345678', '212345', '1234567']) {
        const subscriber = `${head}${tail}`
        const told = tables.phoneKindOf(`+81${subscriber}`)
        if (told.kind === 'impossible' || told.kind === 'other') continue
        expect([subscriber, phoneOf({ cc: '81', subscriber }, tables)?.kind]).toEqual([subscriber, told.kind])
      }
    }
  })
})

describe('numbers elsewhere', () => {
  test.each([
    ['1', '4155552671', 'mobile', '840'],
    ['1', '6135550123', 'mobile', '124'],
    ['44', '7912345678', 'mobile', '826'],
    ['44', '2079460958', 'fixed', '826'],
    ['33', '612345678', 'mobile', '250'],
    ['1', '8002345678', 'tollFree', '840'],
    ['82', '1012345678', 'mobile', '410'],
    ['44', '1', 'impossible', undefined],
    ['999', '12345678', 'impossible', undefined],
  ] as const)('+%s %s is %s', (cc, subscriber, kind, country) => {
    const phone = phoneOf({ cc, subscriber }, tables)
    expect(phone?.kind).toBe(kind)
    if (country !== undefined && kind !== 'tollFree') expect(phone?.country).toBe(country)
  })

  test('half a number is none', () => {
    expect(phoneOf({ cc: '81' }, tables)).toBeUndefined()
    expect(phoneOf({ subscriber: '9012345678' }, tables)).toBeUndefined()
  })
})
