// The generated table is what its source says.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generateAuthenticationValues, generateElements } from '../../src/cli/generate-tables.ts'
import { countries, currencies } from '../../src/protocol/tables/iso.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

test('the committed element table is what `npm run tables` makes of the specification data', () => {
  expect(read('src/protocol/tables/elements.ts')).toBe(generateElements(read('spec-fixtures/spec/data-elements.json')))
})

test('the committed table of authentication values is what `npm run tables` makes of the card schemes', () => {
  expect(read('src/protocol/tables/authentication-values.ts')).toBe(
    generateAuthenticationValues(read('spec-fixtures/spec/card-schemes.json')),
  )
})

test('no excluded ISO code is in the lists (ACS-VAL-45)', () => {
  expect([...countries.keys()].filter((code) => code >= '901')).toEqual([])
  expect([...currencies.keys()].filter((code) => (code >= '955' && code <= '964') || code === '999')).toEqual([])
  expect(currencies.get('392')).toEqual({ alpha: 'JPY', exponent: 0 })
  expect(countries.get('392')).toBe('JP')
})
