// One generated function per column that says whether a message is faultless, and says nothing else: whatever it doubts,
// walk.ts looks at and reports. Generated from the same members, so that a row has one home; a test holds the two equal.
import { countries, currencies } from '../tables/iso.ts'
import type { Shape } from '../tables/types.ts'
import { isMissing, isObject, type JsonObject, type Predicate, type Surroundings } from './conditions.ts'
import { formatTests } from './formats.ts'
import type { Member } from './members.ts'
import { hasLength, isAtMost, repeatedAt } from './text.ts'
import { alphaCurrencies, codesOf, extensionsLimit, forbidsRepeats, formOf, isSized } from './value-tests.ts'

/** True: no finding and no warning. Texts with half characters are not for it: the caller keeps them away. */
export type IsFaultless = (message: JsonObject, around: Surroundings) => boolean

/** Formats of which every character is one UTF-16 unit. */
const oneUnitKinds: ReadonlySet<string> = new Set([
  'digits',
  'uuid',
  'version',
  'date',
  'dateTime',
  'dateTimeSeconds',
  'yearMonth',
  'subdivision',
  'base64',
  'base64url',
  'jws',
  'jwe',
])

/** Values that the generated text names. */
interface Names {
  readonly known: Map<unknown, string>
  name(value: unknown): string
}

function newNames(): Names {
  const known = new Map<unknown, string>()
  return {
    known,
    name(value) {
      const name = known.get(value) ?? `u${known.size}`
      known.set(value, name)
      return name
    },
  }
}

const both = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' && ')

/** Length, by units where that is safe. */
function lengthText({ kind, min = 0, max }: Shape, v: string, names: Names): string {
  const most = max ?? Number.MAX_SAFE_INTEGER
  if (kind !== undefined && oneUnitKinds.has(kind))
    return min === max ? `${v}.length === ${min}` : `${v}.length >= ${Math.max(min, 1)} && ${v}.length <= ${most}`
  const safe = min < 2 ? Math.max(min, 1) : 2 * min
  const exact = `${names.name(hasLength)}(${v}, ${Math.max(min, 1)}, ${most})`
  return `(${v}.length >= ${safe} && ${v}.length <= ${most} || ${exact})`
}

/** The values of a closed list that pass everything else that is said of them. */
function closedList({ values, shape }: Member): readonly string[] | undefined {
  const list =
    shape.kind === 'country'
      ? [...countries.keys()]
      : shape.kind === 'currency'
        ? [...currencies.keys()]
        : shape.kind === 'currencyAlpha'
          ? [...alphaCurrencies]
          : codesOf(shape, values.column)
  const hasForm = formOf(shape)
  return list?.filter((code) => code !== '' && hasForm(code) && values.rules.every(({ isValid }) => isValid(code)))
}

const rulesText = ({ values: { rules } }: Member, v: string, names: Names): string =>
  both(...rules.map(({ isValid }) => `${names.name(isValid)}(${v})`))

function stringText(member: Member, v: string, names: Names): string {
  const { shape } = member
  const list = closedList(member)
  if (list !== undefined)
    return list.length <= 20
      ? `(${list.map((code) => `${v} === ${JSON.stringify(code)}`).join(' || ') || 'false'})`
      : `${names.name(new Set(list))}.has(${v})`
  const format = shape.kind === undefined ? undefined : formatTests[shape.kind]
  const isSaid = shape.kind === 'digits' && shape.pattern === '^[0-9]+$'
  return both(
    `typeof ${v} === 'string'`,
    lengthText(shape, v, names),
    format === undefined ? '' : `${names.name(format)}(${v})`,
    shape.pattern === undefined || isSaid ? '' : `${names.name(new RegExp(shape.pattern))}.test(${v})`,
    rulesText(member, v, names),
  )
}

