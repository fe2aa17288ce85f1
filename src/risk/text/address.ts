/**
 * One key for the spellings of one address (名寄せ). In Japan: postal code, numbers, room; the code stands for the town, so that
 * an address in kanji and the same in Latin letters have one key. Without a code the town is part of it. Elsewhere: postal
 * code, numbers, and the words in any order. Keys are hashed before they are kept.
 */
import { modernKanji } from './kanji.ts'

export type AddressParts = {
  readonly lines: readonly (string | undefined)[]
  readonly city?: string | undefined
  readonly postCode?: string | undefined
  readonly state?: string | undefined
  /** ISO 3166-1 numeric. */
  readonly country?: string | undefined
}

export type JapaneseAddress = {
  /** Seven digits. */
  readonly postCode: string | undefined
  readonly prefecture: string | undefined
  /** City, ward, town: everything before the numbers, without blanks. */
  readonly town: string
  /** 1-2-3 */
  readonly numbers: string
  /** Of a flat: 405. */
  readonly room: string | undefined
}

const japan = '392'

/** Undefined: nothing was told. */
export function addressKeyOf(parts: AddressParts): string | undefined {
  const { lines, city, postCode, state, country } = parts
  const told = lines.filter((line) => line !== undefined && line.trim() !== '')
  // A town alone is where thousands live.
  if (told.length === 0) return undefined
  const text = told.join(' ')
  if (!isPlain(text) && /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) {
    return japaneseAddressKeyOf(
      `${state !== undefined && /\p{Script=Han}/u.test(state) ? state : ''}${city ?? ''}${text}`,
      postCode,
    )
  }
  return country === japan ? japaneseInLatin(text, city, postCode) : foreign(text, city, postCode, country)
}

export function japaneseAddressKeyOf(raw: string, postCode?: string): string | undefined {
  const address = japaneseAddressOf(raw, postCode)
  if (address === undefined) return undefined
  const { postCode: code, town, numbers, room } = address
  const place = code === undefined ? town : isWide(code, numbers) ? `${code}${withoutCity(town)}` : code
  return `jp:${place}:${numbers}:${room ?? ''}`
}

/** Codes that end in 00 stand for the rest of a city, and without a number any code stands for a whole town. */
const isWide = (code: string, numbers: string): boolean => code.endsWith('00') || numbers === ''

/** Undefined: there is neither a town nor a number. */
export function japaneseAddressOf(raw: string, postCode?: string): JapaneseAddress | undefined {
  let text = modernKanji(raw.normalize('NFKC')).replace(hyphens, '-').replace(longVowelAsHyphen, '-')
  let code = codeOf(postCode)
  text = text.replace(/〒?\s*(?<!\d)(\d{3})-?(\d{4})(?![\d-])/, (whole, first: string, last: string, at: number) => {
    if (at > 1 && !whole.startsWith('〒')) return whole
    code ??= first + last
    return ' '
  })
  text = text.replace(/^[\s,、]*(?:日本国?|japan)[\s,、]*/i, '')
  const [, prefecture] = /^\s*(東京都|北海道|(?:大阪|京都)府|\p{Script=Han}{2,3}県)/u.exec(text) ?? []
  if (prefecture !== undefined) text = text.trimStart().slice(prefecture.length)
  text = withArabicNumbers(text).replace(/大字|(?<=[町村市区\d])字/g, '')
  // 北1条西2丁目 of Sapporo: the street is part of the name.
  const first = text.search(/(?<!\d)\d+(?![\d\s]*条)/)
  const town = placeName(first < 0 ? text : text.slice(0, first))
  const { numbers, room } = first < 0 ? { numbers: '', room: undefined } : numbersIn(text.slice(first))
  if (town === '' && numbers === '') return undefined
  return {
    postCode: code,
    prefecture,
    town: `${code === undefined ? (prefecture ?? prefectureOf(town)) : ''}${town}`,
    numbers,
    room,
  }
}

/** Everything that is written for a hyphen. */
const hyphens =
  /[\u002d\u00ad\u02d7\u058a\u2010-\u2015\u2043\u207b\u208b\u2212\u2500\u2501\u2796\u30a0\u3161\ufe58\ufe63\uff0d~〜～]/g
/** The long vowel of katakana between numbers: １ー２ー３. */
const longVowelAsHyphen = /(?<=[\d〇一二三四五六七八九十百])[ーｰ](?=[\d〇一二三四五六七八九十百])/g

const codeOf = (text: string | undefined): string | undefined => {
  const digits = (text === undefined || isPlain(text) ? text : text.normalize('NFKC'))?.replace(/\D/g, '')
  return digits?.length === 7 ? digits : undefined
}

