// The running policy, readable by a person: where the bands begin, what each check looks at, and what is applied after it.
import { pane } from '../../lib/pane.js'
import { countries, currencies } from '../../tables.js'
import { policyTexts } from '../../texts/policy.js'

/**
 * @typedef {'en' | 'ja'} Language
 * @typedef {{ path: string, value: unknown, words?: Record<Language, string> }} Parameter
 * @typedef {object} Check
 * @property {string} id
 * @property {readonly string[]} paths
 * @property {readonly [number, number]} span
 * @property {Record<Language, { title: string, about: string }>} [words]
 * @property {readonly Parameter[]} params
 * @typedef {{ listed: string, kind?: string } | { reason: string } | { all: Condition[] } | { any: Condition[] } | { not: Condition }
 *   | { of: string, eq?: unknown, ne?: unknown, lt?: unknown, le?: unknown, gt?: unknown, ge?: unknown, in?: unknown,
 *   notIn?: unknown, between?: unknown, matches?: unknown, startsWith?: unknown, exists?: unknown, absent?: unknown }} Condition
 * @typedef {object} Rule
 * @property {string} id
 * @property {Condition} when
 * @property {{ answer?: string, atLeast?: string, atMost?: string, transStatusReason?: string, kind?: string }} outcome
 * @property {string} [cite]
 * @property {string} [note]
 * @typedef {object} Policy As the API shows it.
 * @property {string} name
 * @property {number} version
 * @property {string} [file]
 * @property {number} base
 * @property {{ challenge: number, reject: number }} thresholds
 * @property {{ country: string, currency: { code: string, alpha: string }, rates: Record<string, number>,
 *   zone: { name: string }, languages: readonly string[], browserTZ: readonly number[] }} issuer
 * @property {{ forwarding: readonly string[], ipCountries: readonly { cidr: string, country: string }[] }} lists
 * @property {readonly Check[]} checks
 * @property {readonly { feature: string, weight: number, cap?: number }[]} scorecard
 * @property {readonly Rule[]} rules
 * @property {{ requestorTra: string, requestorSca: string, scaMandated: boolean }} exemptions
 */

/** @type {Readonly<Record<string, string>>} */
const signs = { eq: '=', ne: '≠', lt: '<', le: '≤', gt: '>', ge: '≥', in: '∈', notIn: '∉', between: '↔' }

/** @param {number} score */
const probabilityOf = (score) => 1 / (1 + Math.exp(-score))

