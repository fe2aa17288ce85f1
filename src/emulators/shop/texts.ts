// What the shop says, in English and Japanese.
import { en } from './texts/en.ts'
import { ja } from './texts/ja.ts'

export const texts = { en, ja }
export type TextKey = keyof typeof en