const digitOf: Readonly<Record<string, number>> = {
  〇: 0,
  零: 0,
  一: 1,
  壱: 1,
  二: 2,
  弐: 2,
  三: 3,
  参: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
}
const unitOf: Readonly<Record<string, number>> = { 十: 10, 拾: 10, 百: 100, 千: 1_000 }
const numeral = '[〇零一壱二弐三参四五六七八九十拾百千]+'
/** Only before what counts, or between hyphens: 三田 and 六本木 are names. */
const counted = new RegExp(
  `(${numeral})(?=\\s*(?:丁目|番地|番(?!町)|号室|号|条|階|室|の[\\d〇一二三四五六七八九十]|-))|(?<=[-番地号目の])(${numeral})(?![\\p{Script=Han}])`,
  'gu',
)

function withArabicNumbers(text: string): string {
  let before = ''
  let out = text
  // What stands before a hyphen makes the next one a number.
  while (before !== out) {
    before = out
    out = out.replace(counted, (kanji) => String(numberOfKanji(kanji)))
  }
  return out
}

function numberOfKanji(kanji: string): number {
  if (!/[十拾百千]/.test(kanji)) return Number([...kanji].map((sign) => digitOf[sign] ?? 0).join(''))
  let sum = 0
  let digit = 0
  for (const sign of kanji) {
    const unit = unitOf[sign]
    if (unit === undefined) digit = digitOf[sign] ?? 0
    else {
      sum += (digit === 0 ? 1 : digit) * unit
      digit = 0
    }
  }
  return sum + digit
}

/** 霞ヶ関, 霞が関 and 霞ケ関; 一の宮, 一ノ宮, 一之宮. */
const placeName = (text: string): string =>
  text
    .replace(/[\s,、.・「」()（）]/g, '')
    .replace(/[ヶケヵカがガ](?=\p{Script=Han})/gu, 'ヶ')
    .replace(/[ノ之乃](?=\p{Script=Han})/gu, 'の')

/** What is left of the town when the city is told by the postal code. */
const withoutCity = (town: string): string =>
  town.replace(/^(?:\p{Script=Han}{1,4}郡)?[^市区町村]{1,6}?[市区町村](?:[^市区]{1,3}区)?(?=.)/u, '')

/** Cities that are known to lie in one prefecture when it was left out. */
const capitals: readonly (readonly [start: RegExp, prefecture: string])[] = [
  [
    /^(?:千代田|中央|港|新宿|文京|台東|墨田|江東|品川|目黒|大田|世田谷|渋谷|中野|杉並|豊島|北|荒川|板橋|練馬|足立|葛飾|江戸川)区/,
    '東京都',
  ],
  [/^(?:横浜|川崎|相模原)市/, '神奈川県'],
  [/^(?:大阪|堺)市/, '大阪府'],
  [/^京都市/, '京都府'],
  [/^名古屋市/, '愛知県'],
  [/^札幌市/, '北海道'],
  [/^(?:福岡|北九州)市/, '福岡県'],
  [/^神戸市/, '兵庫県'],
  [/^仙台市/, '宮城県'],
  [/^広島市/, '広島県'],
]
const prefectureOf = (town: string): string => capitals.find(([start]) => start.test(town))?.[1] ?? ''

/**
 * From the first number on: up to three numbers of block and house, then a building with its room. A fourth number in the
 * chain is the room; the name of the building is written as one likes and is left out.
 */
function numbersIn(text: string): { readonly numbers: string; readonly room: string | undefined } {
  let rest = text
    .replace(/\s*(?:丁目|番地の?|番(?=\d|-|\s|$)|の(?=\d)|-)\s*/g, '-')
    .replace(/(\d)\s*番(?=[^\d]|$)/g, '$1')
    .replace(/(\d)号(?!室|棟|館)/g, '$1 ')
  const chain = /^\d+(?:-\d+)*/.exec(rest)?.[0] ?? ''
  rest = rest.slice(chain.length)
  const numbers = chain.split('-').map(unpadded)
  const block = numbers.slice(0, 3).join('-')
  return { numbers: block, room: numbers[3] ?? roomIn(rest) }
}

const unpadded = (digits: string): string => digits.replace(/^0+(?=\d)/, '')

/** 405号室, #405, room 405, ○○ハイツ405; a floor when nothing else is told. */
function roomIn(text: string): string | undefined {
  const clean = text.replace(/-/g, ' ')
  const said =
    /([A-Za-z]?\d{1,4}[A-Za-z]?)\s*号室/.exec(clean) ??
    /(?:#|\broom\b|\brm\b\.?|\bapt\b\.?|\bapartment\b|\bunit\b|\bno\b\.?|\bsuite\b|\bste\b\.?|部屋)\s*([A-Za-z]?\d{1,5}[A-Za-z]?)/i.exec(
      clean,
    ) ??
    /([A-Za-z]?\d{2,4}[A-Za-z]?)(?:室|号)?\s*$/.exec(clean.trim()) ??
    /(\d{1,2})\s*(?:階|F\b)/i.exec(clean)
  return said?.[1] === undefined ? undefined : unpadded(said[1].toUpperCase())
}

