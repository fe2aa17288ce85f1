// The merchant monitor: confirmed fraud by merchant and month, what follows from it, and the table to take along.
import { createDrawing, keepFresh } from '../lib/fresh.js'
import { button, note, pane, problemLine, saveFile } from '../lib/pane.js'
import { merchantsTexts } from '../texts/merchants.js'

/**
 * @typedef {object} Month
 * @property {string} month Such as 2026-11.
 * @property {number} n
 * @property {number} yen
 * @property {boolean} isOver
 */
/**
 * @typedef {object} Merchant As the API shows it.
 * @property {string} merchant
 * @property {string} [acquirerMerchantID]
 * @property {string} [name]
 * @property {'manifest' | 'rising' | 'past' | 'clear'} state
 * @property {number} inARow
 * @property {string} [since]
 * @property {'on' | 'partly' | 'off'} overlay
 * @property {readonly Month[]} months Newest first.
 */
/** @typedef {{ yen: number, months: number, thisMonth: string, timeZone: string }} Rule */
/**
 * @typedef {object} Overlay
 * @property {string} policy
 * @property {readonly { id: string, outcome: Record<string, string>, isInForce: boolean }[]} rules
 * @property {boolean} isScored
 */

const states = /** @type {const} */ (['manifest', 'rising', 'past', 'clear'])
const monthsShown = 6
const yen = '392'
const example = `- id: manifest-fraud-overlay
  when: { of: feature.merchant_fraud_months, ge: 3 }
  outcome: { atLeast: challenge }`

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(merchantsTexts)('title')

