// The scenario table as a table: what hits a row, what happens, and a card that does it.
import { copyButton } from '../../lib/copy.js'
import { pane } from '../../lib/pane.js'
import { cancelCodes, reasonCodesOf } from '../../plan/codes.js'
import { matchWords, planParts } from '../../plan/words.js'
import { planTexts } from '../../texts/plan.js'
import { scenariosTexts } from '../../texts/scenarios.js'
import { exampleOf, grouped, schemeName } from './examples.js'

/** @typedef {import('./examples.js').Range} Range */
/**
 * @typedef {object} Row
 * @property {string} title
 * @property {string} [titleJa]
 * @property {Readonly<Record<string, unknown>>} [match]
 * @property {string} [endsWith]
 * @property {import('../../plan/words.js').Plan} then
 */
/** @typedef {{ acctNumber: string, what: string, whatJa: string }} Try */
/** @typedef {{ ranges: readonly Range[], scenarios: readonly Row[], cards: readonly Try[], yaml: string, isReplaced: boolean }} Table */

const usualReasons = /** @type {Readonly<Record<string, string>>} */ ({ N: '01', U: '22', R: '11' })

/** The name by which the API calls a row. @param {Row} row */
export const nameOf = ({ title, match = {}, endsWith }) =>
  endsWith !== undefined && Object.keys(match).every((name) => name === 'endsWith') ? endsWith : title

