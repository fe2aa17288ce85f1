// The sources of the hook: who may speak, and the reliability table of each.
import { createDrawing, keepFresh } from '../lib/fresh.js'
import { note, pane, problemLine } from '../lib/pane.js'
import { sourcesTexts } from '../texts/sources.js'

/** @typedef {readonly [number, number] | null} Interval */
/**
 * @typedef {object} Reliability As the API shows it.
 * @property {string} source
 * @property {number} good
 * @property {number} fraud
 * @property {readonly { verdict: 'OK' | 'REVIEW' | 'NG' | 'HOLD', good: number, fraud: number, fraudRate: number | null, interval: Interval, evidence?: number }[]} verdicts
 * @property {readonly { from: number, to: number, good: number, fraud: number, seen: number | null, interval: Interval, evidence?: number }[]} bands
 */
/**
 * @typedef {object} Source As the API shows it.
 * @property {string} name
 * @property {Record<'en' | 'ja', string>} label
 * @property {readonly ('areq' | 'ahead' | 'asked' | 'module' | 'feedback' | 'events' | 'mail-check')[]} doors
 * @property {readonly string[]} [merchants]
 * @property {{ origin: string, isLeftAlone: boolean }} [ask]
 * @property {{ origin: string }} [webhook]
 */
/** @typedef {{ name: Node, good: number, fraud: number, rate: number | null, interval: Interval, evidence: number | undefined }} Line */

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(sourcesTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(sourcesTexts)
  const problem = problemLine(app, 'sources-problem')
  const place = el('div', { 'data-testid': 'sources' })
  const none = note('sources-none', t('none'), t('noneText'))
  const drawAll = createDrawing(place)

  /** @param {number | undefined} x */
  const signed = (x) =>
    x === undefined ? t('noWeight') : `${x > 0.005 ? '+' : x < -0.005 ? '−' : '±'}${Math.abs(x).toFixed(2)}`

  /** @param {string} label @param {string} head @param {string} testid @param {readonly Line[]} lines */
  const table = (label, head, testid, lines) =>
    el(
      'div',
      { class: 'hook-table', tabindex: '0', role: 'region', 'aria-label': label },
      el(
        'table',
        { class: 'plain-table reliability', 'aria-label': label, 'data-testid': testid },
        el(
          'thead',
          null,
          el(
            'tr',
            null,
            el('th', { scope: 'col' }, head),
            [t('head_good'), t('head_fraud'), t('head_rate'), t('head_interval'), t('head_weight')].map((words) =>
              el('th', { scope: 'col', class: 'number' }, words),
            ),
          ),
        ),
        el(
          'tbody',
          null,
          lines.map(({ name, good, fraud, rate, interval, evidence }) =>
            el(
              'tr',
              null,
              el('th', { scope: 'row' }, name),
              el('td', { class: 'number' }, app.format.number(good)),
              el('td', { class: 'number' }, app.format.number(fraud)),
              el(
                'td',
                { class: 'number' },
                interval !== null &&
                  el(
                    'span',
                    { class: 'rate-bar', 'aria-hidden': 'true' },
                    el('i', {
                      class: 'rate-interval',
                      style: { left: `${interval[0] * 100}%`, width: `${(interval[1] - interval[0]) * 100}%` },
                    }),
                    el('i', { class: 'rate-mark', style: { left: `${(rate ?? 0) * 100}%` } }),
                  ),
                app.format.percent(rate),
              ),
              el(
                'td',
                { class: 'number' },
                interval === null ? '–' : `${app.format.percent(interval[0])} – ${app.format.percent(interval[1])}`,
              ),
              el('td', { class: ['number', interval !== null && 'is-told'] }, signed(evidence)),
            ),
          ),
        ),
      ),
    )

  /** @param {string} name @param {Source | undefined} source @param {Reliability | undefined} known */
  function sourcePane(name, source, known) {
    const who = source?.label[app.lang] ?? name
    /** @param {string} words @param {...(Node | string | false)} content */
    const fact = (words, ...content) => el('div', null, el('dt', null, words), el('dd', null, ...content))
    return pane(
      `source-${name}`,
      who,
      undefined,
      (who !== name || source === undefined) &&
        el('p', { class: 'quiet' }, el('code', null, name), source === undefined && ` – ${t('gone')}`),
      source !== undefined &&
        el(
          'dl',
          { class: 'facts' },
          fact(t('doors'), source.doors.map((door) => t(`door.${door}`)).join(app.lang === 'ja' ? '・' : ', ')),
          fact(t('merchants'), source.merchants?.join(', ') ?? t('everyMerchant')),
          source.ask !== undefined &&
            fact(
              t('asked'),
              el('code', null, source.ask.origin),
              source.ask.isLeftAlone && ' ',
              source.ask.isLeftAlone && el('span', { class: 'hook-chip is-bad' }, t('leftAlone')),
            ),
          source.webhook !== undefined &&
            fact(
              t('webhook'),
              el('code', null, source.webhook.origin),
              ' ',
              el('a', { href: app.href(`webhooks?source=${encodeURIComponent(name)}`) }, t('toWebhooks')),
            ),
        ),
      known === undefined
        ? el('p', { class: 'source-known' }, t('nothing'))
        : el(
            'p',
            { class: 'source-known' },
            t('known', { good: app.format.number(known.good), fraud: app.format.number(known.fraud) }),
          ),
      known !== undefined &&
        table(
          t('byVerdict', { who }),
          t('head_verdict'),
          `verdicts-${name}`,
          known.verdicts.map(({ verdict, good, fraud, fraudRate, interval, evidence }) => ({
            name: el(
              'span',
              null,
              el('span', { class: ['verdict', `is-${verdict}`] }, verdict),
              ' ',
              el('span', { class: 'verdict-word' }, t(`verdict.${verdict}`)),
            ),
            good,
            fraud,
            rate: fraudRate,
            interval,
            evidence,
          })),
        ),
      known?.bands.some(({ good, fraud }) => good + fraud > 0) === true &&
        el(
          'details',
          { class: 'source-bands', 'data-testid': `bands-of-${name}` },
          el('summary', null, t('bands')),
          table(
            t('byBand', { who }),
            t('head_band'),
            `bands-${name}`,
            known.bands.map(({ from, to, good, fraud, seen, interval, evidence }) => ({
              name: el('span', { class: 'mono' }, `${from.toFixed(1)} – ${to.toFixed(1)}`),
              good,
              fraud,
              rate: seen,
              interval,
              evidence,
            })),
          ),
        ),
    )
  }

  root.append(el('p', { class: 'view-about' }, t('about')), problem.node, place, none)
  const fresh = await keepFresh(
    app,
    async () => {
      const [told, record] = await Promise.all([app.api.get('/hook/sources'), app.api.get('/hook/reliability')])
      /** @type {ReadonlyMap<string, Source>} */
      const sources = new Map(told.sources.map((/** @type {Source} */ one) => [one.name, one]))
      /** @type {ReadonlyMap<string, Reliability>} */
      const known = new Map(record.sources.map((/** @type {Reliability} */ one) => [one.source, one]))
      const names = [...new Set([...sources.keys(), ...known.keys()])]
      drawAll([told, record], () => [
        ...names.map((name) => sourcePane(name, sources.get(name), known.get(name))),
        ...(known.size > 0 ? [el('p', { class: 'view-about' }, t('weightAbout'))] : []),
      ])
      none.hidden = names.length > 0
    },
    problem,
  )
  return { unmount: fresh.stop }
}
