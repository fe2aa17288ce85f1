import { describe, expect, test } from 'vitest'
import { kanjiForms } from '../../../src/risk/data/kanji-forms.ts'
import { addressKeyOf, japaneseAddressKeyOf, japaneseAddressOf } from '../../../src/risk/text/address.ts'
import { modernKanji } from '../../../src/risk/text/kanji.ts'
import { kindOfPlace, placeTextOf } from '../../../src/risk/text/place-kind.ts'
import { postalCodeAgainstAddress, postalCodeAgainstState, prefecturesOf } from '../../../src/risk/text/postal.ts'
import { tables } from './tables.ts'

const inLatin = (lines: readonly string[], city: string, postCode: string, country = '392') =>
  addressKeyOf({ lines, city, postCode, country })

describe('one key for the spellings of an address (名寄せ)', () => {
  const flat = 'jp:1600023:1-2-3:405'
  test.each([
    '〒160-0023 東京都新宿区西新宿１丁目２番３号 サンプルハイツ４０５号室',
    '160-0023 新宿区西新宿1-2-3-405',
    '〒1600023東京都新宿区西新宿１ー２ー３　サンプルハイツ＃405',
    '〒160ー0023 東京都新宿区西新宿一丁目二番三号　サンプルハイツ405',
    '〒160−0023 東京都新宿區西新宿一丁目２‐３ ｻﾝﾌﾟﾙﾊｲﾂ405',
    '日本 〒160-0023 東京都 新宿区 西新宿 1丁目 2-3 405号',
  ])('%s', (raw) => {
    expect(japaneseAddressKeyOf(raw)).toBe(flat)
  })
  test.each([
    [['1-2-3-405 Nishi-Shinjuku'], 'Shinjuku-ku', '160-0023'],
    [['Sample Heights #405', 'Nishishinjuku 1-2-3'], 'Tokyo', '1600023'],
    [['Room 405, Sample Heights, 1-2-3 Nishi Shinjuku'], 'Shinjuku', '160-0023'],
    [['Nishi-Shinjuku 1 chome 2-3', 'Sample Heights 405'], 'Shinjuku', '１６０−００２３'],
    [['西新宿1-2-3', 'サンプルハイツ405'], '新宿区', '1600023'],
  ])('in Latin letters or not, %s has it too', (lines, city, postCode) => {
    expect(inLatin(lines, city, postCode)).toBe(flat)
  })
  test('another room, house or postal code is another address', () => {
    const others = [
      '160-0023 西新宿1-2-3-406',
      '160-0023 西新宿1-2-4-405',
      '160-0022 新宿1-2-3-405',
      '160-0023 西新宿1-2-3',
    ]
    expect(new Set([flat, ...others.map((raw) => japaneseAddressKeyOf(raw))]).size).toBe(5)
  })

  test.each([
    ['東京都千代田区霞が関三丁目1番1号', '千代田区霞ヶ関3-1-1', '東京都千代田區霞ケ関３－１－１'],
    ['東京都港区六本木六丁目10番1号', '港区六本木6-10-1'],
    ['東京都千代田区一番町10番地', '千代田区一番町10'],
    ['北海道札幌市中央区北一条西二丁目', '札幌市中央区北１条西2'],
    ['神奈川県横浜市中区本町六丁目五十番地の十', '橫濱市中區本町6-50-10'],
    ['愛知県名古屋市中区三の丸三丁目1番2号', '名古屋市中区三ノ丸3-1-2'],
    ['大阪府大阪市北区大字梅田12番地の5', '大阪市北区梅田12-5'],
  ])('without a postal code the town is part of it: %s', (...spellings) => {
    expect(new Set(spellings.map((raw) => japaneseAddressKeyOf(raw))).size).toBe(1)
  })
  test('names that hold numbers stay names', () => {
    expect(japaneseAddressOf('東京都港区六本木六丁目10番1号')).toMatchObject({
      town: '東京都港区六本木',
      numbers: '6-10-1',
    })
    expect(japaneseAddressOf('東京都港区三田二丁目15番45号')).toMatchObject({
      town: '東京都港区三田',
      numbers: '2-15-45',
    })
    expect(japaneseAddressOf('三重県四日市市諏訪町1番5号')).toMatchObject({ numbers: '1-5' })
  })
  test('a code that stands for the rest of a city needs the town', () => {
    expect(japaneseAddressKeyOf('100-0000 千代田区甲町1-1')).not.toBe(japaneseAddressKeyOf('100-0000 千代田区乙町1-1'))
  })

  test.each([
    [['10 Downing Street'], 'London', 'SW1A 2AA', '826', ['10, Downing St.'], 'LONDON', 'sw1a2aa'],
    [['350 Fifth Avenue, Apt 12'], 'New York', '10118', '840', ['350 5th Ave #12'], 'NY', '10118'],
    [['Musterstraße 5'], 'Köln', '50667', '276', ['Musterstr. 5'], 'Koeln', '50667'],
  ])('%s elsewhere', (lines, city, postCode, country, others, otherCity, otherCode) => {
    expect(inLatin(others, otherCity, otherCode, country)).toBe(inLatin(lines, city, postCode, country))
    expect(inLatin(['1 Other Road'], city, postCode, country)).not.toBe(inLatin(lines, city, postCode, country))
  })
  test('without a number a code is a whole town, so that the words count', () => {
    const of = (raw: string) => japaneseAddressKeyOf(raw, '160-0023')
    expect(of('新宿区西新宿 甲ホテル')).not.toBe(of('新宿区西新宿 乙会館'))
    expect(of('新宿区西新宿　甲ホテル')).toBe(of('新宿区西新宿 甲ホテル'))
    expect(of('西新宿2-8-1')).toBe(of('新宿区西新宿２丁目８番１号'))
    const latin = (line: string) => inLatin([line], 'Shinjuku', '160-0023', '392')
    expect(latin('Hotel Alpha')).not.toBe(latin('Hotel Beta'))
    expect(latin('hotel alpha')).toBe(latin('Hotel Alpha'))
  })
  test('nothing told, no key', () => {
    expect(addressKeyOf({ lines: [] })).toBeUndefined()
    expect(addressKeyOf({ lines: [undefined, ' '] })).toBeUndefined()
    expect(japaneseAddressKeyOf('  ')).toBeUndefined()
  })
})

