// A made-up text for an element, by its codes, its name or its kind. Spec: Annex A (Table A.1), ACS-VAL-25.
import { encodeBase64url } from '../base64url.ts'
import type { Element, Shape } from '../tables/types.ts'
import { leafOf, type Place } from './sample-rows.ts'
import { sampleContents, sampleValues } from './sample-values.ts'
import { pick, uuidOf } from './seeded.ts'

const cut = (text: string, shape: Shape): string =>
  [...text]
    .slice(0, shape.max ?? text.length)
    .join('')
    .padEnd(shape.min ?? 0, 'x')

const codesOf = (shape: Shape, place: Place): readonly string[] =>
  (shape.allowedIn?.[place.version]?.[place.message] ?? shape.codes?.[place.version])?.split(' ') ?? []

/** A card range of its own for every position, so that none overlap (205). */
const rangeOf = (at: readonly number[], last: string): string =>
  `4000${at.map((position) => String(position).padStart(2, '0')).join('')}`.padEnd(16, last)

/** `at`: positions in the arrays around the element. */
export function textOf(
  path: string,
  element: Element,
  shape: Shape,
  place: Place,
  at: readonly number[],
  seed: number,
): string {
  const name = leafOf(path)
  const position = at.length === 0 ? '' : ` ${at.join('.')}`
  const choose = (list: readonly string[]): string => {
    // Neighbours in an array do not get the same value while there is another (ACS-VAL-38).
    const start = list.indexOf(pick(seed, path, list))
    return list[(start + (at.at(-1) ?? 0)) % list.length] ?? ''
  }
  const codes = codesOf(shape, place)
  const given = sampleValues[path] ?? sampleValues[name]
  if (codes.length > 0) {
    const usual = given?.filter((value) => codes.includes(value)) ?? []
    return choose(usual.length > 0 ? usual : codes)
  }
  const content = sampleContents[name]
  if (content !== undefined) return encodeBase64url(content)
  if (given !== undefined) return choose(given)
  switch (shape.kind) {
    case 'uuid':
      return uuidOf(seed, `${name}${position}`)
    case 'url':
      return `https://www.example.com/${name}`
    case 'email':
      return `${name.toLowerCase()}@mail.example.com`
    case 'ip':
      return '192.0.2.20'
    case 'language':
      return 'ja'
    case 'version':
      return place.version
    case 'date':
      return '20251120'
    case 'dateTime':
      return '202511201015'
    case 'dateTimeSeconds':
      return '20251120101500'
    case 'yearMonth':
      return '3112'
    case 'country':
      return choose(['392', '840', '276'])
    case 'currency':
      return choose(['392', '840', '414'])
    case 'currencyAlpha':
      return 'JPY'
    case 'subdivision':
      return '13'
    case 'base64':
      return 'AAECAwQFBgcICQoLDA0ODxAREhM='
    case 'base64url':
      return encodeBase64url(`an example of ${element.name}${position}, as long as any needs to be`)
    case 'jws':
      return `${encodeBase64url('{"alg":"ES256"}')}.${encodeBase64url(`{"about":"${name}"}`)}.${'c2ln'.repeat(21)}Zg`
    case 'jwe':
      return `${encodeBase64url('{"alg":"dir","enc":"A128GCM"}')}..aXYtaXYtaXYtaXYt.Y2lwaGVydGV4dA.dGFn`
    case 'digits':
      if (name === 'start' || name === 'startRange') return rangeOf(at, '0')
      if (name === 'end' || name === 'endRange') return rangeOf(at, '9')
      return '1'.padStart(shape.min ?? 1, '0')
    default:
      return cut(`${element.name}${position}`, shape)
  }
}