/** 1-2-3 Nishi-Shinjuku; Nishishinjuku 1-2-3-405; #405, 1-2-3; 2 Chome-1-1. */
function japaneseInLatin(text: string, city: string | undefined, postCode: string | undefined): string | undefined {
  let rest = (isPlain(text) ? text.replaceAll('~', '-') : text.normalize('NFKC').replace(hyphens, '-')).toLowerCase()
  const inText = /(?<!\d)(\d{3})-(\d{4})(?![\d-])/.exec(rest)
  const code = codeOf(postCode) ?? (inText === null ? undefined : `${inText[1]}${inText[2]}`)
  if (inText !== null && `${inText[1]}${inText[2]}` === code) rest = rest.replace(inText[0], ' ')
  rest = rest
    .replace(/(\d+)[\s-]*(?:chome|cho-me|ch[oō]me)\b[\s,-]*/g, '$1-')
    .replace(/(\d+)[\s-]*(?:banchi|ban)\b[\s,-]*/g, '$1-')
    .replace(/(\d+)[\s-]*g[oō]u?\b(?!\s*shitsu)/g, '$1')
  const said =
    /(?:#|\broom\b|\brm\b\.?|\bapt\b\.?|\bapartment\b|\bunit\b|\bno\b\.?)\s*([a-z]?\d{1,5}[a-z]?)\b/.exec(rest) ??
    /\b(\d{2,4})\s*-?g[oō]u?[\s-]*shitsu/.exec(rest)
  if (said !== null) rest = rest.replace(said[0], ' ')
  const chains = rest.match(/\d+(?:-\d+)*/g) ?? []
  const chain = chains.toSorted((a, b) => b.split('-').length - a.split('-').length)[0] ?? ''
  const numbers = chain.split('-').map(unpadded)
  const alone = chains.find((other) => other !== chain && /^\d{2,4}$/.test(other))
  const room = said?.[1] ?? numbers[3] ?? alone
  const words = `${rest.replace(/[^a-z\s]/g, '').replace(/\s+/g, '')}${city?.toLowerCase().replace(/[^a-z]/g, '') ?? ''}`
  const place = code === undefined ? [...words].sort().join('') : isWide(code, chain) ? `${code}${words}` : code
  if (place === '') return undefined
  return `jp:${place}:${numbers.slice(0, 3).join('-')}:${room === undefined ? '' : unpadded(room.toUpperCase())}`
}

/** Words that are written short as often as not. */
const short: Readonly<Record<string, string>> = {
  street: 'st',
  avenue: 'ave',
  av: 'ave',
  road: 'rd',
  boulevard: 'blvd',
  drive: 'dr',
  lane: 'ln',
  court: 'ct',
  place: 'pl',
  square: 'sq',
  highway: 'hwy',
  terrace: 'ter',
  parkway: 'pkwy',
  apartment: 'apt',
  flat: 'apt',
  unit: 'apt',
  room: 'apt',
  rm: 'apt',
  suite: 'ste',
  floor: 'fl',
  building: 'bldg',
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  saint: 'st',
  number: 'no',
  first: '1',
  second: '2',
  third: '3',
  fourth: '4',
  fifth: '5',
  sixth: '6',
  seventh: '7',
  eighth: '8',
  ninth: '9',
  tenth: '10',
}

function foreign(
  text: string,
  city: string | undefined,
  postCode: string | undefined,
  country: string | undefined,
): string {
  const words =
    plain(text)
      .replace(/(\d)(?:st|nd|rd|th)\b/g, '$1')
      .replace(/strasse\b/g, 'str')
      .match(/\p{L}+|\d+/gu) ?? []
  const folded = words
    .map((word) => (/^\d/.test(word) ? unpadded(word) : (short[word] ?? word)))
    .filter((word) => word !== 'apt' && word !== 'no')
  const code = postCode === undefined ? '' : plain(postCode).replace(/[^\p{L}\d]/gu, '')
  const place = code === '' ? plain(city ?? '').replace(/[^\p{L}]/gu, '') : code
  return `${country ?? ''}:${place}:${folded.sort().join(' ')}`
}

const isPlain = (text: string): boolean => !/[^\x20-\x7e]/.test(text)

const plain = (text: string): string =>
  isPlain(text) ? text.toLowerCase() : text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').toLowerCase()
