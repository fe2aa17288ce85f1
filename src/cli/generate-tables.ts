// Turns the specification tables (spec-fixtures/spec) into src/protocol/tables. Run by `npm run tables`; the result is committed.
import { readFileSync, writeFileSync } from 'node:fs'

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
type Source = Readonly<Record<string, Json>>

const versions = ['2.1.0', '2.2.0', '2.3.1'] as const
const columns = [
  ['01-APP', '01-PA'],
  ['01-APP', '02-NPA'],
  ['02-BRW', '01-PA'],
  ['02-BRW', '02-NPA'],
  ['03-3RI', '01-PA'],
  ['03-3RI', '02-NPA'],
] as const

const kinds: Readonly<Record<string, string>> = {
  text: 'text',
  numeric: 'digits',
  code: 'code',
  uuid: 'uuid',
  url: 'url',
  email: 'email',
  ip: 'ip',
  bcp47: 'language',
  version: 'version',
  'date-YYYYMMDD': 'date',
  'datetime-YYYYMMDDHHMM': 'dateTime',
  'datetime-YYYYMMDDHHMMSS': 'dateTimeSeconds',
  yymm: 'yearMonth',
  'iso3166-1-numeric': 'country',
  'iso4217-numeric': 'currency',
  'iso4217-alpha': 'currencyAlpha',
  'iso3166-2-subdivision': 'subdivision',
  base64: 'base64',
  base64url: 'base64url',
  'jws-compact': 'jws',
  'jwe-compact': 'jwe',
}

const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined => {
  let here: Json | undefined = value
  for (const name of path) {
    if (here === null || typeof here !== 'object' || Array.isArray(here)) return undefined
    here = (here as Source)[name]
  }
  return here
}

/** Patterns that only repeat what kind and length say already. */
const isImplied = (
  pattern: string,
  kind: string | undefined,
  min: number | undefined,
  max: number | undefined,
): boolean => {
  const count = min === max ? `{${min}}` : `{${min},${max}}`
  const digits = [`^[0-9]${count}$`, ...(min === 1 && max === 1 ? ['^[0-9]$'] : [])]
  if (kind === 'digits' || kind === 'country' || kind === 'currency') return digits.includes(pattern)
  if (kind === 'code') return digits.includes(pattern)
  return (
    kind !== undefined &&
    [
      'uuid',
      'url',
      'email',
      'ip',
      'version',
      'date',
      'dateTime',
      'dateTimeSeconds',
      'yearMonth',
      'subdivision',
      'base64url',
      'jws',
      'jwe',
    ].includes(kind)
  )
}

/** Number-like names come first in any object, so two-digit codes are put in order again. */
const inOrder = (codes: readonly string[]): readonly string[] =>
  codes.every((code) => /^[0-9]+$/.test(code)) ? codes.toSorted((a, b) => Number(a) - Number(b)) : codes

function shapeOf(source: Source): Record<string, Json> {
  const shape: Record<string, Json> = { type: source.type ?? 'string' }
  const format = typeof source.format === 'string' ? source.format : undefined
  const kind = format === undefined ? undefined : kinds[format]
  if (format !== undefined && kind === undefined) throw new Error(`unknown format ${format} in ${String(source.path)}`)
  if (kind !== undefined) shape.kind = kind
  const fixed = at(source.length, 'fixed') as number | undefined
  const min = fixed ?? (at(source.length, 'min') as number | undefined)
  const max = fixed ?? (at(source.length, 'max') as number | undefined)
  if (min !== undefined) shape.min = min
  if (max !== undefined) shape.max = max
  if (typeof source.pattern === 'string' && !isImplied(source.pattern, kind, min, max)) shape.pattern = source.pattern
  if (source.elements !== undefined) shape.entries = [at(source.elements, 'min') ?? 0, at(source.elements, 'max') ?? 0]
  if (source.items !== undefined) shape.items = source.items
  const byVersion = at(source.values, 'byVersion')
  if (byVersion !== undefined) {
    const codes: Record<string, string> = {}
    for (const version of versions) {
      const list = at(byVersion, version)
      if (list !== undefined) codes[version] = inOrder(Object.keys(list as object)).join(' ')
    }
    shape.codes = codes
    const ds = at(source.values, 'reservedForDs')
    if (typeof ds === 'string') shape.dsCodes = ds
    const dsIn = at(source.values, 'reservedForDsVersions')
    if (dsIn !== undefined) shape.dsCodesIn = dsIn
    const reserved = at(source.values, 'reservedForEmvco')
    if (reserved !== undefined && reserved !== null) shape.reserved = reserved
    const allowedIn = at(source.values, 'allowedIn')
    if (allowedIn !== undefined) {
      shape.allowedIn = Object.fromEntries(
        Object.entries(allowedIn as Source).map(([version, messages]) => [
          version,
          Object.fromEntries(
            Object.entries(messages as Source).map(([message, list]) => [message, (list as string[]).join(' ')]),
          ),
        ]),
      )
    }
  }
  return shape
}

