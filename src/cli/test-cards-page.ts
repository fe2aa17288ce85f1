// docs/test-cards.md, made of the issuer's data: what the numbers of the cards do. Run by `npm run docs`.
import { readFileSync } from 'node:fs'
import { loadIssuer } from '../acs/issuer.ts'
import {
  type CodeRow,
  cardTable,
  type EndingGroup,
  type EndingRow,
  endingGroups,
  grouped,
} from '../acs/queries/card-table.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')

const since = (list: readonly string[]): string =>
  list.length === 3
    ? 'all'
    : list.length === 0
      ? '–'
      : list.map((version) => version.replace(/\.0$|\.1$/, '')).join(', ')

const codeRows = (rows: readonly CodeRow[], hasARes: boolean): readonly (readonly string[])[] =>
  rows.map(({ code, words, inARes, inRReq }) => [
    `\`${code}\``,
    words.en,
    words.ja,
    ...(hasARes ? [since(inARes)] : []),
    since(inRReq),
  ])

const groupTitles: Readonly<Record<EndingGroup, string>> = {
  answer: 'An answer without more · 応答のみ',
  decoupled: 'Decoupled · 分離型認証',
  codes: 'Challenge with a code · コードのチャレンジ',
  choices: 'Challenge with a choice · 選択のチャレンジ',
  app: 'Challenge in the banking app · バンキングアプリのチャレンジ',
  automatic: 'Challenge that a made-up cardholder goes through · 架空の会員が自動で進めるチャレンジ',
  fixed: 'Challenge whose end is fixed · 終わり方が決まったチャレンジ',
}

const endingsOf = (group: EndingGroup, endings: readonly EndingRow[]): string => `### ${groupTitles[group]}

${table(
  ['Last digits', 'Answer', 'What happens', '結果', 'Example'],
  endings
    .filter((row) => row.group === group)
    .map(({ ending, outcome, what, example }) => [
      `\`${ending}\``,
      `**${outcome}**`,
      what.en,
      what.ja,
      `\`${grouped(example)}\``,
    ]),
)}`

export function testCardsPage(): string {
  const { cards, ranges, endings, reasons, cancels } = cardTable(
    loadIssuer(readFileSync(new URL('../../src/acs/data/issuer.yaml', import.meta.url), 'utf8')),
  )
  return `# Test cards · テストカード

<!-- Made from src/acs/data/issuer.yaml by \`npm run docs\`. Edit the table, not this page. -->

One page to print. A running Sekisho prints its own, with the table that it has at that moment, at \`/cards\`: <http://localhost:9440/cards>.
Any expiry date in the future; the code of a challenge is in the [inbox](http://localhost:9440/inbox). Why it is so, and how to change it: [cards and who decides](cards.md), [scenarios](scenarios.md).

有効期限は未来の日付なら何でもかまいません。チャレンジのコードは受信箱に届きます。起動中の \`/cards\` には、そのときの表が表示されます。

## Cards to know · 主なカード

${table(
  ['Card', 'What happens', '結果'],
  cards.map(({ number, what }) => [`\`${grouped(number)}\``, what.en, what.ja]),
)}

## Ranges · 番号帯

By leading digits; 13 to 19 digits. Cards of *scripted* ranges follow the last digits below; cards of *risk* ranges always reach the risk engine.
先頭の桁で決まります。scriptedの番号帯は下の表のとおりに、riskの番号帯は必ずリスクエンジンが判定します。

${table(
  ['Scheme', 'Scripted', 'Risk'],
  ranges.map(({ scheme, scripted, risk }) => [scheme, scripted.join(', '), risk.join(', ')]),
)}

## Last digits of scripted cards · 末尾の桁

\`rr\` is a transStatusReason, \`cc\` a challengeCancel of the message's version. A challenge that ends by its digits ends so with the first answer, whatever is typed.
Other endings reach the engine, and the record says so.
\`rr\` は transStatusReason、\`cc\` は challengeCancel です（メッセージのバージョンにあるもの）。そのほかの末尾はリスクエンジンが判定します。

${endingGroups.map((group) => endingsOf(group, endings)).join('\n\n')}

## transStatusReason

${table(['Code', 'Meaning', '意味', 'In an ARes', 'In an RReq'], codeRows(reasons, true))}

80 to 99 belong to the payment systems. 14 comes with challengeCancel 04 or 05; 29 and 30 come with D, where the AReq's threeDSRequestorDecReqInd is F or B.

## challengeCancel

${table(['Code', 'Meaning', '意味', 'Versions'], codeRows(cancels, false))}
`
}
