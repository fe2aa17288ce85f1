// One HTML file that opens from disk, asks no network for anything and needs no script: head, switches, contents, parts.
import { createHash } from 'node:crypto'
import { escaped, Html, html } from './html.ts'
import { type Both, type Language, say } from './language.ts'
import { style } from './style.ts'

export interface Page {
  /** The language that is shown first; both are in the page. */
  readonly lang: Language
  readonly title: string
  readonly kind: Both
  readonly about: Html | undefined
  /** Above everything else. */
  readonly lead: Html
  readonly parts: readonly { readonly id: string; readonly link: Both; readonly content: Html }[]
}

const choice = (
  name: string,
  legend: Both,
  options: readonly (readonly [value: string, label: Html, isChosen: boolean])[],
): Html =>
  html`<fieldset class="choice"><legend class="unseen">${say(legend)}</legend>${options.map(
    ([value, label, isChosen]) =>
      html`<label><input type="radio" name="${name}" id="${name}-${value}"${isChosen && new Html(' checked')}><span>${label}</span></label>`,
  )}</fieldset>`

const choices = (lang: Language): Html =>
  html`<div class="choices">${choice('lang', { en: 'Language', ja: '言語' }, [
    ['en', html`<bdi translate="no">English</bdi>`, lang === 'en'],
    ['ja', html`<bdi translate="no">日本語</bdi>`, lang === 'ja'],
  ])}${choice('theme', { en: 'Theme', ja: 'テーマ' }, [
    ['auto', say({ en: 'As the system', ja: '自動' }), true],
    ['light', say({ en: 'Light', ja: 'ライト' }), false],
    ['dark', say({ en: 'Dark', ja: 'ダーク' }), false],
  ])}</div>`

export function pageOf({ lang, title, kind, about, lead, parts }: Page): string {
  const hash = createHash('sha256').update(style).digest('base64')
  // Nothing but this one style sheet is let in, whatever a name in the page may hold.
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)} – Sekisho</title>
<style>${style}</style>
</head>
${
  html`<body>
<a class="skip" href="#main">${say({ en: 'Skip to the content', ja: '本文へ移動' })}</a>
<header class="top"><div class="wide"><div class="top-words">
<p>${say(kind)}</p>
<h1>${title}</h1>
${about}</div>${choices(lang)}</div></header>
<nav class="contents" aria-label="${lang === 'ja' ? '目次' : 'Contents'}"><div class="wide"><ul>${parts.map(
    ({ id, link }) => html`<li><a href="#${id}">${say(link)}</a></li>`,
  )}</ul></div></nav>
<main id="main" class="wide">
${lead}
${parts.map(({ content }) => content)}
<footer class="foot"><p>${say({
    en: 'Made by Sekisho, a simulator: no real bank, card or payment. This file asks no network for anything.',
    ja: 'シミュレーター Sekisho による作成。実在の銀行・カード・決済とは無関係です。このファイルは通信を行いません。',
  })}</p></footer>
</main>
</body>`.text
}
</html>
`
}
