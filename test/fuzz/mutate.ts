// Ways to spoil a message: in its members, in its text, in its bytes.
import { isObject, type JsonObject } from '../../src/protocol/rules/conditions.ts'
import type { Chance } from './chance.ts'

type Holder = Record<string, unknown> | unknown[]

/** Every object and array of the message, the message itself first. */
function holdersOf(value: unknown, found: Holder[] = []): Holder[] {
  if (Array.isArray(value)) {
    found.push(value)
    for (const entry of value) holdersOf(entry, found)
  } else if (isObject(value)) {
    found.push(value as Record<string, unknown>)
    for (const member of Object.values(value)) holdersOf(member, found)
  }
  return found
}

/** Changes one place of the message, anywhere in it. */
function somewhere(
  message: JsonObject,
  chance: Chance,
  change: (holder: Record<string, unknown>, name: string) => void,
): void {
  // Arrays are changed by position; their names are numbers to JavaScript.
  const holder = chance.pick(holdersOf(message).filter((one) => Object.keys(one).length > 0)) as Record<string, unknown>
  change(holder, chance.pick(Object.keys(holder)))
}

const empties: readonly unknown[] = ['', null, [], {}, ' ']
const otherTypes: readonly unknown[] = [
  0,
  -1,
  1e300,
  true,
  false,
  null,
  [],
  {},
  [[]],
  [null],
  { a: 1 },
  ['01'],
  'text',
  '',
  '01',
]
const oddTexts: readonly string[] = [
  '\u0000',
  '\ud800',
  '\udfff',
  '\u202e',
  '\u2028',
  '\ufeff',
  '😀'.repeat(50),
  'e\u0301',
  '１２３',
  "'; DROP TABLE transactions; --",
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '%00%ff',
  '\r\nSet-Cookie: a=b',
  '$' + '{7*7}',
  'javascript:alert(1)',
  'https://user:pass@host.example.com/#x',
  '__proto__',
]
const codes: readonly string[] = [
  '00',
  '01',
  '06',
  '07',
  '12',
  '20',
  '79',
  '80',
  '99',
  'Y',
  'N',
  'C',
  'D',
  'I',
  'S',
  'X',
  '1',
  '001',
  '956',
  '999',
  '392',
  '100',
  '000',
]

export type Step = (message: JsonObject, chance: Chance) => void

/** Changes of the parsed message. */
export const memberSteps: Readonly<Record<string, Step>> = {
  drop: (message, chance) =>
    somewhere(message, chance, (holder, name) => {
      if (Array.isArray(holder)) holder.splice(Number(name), 1)
      else Reflect.deleteProperty(holder, name)
    }),
  empty: (message, chance) =>
    somewhere(message, chance, (holder, name) => {
      holder[name] = structuredClone(chance.pick(empties))
    }),
  type: (message, chance) =>
    somewhere(message, chance, (holder, name) => {
      holder[name] = structuredClone(chance.pick(otherTypes))
    }),
  long: (message, chance) =>
    somewhere(message, chance, (holder, name) => {
      const value = holder[name]
      const times = chance.pick([2, 2, 3, 10, 10, 50, 1_000, 5_000])
      const most = 1_500_000 / (1 + (JSON.stringify(value)?.length ?? 0)) // a little over the limit of a body
      if (Array.isArray(value)) holder[name] = Array.from({ length: Math.min(times, most) }, () => value[0])
      else holder[name] = (typeof value === 'string' && value !== '' ? value : 'x').repeat(Math.min(times, most))
    }),
  short: (message, chance) =>
    somewhere(message, chance, (holder, name) => {
      const value = holder[name]
      if (typeof value === 'string') holder[name] = value.slice(chance.below(2), value.length - 1)
    }),
  code: (message, chance) =>
    somewhere(message, chance, (holder, name) => {
      holder[name] = chance.pick(codes)
    }),
  swap: (message, chance) =>
    somewhere(message, chance, (holder, name) => {
      somewhere(message, chance, (other, otherName) => {
        const kept = other[otherName]
        // Not into itself: JSON has no rings.
        if (holdersOf(kept).includes(holder) || holdersOf(holder[name]).includes(other)) return
        other[otherName] = holder[name]
        holder[name] = kept
      })
    }),
  nest: (message, chance) =>
    somewhere(message, chance, (holder, name) => {
      let value = holder[name]
      for (let depth = chance.pick([1, 2, 15, 16, 17, 200]); depth > 0; depth -= 1)
        value = chance.below(2) === 0 ? [value] : { [name]: value }
      holder[name] = value
    }),
  odd: (message, chance) =>
    somewhere(message, chance, (holder, name) => {
      const text = chance.pick(oddTexts)
      const value = holder[name]
      holder[name] = typeof value === 'string' && chance.below(2) === 0 ? value + text : text
    }),
  rename: (message, chance) =>
    somewhere(message, chance, (holder, name) => {
      if (Array.isArray(holder)) return
      const value = holder[name]
      Reflect.deleteProperty(holder, name)
      const renamed = chance.pick([
        name.toUpperCase(),
        `${name} `,
        '__proto__',
        'constructor',
        '',
        'toString',
        chance.pick(oddTexts),
      ])
      Object.defineProperty(holder, renamed, { value, enumerable: true, configurable: true, writable: true })
    }),
  version: (message, chance) =>
    set(message, 'messageVersion', chance.pick(['2.1.0', '2.2.0', '2.3.1', '2.0.0', '9.9.9', '2.3.1.1', '02.2.0'])),
  channel: (message, chance) => set(message, 'deviceChannel', chance.pick(['01', '02', '03', '04', '80'])),
  category: (message, chance) => set(message, 'messageCategory', chance.pick(['01', '02', '03', '80'])),
  messageType: (message, chance) =>
    set(
      message,
      'messageType',
      chance.pick(['AReq', 'ARes', 'CReq', 'CRes', 'RReq', 'RRes', 'PReq', 'PRes', 'OReq', 'ORes', 'Erro', 'areq']),
    ),
  extension: (message, chance) =>
    set(
      message,
      'messageExtension',
      Array.from({ length: chance.pick([1, 2, 10, 11, 15, 16]) }, (_, at) => ({
        name: chance.pick(['x', '']),
        id: chance.pick([`A-${at}`, 'A', 'x'.repeat(65)]),
        criticalityIndicator: chance.pick([true, false, 'true']),
        data: chance.pick<unknown>([{}, { a: 'b' }, 'x', { a: 'x'.repeat(9_000) }]),
      })),
    ),
}

