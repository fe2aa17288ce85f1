// The file of sources: what is wrong with it is told with path, line and column, and never with a key.

import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { readSources, SourcesError } from '../../../src/acs/hook/sources.ts'
import { openSourcesFile } from '../../../src/start/hook.ts'
import { secretOf } from './support.ts'

const secret = secretOf('s')
const own = `key: { secret: ${secret} }`

function problemsOf(text: string, env: Record<string, string> = {}) {
  try {
    readSources(text, env)
    return []
  } catch (error) {
    if (error instanceof SourcesError) return error.problems
    throw error
  }
}

test('what is not said follows from keys and members', () => {
  const { get, list } = readSources(
    `sources:
  - { name: plain, ${own} }
  - { name: asked, ${own}, ask: { url: 'https://screening.example/ask' }, label: { en: Asked, ja: 問合せ } }
  - { name: pair, key: { jwk: { kty: OKP, crv: Ed25519, x: ${'A'.repeat(43)} } } }
  - { name: curve, key: { jwk: { kty: EC, crv: P-256, x: ${'A'.repeat(43)}, y: ${'A'.repeat(43)} } } }
  - { name: inside, doors: [module] }
`,
    {},
  )
  expect(list.map(({ name, doors }) => [name, doors.join()])).toEqual([
    ['plain', 'areq,ahead,feedback,events,mail-check'],
    ['asked', 'areq,ahead,asked,feedback,events,mail-check'],
    ['pair', 'areq,ahead,feedback,events,mail-check'],
    ['curve', 'areq'],
    ['inside', 'module'],
  ])
  expect(get('asked')).toMatchObject({
    label: { en: 'Asked', ja: '問合せ' },
    ask: { deadline: 300, when: 'always', signed: true, failures: 5, openFor: 10_000 },
    vouchesForItself: false,
  })
  expect(get('plain')?.label).toEqual({ en: 'plain', ja: 'plain' })
  expect(get('nobody')).toBeUndefined()
})

test('keys come from variables; one that is not set is named with its place', () => {
  const text = `sources:\n  - name: alpha\n    key: { secret: '\${ALPHA_KEY}' }\n`
  expect(readSources(text, { ALPHA_KEY: secret }).get('alpha')?.secret).toBe(secret)
  expect(problemsOf(text)).toEqual([
    { path: 'sources.0.key.secret', message: 'the variable ALPHA_KEY is not set', line: 3, column: 12 },
  ])
})

describe.each<[string, string, string, RegExp]>([
  ['a short secret', '{ name: a, key: { secret: whsec_c2hvcnQ= } }', 'sources.0.key.secret', /whsec_ and 16 to 64/],
  [
    'a secret without its form',
    '{ name: a, key: { secret: hunter2hunter2hunter2 } }',
    'sources.0.key.secret',
    /whsec_/,
  ],
  ['an RSA key', '{ name: a, key: { jwk: { kty: RSA } } }', 'sources.0.key.jwk', /P-256/],
  [
    'a private key',
    `{ name: a, key: { jwk: { kty: OKP, crv: Ed25519, x: ${'A'.repeat(43)}, d: ${'B'.repeat(43)} } } }`,
    'sources.0.key.jwk',
    /./,
  ],
  ['no key', '{ name: a }', 'sources.0.name', /without key/],
  ['a door that needs a key', '{ name: a, doors: [ahead] }', 'sources.0.doors.0', /ahead needs a key/],
  ['a door that needs an address', `{ name: a, ${own}, doors: [asked] }`, 'sources.0.doors.0', /asked needs ask/],
  ['a door that is none', `{ name: a, ${own}, doors: [window] }`, 'sources.0.doors.0', /./],
  ['an address of a file', `{ name: a, ${own}, ask: { url: 'file:///etc/passwd' } }`, 'sources.0.ask.url', /http/],
  [
    'an address with a password',
    `{ name: a, ${own}, ask: { url: 'http://a:b@c/' } }`,
    'sources.0.ask.url',
    /without user/,
  ],
  [
    'a deadline of a minute',
    `{ name: a, ${own}, ask: { url: 'http://c/', deadline: 1m } }`,
    'sources.0.ask.deadline',
    /5000 ms/,
  ],
  [
    'a card number that is to be shared',
    `{ name: a, ${own}, ask: { url: 'http://c/', share: [acctNumber] } }`,
    'sources.0.ask.share.0',
    /card data/,
  ],
  ['a name with capitals', `{ name: Alpha, ${own} }`, 'sources.0.name', /lower-case/],
  ['a misspelt member', `{ name: a, ${own}, door: [areq] }`, 'sources.0.door', /there is no door here/],
  ['the same name twice', `{ name: a, ${own} }\n  - { name: a, ${own} }`, 'sources.1.name', /twice/],
])('%s', (_, entry, path, words) => {
  test(`is told at ${path}`, () => {
    const problems = problemsOf(`sources:\n  - ${entry}\n`)
    const problem = problems.find((one) => one.path.startsWith(path))
    expect(problems.map((one) => one.path).join()).toContain(path)
    expect(problem?.message).toMatch(words)
    expect(problem?.line).toBeGreaterThanOrEqual(2)
    expect(JSON.stringify(problems)).not.toContain('c2hvcnQ')
    expect(JSON.stringify(problems)).not.toContain('hunter2')
    expect(JSON.stringify(problems)).not.toContain(secret)
  })
})

test.each([
  ['no YAML', 'sources: [', /no YAML/],
  ['a list', '- a', /./],
  ['nothing', '', /./],
  ['too much', `#${'x'.repeat(200_001)}`, /longer than/],
])('%s is refused', (_, text, words) => {
  expect(problemsOf(text)[0]?.message).toMatch(words)
})

test('the shipped file knows the screening service, with the key of the tenant, and asks it only where it is named', () => {
  const file = openSourcesFile({ file: undefined, hasModule: true, env: {}, log: pino({ level: 'silent' }) })
  const { sources, close } = file.open({
    SEKISHO_SCREENING_KEY: secret,
    SEKISHO_SCREENING_URL: 'http://127.0.0.1:9441/screening',
  })
  expect(sources().get('screening')).toMatchObject({
    secret,
    ask: { url: 'http://127.0.0.1:9441/screening/assess', when: 'named', deadline: 300 },
  })
  expect(sources().get('module')?.doors).toEqual(['module'])
  close()
  file.close()
})
