// Why it was decided so: from the score to the answer, what is known by family, and what would have changed it.
import { segments } from '../../lib/pane.js'
import { decisionTexts } from '../../texts/decision.js'
import { transactionTexts } from '../../texts/transaction.js'
import { inLanguage, signed, wordOf } from './shapes.js'

/** @typedef {import('./shapes.js').App} App */
/** @typedef {import('./shapes.js').Explained} Explained */
/** @typedef {import('./shapes.js').Way} Way */

const families = /** @type {const} */ (['cardholder', 'merchant', 'environment', 'behaviour'])
const people = /** @type {const} */ (['anyone', 'merchant', 'cardholder', 'history'])

/** @param {App} app @param {Explained} explained */
export function stepsPanel(app, explained) {
  const { el } = app
  const t = app.texts(decisionTexts)
  const { steps, rules, families: known, links, riskEvents, scorers, policy, isReplayed, decidedBy } = explained
  const standing = (/** @type {{ isEstablished: boolean, checks: readonly string[] }} */ { isEstablished, checks }) =>
    checks.length === 0 ? 'quiet' : isEstablished ? 'established' : 'adverse'
  /** @param {string} heading @param {readonly (Node | string)[]} items @param {string} testid */
  const list = (heading, items, testid) =>
    items.length > 0 && [
      el('h3', { class: 'tx-sub' }, heading),
      el(
        'ul',
        { class: 'tx-points', 'data-testid': testid },
        items.map((item) => el('li', null, item)),
      ),
    ]
  return el(
    'section',
    { class: 'panel tx-panel', 'data-testid': 'steps', 'aria-labelledby': 'tx-steps' },
    el(
      'div',
      { class: 'tx-panel-head' },
      el('h2', { id: 'tx-steps' }, t('steps')),
      policy.hash !== undefined &&
        el('span', { class: 'tx-quiet' }, t('policyHash', { policy: policy.name, hash: policy.hash })),
    ),
    el('p', { class: 'tx-about' }, t(decidedBy === 'engine' ? 'stepsAbout' : 'stepsAbout.other')),
    el(
      'ol',
      { class: 'tx-steps' },
      steps.map(({ code, text }) =>
        el('li', null, inLanguage(app, text), text.en === code ? null : [' ', el('code', { class: 'tx-check' }, code)]),
      ),
    ),
    list(
      t('rules'),
      rules.map(({ id, text, note }) =>
        el(
          'span',
          null,
          el('code', { class: 'tx-check' }, id),
          ` ${inLanguage(app, text)}`,
          note !== undefined && ` ${note}`,
        ),
      ),
      'rules',
    ),
    el('h3', { class: 'tx-sub' }, t('families')),
    el(
      'dl',
      { class: 'tx-families', 'data-testid': 'families' },
      families.map((family) => {
        const one = known[family]
        if (one === undefined) return false
        const how = standing(one)
        return el(
          'div',
          { class: `is-${how}` },
          el('dt', null, t(`family.${family}`)),
          el('dd', null, t(how), how !== 'quiet' && el('b', { class: 'tx-part' }, signed(one.weight))),
        )
      }),
    ),
    list(
      t('riskEvents'),
      riskEvents.map(({ text }) => inLanguage(app, text)),
      'risk-events',
    ),
    el('h3', { class: 'tx-sub' }, t('links')),
    links.length === 0
      ? el('p', { class: 'tx-quiet' }, t('noLinks'))
      : el(
          'ul',
          { class: 'tx-points', 'data-testid': 'links' },
          links.map(({ text }) => el('li', null, inLanguage(app, text))),
        ),
    list(
      t('scorers'),
      scorers.map(({ id, kind, version, hash, contribution }) =>
        el(
          'span',
          null,
          t('scorer', { name: `${id} (${kind})`, version }),
          ' ',
          el('code', { class: 'tx-check' }, hash.slice(0, 12)),
          el('b', { class: 'tx-part' }, contribution === undefined ? t('abstained') : signed(contribution)),
        ),
      ),
      'scorers',
    ),
    policy.isOfTheDay === false && el('p', { class: 'tx-quiet' }, t('notOfTheDay')),
    isReplayed !== undefined &&
      el('p', { class: 'tx-quiet', 'data-testid': 'replayed' }, t(isReplayed ? 'replayed' : 'notReplayed')),
  )
}