describe('old and new kanji', () => {
  test('each rare form has one common form, which is no rare form itself', () => {
    const rare = kanjiForms.flatMap((row) => [...row].slice(1))
    expect(new Set(rare).size).toBe(rare.length)
    for (const row of kanjiForms) expect(rare).not.toContain([...row][0])
  })
  test('a text in rare forms becomes one in common forms', () => {
    expect(modernKanji('髙𠮷邊澤濵櫻')).toBe('高吉辺沢浜桜')
  })
})

describe('postal codes', () => {
  test.each([
    ['160-0023', '13', 'agrees'],
    ['1600023', 'JP-13', 'agrees'],
    ['１６０−００２３', '13', 'agrees'],
    ['060-0001', '1', 'agrees'],
    ['160-0023', '27', 'contradicts'],
    ['008-0000', undefined, 'contradicts'],
    ['12345', '13', 'contradicts'],
    ['160-0023', undefined, 'unknown'],
    ['160-0023', 'Tokyo', 'unknown'],
    [undefined, '13', 'unknown'],
  ] as const)('%s in %s: %s', (code, state, grade) => {
    expect(postalCodeAgainstState(code?.replace('−', '-'), state)).toBe(grade)
  })
  test('the prefixes tell what the table of all codes tells', () => {
    for (const code of [
      '0010010',
      '1000001',
      '3700801',
      '4980001',
      '5200461',
      '8114175',
      '8710000',
      '9000001',
      '6180001',
    ]) {
      const place = tables.placeOfPostalCode(code)
      if (place !== undefined) expect(prefecturesOf(code)).toContain(place.prefecture)
    }
  })
  test.each([
    ['東京都新宿区西新宿1-2-3', '160-0023', 'agrees'],
    ['新宿区西新宿一丁目2-3', '1600023', 'agrees'],
    ['東京都千代田区霞が関3-1-1', '100-0013', 'agrees'],
    ['大阪府大阪市北区梅田1-1', '160-0023', 'contradicts'],
    ['東京都渋谷区道玄坂1-2-3', '160-0023', 'contradicts'],
    ['東京都新宿区歌舞伎町1-2-3', '160-0023', 'unknown'],
    ['西新宿1-2-3', '160-0023', 'unknown'],
    ['東京都新宿区西新宿1-2-3', '008-0000', 'contradicts'],
    ['東京都新宿区西新宿1-2-3', undefined, 'unknown'],
  ] as const)('%s with %s: %s', (raw, code, grade) => {
    expect(postalCodeAgainstAddress(raw, code, tables)).toBe(grade)
  })
})

describe('what an address says that it is', () => {
  test.each([
    ['東京都新宿区西新宿1-2-3 ホテルサンプル 405', 'hotel'],
    ['西新宿1-2-3 ｳｨｰｸﾘｰﾏﾝｼｮﾝ見本 405', 'weeklyMansion'],
    ['新宿郵便局留', 'postBox'],
    ['P.O. Box 123', 'postBox'],
    ['1-2-3 Sample, Forwarding-Center #A123', 'forwarding'],
    ['国際転送センター 12345号', 'forwarding'],
    ['西新宿1-2-3 サンプルハイツ405', undefined],
  ] as const)('%s: %s', (raw, kind) => {
    expect(kindOfPlace(placeTextOf([raw]))).toBe(kind)
  })
})