const set = (message: JsonObject, name: string, value: unknown): void => {
  Reflect.set(message, name, value)
}

export type TextStep = (text: string, chance: Chance, other: () => string) => string

/** Changes of the text, which may be no JSON afterwards. */
export const textSteps: Readonly<Record<string, TextStep>> = {
  duplicate: (text, chance) => {
    const members = [...text.matchAll(/"[A-Za-z]+":(?:"[^"\\]*"|true|false)/g)]
    if (members.length === 0) return text
    const { 0: member, index } = chance.pick(members)
    const [name = '', value = ''] = [member.slice(0, member.indexOf(':')), member.slice(member.indexOf(':') + 1)]
    const escaped =
      chance.below(3) === 0 ? name.replace(/[a-z]/, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`) : name
    return `${text.slice(0, index)}${escaped}:${chance.pick([value, '"x"', '{}', '[1]'])},${text.slice(index)}`
  },
  blanks: (text, chance) => text.replace(/[,:{}[\]]/g, (mark) => `${mark}${chance.pick(['', ' ', '\n\t', '\r\n '])}`),
  escape: (text, chance) =>
    text.replace(/[a-z]/g, (letter) => (chance.below(40) === 0 ? `\\u00${letter.charCodeAt(0).toString(16)}` : letter)),
  cut: (text, chance) => text.slice(0, chance.below(text.length + 1)),
  splice: (text, chance, other) => {
    const second = other()
    return text.slice(0, chance.below(text.length + 1)) + second.slice(chance.below(second.length + 1))
  },
  tail: (text, chance) => text + chance.pick(['{}', ']', '\u0000', ' ', '\n', 'null', '//', text.slice(0, 40)]),
  comma: (text, chance) => {
    const at = text.indexOf(',', chance.below(text.length + 1))
    return at === -1 ? text : text.slice(0, at) + chance.pick([',,', '', ';', ':']) + text.slice(at + 1)
  },
}

export type ByteStep = (bytes: Buffer, chance: Chance) => Buffer

/** Changes of the bytes, which may be no UTF-8 afterwards. */
export const byteSteps: Readonly<Record<string, ByteStep>> = {
  deleteBytes: (bytes, chance) => {
    const from = chance.below(bytes.length + 1)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + chance.below(8))])
  },
  flipBits: (bytes, chance) => {
    const flipped = Buffer.from(bytes)
    for (let times = 1 + chance.below(4); times > 0 && flipped.length > 0; times -= 1) {
      const at = chance.below(flipped.length)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << chance.below(8))
    }
    return flipped
  },
  insertBytes: (bytes, chance) => {
    const at = chance.below(bytes.length + 1)
    const extra = Buffer.from(Array.from({ length: 1 + chance.below(6) }, () => chance.below(256)))
    return Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at)])
  },
  mark: (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
}