/** @param {App} app @param {Way} way @param {boolean} isFirst */
function shownWay(app, way, isFirst) {
  const { el } = app
  const t = app.texts(decisionTexts)
  const { differences } = way
  const shown = (/** @type {unknown} */ value) =>
    value === null
      ? t('untold')
      : typeof value === 'number'
        ? app.format.number(value)
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value)
  return el(
    isFirst ? 'div' : 'li',
    { class: ['tx-way-to', isFirst && 'is-first'], 'data-testid': isFirst ? 'smallest-way' : 'other-way' },
    el(
      'p',
      { class: 'tx-way-head' },
      app.statusChip(way.transStatus, way.transStatusReason),
      el('span', { class: 'tx-quiet' }, t('score', { score: signed(way.score) })),
    ),
    el('p', null, inLanguage(app, way.sentence)),
    !way.isSmallest && el('p', { class: 'tx-quiet' }, t('aWay')),
    differences.length > 0 &&
      el(
        'details',
        { class: 'tx-reads tx-values' },
        el('summary', null, differences.length === 1 ? t('oneValue') : t('values', { count: differences.length })),
        el(
          'ul',
          { class: 'tx-features' },
          differences.map(({ name, from, to }) =>
            el('li', null, el('code', null, name), ` ${shown(from)} → ${shown(to)}`),
          ),
        ),
      ),
  )
}

/** @param {App} app @param {Explained} explained @param {string} whose @param {(whose: string) => void} onWhose */
export function waysPanel(app, { counterfactual: { smallest, others, tried, missing } }, whose, onWhose) {
  const { el } = app
  const t = app.texts(decisionTexts)
  const rest = others.filter(({ transStatus }) => transStatus !== smallest?.transStatus)
  return el(
    'section',
    { class: 'panel tx-panel', 'data-testid': 'ways', 'aria-labelledby': 'tx-ways' },
    el('h2', { id: 'tx-ways' }, t('ways')),
    el('p', { class: 'tx-about' }, t('waysAbout', { count: tried })),
    segments({
      name: 'whose',
      legend: t('whose'),
      choices: people.map((one) => [one, t(`whose.${one}`)]),
      value: whose,
      onchange: onWhose,
    }),
    smallest !== undefined
      ? shownWay(app, smallest, true)
      : missing !== undefined && el('p', { class: 'tx-nothing' }, inLanguage(app, missing)),
    rest.length > 0 && el('h3', { class: 'tx-sub' }, t('others')),
    rest.length > 0 &&
      el(
        'ul',
        { class: 'tx-other-ways' },
        rest.map((way) => shownWay(app, way, false)),
      ),
  )
}

/**
 * What each check read, and whether it was told.
 * @param {App} app
 * @param {readonly import('./shapes.js').Read[]} reads
 * @param {(path: string) => void} showElement
 */
export function readsOf(app, reads, showElement) {
  const { el } = app
  const t = app.texts(transactionTexts)
  const own = app.texts(decisionTexts)
  return (
    reads.length > 0 &&
    el(
      'details',
      { class: 'tx-reads' },
      el('summary', null, t('reads'), ` ${reads.length}`),
      el(
        'ul',
        null,
        reads.map(({ path, presence = 'present' }) => {
          const word = wordOf(decisionTexts[app.lang], `presence.${presence}`)
          return el(
            'li',
            null,
            word === undefined
              ? el(
                  'button',
                  {
                    type: 'button',
                    class: 'tx-element',
                    'aria-label': t('showInAReq', { element: path }),
                    onclick: () => showElement(path),
                  },
                  path,
                )
              : el(
                  'span',
                  { class: 'tx-unsaid' },
                  el('code', null, path),
                  ` ${own(presence === 'absent' ? 'presence.absent' : 'presence.notAsked')}`,
                ),
          )
        }),
      ),
    )
  )
}
