// Alterations that change nothing, or nothing that the rules decide: no fixture can see them.
import type { FormatKind, Shape } from '../../src/protocol/tables/types.ts'
import type { Mutant } from './alterations.ts'
import { shapeOf, table } from './places.ts'

interface Equivalent {
  readonly because: string
  /** Names of alterations that show it. */
  readonly examples: readonly string[]
  readonly covers: (mutant: Mutant, shape: Shape) => boolean
}

const looser = ['max + 1', 'no max', 'min - 1']
const kindsOfOneLength: readonly FormatKind[] = [
  'uuid',
  'date',
  'dateTime',
  'dateTimeSeconds',
  'yearMonth',
  'currencyAlpha',
]

const endsWith = ({ path }: Mutant, ...names: readonly string[]): boolean =>
  names.some((name) => path === name || path.endsWith(`.${name}`))

export const equivalents: readonly Equivalent[] = [
  {
    because: 'type and version are settled before the table is asked (ACS-VAL-5 to 10)',
    examples: ['AReq 2.2.0 02/01 messageType: optional', 'RRes 2.3.1 01/01 messageVersion: no max'],
    covers: ({ path }) => path === 'messageType' || path === 'messageVersion',
  },
  {
    because: 'a code list, or the form, fixes the length already; a looser bound lets nothing in',
    examples: ['AReq 2.1.0 01/01 sdkAppID: no max', 'AReq 2.2.0 03/01 recurringExpiry: min - 1'],
    covers: ({ change }, { codes, kind, isOpen }) =>
      looser.includes(change) &&
      ((codes !== undefined && isOpen !== true) || (kind !== undefined && kindsOfOneLength.includes(kind))),
  },
  {
    because: 'no address has less than three characters, no IP address less than two, no URL, JWS or JWE as few as two',
    examples: ['AReq 2.3.1 01/01 email: min - 1', 'AReq 2.3.1 02/01 dsURL: min + 1'],
    covers: ({ change }, { kind = 'text' }) =>
      (['url', 'appUrl', 'jws', 'jwe'].includes(kind) && change === 'min + 1') ||
      (['ip', 'email'].includes(kind) && change === 'min - 1'),
  },
  {
    because: 'the pattern fixes the length already',
    examples: ['AReq 2.3.1 01/01 sdkMaxTimeout: no max'],
    covers: (mutant) =>
      looser.includes(mutant.change) &&
      (endsWith(mutant, 'threeDSRequestorDecMaxTime', 'sdkMaxTimeout', 'billAddrState', 'shipAddrState') ||
        (mutant.place.version === '2.3.1' &&
          endsWith(mutant, 'recurringFrequency', 'nbPurchaseAccount', 'browserColorDepth'))),
  },
  {
    because:
      '3RI has no threeDSRequestorAuthenticationInd, and only 3RI has a threeRIInd; one that is sent is ignored (ACS-VAL-33)',
    examples: [
      'AReq 2.3.1 03/02 purchaseCurrency: condition 3 without threeDSRequestorAuthenticationInd 02',
      'AReq 2.2.0 02/01 recurringExpiry: condition 2 without {"field":"threeRIInd","in":["01","02"]}',
    ],
    covers: ({ change, place }) =>
      place.message === 'AReq' &&
      change.includes(place.column?.channel === '03' ? 'threeDSRequestorAuthenticationInd' : 'threeRIInd'),
  },
  {
    because:
      'Secure Payment Confirmation is the browser’s: what its method or indicator asks for elsewhere the rules do not say (ACS-VAL-161)',
    examples: ['AReq 2.3.1 01/02 threeDSRequestorPriorAuthenticationInfo: optional'],
    covers: ({ path, change, place }) =>
      path === 'threeDSRequestorPriorAuthenticationInfo' &&
      place.column?.channel !== '02' &&
      (change.includes('threeDSReqAuthMethod') ||
        change.includes('spcIncompInd') ||
        (place.column?.channel === '01' && ['optional', 'without condition 1'].includes(change))),
  },
  {
    because: 'digits are digits: the pattern says no more than the form',
    examples: ['AReq 2.3.1 02/02 payTokenInfo.token: no pattern', 'AReq 2.3.1 02/02 payTokenInfo.token: no digits'],
    covers: ({ change }, { kind, pattern }) =>
      ['no pattern', 'no digits'].includes(change) && kind === 'digits' && pattern === '^[0-9]+$',
  },
  {
    because:
      'an AReq has two legs: on the one sdkEncData is required, on the other it is not looked at (AREQ:sdkEncData)',
    examples: ['AReq 2.2.0 01/01 sdkEncData: condition 1 always', 'AReq 2.2.0 01/01 sdkEncData: required'],
    covers: ({ path, change }) => path === 'sdkEncData' && ['condition 1 always', 'required'].includes(change),
  },
  {
    because: 'the form, and the rule that it is above zero, say what the pattern says (AREQ:recurringFrequency)',
    examples: ['AReq 2.3.1 01/02 recurringFrequency: no pattern'],
    covers: (mutant) => mutant.path === 'recurringFrequency' && mutant.change === 'no pattern',
  },
  {
    because: 'any five characters are a text, and no object is as short',
    examples: ['AReq 2.1.0 02/01 mcc: type any'],
    covers: ({ change }, { type, max = 99, kind, codes, pattern }) =>
      change === 'type any' && type === 'string' && max <= 5 && (kind ?? codes ?? pattern) === undefined,
  },
  {
    because: 'the code list or the pattern holds digits only',
    examples: ['AReq 2.3.1 02/01 threeDSRequestorDecMaxTime: no digits'],
    covers: ({ change }, { codes, pattern }) => change === 'no digits' && (codes ?? pattern) !== undefined,
  },
  {
    because: 'none is said twice in 2.3.1 (ACS-VAL-38), so there are no more entries than codes',
    examples: ['AReq 2.3.1 02/01 merchantRiskIndicator.transChar: one entry more'],
    covers: ({ change, place }, { entries, codes }) =>
      change === 'one entry more' &&
      entries !== undefined &&
      place.version === '2.3.1' &&
      codes?.['2.3.1']?.split(' ').length === entries[1],
  },
]

export const equivalentOf = (mutant: Mutant): Equivalent | undefined => {
  const row = table[mutant.path]
  if (row === undefined) return undefined
  const shape = shapeOf(row, mutant.place.version)
  return equivalents.find(({ covers }) => covers(mutant, shape))
}
