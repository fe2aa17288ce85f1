/** Old and rare forms of kanji as the common ones, so that 髙橋, 高橋 and 渡邊, 渡辺 are one. */
import { kanjiForms } from '../data/kanji-forms.ts'

const modern = new Map(kanjiForms.flatMap((row) => [...row.slice(1)].map((old) => [old, row.charAt(0)] as const)))
const old = new RegExp(`[${[...modern.keys()].join('')}]`, 'gu')

export const modernKanji = (text: string): string => text.replace(old, (sign) => modern.get(sign) ?? sign)