function presenceOf(inclusion: Json): Record<string, Json> {
  const messages = new Set(versions.flatMap((version) => Object.keys((at(inclusion, version) ?? {}) as object)))
  const presence: Record<string, Json> = {}
  for (const message of messages) {
    const letters = versions.map((version) => {
      const flat = at(inclusion, version, message, '*', '*')
      if (flat !== undefined) return String(flat)
      return columns
        .map(([channel, category]) => String(at(inclusion, version, message, channel, category) ?? '-'))
        .join('')
    })
    const isFlat = letters.every((group) => group.length === 1 || group === '------')
    presence[message] = letters.map((group) => (isFlat && group.length > 1 ? '-' : group)).join(' ')
  }
  return presence
}

/** Where the protocol handbook and the source table differ, and the handbook was followed. See docs/decisions/0001. */
const corrections: Readonly<Record<string, Record<string, Json>>> = {
  browserTZ: { pattern: '^[+-]?[0-9]{1,5}$' }, // five characters, not a sign and four digits (AREQ:browserTZ)
  'threeDSRequestorPriorAuthenticationInfo.threeDSReqPriorRef': { kind: 'uuid' }, // 4.1: "ref UUID 36"
  threeDSRequestorAppURL: { kind: 'appUrl' }, // before 2.3.1 also the scheme of an app (ACS-VAL-127)
  errorCode: { kind: 'digits', isOpen: true }, // any value may come in an Erro [Req 217]
  // 4.2: 3RI instalments (threeRIInd 02) only from 2.3.1 on
  purchaseInstalData: {
    conditions: [
      {
        versions: ['2.1.0', '2.2.0'],
        when: { field: 'threeDSRequestorAuthenticationInd', in: ['03'] },
        effect: 'required-if',
      },
      {
        versions: ['2.3.1'],
        when: {
          any: [
            { field: 'threeDSRequestorAuthenticationInd', in: ['03'] },
            { field: 'threeRIInd', in: ['02'] },
          ],
        },
        effect: 'required-if',
      },
    ],
  },
}

function rowOf(source: Source): Record<string, Json> {
  const row: Record<string, Json> = { name: source.name ?? '', ...shapeOf(source), ...corrections[String(source.path)] }
  if (source.inclusion !== undefined) row.presence = presenceOf(source.inclusion)
  if (source.use !== undefined) row.use = versions.map((version) => String(at(source.use, version) ?? '-')).join('')
  const conditions = ((source.conditions ?? []) as readonly Source[])
    .filter((condition) => condition.when !== undefined)
    .map(({ text: _text, ...condition }) => condition as Record<string, Json>)
  if (row.conditions === undefined && conditions.length > 0) row.conditions = conditions
  if (source.byVersion !== undefined) {
    row.by = Object.fromEntries(
      Object.entries(source.byVersion as Source).map(([version, own]) => [version, shapeOf(own as Source)]),
    )
  }
  return row
}

