// What a fixture file says of an element's form in one row, as cases. The rows come from the handbook; their form is in spec-fixtures/README.md.

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** One element, or several of one form. */
export interface ElementRow {
  readonly path?: string
  readonly paths?: readonly string[]
  readonly folders?: readonly string[]
  /** The rule that gives the form; without it `ARES:name` and the like. */
  readonly rule?: string
  readonly base?: string
  readonly set?: { readonly [path: string]: Json }
  readonly remove?: readonly string[]
  readonly context?: { readonly [name: string]: Json }
  readonly is: Form
  /** Fewest and most characters; an object's or an array's most are those of its text. */
  readonly length?: readonly [min: number, max: number]
  /** Usable codes, separated by blanks. */
  readonly codes?: string
  /** Ranges that must not be used, separated by blanks: 203, from 2.3.1 on 207 (ACS-VAL-35). */
  readonly reserved?: string
  /** Ranges of codes that are neither defined nor kept: 203 in every version. */
  readonly others?: string
  /** A range of the DS: taken by the lenient profile (TOL-4), refused by the strict one as a reserved code (ACS-VAL-36). */
  readonly ds?: string
  readonly good?: readonly Json[]
  readonly bad?: readonly Json[]
}

export type Form =
  | 'text'
  | 'string'
  | 'code'
  | 'digits'
  | 'uuid'
  | 'url'
  | 'date'
  | 'dateTime'
  | 'dateTimeSeconds'
  | 'email'
  | 'ip'
  | 'string'
  | 'version'
  | 'base64url'
  | 'jws'
  | 'boolean'
  | 'object'
  | 'array'

interface Case {
  readonly id: string
  readonly rule: string
  readonly title: string
  readonly profile?: 'lenient' | 'strict'
  readonly warns?: readonly string[]
  readonly each: { readonly path: string; readonly values?: readonly Json[]; readonly ranges?: readonly Range[] }
  readonly expect: 'accepted' | { readonly errorCode: string; readonly errorDetail: string }
  readonly base?: string
  readonly set?: { readonly [path: string]: Json }
  readonly remove?: readonly string[]
  readonly context?: { readonly [name: string]: Json }
}

type Range = readonly [from: string, to: string]

const times = (text: string, count: number): Json => ({ $text: text, times: count })
const uuid = 'd7c1ee99-9478-44a6-b1f2-391e29c6b340'

interface Values {
  readonly good: readonly Json[]
  readonly bad: readonly Json[]
  readonly otherTypes: readonly Json[]
}

const noStrings: readonly Json[] = [7, true, ['x'], { x: 'y' }]

/** `before` and as much of `fill` as makes `length` characters. */
const filled = (before: string, fill: string, length: number): Json => ({
  $text: fill,
  times: length - before.length,
  before,
})

