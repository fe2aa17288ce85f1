// The generated table of card schemes is what its source says.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generateSchemes } from '../../../src/cli/generate-tables.ts'
import { authenticationValues } from '../../../src/protocol/tables/authentication-values.ts'
import { schemes } from '../../../src/protocol/tables/schemes.ts'

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

test('the committed table of schemes is what `npm run tables` makes of the card schemes', () => {
  expect(read('src/protocol/tables/schemes.ts')).toBe(generateSchemes(read('spec-fixtures/spec/card-schemes.json')))
})

test('every scheme has a value of 28 characters, of the octets that fill them (TOL-24, RES-AV-4)', () => {
  expect(Object.keys(authenticationValues)).toEqual(Object.keys(schemes))
  for (const [id, { bytes, characters }] of Object.entries(authenticationValues)) {
    expect(characters, id).toBe(28)
    expect(Buffer.alloc(bytes).toString('base64'), id).toHaveLength(characters)
  }
})
