/**
 * Names of persons: one key for the spellings of one name, and whether two scripts tell of the same one. An AReq has Latin
 * letters only; kanji and kana come with the hook. A grade is all that is kept.
 */
import { familyNames, givenNames } from '../data/names.ts'
import { hiraganaOf, latinOfKana } from './kana.ts'
import { modernKanji } from './kanji.ts'

/** Whether two spellings may be of one person. Unknown is nothing to weigh. */
export type Agreement = 'agrees' | 'unknown' | 'contradicts'

const titles = new Set(['MR', 'MRS', 'MS', 'MISS', 'MX', 'DR', 'PROF', 'SIR', 'SAMA', 'SAN'])

/**
 * In any order and one romanisation, so that Ohno Taro, OONO TAROU and Tarō Ōno have one key. Undefined: no Latin letters.
 * It joins more than it should (Ono and Ohno are two names): a key finds the same person again, it does not tell people apart.
 */
export function nameKeyOf(latin: string): string | undefined {
  const words = wordsOf(latin)
  return words.length === 0 ? undefined : words.sort().join(' ')
}

function wordsOf(latin: string): string[] {
  const plain = /[^\x20-\x7e]/.test(latin) ? latin.normalize('NFKD').replace(/[\p{M}’]/gu, '') : latin
  const words = plain
    .replace(/['`]/g, '')
    .toUpperCase()
    .split(/[^A-Z]+/)
    .filter((word) => word !== '' && !titles.has(word))
  // All at once: a blank ends a word for every fold.
  return words.length === 0 ? words : folded(words.join(' ')).split(' ')
}

/** The ways of Kunrei, of passports and of everyday as Hepburn without its long vowels. The order matters. */
const folds: readonly (readonly [RegExp, string])[] = [
  [/S[YI](?=[AUO])/g, 'SH'],
  [/SI/g, 'SHI'],
  [/(?<!S)TY(?=[AUO])/g, 'CH'],
  [/TI/g, 'CHI'],
  [/TU/g, 'TSU'],
  [/([ZD]Y|JY)(?=[AUO])/g, 'J'],
  [/[ZD]I/g, 'JI'],
  [/(?<![CSTPGKWR])HU/g, 'FU'],
  [/DU|DZU/g, 'ZU'],
  [/C(?=CH)/g, 'T'],
  [/M(?=[BPM])/g, 'N'],
  [/N(?=N[BPM])/g, ''],
  // Satoh, Ohno, Ohtani: the h that makes an o long.
  [/OH(?![AIUEO])/g, 'O'],
  [/O[OU]/g, 'O'],
  [/UU/g, 'U'],
  [/AA/g, 'A'],
  [/II/g, 'I'],
  [/EE/g, 'E'],
]

/** Until nothing changes, so that a folded name stays as it is: AAA is A, not AA. */
function folded(word: string): string {
  let before = ''
  let out = word
  while (before !== out) {
    before = out
    for (const [from, to] of folds) out = out.replace(from, to)
  }
  return out
}

/** The holder's name on the card against the kana that the shop has. */
export function nameAgainstKana(latin: string, kana: string): Agreement {
  const read = latinOfKana(kana)
  const words = wordsOf(latin)
  if (read === undefined || words.length < 2 || words.length > 3) return 'unknown'
  const whole = squeezed(read)
  if (whole.length < 3) return 'unknown'
  if (orders(words).some((order) => squeezed(order.join('')) === whole)) return 'agrees'
  // One of the names there (a maiden name, a relative), or an initial: that is nothing to hold against anybody.
  const parts = words.filter((word) => word.length >= 2)
  if (parts.length < 2 || !words.every(isRomanised)) return 'unknown'
  const fits = parts.some((word) => {
    const part = squeezed(word)
    return whole.startsWith(part) || whole.endsWith(part) || close(part, whole)
  })
  return fits ? 'unknown' : 'contradicts'
}

/** Syllables of Japanese: what John and Michael are not, whom kana spells by ear. */
const isRomanised = (word: string): boolean =>
  /^(?:(?:CH|SH|TS|[KGNHBPMR]Y|[KSTNHMYRWGZDBPFJ])?[AIUEO]|N(?![AIUEOY])|T(?=CH)|([KSTP])(?=\1))+$/.test(word)

/** Folded once more where words met: Yamada Akira and Ichirou Ueda are read without knowing where one ends. */
const squeezed = (latin: string): string => folded(latin.replace(/[^A-Za-z]/g, '').toUpperCase())

function orders(words: readonly string[]): readonly (readonly string[])[] {
  if (words.length <= 1) return [words]
  return words.flatMap((word, i) => orders(words.toSpliced(i, 1)).map((rest) => [word, ...rest]))
}

/** One slip away from either end. */
function close(part: string, whole: string): boolean {
  if (part.length < 4) return false
  const [head, tail] = [whole.slice(0, part.length), whole.slice(-part.length)]
  return differing(part, head) <= 1 || differing(part, tail) <= 1
}

function differing(a: string, b: string): number {
  let n = Math.abs(a.length - b.length)
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) n++
  return n
}

/** Readings of a name in the table, in hiragana; all that are in use of a family name, the common ones of a given name. */
const readings = (rows: readonly string[]): ReadonlyMap<string, readonly string[]> =>
  new Map(rows.map((row) => [modernKanji(row.slice(0, row.indexOf(' '))), row.slice(row.indexOf(' ') + 1).split(' ')]))
const families = readings(familyNames)
const givens = readings(givenNames)

/**
 * The kanji of a name against its kana. A family name of the table has the readings of the table: another one contradicts.
 * A given name may be read as its parents like, so that it can only agree.
 */
export function kanaAgainstKanji(kanji: string, kana: string): Agreement {
  const reading = hiraganaOf(kana).replace(/[\s・]/g, '')
  if (!/^[ぁ-ゖー]{2,}$/.test(reading)) return 'unknown'
  const words = modernKanji(kanji.normalize('NFKC').trim()).split(/[\s・]+/)
  const whole = words.join('')
  // A name in kana is its own reading.
  if (/^[ぁ-ゖァ-ヶー]+$/.test(whole)) return hiraganaOf(whole) === reading ? 'agrees' : 'contradicts'
  let best: Agreement | undefined
  for (const family of words.length > 1 ? [words[0] ?? ''] : prefixes(whole)) {
    const known = families.get(family)
    if (known === undefined) continue
    const fitting = known.filter((one) => reading.startsWith(one))
    if (fitting.length === 0) {
      best ??= 'contradicts'
      continue
    }
    const given = whole.slice(family.length)
    const givenReadings = /^[ぁ-ゖァ-ヶー]+$/.test(given) ? [hiraganaOf(given)] : (givens.get(given) ?? [])
    if (given === '' || fitting.some((one) => givenReadings.includes(reading.slice(one.length)))) return 'agrees'
    best = 'unknown'
  }
  return best ?? 'unknown'
}

/** The longest first: 長谷川 before 長谷. */
function prefixes(name: string): readonly string[] {
  return [4, 3, 2, 1].filter((length) => length < name.length).map((length) => name.slice(0, length))
}
