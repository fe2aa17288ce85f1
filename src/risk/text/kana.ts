/** Kana as Latin letters, in the spelling that `foldedName` makes of all the others: long vowels short, n before m, b and p. */

const rows: readonly (readonly [kana: string, latin: string])[] = [
  ['あいうえお', 'a i u e o'],
  ['かきくけこ', 'ka ki ku ke ko'],
  ['さしすせそ', 'sa shi su se so'],
  ['たちつてと', 'ta chi tsu te to'],
  ['なにぬねの', 'na ni nu ne no'],
  ['はひふへほ', 'ha hi fu he ho'],
  ['まみむめも', 'ma mi mu me mo'],
  ['やゆよ', 'ya yu yo'],
  ['らりるれろ', 'ra ri ru re ro'],
  ['わゐゑを', 'wa i e o'],
  ['がぎぐげご', 'ga gi gu ge go'],
  ['ざじずぜぞ', 'za ji zu ze zo'],
  ['だぢづでど', 'da ji zu de do'],
  ['ばびぶべぼ', 'ba bi bu be bo'],
  ['ぱぴぷぺぽ', 'pa pi pu pe po'],
  ['ぁぃぅぇぉ', 'a i u e o'],
  ['んゔゎ', 'n vu wa'],
]
const single = new Map(
  rows.flatMap(([kana, latin]) => [...kana].map((sign, i) => [sign, latin.split(' ')[i] ?? ''] as const)),
)
const small: Readonly<Record<string, string>> = {
  ゃ: 'ya',
  ゅ: 'yu',
  ょ: 'yo',
  ぁ: 'a',
  ぃ: 'i',
  ぅ: 'u',
  ぇ: 'e',
  ぉ: 'o',
}

/** Half-width and full-width katakana as hiragana; everything else as it is. */
export function hiraganaOf(text: string): string {
  return text.normalize('NFKC').replace(/[ァ-ヶ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60))
}

/** Undefined: there is something that is not kana. Blanks and middle dots part words. */
export function latinOfKana(kana: string): string | undefined {
  const signs = [...hiraganaOf(kana).trim()]
  let out = ''
  let doubled = false
  for (let i = 0; i < signs.length; i++) {
    const sign = signs[i] ?? ''
    if (sign === 'ー' || sign === '-') continue
    if (/[\s・=＝]/.test(sign)) {
      out += ' '
      continue
    }
    if (sign === 'っ') {
      doubled = true
      continue
    }
    let latin = single.get(sign)
    if (latin === undefined) return undefined
    const next = small[signs[i + 1] ?? '']
    if (next !== undefined && (latin.endsWith('i') || latin.endsWith('u') || latin === 'te' || latin === 'de')) {
      latin = glide(latin, next)
      i++
    }
    out += doubled ? (latin.startsWith('ch') ? 't' : latin.charAt(0)) + latin : latin
    doubled = false
  }
  return out
}

/** ki and ya: kya; shi and ya: sha; fu and a: fa. */
function glide(syllable: string, small: string): string {
  const stem = syllable.slice(0, -1)
  if (!small.startsWith('y')) return stem + small
  return stem.endsWith('sh') || stem.endsWith('ch') || stem === 'j' ? stem + small.slice(1) : stem + small
}
