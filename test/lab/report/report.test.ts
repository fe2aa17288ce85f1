// The report of an experiment: what it says, that it needs nobody else, and that nothing put into it becomes markup.
import { parse } from 'node-html-parser'
import { describe, expect, test } from 'vitest'
import type { Summary, VariantResult } from '../../../src/lab/experiment/summary.ts'
import { html } from '../../../src/lab/report/html.ts'
import { change, money, percent, pValue, written } from '../../../src/lab/report/numbers.ts'
import { reportHtml } from '../../../src/lab/report/report.ts'
import { seriesOf } from '../../../src/lab/report/series.ts'
import { missing, summaryOf } from './summary.ts'

const evil = `<img src=x onerror="alert(1)">'&\ue000`
const changed = (summary: Summary, change: (one: VariantResult) => VariantResult): Summary => ({
  ...summary,
  variants: summary.variants.map(change),
})
const textOf = (page: string, lang: 'en' | 'ja'): string => {
  const root = parse(page)
  for (const other of root.querySelectorAll(`[lang="${lang === 'en' ? 'ja' : 'en'}"]`))
    if (other.rawTagName !== 'html') other.remove()
  return root.querySelector('body')?.textContent.replace(/\s+/g, ' ') ?? ''
}

describe('a report', () => {
  const made = reportHtml(summaryOf())

  test('asks no network for anything and runs nothing', async () => {
    const page = await made
    expect(page).toContain('default-src &#39;none&#39;; style-src &#39;sha256-')
    expect(page).not.toMatch(/<script|<link|<iframe|<img|<object|\son\w+=|javascript:/i)
    // The address of the SVG name space is never fetched; there is none in the page all the same.
    expect(page).not.toMatch(/https?:\/\//)
    expect(page).not.toMatch(/\sstyle="/)
  })

  test('says in plain words what was asked, what is shown, what is not, in which mode and how sure it is', async () => {
    const short = parse(await made).querySelector('#short')
    const titles = short?.querySelectorAll('h2 [lang=en]').map((one) => one.textContent)
    expect(titles).toEqual([
      'The question',
      'What came out',
      'What is shown',
      'What is not shown',
      'Mode: replay',
      'How sure this is',
    ])
    const text = short?.textContent ?? ''
    expect(text).toContain('Does the merchant’s verdict lower the challenge rate at equal fraud?')
    expect(text).toContain('加盟店の判定は、同じ不正水準でチャレンジ率を下げるか。')
    expect(text).toContain('400 frauds on 180 cards')
    expect(text).toContain('Not shown does not mean equal')
  })

  test('a difference stands where it belongs: shown, or not', async () => {
    const root = parse(await made)
    const shown = root.querySelector('[aria-labelledby=shown]')?.textContent ?? ''
    const not = root.querySelector('[aria-labelledby=not-shown]')?.textContent ?? ''
    expect(shown).toContain('Frictionless rate')
    expect(shown).not.toContain('Fraud stopped, by amount')
    expect(not).toContain('Fraud stopped, by amount')
  })

  test('every table says its mode and every variant its hash', async () => {
    const root = parse(await made)
    const summary = summaryOf()
    const numbers = root
      .querySelectorAll('table')
      .filter(({ id }) => !['variants-table', 'targets-table', 'latency-table'].includes(id))
    expect(numbers.length).toBeGreaterThan(20)
    for (const table of numbers) expect(table.querySelector('caption')?.textContent, table.id).toContain('Mode: replay')
    for (const { id, policy } of summary.variants) {
      const row = root
        .querySelectorAll('#variants-table tbody tr')
        .find((one) => one.textContent.includes(`${id}${policy.hash}`))
      expect(row, id).toBeDefined()
    }
    for (const row of root.querySelectorAll('#decision-rates tbody tr'))
      expect(row.textContent).toMatch(/[0-9a-f]{16}.*%\[.*%, .*%\][0-9,]+ \/ 100,000/)
  })

  test('each rate stands beside its definition, and its denominator above it', async () => {
    const root = parse(await made)
    const part = root.querySelector('#decisions')
    const heads = part?.querySelectorAll('#decision-rates thead th').map((one) => one.textContent) ?? []
    expect(heads[1]).toContain('Frictionless rate')
    expect(heads[1]).toContain('AReqs decided by the policy')
    expect(part?.textContent).toContain('(Y + A + I) / decided events')
    const alone = part?.querySelectorAll('#status-rates thead th').map((one) => one.textContent) ?? []
    for (const status of 'YAICDSNR')
      expect(
        alone.some((one) => one.includes(`${status} alone`)),
        status,
      ).toBe(true)
    const counts = part?.querySelectorAll('#counts thead th').map((one) => one.textContent) ?? []
    expect(counts.filter((one) => one === 'U' || one === 'Erro')).toEqual(['U', 'Erro'])
  })

  test('has every chart, each with a name and words, and none that could not be drawn', async () => {
    const page = await made
    const root = parse(page)
    const figures = root.querySelectorAll('figure')
    const ids = figures.map(({ id }) => id)
    for (const id of [
      'tradeoff-caught',
      'tradeoff-caughtAmount',
      'tradeoff-stopped',
      'tradeoff-stoppedAmount',
      'cost-cuts',
      'cost-challenge',
      'roc',
      'roc-edge',
      'precision-recall',
      'histogram-0',
      'reliability-0',
      'daily-frictionless',
      'attacks-stopped',
      'slice-0',
      'sweep',
      'ablation-0-0',
      'latency',
    ])
      expect(ids, id).toContain(id)
    for (const figure of figures) {
      expect(figure.querySelectorAll('svg path').length, figure.id).toBeGreaterThan(3)
      const chart = figure.querySelector('[role=img]')
      for (const name of ['aria-labelledby', 'aria-describedby'])
        expect(root.querySelector(`#${chart?.getAttribute(name)}`), `${figure.id} ${name}`).not.toBeNull()
    }
    expect(page).not.toContain('cannot be drawn')
    expect(new Set(ids).size).toBe(ids.length)
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/)
  })

  test('labels of charts are in both languages, one element for each', async () => {
    const labels = parse(await made)
      .querySelectorAll('#tradeoff-caught text[lang]')
      .map((one) => [one.getAttribute('lang'), one.textContent])
    expect(labels).toContainEqual(['en', 'frictionless (Y, A, I) of AReqs decided'])
    expect(labels).toContainEqual(['ja', 'フリクションレス率（Y・A・I、判定したAReqのうち）'])
  })

  test('says the same in Japanese', async () => {
    const page = await reportHtml(summaryOf(), { lang: 'ja' })
    const text = textOf(page, 'ja')
    expect(page).toMatch(/<html lang="ja">/)
    expect(parse(page).querySelector('#lang-ja')?.hasAttribute('checked')).toBe(true)
    for (const words of [
      '示されたこと',
      '示されていないこと',
      'モード：リプレイ',
      '確かさ',
      '本レポートから言えないこと',
    ])
      expect(text).toContain(words)
    // Whole sentences of the other language would be words that nobody has translated.
    expect(text.match(/[a-z]{4,} [a-z]+ [a-z]+ [a-z]+ [a-z]+/g) ?? []).toEqual([])
  })

  test('the same numbers give the same bytes, again and again', async () => {
    expect(await reportHtml(summaryOf())).toBe(await made)
  })

  test('what a person has written stays text, wherever it stands', async () => {
    const base = summaryOf({ name: evil })
    const page = await reportHtml({
      ...changed(base, (one) => ({
        ...one,
        hears: [evil],
        policy: { ...one.policy, name: evil },
        changes: [{ what: 'check', left: evil }],
        metrics: {
          ...one.metrics,
          attacks: one.metrics.attacks.map((attack) => ({ ...attack, kind: `${attack.kind}${evil}` })),
          slices: one.metrics.slices.map((slice) => ({
            ...slice,
            column: evil,
            values: slice.values.map((value) => ({ ...value, value: `${value.value}${evil}` })),
          })),
        },
      })),
      question: { en: evil, ja: evil },
      notes: { en: evil },
      manifest: {
        ...base.manifest,
        name: evil,
        state: 'partial',
        left: [evil],
        stream: { ...base.manifest.stream, name: evil },
      },
    })
    expect(page).not.toMatch(/<img/i)
    expect(page).not.toContain('onerror="')
    expect(parse(page).querySelectorAll('img, script').length).toBe(0)
    expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;')
  })

  test('a partial result says so before anything else, with what is missing', async () => {
    const base = summaryOf()
    const page = await reportHtml({ ...base, manifest: { ...base.manifest, state: 'partial', left: ['gbdt'] } })
    const warning = parse(page).querySelector('#main > .warn')
    expect(warning?.textContent).toContain('A partial result.')
    expect(warning?.textContent).toContain('gbdt')
    expect(await made).not.toContain('A partial result.')
  })

  test('closed loop is named, with what it means', async () => {
    const base = summaryOf()
    const text = textOf(await reportHtml({ ...base, manifest: { ...base.manifest, mode: 'closedLoop' } }), 'en')
    expect(text).toContain('Mode: closed loop')
    expect(text).not.toContain('Mode: replay')
  })

  test('one policy alone claims nothing', async () => {
    const base = summaryOf({ policies: 1 })
    const [first] = base.variants
    if (first === undefined) throw new Error('no variant')
    const page = await reportHtml({ ...base, variants: [first], comparisons: [], repeats: [], targets: [] })
    const text = textOf(page, 'en')
    expect(text).toContain('Nothing was compared, so no difference is claimed.')
    expect(page).not.toContain('id="comparisons"')
    expect(page).not.toContain('href="#comparisons"')
  })

  test('where there is no number it says why', async () => {
    const page = await reportHtml(
      changed(summaryOf(), (one) => ({
        ...one,
        metrics: {
          ...one.metrics,
          estimates: { ...one.metrics.estimates, fraudStopped: missing('noFraud', 'decidedFraud') },
        },
      })),
    )
    expect(textOf(page, 'en')).toContain('no fraud in what was measured')
  })

  test('a stream without fraud, scores or days is reported as such', async () => {
    const page = await reportHtml(
      changed(summaryOf(), (one) => ({
        ...one,
        metrics: {
          ...one.metrics,
          population: { ...one.metrics.population, fraud: 0, fraudRate: null },
          cost: null,
          costCurves: [],
          roc: [],
          precisionRecall: [],
          cuts: [],
          histogram: [],
          reliability: [],
          daily: [],
          attacks: [],
          slices: [],
        },
      })),
    )
    for (const id of ['cost', 'ranking', 'scores', 'days', 'attacks', 'slices'])
      expect(page).not.toContain(`<section class="part" id="${id}"`)
    expect(page).not.toMatch(/NaN|cannot be drawn/)
  })

  test('is small and quickly made, with ten policies, too', async () => {
    const summary = summaryOf({ policies: 10 })
    const from = performance.now()
    const page = await reportHtml(summary)
    const took = performance.now() - from
    expect(page.length).toBeLessThan(3_000_000)
    expect(took).toBeLessThan(10_000) // 0.8 s on a machine that does nothing else
  })

  test('no look is given to two variants', () => {
    const looks = seriesOf(summaryOf({ policies: 10 })).map(({ colour, dash, symbol, isHollow }) =>
      [colour, dash, symbol, isHollow].join(),
    )
    expect(looks.length).toBe(11)
    expect(new Set(looks).size).toBe(looks.length)
  })
})

describe('a number', () => {
  test('has the places that it can bear', () => {
    expect(percent(0.62041)).toBe('62.0%')
    expect(percent(0.0482)).toBe('4.82%')
    expect(percent(0.0004)).toBe('0.040%')
    expect(percent(0)).toBe('0.0%')
    expect(written(14.2, 'bps', 'JPY')).toBe('14.20 bps')
  })

  test('money is in the major unit of its currency', () => {
    expect(money(3_400_000, 'JPY')).toBe('JPY 3,400,000')
    expect(money(123_456, 'EUR')).toBe('EUR 1,235')
    expect(money(1_234, 'EUR')).toBe('EUR 12.34')
  })

  test('a difference has its sign, and a true minus', () => {
    expect(change(0.0312, 'share', 'JPY')).toBe('+3.12')
    expect(change(-0.0312, 'share', 'JPY', { low: -0.04, high: -0.02 })).toBe('−3.12 [−4.00, −2.00]')
    expect(change(0, 'share', 'JPY')).toBe('0.000')
    expect(change(-1e-9, 'metric', 'JPY')).toBe('0.0000')
  })

  test('a p value is not written more exactly than it is known', () => {
    expect(pValue(1e-9)).toBe('< 0.0001')
    expect(pValue(0.0312)).toBe('0.0312')
    expect(pValue(0.5)).toBe('0.50')
  })
})

test('text that is put into HTML is escaped, HTML is not', () => {
  const inner = html`<b>${'<&>'}</b>`
  expect(html`<p title="${`"'`}">${inner}${[1, undefined, false, 'x']}</p>`.text).toBe(
    '<p title="&quot;&#39;"><b>&lt;&amp;&gt;</b>1x</p>',
  )
})
