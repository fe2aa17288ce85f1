import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { familyNames, givenNames } from '../../../src/risk/data/names.ts'
import { latinOfKana } from '../../../src/risk/text/kana.ts'
import { kanaAgainstKanji, nameAgainstKana, nameKeyOf } from '../../../src/risk/text/name.ts'

describe('one key for the spellings of a name', () => {
  test.each([
    ['Ohno Taro', 'ONO TARO', 'Oono Tarou', 'Tarō Ōno', 'Mr. Taro OHNO', 'OHNO/TARO'],
    ['Satoh Jiro', 'SATO ZIRO', 'Jirou Satou', 'Satō, Jirō'],
    ['Itoh Tsuyoshi', 'Ito Tuyosi'],
    ['Homma Jun', 'Honma Zyun', 'JUN HONMA'],
    ['Keiichi Fujii', 'Keiiti Hujii'],
    ['Hatchan Shimbashi', 'Hacchan Shinbashi'],
    ["Jun'ichi Oyama", 'Junichi Ohyama', 'Junichi Ōyama'],
    ['Yohei Kato', 'Youhei Katou'],
    ['José García', 'JOSE GARCIA', 'García, José'],
  ])('%s', (...spellings) => {
    expect(new Set(spellings.map(nameKeyOf)).size).toBe(1)
  })

  test('other people have other keys', () => {
    const people = ['Sato Taro', 'Sato Jiro', 'Kato Taro', 'Sasaki Taro', 'Inoue Taro', 'Ito Hanako', 'John Smith']
    expect(new Set(people.map(nameKeyOf)).size).toBe(people.length)
  })

  test('what has no Latin letters has no key', () => {
    expect(nameKeyOf('山田')).toBeUndefined()
    expect(nameKeyOf(' - ')).toBeUndefined()
  })

  test('the order of the words does not matter', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[A-Za-z]{1,9}$/), { minLength: 1, maxLength: 4 }), (words) => {
        expect(nameKeyOf(words.toReversed().join(' '))).toBe(nameKeyOf(words.join(' ')))
      }),
    )
  })
})

describe('kana', () => {
  test.each([
    ['ヤマダ タロウ', 'yamada tarou'],
    ['ﾊｯﾄﾘ', 'hattori'],
    ['しょうじ', 'shouji'],
    ['イッチ', 'itchi'],
    ['キャサリン・ジョーンズ', 'kyasarin jonzu'],
    ['ヴァン', 'van'],
    ['ファーム', 'famu'],
    ['きんゆう', 'kinyuu'],
  ])('%s is read %s', (kana, latin) => {
    expect(latinOfKana(kana)).toBe(latin)
  })
  test('what is not kana is not read', () => {
    expect(latinOfKana('山田')).toBeUndefined()
    expect(latinOfKana('Taro')).toBeUndefined()
  })
})

describe('the name on the card against kana', () => {
  test.each([
    ['TARO YAMADA', 'ヤマダ タロウ'],
    ['YAMADA TARO', 'ﾔﾏﾀﾞﾀﾛｳ'],
    ['OHNO YUKO', 'オオノ ユウコ'],
    ['KEIICHI ITOH', 'イトウケイイチ'],
    ['SHOHEI OTANI', 'オオタニ ショウヘイ'],
    ['CHIEKO IIJIMA', 'イイジマ チエコ'],
    ['JUNICHIRO KOIZUMI', 'コイズミ ジュンイチロウ'],
    ['SHINICHI ABE', 'アベ シンイチ'],
    ['JUN-ICHI HONMA', 'ホンマ ジュンイチ'],
    ['YUKI INOUE', 'イノウエ ユウキ'],
    ['MR TARO YAMADA', 'ヤマダ タロウ'],
    ['YOHEI KATO', 'カトウ ヨウヘイ'],
  ])('%s and %s agree', (latin, kana) => {
    expect(nameAgainstKana(latin, kana)).toBe('agrees')
  })
  test.each([
    ['HANAKO SUZUKI', 'ヤマダ ハナコ'], // married
    ['T YAMADA', 'ヤマダ タロウ'],
    ['JOHN SMITH', 'ジョン・スミス'],
    ['MICHAEL JOHNSON', 'マイケル ジョンソン'],
    ['TARO YAMADA', '山田 太郎'],
    ['TARO YAMADA', 'ヤ'],
    ['YAMADA', 'スズキ ハナコ'],
  ])('%s and %s: nothing to say', (latin, kana) => {
    expect(nameAgainstKana(latin, kana)).toBe('unknown')
  })
  test.each([
    ['KEN WATANABE', 'タナカ イチロウ'],
    ['HANAKO SUZUKI', 'サトウ ケンジ'],
  ])('%s and %s contradict each other', (latin, kana) => {
    expect(nameAgainstKana(latin, kana)).toBe('contradicts')
  })
})

describe('kanji against kana', () => {
  test.each([
    ['山田太郎', 'ヤマダ タロウ'],
    ['東海林太郎', 'ショウジタロウ'],
    ['東海林 太郎', 'とうかいりんたろう'],
    ['髙橋 健一', 'タカハシケンイチ'],
    ['齋藤 學', 'サイトウマナブ'],
    ['渡邉 さくら', 'ワタナベ サクラ'],
    ['長谷川花', 'はせがわはな'],
    ['ヤマダ タロウ', 'やまだたろう'],
  ])('%s is read %s', (kanji, kana) => {
    expect(kanaAgainstKanji(kanji, kana)).toBe('agrees')
  })
  test.each([
    ['小鳥遊 六花', 'タカナシ リッカ'],
    ['山田 光宙', 'ヤマダ ピカチュウ'],
    ['李 明', 'リ メイ'],
    ['山田 太郎', 'Yamada'],
  ])('nobody can say how %s is read', (kanji, kana) => {
    expect(kanaAgainstKanji(kanji, kana)).toBe('unknown')
  })
  test.each([
    ['佐藤 翔', 'スズキ ショウ'],
    ['鈴木一郎', 'タナカイチロウ'],
    ['ヤマダ タロウ', 'スズキ タロウ'],
  ])('%s is not read %s', (kanji, kana) => {
    expect(kanaAgainstKanji(kanji, kana)).toBe('contradicts')
  })

  const rows = (names: readonly string[]) => names.map((row) => row.split(' '))
  test('every reading of the table agrees with its name', () => {
    for (const [family = '', ...readings] of rows(familyNames)) {
      for (const reading of readings)
        expect([family, reading, kanaAgainstKanji(`${family} 太郎`, `${reading}たろう`)]).toEqual([
          family,
          reading,
          'agrees',
        ])
    }
    for (const [given = '', ...readings] of rows(givenNames)) {
      for (const reading of readings)
        expect([given, kanaAgainstKanji(`鈴木 ${given}`, `すずき${reading}`)]).toEqual([given, 'agrees'])
    }
  })
  test('readings are kana', () => {
    for (const [name = '', ...readings] of rows([...familyNames, ...givenNames])) {
      expect([name, readings.every((reading) => /^[ぁ-ゖー]+$/.test(reading)) && readings.length > 0]).toEqual([
        name,
        true,
      ])
    }
  })
})