/** @param {import('../../app.js').App} app @param {Table} table */
export function tableView(app, { ranges, scenarios, cards }) {
  const { el } = app
  const t = app.texts(scenariosTexts)
  const p = app.texts(planTexts)
  const scripted = ranges.filter(({ mode }) => mode === 'scripted')

  /** @param {() => string} number @param {Node | string} shown */
  const copyable = (number, shown) =>
    el(
      'span',
      { class: 'copyable' },
      el('code', { class: 'pan' }, shown),
      copyButton(app, number, {
        label: t('copy', { number: number() }),
        done: t('copied'),
        failed: t('notCopied'),
      }),
    )

  /** The ending in bold, where a code goes in another colour. @param {string} endsWith */
  const pattern = (endsWith) => {
    const [, digits = endsWith, code] = /^([0-9]*)(rr|cc)$/.exec(endsWith) ?? []
    return el(
      'code',
      { class: 'ending' },
      el('span', { 'aria-hidden': 'true' }, '…'),
      el('b', null, digits),
      code !== undefined && el('i', null, code),
    )
  }

  const of = el(
    'select',
    { class: 'input', id: 'examples-of', 'data-testid': 'examples-of', onchange: () => drawRows() },
    scripted.map((range, position) => el('option', { value: String(position) }, schemeName(range.scheme))),
  )
  const rows = el('tbody', { 'data-testid': 'scenarios' })
  /** Codes that were chosen for rows with rr or cc. @type {Map<Row, string>} */
  const chosen = new Map()

  function drawRows() {
    const range = scripted[Number(of.value)]
    rows.replaceChildren(
      ...scenarios.map((row) => {
        const { endsWith, match = {}, then: plan } = row
        const isEnding = nameOf(row) === endsWith
        const open = endsWith?.endsWith('rr') ? 'rr' : endsWith?.endsWith('cc') ? 'cc' : undefined
        const ending = plan.challenge?.ending
        const usual = open === 'cc' ? '06' : (usualReasons[ending?.transStatus ?? plan.transStatus ?? ''] ?? '01')
        const place = el('td', { class: 'scenario-example' })
        const drawExample = () => {
          if (range === undefined || !isEnding || endsWith === undefined) return
          const number = exampleOf(
            range,
            open === undefined ? endsWith : `${endsWith.slice(0, -2)}${chosen.get(row) ?? usual}`,
          )
          place.replaceChildren(
            el('span', { class: 'cell-label' }, t('example')),
            copyable(() => number, grouped(number)),
          )
        }
        const code =
          open !== undefined &&
          el(
            'select',
            {
              class: 'input',
              value: chosen.get(row) ?? usual,
              'aria-label': `${t(open)} (${endsWith})`,
              onchange: (/** @type {Event} */ event) => {
                if (event.target instanceof HTMLSelectElement) chosen.set(row, event.target.value)
                drawExample()
              },
            },
            open === 'rr'
              ? reasonCodesOf(ending === undefined ? 'ARes' : 'RReq').map((one) =>
                  el('option', { value: one }, `${one} ${app.reasonWord(one)}`),
                )
              : cancelCodes.map((one) => el('option', { value: one }, `${one} ${p(`cancel.${one}`)}`)),
          )
        drawExample()
        return el(
          'tr',
          { 'data-testid': `scenario-${nameOf(row)}` },
          el(
            'td',
            { class: 'scenario-ending' },
            endsWith !== undefined && pattern(endsWith),
            !isEnding && el('span', { class: 'scenario-match' }, matchWords(app, without(match, 'endsWith'))),
          ),
          el(
            'td',
            { class: 'scenario-what' },
            el('p', null, (app.lang === 'ja' ? row.titleJa : undefined) ?? row.title),
            el('div', { class: 'plan-parts' }, planParts(app, plan)),
            code,
          ),
          place,
        )
      }),
    )
  }
  drawRows()

  const node = el(
    'div',
    null,
    pane(
      'scenario-table',
      t('table'),
      t('tableText'),
      scripted.length > 1 &&
        el('p', { class: 'examples-of' }, el('label', { for: 'examples-of' }, t('examplesOf')), of),
      el(
        'table',
        { class: 'plain-table scenario-table', 'aria-labelledby': 'scenario-table' },
        el(
          'thead',
          null,
          el(
            'tr',
            null,
            el('th', { scope: 'col' }, t('ending')),
            el('th', { scope: 'col' }, t('outcome')),
            el('th', { scope: 'col' }, t('example')),
          ),
        ),
        rows,
      ),
    ),
    pane(
      'try-title',
      t('try'),
      t('tryText'),
      el(
        'ul',
        { class: 'try-cards', 'data-testid': 'try-cards' },
        cards.map((card) =>
          el(
            'li',
            null,
            copyable(() => card.acctNumber, grouped(card.acctNumber)),
            el('span', null, app.lang === 'ja' ? card.whatJa : card.what),
          ),
        ),
      ),
      el('p', { class: 'form-actions' }, el('a', { class: 'button primary', href: app.shopUrl }, t('toShop'))),
    ),
  )
  return {
    node,
    /** The row that a question hit. @param {string | undefined} name */
    hit(name) {
      const names = name?.split(' + ') ?? []
      for (const row of rows.children)
        row.classList.toggle(
          'is-hit',
          names.some((one) => row.getAttribute('data-testid') === `scenario-${one}`),
        )
    },
  }
}

/** @param {Readonly<Record<string, unknown>>} members @param {string} name */
const without = (members, name) => Object.fromEntries(Object.entries(members).filter(([one]) => one !== name))

/** @param {import('../../app.js').App} app @param {readonly Range[]} ranges */
export function rangesPane(app, ranges) {
  const { el } = app
  const t = app.texts(scenariosTexts)
  return pane(
    'ranges-title',
    t('ranges'),
    t('rangesText'),
    el(
      'table',
      { class: 'plain-table ranges', 'data-testid': 'ranges', 'aria-labelledby': 'ranges-title' },
      el(
        'thead',
        null,
        el(
          'tr',
          null,
          el('th', { scope: 'col' }, t('range')),
          el('th', { scope: 'col' }, t('scheme')),
          el('th', { scope: 'col' }, t('mode')),
        ),
      ),
      el(
        'tbody',
        null,
        ranges.map((range) =>
          el(
            'tr',
            null,
            el('td', null, el('code', null, `${range.from}–${range.to}`)),
            el('td', null, schemeName(range.scheme)),
            el('td', null, el('span', { class: ['mode', `is-${range.mode}`] }, t(`mode.${range.mode}`))),
          ),
        ),
      ),
    ),
  )
}