/** @param {HTMLElement} root @param {import('../../app.js').App} app */
export async function runningView(root, app) {
  const { el } = app
  const t = app.texts(policyTexts)
  /** @type {Policy} */
  const policy = await app.api.get('/policy')
  const locale = app.lang === 'ja' ? 'ja-JP' : 'en-GB'
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 })
  const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 4, signDisplay: 'exceptZero' })
  const regions = new Intl.DisplayNames(locale, { type: 'region' })
  /** A minus sign as wide as the plus. @param {string} text */
  const typeset = (text) => text.replace('-', '−')
  /** @param {number} n */
  const score = (n) => typeset(signed.format(n))
  /** @param {number} n */
  const number = (n) => typeset(plain.format(n))
  /** @param {number} n */
  const percent = (n) => {
    const p = probabilityOf(n)
    return new Intl.NumberFormat(locale, {
      style: 'percent',
      maximumFractionDigits: p < 0.02 || p > 0.98 ? 1 : 0,
    }).format(p)
  }
  /** @param {string} numeric */
  const countryName = (numeric) => {
    const alpha = countries.get(numeric)
    return alpha === undefined ? numeric : (regions.of(alpha) ?? alpha)
  }

  /** A feature in words; a name without words stays as it is. @param {string} name */
  function featureWords(name) {
    /** @type {Readonly<Record<string, string>>} */
    const words = policyTexts[app.lang]
    const counted = /^(n|decay|accounts|devices)_([0-9]+[mhd])_(\w+)$/.exec(name)
    if (counted !== null) {
      const [, kind = '', window = '', entity = ''] = counted
      const template = words[`f.${kind}`] ?? name
      return template
        .replace('{window}', words[`w.${window}`] ?? window)
        .replace('{entity}', words[`e.${entity}`] ?? entity)
    }
    return words[`x.${name}`] ?? name
  }

  // The scale.
  function scale() {
    const { base, thresholds } = policy
    const lowest = Math.min(base, thresholds.challenge)
    const highest = Math.max(base, thresholds.reject)
    const margin = Math.max(1.5, (highest - lowest) * 0.2)
    const from = Math.floor(lowest - margin)
    const to = Math.ceil(highest + margin)
    /** @param {number} at */
    const place = (at) => `${((at - from) / (to - from)) * 100}%`
    /** @param {number} start @param {number} end */
    const width = (start, end) => `${((end - start) / (to - from)) * 100}%`
    /** @param {string} letter @param {'low' | 'medium' | 'high'} band @param {number} start @param {number} end */
    const segment = (letter, band, start, end) =>
      el(
        'div',
        { class: ['scale-band', `is-${letter}`], style: { left: place(start), width: width(start, end) } },
        el('b', null, letter),
        el('span', null, t(`band.${band}`)),
      )
    /** @param {string} kind @param {number} at @param {string} words */
    const flag = (kind, at, words) =>
      el(
        'div',
        { class: ['scale-flag', `is-${kind}`], style: { left: place(at) } },
        el('strong', null, score(at)),
        ' ',
        el('span', { class: 'scale-p' }, percent(at)),
        el('span', { class: 'scale-words' }, words),
      )
    const step = Math.ceil((to - from) / 14)
    const ticks = []
    for (let at = from; at <= to; at += step) {
      ticks.push(
        el(
          'div',
          { class: 'scale-tick', style: { left: place(at) } },
          el('span', null, score(at)),
          el('span', { class: 'quiet' }, percent(at)),
        ),
      )
    }
    return el(
      'div',
      {
        class: 'scale',
        role: 'img',
        'aria-label': t('scaleLabel', {
          base: score(base),
          baseP: percent(base),
          challenge: score(thresholds.challenge),
          challengeP: percent(thresholds.challenge),
          reject: score(thresholds.reject),
          rejectP: percent(thresholds.reject),
        }),
        'data-testid': 'scale',
      },
      el(
        'div',
        { class: 'scale-flags' },
        flag('base', base, t('start')),
        flag('challenge', thresholds.challenge, t('at.challenge')),
        flag('reject', thresholds.reject, t('at.reject')),
      ),
      el(
        'div',
        { class: 'scale-bands' },
        segment('Y', 'low', from, thresholds.challenge),
        segment('C', 'medium', thresholds.challenge, thresholds.reject),
        segment('R', 'high', thresholds.reject, to),
        el('i', { class: 'scale-base', style: { left: place(base) } }),
      ),
      el('div', { class: 'scale-ticks' }, ticks),
      el('p', { class: 'scale-legend quiet' }, `${t('score')} · ${t('probability')}`),
    )
  }

  // The checks.
  const least = Math.min(-0.5, ...policy.checks.map(({ span }) => span[0]))
  const most = Math.max(0.5, ...policy.checks.map(({ span }) => span[1]))
  /** @param {number} at */
  const along = (at) => ((at - least) / (most - least)) * 100

  /** @param {unknown} value @returns {(Node | string)[]} */
  function shownValue(value) {
    if (typeof value === 'number') return [number(value)]
    if (Array.isArray(value) && value.every((one) => typeof one === 'number'))
      return [value.map(number).join(value.length === 2 ? ' → ' : ', ')]
    if (Array.isArray(value)) return [el('span', { class: 'words-list' }, value.join(', '))]
    return [String(value)]
  }

  /** @param {Check} check */
  function checkItem({ id, paths, span, words, params }) {
    const said = words?.[app.lang]
    const [low, high] = span
    const zero = along(0)
    return el(
      'li',
      { class: 'check-item', 'data-testid': `check-${id}` },
      el(
        'div',
        { class: 'check-row' },
        el(
          'div',
          { class: 'check-words' },
          el('h3', null, said?.title ?? id, ' ', el('code', { class: 'quiet' }, id)),
          said !== undefined && el('p', null, said.about),
        ),
        el(
          'div',
          { class: 'reach' },
          el(
            'div',
            {
              class: 'reach-bar',
              role: 'img',
              'aria-label': t('reach', { id: said?.title ?? id, least: score(low), most: score(high) }),
            },
            low < 0 &&
              el('i', { class: 'reach-for', style: { left: `${along(low)}%`, width: `${zero - along(low)}%` } }),
            high > 0 &&
              el('i', { class: 'reach-against', style: { left: `${zero}%`, width: `${along(high) - zero}%` } }),
            el('i', { class: 'reach-zero', style: { left: `${zero}%` } }),
          ),
          el(
            'p',
            { class: 'reach-numbers', 'aria-hidden': 'true' },
            low < 0 && el('span', { class: 'is-low', style: { left: `${along(low)}%` } }, score(low)),
            high > 0 && el('span', { class: 'is-high', style: { left: `${along(high)}%` } }, score(high)),
          ),
        ),
      ),
      el(
        'details',
        { class: 'check-details' },
        el('summary', null, t('details'), ' ', el('span', { class: 'unseen' }, said?.title ?? id)),
        el(
          'p',
          { class: 'check-elements' },
          el('span', { class: 'quiet' }, `${t('elements')} `),
          ...(paths.length === 0
            ? [t('elementsNone')]
            : paths.flatMap((path) => [el('code', { class: 'element' }, path), ' '])),
        ),
        el(
          'table',
          { class: 'plain-table params' },
          el(
            'thead',
            null,
            el(
              'tr',
              null,
              el('th', { scope: 'col' }, t('parameter')),
              el('th', { scope: 'col' }, t('value')),
              el('th', { scope: 'col' }, t('meaning')),
            ),
          ),
          el(
            'tbody',
            null,
            params.map((param) =>
              el(
                'tr',
                null,
                el('td', null, el('code', null, param.path)),
                el('td', { class: 'param-value' }, ...shownValue(param.value)),
                el('td', null, param.words?.[app.lang] ?? ''),
              ),
            ),
          ),
        ),
      ),
    )
  }

  /** A condition as it is written, on one line. @param {unknown} value @returns {string} */
  function written(value) {
    if (Array.isArray(value)) return value.map(written).join(', ')
    if (typeof value === 'object' && value !== null)
      return Object.entries(value)
        .map(([name, member]) => `${name} ${written(member)}`)
        .join(', ')
    return typeof value === 'number' ? number(value) : String(value)
  }

  /** @param {Condition} when @returns {string} */
  function condition(when) {
    if ('listed' in when) return t(`rule.listed.${when.listed === 'allow' ? 'allow' : 'deny'}`)
    if ('reason' in when) return t('rule.reason', { words: when.reason })
    if ('all' in when) return when.all.map(condition).join(t('rule.and'))
    if ('any' in when) return when.any.map(condition).join(t('rule.or'))
    if ('not' in when) return t('rule.not', { words: condition(when.not) })
    const { of, ...rest } = when
    const name = of.startsWith('feature.') ? featureWords(of.slice('feature.'.length)) : of
    return t('rule.of', {
      name,
      words: Object.entries(rest)
        .map(([operator, value]) => `${signs[operator] ?? operator} ${written(value)}`)
        .join(', '),
    })
  }

  /** @param {Rule['outcome']} outcome @returns {(Node | string | false)[]} */
  function then({ answer, atLeast, atMost, transStatusReason, kind }) {
    if (answer !== undefined)
      return [
        t('rule.then'),
        ' ',
        app.statusChip(answer === 'challenge' ? 'C' : answer === 'decoupled' ? 'D' : answer, transStatusReason),
        transStatusReason !== undefined && el('span', { class: 'quiet' }, ` ${app.reasonWord(transStatusReason)}`),
        kind !== undefined && el('code', { class: 'quiet' }, ` ${kind}`),
      ]
    if (atMost !== undefined) return [t('rule.atMost'), ' ', app.statusChip(atMost === 'challenge' ? 'C' : 'Y')]
    return [
      t(atLeast === 'reject' ? 'rule.reject' : 'rule.challenge'),
      ' ',
      app.statusChip(atLeast === 'reject' ? 'R' : 'C'),
    ]
  }

  /** @param {Rule} rule */
  const ruleItem = ({ id, when, outcome, cite, note }) =>
    el(
      'li',
      { class: 'rule', 'data-testid': `rule-${id}` },
      el('p', null, t('rule.if', { words: condition(when) }), ' ', ...then(outcome)),
      el('p', { class: 'quiet' }, el('code', null, id), cite !== undefined && ` · ${cite}`),
      note !== undefined && el('p', { class: 'quiet' }, note),
    )

  /** @param {readonly (readonly [string, Node | string | (Node | string)[]])[]} lines */
  const facts = (lines) =>
    el(
      'dl',
      { class: 'facts' },
      lines.map(([name, value]) =>
        el('div', null, el('dt', null, name), el('dd', null, ...(Array.isArray(value) ? value : [value]))),
      ),
    )

  const { issuer, lists, exemptions } = policy
  const home = issuer.currency.alpha
  root.append(
    el(
      'p',
      { class: 'policy-name', 'data-testid': 'policy-name' },
      el('strong', null, policy.name),
      el('span', null, t('version', { n: policy.version })),
      policy.file !== undefined && el('span', null, `${t('file')} `, el('code', null, policy.file)),
      el('span', null, t('checksCount', { n: policy.checks.length })),
    ),
    el('p', { class: 'view-about' }, t('about')),
    pane('policy-scale', t('scale'), t('scaleText'), scale()),
    pane(
      'policy-checks',
      t('checks'),
      t('checksText'),
      el(
        'div',
        { class: 'reach-head quiet', 'aria-hidden': 'true' },
        el('span', null, `← ${t('forHolder')}`),
        el('span', null, `${t('forFraud')} →`),
      ),
      el('ul', { class: 'check-list' }, policy.checks.map(checkItem)),
    ),
    el(
      'div',
      { class: 'policy-columns' },
      pane(
        'policy-rules',
        t('rules'),
        t('rulesText'),
        policy.rules.length === 0
          ? el('p', { class: 'quiet' }, t('noRules'))
          : el('ol', { class: 'rules' }, policy.rules.map(ruleItem)),
      ),
      pane(
        'policy-exemptions',
        t('exemptions'),
        undefined,
        el(
          'dl',
          { class: 'exemptions' },
          el('div', null, el('dt', null, t('exemptions.tra')), el('dd', null, app.statusChip(exemptions.requestorTra))),
          el('div', null, el('dt', null, t('exemptions.sca')), el('dd', null, app.statusChip(exemptions.requestorSca))),
          el(
            'div',
            null,
            el('dt', null, t('exemptions.sca.mandated')),
            el('dd', null, t(exemptions.scaMandated ? 'exemptions.yes' : 'exemptions.no')),
          ),
        ),
      ),
    ),
    pane(
      'policy-scorecard',
      t('scorecard'),
      t('scorecardText'),
      policy.scorecard.length === 0
        ? el('p', { class: 'quiet' }, t('noScorecard'))
        : el(
            'table',
            { class: 'plain-table', 'aria-labelledby': 'policy-scorecard' },
            el(
              'thead',
              null,
              el(
                'tr',
                null,
                el('th', { scope: 'col' }, t('feature')),
                el('th', { scope: 'col', class: 'number' }, t('weight')),
                el('th', { scope: 'col', class: 'number' }, t('cap')),
              ),
            ),
            el(
              'tbody',
              null,
              policy.scorecard.map(({ feature, weight, cap }) =>
                el(
                  'tr',
                  null,
                  el('td', null, featureWords(feature), ' ', el('code', { class: 'quiet' }, feature)),
                  el('td', { class: 'number' }, score(weight)),
                  el('td', { class: 'number' }, cap === undefined ? '–' : `±${number(cap)}`),
                ),
              ),
            ),
          ),
    ),
    pane(
      'policy-issuer',
      t('issuer'),
      t('issuerText'),
      facts([
        [t('country'), countryName(issuer.country)],
        [t('currency'), home],
        [t('zone'), issuer.zone.name],
        [t('languages'), issuer.languages.join(', ')],
        [t('clocks'), issuer.browserTZ.map((minutes) => `UTC${score(-minutes / 60)}`).join(', ')],
        [
          t('rates'),
          el(
            'span',
            { class: 'rates' },
            Object.entries(issuer.rates).map(([code, rate]) =>
              el('span', null, t('rate', { alpha: currencies.get(code)?.alpha ?? code, rate: number(rate), home })),
            ),
          ),
        ],
        [t('forwarding'), lists.forwarding.join(', ')],
        [
          t('networks'),
          el(
            'span',
            { class: 'rates' },
            lists.ipCountries.map(({ cidr, country }) =>
              el('span', null, el('code', null, cidr), ` ${countryName(country)}`),
            ),
          ),
        ],
      ]),
    ),
  )
  return { unmount() {}, query() {} }
}
