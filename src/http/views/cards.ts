/** The test cards on one page to print, with the table of the moment. */
import { type CardTable, type CodeRow, endingGroups, grouped, type Words } from '../../acs/queries/card-table.ts'
import type { Language } from '../../web/i18n.ts'
import { renderTemplate } from './page.ts'

export interface CardsView {
  readonly lang: Language
  readonly nonce: string
  readonly homePath: string
  readonly table: CardTable
}

const texts = {
  en: {
    title: 'Test cards',
    home: 'Home',
    other: '日本語',
    intro:
      'Any expiry date in the future; the code of a challenge is in the inbox. Cards of scripted ranges follow the last digits below, cards of risk ranges always reach the risk engine.',
    cards: 'Cards to know',
    card: 'Card',
    what: 'What happens',
    ranges: 'Ranges, by leading digits',
    scheme: 'Scheme',
    scripted: 'Scripted',
    risk: 'Risk',
    endings: 'Last digits of scripted cards',
    'group.answer': 'An answer without more',
    'group.decoupled': 'Decoupled',
    'group.codes': 'Challenge with a code',
    'group.choices': 'Challenge with a choice',
    'group.app': 'Challenge in the banking app',
    'group.automatic': 'Challenge that a made-up cardholder goes through',
    'group.fixed': 'Challenge whose end is fixed',
    endingsText:
      'rr is a transStatusReason, cc a challengeCancel of the message’s version. A challenge that ends by its digits ends so with the first answer, whatever is typed. Other endings reach the engine, and the record says so.',
    ending: 'Digits',
    answer: 'Answer',
    example: 'Example',
    others: 'Rows that look at something else',
    code: 'Code',
    meaning: 'Meaning',
    all: 'all',
  },
  ja: {
    title: 'テストカード',
    home: 'ホーム',
    other: 'English',
    intro:
      '有効期限は未来の日付なら何でもかまいません。チャレンジのコードは受信箱に届きます。scriptedの番号帯のカードは下の表の末尾の桁に従い、riskの番号帯のカードは必ずリスクエンジンが判定します。',
    cards: '主なカード',
    card: 'カード',
    what: '結果',
    ranges: '番号帯（先頭の桁）',
    scheme: 'ブランド',
    scripted: 'scripted',
    risk: 'risk',
    endings: 'scriptedのカードの末尾の桁',
    'group.answer': '応答のみ',
    'group.decoupled': '分離型認証',
    'group.codes': 'コードのチャレンジ',
    'group.choices': '選択のチャレンジ',
    'group.app': 'バンキングアプリのチャレンジ',
    'group.automatic': '架空の会員が自動で進めるチャレンジ',
    'group.fixed': '終わり方が決まったチャレンジ',
    endingsText:
      'rrはtransStatusReason、ccはchallengeCancelです（メッセージのバージョンにあるもの）。末尾で終わり方が決まるチャレンジは、何を入力しても最初の回答で終わります。そのほかの末尾はリスクエンジンが判定し、記録にその旨が残ります。',
    ending: '末尾',
    answer: '応答',
    example: '例',
    others: '末尾以外を見る行',
    code: 'コード',
    meaning: '意味',
    all: 'すべて',
  },
} as const satisfies Readonly<Record<Language, Readonly<Record<string, string>>>>

export function renderCardsPage({ lang, nonce, homePath, table }: CardsView): string {
  const t = texts[lang]
  const other: Language = lang === 'ja' ? 'en' : 'ja'
  const say = (words: Words): string => words[lang]
  const versions = (list: readonly string[]): string =>
    list.length === 3 ? t.all : list.length === 0 ? '–' : list.join(', ')
  const codes = (rows: readonly CodeRow[]) =>
    rows.map(({ code, words, inARes, inRReq }) => ({
      code,
      words: say(words),
      inARes: versions(inARes),
      inRReq: versions(inRReq),
    }))
  return renderTemplate('./cards', {
    lang,
    other,
    nonce,
    homePath,
    t,
    cards: table.cards.map(({ number, what }) => ({ number, grouped: grouped(number), what: say(what) })),
    ranges: table.ranges,
    endings: endingGroups.flatMap((group) => {
      const rows = table.endings
        .filter((row) => row.group === group)
        .map((row) => ({ ...row, grouped: grouped(row.example), what: say(row.what) }))
      return rows.length === 0 ? [] : [{ group, title: t[`group.${group}`], rows }]
    }),
    others: table.others.map(say),
    reasons: codes(table.reasons),
    cancels: codes(table.cancels),
  })
}
