// How the cardholder is authenticated, in the words of each version. Spec: RES section 6 (codes), VER-23-4, VER-22-11.
import { elements } from '../../protocol/tables/elements.ts'

/** authenticationType of the methods: 01 static, 02 dynamic, 03 out of band, 04 decoupled. */
const types: Readonly<Record<string, string>> = {
  '01': '01',
  '02': '02',
  '03': '02',
  '04': '02',
  '05': '02',
  '06': '01',
  '07': '03',
  '08': '03',
  '09': '03',
  '10': '02',
  '11': '03',
  '12': '04',
  '13': '02',
  '14': '02',
  '15': '02',
  '16': '02',
}

/** [≤ 2.2] Decoupled whatever is done in it, otherwise by the first method (RES-DEC-2). */
export const typeOf = (methods: readonly string[]): string | undefined =>
  methods.includes('12') ? '04' : types[methods[0] ?? '']

const codes: Readonly<Record<string, string>> = elements.authenticationMethod.codes

/** Those that the version has; none: undefined. */
export function methodsIn(version: string, methods: readonly string[]): readonly string[] | undefined {
  const known = methods.filter((method) => (codes[version] ?? '').split(' ').includes(method))
  return known.length === 0 ? undefined : known
}

/** [≤ 2.2] The first of them. */
export const methodIn = (version: string, methods: readonly string[]): string | undefined =>
  methodsIn(version, methods)?.[0]
