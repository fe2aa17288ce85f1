// AReqs that mean harm, each with its one right answer. Tests ask for the answer, the bench for its time.
// Spec: section 5.9; ACS-VAL-4…13, ACS-VAL-25, ACS-VAL-34, ACS-VAL-68, ACS-VAL-82, SEC-B64-4.
import { browserAReq, frictionlessCard, type Members } from './messages.ts'

/** A good AReq, frictionless, with more text in its first object. */
export const areq = (change: Members = {}): Members => browserAReq({ acctNumber: frictionlessCard, ...change })
export const areqText = (extra = ''): string => JSON.stringify(areq()).replace(/\}$/, `${extra}}`)

export const nested = (depth: number, open: string, close: string, core = ''): string =>
  `${open.repeat(depth)}${core}${close.repeat(depth)}`

export type Answer = 'ARes' | readonly [errorCode: string, errorDetail: string]

export const malformed = ['101', 'Invalid Formatted Message'] as const
export const MiB = 1024 * 1024

const keys = (count: number): Members => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']))
const manyKeys = (count: number): string => `,${JSON.stringify(keys(count)).slice(1, -1)}`
const extensions = (count: number): readonly Members[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `n${i}`,
    id: `i${i}`,
    criticalityIndicator: false,
    data: { a: 'b' },
  }))

const long = 'x'.repeat(MiB - 4_096)
const good = (): Buffer => Buffer.from(JSON.stringify(areq({ merchantName: '箱根商店' })))

export type Hostile = readonly [what: string, body: () => string | Uint8Array, expected: Answer]

export const structures: readonly Hostile[] = [
  // No message is as deep; deeper than 16 is refused before anything walks it (SEC-B64-4).
  ['100 objects deep in an unknown member', () => areqText(`,"x":${nested(100, '{"a":', '}', '1')}`), malformed],
  ['100 arrays deep in an unknown member', () => areqText(`,"x":${nested(100, '[', ']')}`), malformed],
  ['100,000 arrays deep', () => nested(100_000, '[', ']'), malformed],
  ['100,000 objects deep and never closed', () => nested(100_000, '{"a":', ''), malformed],
  ['8 objects deep in an unknown member', () => areqText(`,"x":${nested(8, '{"a":', '}', '1')}`), 'ARes'],
  ['an object where a text belongs', () => JSON.stringify(areq({ merchantName: { a: 1 } })), ['203', 'merchantName']],
  ['an array where an object belongs', () => JSON.stringify(areq({ acctInfo: [{}] })), ['203', 'acctInfo']],
  ['an object with 10,000 keys nobody knows', () => areqText(manyKeys(10_000)), 'ARes'],
  ['10,000 keys in a known object', () => JSON.stringify(areq({ acctInfo: keys(10_000) })), 'ARes'],
  [
    '10,000 extensions',
    () => JSON.stringify(areq({ messageExtension: extensions(10_000) })),
    ['203', 'messageExtension'],
  ],
  ['the same key 10,000 times', () => areqText(',"x":1'.repeat(10_000)), ['204', 'x']],
]

