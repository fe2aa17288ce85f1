/** What a reproduction has to say, in both languages: as plain text, as Markdown and as a page that opens from disk. Pure. */

import { section, table, textCell } from '../report/frame.ts'
import { Html, html } from '../report/html.ts'
import { type Both, type Language, say } from '../report/language.ts'
import { style } from '../report/style.ts'

/** A text that is the same in both languages, or one in each. */
export type Said = string | Both
export type Table = {
  readonly id: string
  /** What its rows are, and of what. */
  readonly caption: Both
  readonly heads: readonly Said[]
  readonly rows: readonly (readonly Said[])[]
}
export type Chapter = {
  readonly id: string
  readonly title: Both
  readonly says: readonly Both[]
  readonly tables: readonly Table[]
}
export type Document = { readonly title: Both; readonly about: readonly Both[]; readonly chapters: readonly Chapter[] }

const inBoth = (said: Said): Both => (typeof said === 'string' ? { en: said, ja: said } : said)
const saidIn = (said: Said, lang: Language): string => inBoth(said)[lang]

/** `columns`: rows of texts as a table of a terminal. */
export function textOf(
  { title, about, chapters }: Document,
  lang: Language,
  columns: (head: readonly string[], rows: readonly (readonly string[])[]) => string,
): string {
  const lines = [title[lang], ...about.map((one) => one[lang])]
  for (const { title: heading, says, tables } of chapters) {
    lines.push('', heading[lang], ...says.map((one) => one[lang]))
    for (const { caption, heads, rows } of tables)
      lines.push(
        '',
        caption[lang],
        columns(
          heads.map((head) => saidIn(head, lang)),
          rows.map((row) => row.map((cell) => saidIn(cell, lang))),
        ),
      )
  }
  return `${lines.join('\n')}\n`
}

const markdownCell = (text: string): string => text.replace(/[\\|]/g, (letter) => `\\${letter}`).replace(/\s+/g, ' ')

export function markdownOf({ title, about, chapters }: Document, lang: Language): string {
  const lines = [`# ${title[lang]}`, '', ...about.flatMap((one) => [one[lang], ''])]
  for (const { title: heading, says, tables } of chapters) {
    lines.push(`## ${heading[lang]}`, '', ...says.flatMap((one) => [one[lang], '']))
    for (const { caption, heads, rows } of tables) {
      const row = (cells: readonly Said[]): string =>
        `| ${cells.map((cell) => markdownCell(saidIn(cell, lang))).join(' | ')} |`
      lines.push(caption[lang], '', row(heads), `|${heads.map(() => ' --- |').join('')}`, ...rows.map(row), '')
    }
  }
  return `${lines.join('\n').trimEnd()}\n`
}

const isNumber = (text: string): boolean => /^[−+<>≥≤ ]*\d|^–$/.test(text)

/** Both languages in one page; `lang` is the one that it opens in. */
export function pageOf({ title, about, chapters }: Document, lang: Language): string {
  const choice = (one: Language, name: string): Html =>
    html`<label><input type="radio" name="lang" id="lang-${one}"${one === lang && new Html(' checked')}> ${name}</label> `
  const body = chapters.map(({ id, title: heading, says, tables }) =>
    section(
      id,
      heading,
      says.map((one) => say(one)),
      tables.map((one) =>
        table(
          one.id,
          say(one.caption),
          one.heads.map((head) => say(inBoth(head))),
          one.rows.map(([head = '', ...cells]) => ({
            head: say(inBoth(head)),
            cells: cells.map((cell) => {
              const text = say(inBoth(cell))
              return isNumber(saidIn(cell, 'en')) ? text : textCell(text)
            }),
          })),
        ),
      ),
    ),
  )
  const page = html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title[lang]}</title>
<style>${new Html(style)}</style>
</head>
<body>
<header class="top"><div class="wide"><div class="top-words"><h1>${say(title)}</h1></div>
<p>${choice('en', 'English')}${choice('ja', '日本語')}</p></div></header>
<main class="wide">
<section class="part">${about.map((one) => html`<p>${say(one)}</p>`)}</section>
${body}
</main>
</body>
</html>
`
  return page.text
}