function arrayText(member: Member, v: string, names: Names): string {
  const { shape, path, values } = member
  const [min, max] = shape.entries ?? [0, Number.MAX_SAFE_INTEGER]
  return both(
    `Array.isArray(${v})`,
    `${v}.length >= ${Math.max(min, 1)} && ${v}.length <= ${max}`,
    path === 'messageExtension' ? `${names.name(isAtMost)}(${v}, ${extensionsLimit})` : '',
    forbidsRepeats(values.column.version) ? `(${v}.length < 2 || ${names.name(repeatedAt)}(${v}) === undefined)` : '',
    shape.items === 'string' ? '' : rulesText(member, v, names),
  )
}

const hasCritical = (extensions: unknown): boolean =>
  Array.isArray(extensions) &&
  extensions.some((entry) => isObject(entry) && entry.criticalityIndicator === true && typeof entry.id === 'string')

/** When the value `v` is without fault, its members apart. */
function valueText(member: Member, v: string, names: Names): string {
  const { shape } = member
  switch (shape.type) {
    case 'string':
      return stringText(member, v, names)
    case 'boolean':
      return both(`typeof ${v} === 'boolean'`, rulesText(member, v, names))
    case 'array':
      return arrayText(member, v, names)
    case 'object':
      return both(
        `${names.name(isObject)}(${v}) && !${names.name(isMissing)}(${v})`,
        shape.max === undefined ? '' : `${names.name(isAtMost)}(${v}, ${shape.max})`,
        rulesText(member, v, names),
      )
    case 'any':
      return both(
        `(typeof ${v} === 'string' || ${names.name(isObject)}(${v})) && !${names.name(isMissing)}(${v})`,
        `${names.name(isSized)}(${v}, ${names.name(shape)})`,
      )
  }
}

/** Each entry of a list: a text, or an object with members of its own. */
function entriesText(member: Member, v: string, names: Names): string {
  if (member.shape.items === 'string')
    return `for (let i = 0; i < ${v}.length; i += 1) { const e = ${v}[i]; if (!(${stringText(member, 'e', names)})) return false }`
  const inner = names.name(membersFunction(member.children))
  const isObjectName = names.name(isObject)
  const isMissingName = names.name(isMissing)
  return `for (let i = 0; i < ${v}.length; i += 1) { const e = ${v}[i]; if (!${isObjectName}(e) || ${isMissingName}(e) || !${inner}(e, around)) return false }`
}

function presentText(member: Member, v: string, names: Names): string {
  const test = `if (!(${valueText(member, v, names)})) return false`
  if (member.shape.type === 'array') return `${test}; ${entriesText(member, v, names)}`
  if (member.children.length === 0 || member.shape.type !== 'object') return test
  return `${test}; if (!${names.name(membersFunction(member.children))}(${v}, around)) return false`
}

function memberText(member: Member, names: Names): string {
  const { name, conditions, isRequired, isHeard, path } = member
  const asked = isRequired ? 'true' : conditions.map((one) => `${names.name(one)}(p, around)`).join(' || ')
  const critical = path === 'messageExtension' ? `; if (${names.name(hasCritical)}(v)) return false` : ''
  const present = `if (v !== undefined) { ${presentText(member, 'v', names)}${critical} }`
  const body = asked === '' ? present : `${present} else if (${asked}) return false`
  const heard = isHeard === undefined ? body : `if (${names.name(isHeard)}(p, around)) { ${body} }`
  return `{ const v = p[${JSON.stringify(name)}]; ${heard} }`
}

/** The function that judges one object. */
function membersFunction(members: readonly Member[], breaks: readonly Predicate[] = []): IsFaultless {
  const names = newNames()
  const texts = [
    ...members.map((member) => memberText(member, names)),
    ...breaks.map((one) => `if (${names.name(one)}(p, around)) return false`),
  ]
  const text = `'use strict'; return function isFaultless(p, around) {\n${texts.join('\n')}\nreturn true }`
  return new Function(...names.known.values(), text)(...names.known.keys()) as IsFaultless
}

/** `breaks`: what the members must not be together. */
export const compileFaultless = (members: readonly Member[], breaks: readonly Predicate[]): IsFaultless =>
  membersFunction(members, breaks)