export const values: readonly Hostile[] = [
  ['1 MiB of text in a known element', () => JSON.stringify(areq({ merchantName: long })), ['203', 'merchantName']],
  ['1 MiB of text in an unknown one', () => areqText(`,"x":"${long}"`), 'ARes'],
  [
    '1 MiB of digits for a card number',
    () => JSON.stringify(areq({ acctNumber: '4'.repeat(MiB - 4_096) })),
    ['203', 'acctNumber'],
  ],
  ['1 MiB as a name', () => areqText(`,"${long}":1`), 'ARes'],
  ['1 MiB of quotes', () => areqText(`,"x":"${'\\"'.repeat(MiB / 2 - 4_096)}"`), 'ARes'],
  [
    '1 MiB of base64 in a URL',
    () => JSON.stringify(areq({ notificationURL: `https://shop.example.com/${long}` })),
    ['203', 'notificationURL'],
  ],
  [
    'an e-mail address that regular expressions dislike',
    () => JSON.stringify(areq({ email: `${'a@'.repeat(100_000)}!` })),
    ['203', 'email'],
  ],
  // No UTF-8 can say it, so the value is none (ACS-VAL-68); in what nobody knows it is ignored.
  [
    'a lone surrogate, written as an escape',
    () => areqText(',"cardholderName":"A \\ud800 B"'),
    ['203', 'cardholderName'],
  ],
  ['a lone surrogate in an unknown element', () => areqText(',"x":"A \\ud800 B"'), 'ARes'],
  ['a lone surrogate in an unknown name', () => areqText(',"\\udc00":"A"'), 'ARes'],
  ['45 characters of two units each', () => areqText(`,"cardholderName":"${'\\ud83d\\ude00'.repeat(45)}"`), 'ARes'],
  ['46 of them', () => areqText(`,"cardholderName":"${'\\ud83d\\ude00'.repeat(46)}"`), ['203', 'cardholderName']],
  ['NUL as an escape in a text', () => areqText(',"cardholderName":"A \\u0000 B"'), 'ARes'],
  [
    'NUL as an escape in a number',
    () => JSON.stringify(areq({ purchaseAmount: '100\u0000' })),
    ['203', 'purchaseAmount'],
  ],
  ['NUL as a byte in a text', () => areqText(',"cardholderName":"A \u0000 B"'), malformed],
  [
    'a line break behind the digits',
    () => JSON.stringify(areq({ purchaseAmount: '100\n' })),
    ['203', 'purchaseAmount'],
  ],
  ['digits of another script', () => JSON.stringify(areq({ purchaseAmount: '１００' })), ['203', 'purchaseAmount']],
  ['a number for a text', () => JSON.stringify(areq({ purchaseAmount: 100 })), ['203', 'purchaseAmount']],
  [
    'a number without end for a text',
    () => areqText().replace(/"purchaseAmount":"[0-9]+"/, `"purchaseAmount":${'9'.repeat(100_000)}`),
    ['203', 'purchaseAmount'],
  ],
  [
    'numbers for all texts of a code',
    () => JSON.stringify(areq({ mcc: 5999, threeDSCompInd: true })),
    ['203', 'mcc,threeDSCompInd'],
  ],
  ['a number for the message type', () => JSON.stringify(areq({ messageType: 1 })), ['101', 'Invalid Message Type']],
  ['a number for the version', () => JSON.stringify(areq({ messageVersion: 2.2 })), ['203', 'messageVersion']],
  [
    'null for everything',
    () => JSON.stringify(Object.fromEntries(Object.keys(areq()).map((name) => [name, null]))),
    ['101', 'Invalid Message Type'],
  ],
]

export const byteForms: readonly Hostile[] = [
  ['nothing', () => Buffer.alloc(0), malformed],
  ['one NUL', () => Buffer.alloc(1), malformed],
  ['a megabyte of NULs', () => Buffer.alloc(MiB), malformed],
  [
    'a text whose last character is cut',
    () => Buffer.concat([good().subarray(0, good().indexOf('箱') + 2)]),
    malformed,
  ],
  [
    'an over-long form of a character',
    () => Buffer.concat([good().subarray(0, -1), Buffer.from(',"x":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
    malformed,
  ],
  [
    'a surrogate as UTF-8',
    () =>
      Buffer.concat([
        good().subarray(0, -1),
        Buffer.from(',"x":"'),
        Buffer.from([0xed, 0xa0, 0x80]),
        Buffer.from('"}'),
      ]),
    malformed,
  ],
  ['a byte order mark before it', () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), good()]), 'ARes'],
  ['UTF-16', () => Buffer.from(good().toString('utf8'), 'utf16le'), malformed],
  ['half of it', () => good().subarray(0, good().length / 2), malformed],
  ['itself twice', () => Buffer.concat([good(), good()]), malformed],
  ['a comment behind it', () => Buffer.concat([good(), Buffer.from('// x')]), malformed],
  ['base64 of it', () => Buffer.from(good().toString('base64')), malformed],
  ['blanks around it', () => Buffer.concat([Buffer.from(' \r\n\t'), good(), Buffer.from('\n\n ')]), 'ARes'],
]