function valuesOf({ is, length: [min, max] = [0, 0], codes = '' }: ElementRow): Values {
  const [code = ''] = codes.split(' ')
  const strings = (good: readonly Json[], bad: readonly Json[]): Values => ({ good, bad, otherTypes: noStrings })
  switch (is) {
    case 'text':
      return strings(
        // Characters are code points (ACS-VAL-68).
        [times('x', min), times('x', max), times('😀', max)],
        [times('x', max + 1), times('😀', max + 1), ...(min > 1 ? [times('x', min - 1), times('😀', min - 1)] : [])],
      )
    case 'string':
      return strings([], [])
    case 'digits':
      return strings(
        [times('1', min), times('9', max)],
        [times('1', max + 1), times('x', min), `${'1'.repeat(min - 1)}.`, ...(min > 1 ? [times('1', min - 1)] : [])],
      )
    case 'code': {
      const others = /^[0-9]{2}$/.test(code)
        ? ['00', code.slice(1), `0${code}`, 'x', 'xx', '0x']
        : ['x', 'X', 'XX', `${code} `]
      return {
        good: codes.split(' '),
        bad: others.filter((other) => !codes.split(' ').includes(other)),
        otherTypes: [7, true, [code], { x: code }],
      }
    }
    case 'uuid':
      return strings(
        // Of any version, in either case (FLOW-GEN-7).
        [uuid, uuid.toUpperCase(), 'c232ab00-9414-11ec-b3c8-9f6bdeced846', '0190b6d1-7a5e-7c3e-8f00-0123456789ab'],
        ['abc', uuid.replaceAll('-', ''), uuid.slice(1), `${uuid}0`, `g${uuid.slice(1)}`, `${uuid}\n`, `{${uuid}}`],
      )
    case 'url': // ACS-VAL-49
      return strings(
        ['https://a.example', 'https://a.example:8443/b/c?d=e&f=g', filled('https://a.example/', 'x', max)],
        [
          filled('https://a.example/', 'x', max + 1),
          '/relative',
          'a.example/b',
          'https://',
          'javascript:alert(1)',
          'https://user:secret@a.example/',
          'https://a.example/b#c',
          'https://a.example/b c',
        ],
      )
    case 'date': // ACS-VAL-65
      return strings(
        ['20280229', '20271231', '20270101', '20000229', '20270430'],
        [
          '20270229',
          '20271301',
          '20270001',
          '20270132',
          '20270100',
          '21000229',
          '20270431',
          '2027-1-1',
          '270101',
          '202701010',
          'x',
        ],
      )
    case 'dateTime':
    case 'dateTimeSeconds': {
      // ACS-VAL-65; a leap second is tolerated.
      const isLong = is === 'dateTimeSeconds'
      const end = isLong ? '00' : ''
      return strings(
        [`202402290000${end}`, `202612312359${end}`, `200002291030${end}`, ...(isLong ? ['20260115103060'] : [])],
        [
          ...['202302291030', '202613011030', '202600101030', '202604311030', '202601152400', '202601151060'],
          ...['20260115103', '2026-01-15T1', '20260115103x', '15012026 103'],
        ]
          .map((text) => `${text}${end}`)
          .concat(isLong ? ['20260115103061', '202601151030', '202601151030000'] : ['20260115103000', 'x']),
      )
    }
    case 'email':
      return strings(
        ['a@b', 'hanako.yamada+shop@mail.example.test', { $text: 'd', times: max - 8, before: 'a@x.', after: '.tst' }],
        [
          { $text: 'd', times: max - 7, before: 'a@x.', after: '.tst' },
          ...['x', '@', 'a@', '@b', 'hanako.example.test', 'a b@example.test', 'a@@b', 'a@b\n'],
        ],
      )
    case 'ip':
      return strings(
        ['192.0.2.10', '2001:db8::17', '::1', 'ABCD:ABCD:ABCD:ABCD:ABCD:ABCD:192.168.158.190'],
        ['256.1.1.1', '192.0.2', 'x', '2001:db8::g', '192.0.2.1/24', '1:2::3::4', '192.0.2.10 '],
      )
    case 'version':
      return strings(['2.1.0', '2.3.1', '12.34.56'], ['2.1', 'x', '2.1.x', '2.1.0.', 'v2.1.0', '123.45.67', '2,1,0'])
    case 'base64url':
      return strings(
        [times('A', min), times('_', max), `${'A'.repeat(min - 1)}-`],
        [
          times('A', max + 1),
          `${'A'.repeat(min)}!`,
          `${'A'.repeat(min)} `,
          `${'A'.repeat(min)}+`,
          `${'A'.repeat(min)}/`,
        ].concat(min > 1 ? [times('A', min - 1)] : []),
      )
    case 'jws':
      return strings(
        ['a.b.c', 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl-_', filled('a.b.', 'c', max)],
        ['abc', 'a.b', 'a.b.c.d', 'a..c', 'a.b.', 'a.b.c=', 'a.b.c d', filled('a.b.', 'c', max + 1)],
      )
    case 'boolean':
      return { good: [true, false], bad: [], otherTypes: ['true', 'false', 'Y', 1, 0, [true], { x: true }] }
    case 'object':
      return { good: [], bad: [], otherTypes: ['x', 7, true, ['x'], [{ x: 'y' }]] }
    case 'array':
      return { good: [], bad: [], otherTypes: ['x', 7, true, { x: 'y' }] }
  }
}

const withoutPositions = (path: string): string => path.replace(/\.\d+(?=\.|$)/g, '')

const rangesOf = (text: string): readonly Range[] =>
  text.split(' ').map((range) => {
    const [from = range, to = from] = range.split('-')
    return [from, to]
  })

function casesOfPath(path: string, row: ElementRow, message: string, version: string): readonly Case[] {
  const name = withoutPositions(path)
  const { base, set, remove, context, codes, reserved, others, ds, rule = `${message.toUpperCase()}:${name}` } = row
  const start = {
    ...(base !== undefined && { base }),
    ...(set !== undefined && { set }),
    ...(remove !== undefined && { remove }),
    ...(context !== undefined && { context }),
  }
  const { good, bad, otherTypes } = valuesOf(row)
  const wrong = { errorCode: '203', errorDetail: name }
  const reservedAnswer = { errorCode: version === '2.3.1' ? '207' : '203', errorDetail: name }
  const cases: Case[] = []
  const add = (kind: string, one: Omit<Case, 'id' | 'base' | 'set' | 'remove' | 'context'>): void => {
    cases.push({ ...start, id: `${path}-${kind}`, ...one })
  }
  const fine = [...good, ...(row.good ?? [])]
  const refused = [...bad, ...(row.bad ?? [])]
  if (fine.length > 0)
    add('valid', { rule, title: `values that ${name} may have`, each: { path, values: fine }, expect: 'accepted' })
  if (refused.length > 0)
    add('invalid', { rule, title: `values that ${name} may not have`, each: { path, values: refused }, expect: wrong })
  add('type', {
    rule: 'ACS-VAL-25',
    title: `${name} of another type`,
    each: { path, values: otherTypes },
    expect: wrong,
  })
  if (codes !== undefined && reserved !== undefined)
    add('reserved', {
      rule: 'ACS-VAL-35',
      title: `codes of ${name} that EMVCo keeps`,
      each: { path, ranges: rangesOf(reserved) },
      expect: reservedAnswer,
    })
  if (others !== undefined)
    add('undefined', {
      rule,
      title: `codes that ${name} does not define`,
      each: { path, ranges: rangesOf(others) },
      expect: wrong,
    })
  if (ds !== undefined) {
    const each = { path, ranges: rangesOf(ds) }
    add('ds-lenient', {
      rule: 'TOL-4',
      title: `codes of ${name} that a DS may define`,
      profile: 'lenient',
      each,
      warns: ['TOL-4'],
      expect: 'accepted',
    })
    add('ds-strict', {
      rule: 'ACS-VAL-36',
      title: `codes of ${name} that this DS does not define`,
      profile: 'strict',
      each,
      expect: reservedAnswer,
    })
  }
  return cases
}

/** The cases of a row, for messages of one version. */
export const casesOfElement = (row: ElementRow, message: string, version: string): readonly Case[] =>
  [...(row.path === undefined ? [] : [row.path]), ...(row.paths ?? [])].flatMap((path) =>
    casesOfPath(path, row, message, version),
  )
