/**
 * A page that posts one form as soon as it is loaded, in its own frame: how a message travels through the browser.
 *
 * Spec: EMV 3DS 2.2.0, [Req 138–140] and [Req 324] (a way without script); rules FLOW-BRW-6, SEC-URL-3, SEC-URL-7.
 */
import type { Language } from './i18n.ts'
import { compilePage } from './page.ts'

export interface AutoPost {
  readonly lang: Language
  readonly nonce: string
  /** An http(s) URL that the caller has checked; here it is only escaped. */
  readonly action: string
  /** Hidden inputs in this order. A field without a value is left out. */
  readonly fields: Readonly<Record<string, string | undefined>>
  /** On this origin; told as soon as the browser leaves the page for the answer to the form. */
  readonly tellsOfLeaving?: string | undefined
}

const words = {
  en: { title: 'Returning to the shop', button: 'Continue' },
  ja: { title: 'ショップに戻ります', button: '次へ進む' },
} as const

// The prototype's submit: a field may be named "submit".
const page = compilePage(`<!DOCTYPE html>
<html lang="<%= it.lang %>">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><%= it.title %></title>
<link rel="icon" href="data:,">
<style nonce="<%= it.nonce %>">
:root { color-scheme: light dark; --ground: #f6f7fa; --ink: #2b3a67; --line: #ccd3e2; --on-ink: #fff }
@media (prefers-color-scheme: dark) { :root { --ground: #10141f; --ink: #a9bbec; --line: #343d55; --on-ink: #10141f } }
html { height: 100% }
body { margin: 0; min-height: 100%; display: grid; place-content: center; justify-items: center; gap: 20px; background: var(--ground);
  font: 16px/1.5 system-ui, "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", Meiryo, sans-serif }
body::before { content: ""; width: 32px; height: 32px; border: 3px solid var(--line); border-top-color: var(--ink); border-radius: 50%;
  animation: turn 1s linear infinite }
@keyframes turn { to { transform: rotate(1turn) } }
@media (prefers-reduced-motion: reduce) { body::before { animation-duration: 4s } }
button { min-height: 44px; padding: 0 28px; border: 0; border-radius: 8px; background: var(--ink); color: var(--on-ink); font: inherit;
  font-weight: 600; cursor: pointer }
</style>
</head>
<body>
<form method="post" action="<%= it.action %>" target="_self" accept-charset="UTF-8" data-testid="auto-post">
<% for (const [name, value] of it.fields) { %>
<input type="hidden" name="<%= name %>" value="<%= value %>">
<% } %>
<noscript><button type="submit" data-testid="auto-post-continue"><%= it.button %></button></noscript>
</form>
<script nonce="<%= it.nonce %>"<% if (it.tellsOfLeaving !== undefined) { %> data-tell="<%= it.tellsOfLeaving %>"<% } %>><% if (it.tellsOfLeaving !== undefined) { %>
const { tell } = document.currentScript.dataset
window.addEventListener('pagehide', () => navigator.sendBeacon(tell))
<% } %>HTMLFormElement.prototype.submit.call(document.forms[0])</script>
</body>
</html>
`)

export function renderAutoPost({ lang, nonce, action, fields, tellsOfLeaving }: AutoPost): string {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined)
  return page({ ...words[lang], lang, nonce, action, fields: present, tellsOfLeaving })
}
