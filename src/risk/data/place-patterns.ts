/**
 * Words by which an address tells what it is. Kinds of houses only, and made-up names of forwarding companies: never real
 * firms. A policy adds its own (`lists.forwarding`).
 */
import type { AddressKind } from '../signals.ts'

/** The first that fits. Searched in the address in NFKC, lower case, without blanks, dots and hyphens. */
export const placePatterns: readonly (readonly [kind: AddressKind, words: readonly string[]])[] = [
  [
    'forwarding',
    [
      '転送センタ',
      '転送サービス',
      '国際転送',
      '転送便',
      '荷物転送',
      'forwardingcenter',
      'forwardingcentre',
      'parcelrelay',
      'parcelforward',
      'shipforward',
      'tensocenter',
      'tensosentaa',
      'tensoservice',
      'sampleforwarder',
    ],
  ],
  ['postBox', ['私書箱', '郵便局留', '局留', 'pobox', 'postofficebox', 'バーチャルオフィス', 'virtualoffice']],
  [
    'weeklyMansion',
    [
      'ウィークリーマンション',
      'ウイークリーマンション',
      'マンスリーマンション',
      'ウィークリー',
      'マンスリー',
      'weeklymansion',
      'monthlymansion',
      'servicedapartment',
      '民泊',
    ],
  ],
  [
    'hotel',
    ['ホテル', '旅館', 'ゲストハウス', 'ホステル', 'カプセルイン', 'hotel', 'hostel', 'guesthouse', 'ryokan', 'motel'],
  ],
  ['pickUp', ['営業所止', '営業所留', 'センター止', 'コンビニ受取', '宅配ロッカー受取', 'pickuppoint', 'parcellocker']],
]
