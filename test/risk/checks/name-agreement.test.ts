import { expect, test } from 'vitest'
import { nameAgreement } from '../../../src/risk/checks/name-agreement.ts'
import { saidBy } from './said.ts'

const said = saidBy(nameAgreement, { weight: 1, latin: 0.5, kanji: 0.25, agrees: -0.25 })
const areq = { cardholderName: 'TARO YAMADA' }
test.each([
  [{ kana: 'ヤマダ タロウ' }, { weight: -0.25, reason: 'agrees' }],
  [{ kana: 'スズキ ハナコ' }, { weight: 0.5, reason: 'latin' }],
  [
    { kana: 'スズキ ハナコ', kanji: '佐藤 花子' },
    { weight: 0.75, reason: 'latin' },
  ],
  [
    { kana: 'ヤマダ タロウ', kanji: '鈴木 太郎' },
    { weight: 0.25, reason: 'kanji' },
  ],
  [{ kana: 'ヤマダ ハナコ' }, { silent: 'unknown' }],
  [{ rawAddress: '東京都新宿区西新宿1-2-3' }, { silent: 'untold' }],
])('%j', (signals, expected) => {
  expect(said({ areq, signals })).toMatchObject(expected)
})
test('without the hook it says nothing: an AReq has Latin letters only', () => {
  expect(said({ areq })).toEqual({ silent: 'untold' })
})
