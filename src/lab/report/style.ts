// The style of a report: that of the console, in one sheet. Language and theme are chosen by radio buttons that only this sheet reads.

export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f3f5f9, #0d111b);
  --paper: light-dark(#ffffff, #151a27);
  --sunk: light-dark(#f0f3f8, #1b2132);
  --text: light-dark(#1b2233, #e7eaf3);
  --quiet: light-dark(#545e77, #a3adc4);
  --line: light-dark(#dde2ec, #283048);
  --line-strong: light-dark(#c3cbdb, #3b4563);
  --field: light-dark(#7f8aa5, #76819d);
  --link: light-dark(#2c4196, #a9bbf0);
  --indigo: light-dark(#26356b, #a9bbf0);
  --indigo-soft: light-dark(#e6eaf7, #222b4a);
  --timber: light-dark(#1f2c5c, #121930);
  --on-timber: #f1f3fa;
  --on-timber-quiet: light-dark(#c3cbe6, #9aa6cb);
  --beam: light-dark(#c5391f, #cf4a2f);
  --focus: light-dark(#3a5fe0, #8fb0ff);
  --alarm: light-dark(#a92814, #ffb3a1);
  --alarm-ground: light-dark(#fdeeea, #3a1c18);
  --news: light-dark(#1d5c44, #9fdcc0);
  --news-ground: light-dark(#e8f4ee, #16302a);
  --c-ink: light-dark(#7c4d00, #f2c878);
  --c-ground: light-dark(#fcf0d6, #382a10);
  --u-ink: light-dark(#4a5469, #c0c8da);
  --u-ground: light-dark(#e9ecf2, #262d3f);
  --s0: light-dark(#2c4196, #a9bbf0);
  --s1: light-dark(#c5391f, #ef7d62);
  --s2: light-dark(#1f7a54, #4cbf8d);
  --s3: light-dark(#a86a00, #e0a63c);
  --s4: light-dark(#7351b5, #b79cf0);
  --s5: light-dark(#0b7285, #4fc3d9);
  --s6: light-dark(#a3336e, #e58ab8);
  --s7: light-dark(#5c6b0e, #b7c65a);
  --s8: light-dark(#66718b, #9aa5bd);
  --s9: light-dark(#8a4a1f, #cf9a72);
  --sans:
    system-ui, -apple-system, "Segoe UI", Roboto, "Hiragino Sans", "Hiragino Kaku Gothic ProN", "Yu Gothic UI", Meiryo,
    "Noto Sans JP", "Noto Sans CJK JP", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
:root:has(#theme-light:checked) { color-scheme: light; }
:root:has(#theme-dark:checked) { color-scheme: dark; }
body:has(#lang-en:checked) [lang="ja"],
body:has(#lang-ja:checked) [lang="en"] { display: none; }
[lang="ja"] { word-break: auto-phrase; line-break: strict; }
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  background: var(--ground);
  color: var(--text);
  font: 15px / 1.6 var(--sans);
  overflow-wrap: anywhere;
}
h1, h2, h3, h4, p, figure, dl, dd, fieldset { margin: 0; }
h1, h2, h3, h4 { line-height: 1.3; text-wrap: balance; }
h1 { font-size: 24px; letter-spacing: -0.01em; }
h2 { font-size: 19px; }
h3 { font-size: 15px; }
a { color: var(--link); text-underline-offset: 3px; }
code { font-family: var(--mono); font-size: 0.9em; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.unseen { position: absolute; overflow: hidden; width: 1px; height: 1px; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; top: -60px; left: 12px; padding: 8px 14px; border-radius: 8px; background: var(--paper); }
.skip:focus { top: 12px; }
.quiet { color: var(--quiet); }
.wide { max-width: 1180px; margin: 0 auto; padding: 0 24px; }

.top { border-top: 5px solid var(--beam); background: var(--timber); color: var(--on-timber); }
.top .wide { display: flex; flex-wrap: wrap; align-items: start; gap: 14px 32px; padding-top: 22px; padding-bottom: 24px; }
.top-words { flex: 1 1 420px; min-width: 0; }
.top p { color: var(--on-timber-quiet); font-size: 14px; }
.top :focus-visible { outline-color: #fff; }
.choices { display: flex; flex-wrap: wrap; gap: 8px 14px; }
.choice { display: flex; padding: 0; border: 1px solid color-mix(in srgb, var(--on-timber) 34%, transparent); border-radius: 8px; overflow: hidden; }
.choice label { display: flex; cursor: pointer; }
.choice input { position: absolute; opacity: 0; }
.choice label > span { padding: 5px 12px; font-size: 13px; }
.choice input:checked + span { background: var(--on-timber); color: #1f2c5c; font-weight: 600; }
.choice label:has(:focus-visible) { outline: 2px solid #fff; outline-offset: -2px; }
.contents { border-bottom: 1px solid var(--line); background: var(--paper); }
.contents ul { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0; padding: 10px 0; list-style: none; font-size: 13.5px; }

.part { margin-top: 34px; scroll-margin-top: 16px; }
.part > h2 { margin-bottom: 6px; padding-bottom: 6px; border-bottom: 2px solid var(--line-strong); }
.part > p { max-width: 82ch; }
.part > p + p { margin-top: 6px; }
.part h3 { margin-top: 22px; margin-bottom: 4px; }
.warn { max-width: none !important; margin: 18px 0 0; padding: 10px 16px; border-left: 4px solid var(--beam); border-radius: 0 8px 8px 0; background: var(--alarm-ground); color: var(--alarm); }
.short { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 14px; margin-top: 22px; }
.short > section { padding: 16px 20px 18px; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); }
.short > .asked, .short > .came-out { grid-column: 1 / -1; min-width: 0; }
.short > .asked { border-left: 5px solid var(--beam); }
.short .question { font-size: 18px; line-height: 1.45; font-weight: 600; }
.short h2 { margin-bottom: 6px; font-size: 14px; color: var(--quiet); }
.short ul { margin: 0; padding-left: 1.15em; }
.short li + li { margin-top: 6px; }
.short li ul { list-style: none; padding-left: 0; }
.short li li + li { margin-top: 1px; }
.short > section > p + p { margin-top: 8px; }
.short .scroll { margin-top: 4px; }

.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 480px), 1fr)); gap: 16px; margin-top: 12px; }
.figure { min-width: 0; padding: 14px 16px 12px; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); break-inside: avoid; }
.figure h3 { margin: 0; }
.figure figcaption { margin: 2px 0 6px; color: var(--quiet); font-size: 13px; }
.chart svg { display: block; width: 100%; height: auto; overflow: visible; }
.chart text { font: 12px var(--sans); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 4px 0 0; padding: 0; list-style: none; font-size: 13px; }
.legend li { display: inline-flex; align-items: center; gap: 6px; min-width: 0; }
.legend svg { flex: none; width: 30px; height: 12px; }
.swatch svg { display: block; width: 30px; height: 12px; margin-bottom: 2px; }
thead th .swatch svg { margin-left: auto; }
details { margin-top: 8px; }
summary { width: fit-content; color: var(--link); font-size: 13px; cursor: pointer; }
.scroll { overflow-x: auto; margin-top: 8px; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); }
table { width: 100%; border-collapse: collapse; font-size: 13.5px; line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { padding: 8px 12px; color: var(--quiet); font-size: 13px; text-align: left; caption-side: top; }
th, td { padding: 6px 12px; border-top: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: normal; }
thead th { border-top: 0; background: var(--sunk); color: var(--quiet); font-size: 12.5px; font-weight: 600; vertical-align: bottom; }
caption + thead th { border-top: 1px solid var(--line); }
tbody th { font-weight: 600; }
.n { text-align: right; white-space: nowrap; }
th.n, th.n small { white-space: normal; }
.n small, td small { display: block; color: var(--quiet); font-size: 12px; white-space: nowrap; }
th small { display: block; font-weight: 400; color: var(--quiet); }
td small.why { min-width: 11em; white-space: normal; }
th.n { min-width: 7.5em; }
.name { min-width: 10.5em; max-width: 22em; overflow-wrap: anywhere; }
.says { min-width: 16em; }
.mark { display: inline-block; padding: 1px 8px; border-radius: 6px; background: var(--u-ground); color: var(--u-ink); font-size: 12.5px; font-weight: 600; white-space: nowrap; }
.mark.is-shown { background: var(--news-ground); color: var(--news); }
.mark.is-not { background: var(--c-ground); color: var(--c-ink); }
.mark.is-bad { background: var(--alarm-ground); color: var(--alarm); }
.terms { columns: 2 420px; column-gap: 32px; margin-top: 10px; font-size: 13.5px; }
.terms > div { break-inside: avoid; padding: 3px 0; }
.terms dt { font-weight: 600; }
.terms dd { color: var(--quiet); }
.terms .limit { font-style: italic; }
.terms .limit [lang="ja"] { font-style: normal; }
.facts { display: grid; grid-template-columns: minmax(8em, 24em) minmax(0, 1fr); gap: 4px 22px; margin-top: 10px; font-size: 14px; }
.facts dt { color: var(--quiet); }
pre { margin: 10px 0 0; padding: 12px 14px; overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--sunk); font: 12.5px / 1.5 var(--mono); }
.foot { margin-top: 44px; padding: 18px 0 40px; border-top: 1px solid var(--line); color: var(--quiet); font-size: 13px; }

@media (max-width: 700px) {
  .wide { padding: 0 14px; }
  h1 { font-size: 20px; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd { margin-bottom: 8px; }
  .chart text { font-size: 15px; }
  .chart.is-wide { overflow-x: auto; }
  .chart.is-wide svg { min-width: 480px; }
  .chart.is-wide text { font-size: 13px; }
  th, td { padding: 6px 8px; }
  .figure { padding: 12px 10px; }
}
@media print {
  :root, :root:has(#theme-dark:checked) { color-scheme: light; }
  @page { margin: 14mm 12mm; }
  body { background: none; font-size: 10.5pt; }
  .top { border: 0; background: none; color: var(--text); }
  .top p { color: var(--quiet); }
  .wide { padding: 0; }
  .choices, .contents, .skip { display: none; }
  .figures { grid-template-columns: 1fr 1fr; gap: 8px; }
  .chart.is-wide { overflow: visible; }
  .chart.is-wide svg { min-width: 0; }
  .scroll { overflow: visible; }
  /* Nothing scrolls on paper: wide tables become small. */
  table, caption, th, td, thead th, .n small, td small, th small { font-size: 7pt; }
  th, td { padding: 2px 3px; }
  .name, .says, th.n, td small.why { min-width: 0; }
  .n, .n small, td small { white-space: normal; overflow-wrap: anywhere; }
  .scroll { border: 0; border-radius: 0; }
  tr, li, .short > section { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  details:not([open]) { display: none; }
}
`