/** The months up to `last`, oldest first. @param {string} last */
function monthsUpTo(last) {
  const [year = 0, month = 1] = last.split('-').map(Number)
  return Array.from({ length: monthsShown }, (_, i) => {
    const at = year * 12 + month - 1 - (monthsShown - 1 - i)
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`
  })
}

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(merchantsTexts)
  /** @type {readonly Merchant[]} */
  let merchants = []
  /** @type {Rule} */
  let rule = { yen: 0, months: 3, thisMonth: '1970-01', timeZone: '' }
  /** @type {Overlay} */
  let overlay = { policy: '', rules: [], isScored: false }

  const about = el('p', { class: 'view-about' })
  const problem = problemLine(app, 'merchants-problem')
  const count = el('p', { class: 'pane-count', role: 'status', 'data-testid': 'merchants-count' })
  const overlaySlot = el('div')
  const list = el('ul', { class: 'hook-rows', 'data-testid': 'merchants' })
  const none = el('div')
  const drawOverlay = createDrawing(overlaySlot)
  const drawList = createDrawing(list)

  const search = el('input', {
    class: 'input pane-search',
    type: 'search',
    value: app.query().get('q') ?? '',
    placeholder: t('placeholder'),
    'aria-label': t('search'),
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 100,
    'data-testid': 'search',
    oninput: () => refine('q', search.value.trim()),
  })
  const state = el(
    'select',
    {
      class: 'input',
      'aria-label': t('state'),
      'data-testid': 'filter-state',
      value: app.query().get('state') ?? '',
      onchange: () => refine('state', state.value),
    },
    el('option', { value: '' }, t('anyState')),
    states.map((one) => el('option', { value: one }, t(`state.${one}`))),
  )
  const exporting = button(t('export'), () => void exportAll(), { 'data-testid': 'merchants-export' })

  /** @param {string} name @param {string} value */
  function refine(name, value) {
    const query = app.query()
    if (value === '') query.delete(name)
    else query.set(name, value)
    app.setQuery(query, 'replace')
    draw()
  }

  async function exportAll() {
    problem.show(undefined)
    try {
      // Spreadsheets take a table for UTF-8 by its mark.
      saveFile('sekisho-merchants.csv', `\ufeff${await app.api.text('/hook/merchants/csv')}`, 'text/csv;charset=utf-8')
      app.announce(t('exported'))
    } catch (error) {
      problem.show(error)
    }
  }

  /** @param {number} amount */
  const money = (amount) => app.format.amount(amount, yen, 0)
  /** @param {string} month */
  const monthName = (month) =>
    new Intl.DateTimeFormat(app.lang === 'ja' ? 'ja-JP' : 'en-GB', {
      year: 'numeric',
      month: app.lang === 'ja' ? 'long' : 'short',
      timeZone: 'UTC',
    }).format(Date.parse(`${month}-15T00:00:00Z`))
  /** @param {number} n */
  const fraudsOf = (n) => t(n === 1 ? 'frauds.one' : 'frauds', { n: app.format.number(n) })

  /** @param {Record<string, string>} outcome */
  function does({ atLeast, atMost, answer, transStatusReason }) {
    if (answer !== undefined) {
      const of = transStatusReason === undefined ? answer : `${answer} ${transStatusReason}`
      return t('does.answer', { answer: of })
    }
    const bound = atLeast ?? atMost
    return bound === 'challenge' || bound === 'reject' || bound === 'frictionless' ? t(`does.${bound}`) : ''
  }

  const overlayPane = () =>
    pane(
      'overlay',
      t('overlay'),
      t('overlayAbout', { policy: overlay.policy }),
      overlay.rules.length === 0
        ? el(
            'div',
            null,
            el('p', null, t('overlayNone')),
            el('pre', { class: 'hook-code', tabindex: '0', 'aria-label': t('overlayRule') }, el('code', null, example)),
          )
        : el(
            'ul',
            { class: 'hook-lines', 'data-testid': 'overlay-rules' },
            overlay.rules.map(({ id, outcome, isInForce }) =>
              el(
                'li',
                null,
                el('code', null, id),
                ' ',
                el('span', null, does(outcome)),
                ' ',
                el('span', { class: ['hook-chip', isInForce && 'is-good'] }, t(isInForce ? 'inForce' : 'notInForce')),
              ),
            ),
          ),
      el(
        'p',
        { class: 'quiet' },
        `${t(overlay.isScored ? 'scored' : 'notScored')} `,
        el('a', { href: app.href('policy') }, t('toPolicy')),
      ),
    )

  /** @param {Merchant} one */
  function aboutState({ state: of, inARow, since }) {
    return t(`stateAbout.${of}`, {
      n: inARow,
      of: rule.months,
      month: since === undefined ? '' : monthName(since),
    })
  }

  /** @param {Merchant} one */
  function row(one) {
    const { merchant, name = '', acquirerMerchantID = '', state: of, overlay: is, months } = one
    const who = name || acquirerMerchantID || t('unnamed')
    const byMonth = new Map(months.map((month) => [month.month, month]))
    const recent = monthsUpTo(rule.thisMonth)
    const most = Math.max(rule.yen * 1.25, ...recent.map((month) => byMonth.get(month)?.yen ?? 0))
    const older = months.filter(({ month }) => month < (recent[0] ?? ''))
    return el(
      'li',
      { class: ['hook-row', 'merchant', `is-${of}`], 'data-testid': `merchant-${merchant}`, 'data-state': of },
      el(
        'div',
        { class: 'merchant-who' },
        el('h2', null, who),
        acquirerMerchantID !== '' && who !== acquirerMerchantID && el('p', { class: 'quiet mono' }, acquirerMerchantID),
        el(
          'p',
          { class: 'merchant-chips' },
          el(
            'span',
            { class: ['hook-chip', of === 'manifest' ? 'is-bad' : of === 'rising' && 'is-warning'] },
            t(`state.${of}`),
          ),
          el(
            'span',
            {
              class: ['hook-chip', is === 'on' ? 'is-info' : is === 'partly' && 'is-warning'],
              title: t(`overlayTitle.${is}`),
              'data-testid': `overlay-${merchant}`,
            },
            t(`overlay.${is}`),
          ),
        ),
        el('p', { class: 'quiet' }, aboutState(one)),
      ),
      el(
        'ol',
        { class: 'month-bars', 'aria-label': t('months', { who }) },
        recent.map((month) => {
          const { yen: sum = 0, n = 0, isOver = false } = byMonth.get(month) ?? {}
          return el(
            'li',
            { class: ['month', isOver && 'is-over'] },
            el(
              'span',
              { class: 'month-bar', 'aria-hidden': 'true' },
              el('i', { class: 'month-limit', style: { bottom: `${(rule.yen / most) * 100}%` } }),
              el('i', { class: 'month-sum', style: { height: `${(sum / most) * 100}%` } }),
            ),
            el('span', { class: 'month-name' }, monthName(month)),
            el('b', { class: 'month-yen' }, sum === 0 ? '–' : money(sum)),
            el(
              'span',
              { class: 'month-n quiet' },
              n === 0 ? '' : fraudsOf(n),
              isOver && el('span', { class: 'unseen' }, ` ${t('over')}`),
              month === rule.thisMonth && el('span', null, `${n === 0 ? '' : ' · '}${t('thisMonth')}`),
            ),
          )
        }),
      ),
      older.length > 0 &&
        el(
          'details',
          { class: 'merchant-older', 'data-testid': `older-${merchant}` },
          el('summary', null, t('older', { n: older.length })),
          el(
            'table',
            { class: 'plain-table' },
            el(
              'thead',
              null,
              el(
                'tr',
                null,
                el('th', { scope: 'col' }, t('head_month')),
                el('th', { scope: 'col', class: 'number' }, t('head_yen')),
                el('th', { scope: 'col', class: 'number' }, t('head_n')),
              ),
            ),
            el(
              'tbody',
              null,
              older.map(({ month, yen: sum, n, isOver }) =>
                el(
                  'tr',
                  null,
                  el('td', null, monthName(month)),
                  el('td', { class: 'number' }, money(sum), isOver && ` (${t('over')})`),
                  el('td', { class: 'number' }, app.format.number(n)),
                ),
              ),
            ),
          ),
        ),
    )
  }

  function draw() {
    const part = search.value.trim().normalize('NFKC').toLowerCase()
    const isAll = part === '' && state.value === ''
    const shown = merchants.filter(
      ({ name = '', acquirerMerchantID = '', state: of }) =>
        (state.value === '' || of === state.value) &&
        `${name}\n${acquirerMerchantID}`.normalize('NFKC').toLowerCase().includes(part),
    )
    about.textContent = t('about', { zone: rule.timeZone, limit: money(rule.yen), n: rule.months })
    drawOverlay(overlay, () => [overlayPane()])
    drawList([shown, rule], () => shown.map(row))
    list.hidden = shown.length === 0
    exporting.hidden = merchants.length === 0
    count.textContent =
      merchants.length === 0
        ? ''
        : isAll
          ? t(merchants.length === 1 ? 'count.one' : 'count', { n: app.format.number(merchants.length) })
          : t('found', { n: app.format.number(shown.length), of: app.format.number(merchants.length) })
    none.replaceChildren(
      ...(shown.length > 0
        ? []
        : isAll
          ? [
              note(
                'merchants-none',
                t('none'),
                t('noneText'),
                el('a', { class: 'button primary', href: app.href('') }, t('toList')),
              ),
            ]
          : [note('merchants-no-match', t('noMatch'), t('noMatchText'), button(t('clear'), clear))]),
    )
  }

  function clear() {
    search.value = ''
    state.value = ''
    app.setQuery(new URLSearchParams(), 'replace')
    draw()
    search.focus()
  }

  root.append(
    about,
    el('div', { class: 'pane-head' }, search, state, exporting, count),
    problem.node,
    list,
    none,
    overlaySlot,
  )
  const fresh = await keepFresh(
    app,
    async () => {
      const answer = await app.api.get('/hook/merchants')
      ;({ merchants, rule, overlay } = answer)
      draw()
    },
    problem,
  )
  return {
    unmount: fresh.stop,
    query() {
      search.value = app.query().get('q') ?? ''
      state.value = app.query().get('state') ?? ''
      draw()
    },
  }
}