/** In the quotes that need no escape, as the formatter has them. */
const quoted = (text: string): string => {
  const escaped = text.replaceAll('\\', '\\\\')
  return text.includes("'") && !text.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`
}

/** A TypeScript literal on one line: names bare where they may be, strings in single quotes. */
function literal(value: Json): string {
  if (typeof value === 'string') return quoted(value)
  if (value === null || typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(literal).join(', ')}]`
  if (Object.keys(value).length === 0) return '{}'
  const members = Object.entries(value as Source).map(
    ([name, member]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name)}: ${literal(member)}`,
  )
  return `{ ${members.join(', ')} }`
}

/** The text of src/protocol/tables/elements.ts made from the given data-elements.json text. */
export function generateElements(text: string): string {
  const sources = JSON.parse(text) as readonly Source[]
  const rows = sources.map((source) => `  ${literal(String(source.path))}: ${literal(rowOf(source))},`)
  return [
    '// The data elements of EMV 3DS 2.1.0, 2.2.0 and 2.3.1. Generated by `npm run tables` from spec-fixtures/spec/data-elements.json; do not edit.',
    "import type { ElementTable } from './types.ts'",
    '',
    'export const elements = {',
    ...rows,
    '} as const satisfies ElementTable',
    '',
  ].join('\n')
}

/** Object of a row, without what the source has as notes. */
const rowsOf = (text: string): readonly Source[] =>
  (JSON.parse(text) as { readonly schemes: readonly Source[] }).schemes

/** A row name as it may stand in an object literal. */
const rowName = (id: Json | undefined): string => (/^[a-z]+$/.test(String(id)) ? String(id) : `'${String(id)}'`)

/** transStatus with their ECI; an empty table is none. */
function eciRow(source: Json | undefined): Record<string, Json> | undefined {
  const statuses = Object.entries((source ?? {}) as Source).filter(([status]) => /^[A-Z]$/.test(status))
  return statuses.length === 0 ? undefined : Object.fromEntries(statuses)
}

/** The text of src/protocol/tables/schemes.ts made from the given card-schemes.json text. */
export function generateSchemes(text: string): string {
  const rows = rowsOf(text).map((scheme) => {
    const eciNonPayment = eciRow(at(scheme.eci, '02-NPA'))
    const eciDataOnly = eciRow(scheme.eciDataOnly)
    const row = {
      name: scheme.name ?? '',
      program: scheme.program ?? '',
      eci: eciRow(at(scheme.eci, '01-PA')) ?? {},
      ...(eciNonPayment !== undefined && { eciNonPayment }),
      ...(eciDataOnly !== undefined && { eciDataOnly }),
    }
    const members = Object.entries(row).map(([name, member]) => `    ${name}: ${literal(member)},`)
    return [`  ${rowName(scheme.id)}: {`, ...members, '  },'].join('\n')
  })
  return [
    '// What differs by card scheme in results. Generated by `npm run tables` from spec-fixtures/spec/card-schemes.json; do not',
    '// edit. The ECI are public practice and no part of the specification (RES-ECI-1).',
    '',
    'export interface Scheme {',
    '  readonly name: string',
    '  readonly program: string',
    '  /** ECI of a payment by transStatus; a status that is not listed carries none. */',
    '  readonly eci: Readonly<Partial<Record<string, string>>>',
    '  /** ECI of a non-payment authentication. */',
    '  readonly eciNonPayment?: Readonly<Partial<Record<string, string>>>',
    '  /** ECI of data only (challenge indicator 06, message category 80). */',
    '  readonly eciDataOnly?: Readonly<Partial<Record<string, string>>>',
    '}',
    '',
    'export const schemes: Readonly<Record<string, Scheme>> = {',
    ...rows,
    '}',
    '',
  ].join('\n')
}

/** The text of src/protocol/tables/authentication-values.ts made from the given card-schemes.json text. */
export function generateAuthenticationValues(text: string): string {
  const rows = rowsOf(text).map((scheme) => {
    const { name, bytes, encodedCharacters } = (scheme.authenticationValue ?? {}) as Source
    const row = { name: name ?? '', bytes: bytes ?? 0, characters: encodedCharacters ?? 0 }
    return `  ${rowName(scheme.id)}: ${literal(row)},`
  })
  return [
    '// What each card scheme calls its authentication value, and how long it is. Generated by `npm run tables` from',
    '// spec-fixtures/spec/card-schemes.json; do not edit.',
    '',
    'export interface AuthenticationValue {',
    '  readonly name: string',
    '  readonly bytes: number',
    '  readonly characters: number',
    '}',
    '',
    'export const authenticationValues: Readonly<Record<string, AuthenticationValue>> = {',
    ...rows,
    '}',
    '',
  ].join('\n')
}

if (
  process.argv[1] !== undefined &&
  import.meta.url.endsWith(process.argv[1].replaceAll('\\', '/').split('/').at(-1) ?? ' ')
) {
  const source = process.argv[2] ?? new URL('../../spec-fixtures/spec/data-elements.json', import.meta.url)
  writeFileSync(
    new URL('../protocol/tables/elements.ts', import.meta.url),
    generateElements(readFileSync(source, 'utf8')),
  )
  const schemes = new URL('../../spec-fixtures/spec/card-schemes.json', import.meta.url)
  writeFileSync(
    new URL('../protocol/tables/authentication-values.ts', import.meta.url),
    generateAuthenticationValues(readFileSync(schemes, 'utf8')),
  )
  writeFileSync(
    new URL('../protocol/tables/schemes.ts', import.meta.url),
    generateSchemes(readFileSync(schemes, 'utf8')),
  )
}
