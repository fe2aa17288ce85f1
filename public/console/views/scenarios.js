// Who answers before the engine: ranges, the table of last digits, planned answers; and a question for one card.
import { coalesced, problemOf } from '../lib/ask.js'
import { copyButton } from '../lib/copy.js'
import { mountNextDecision, removeStubButton, stubLine } from '../next-decision.js'
import { schemes } from '../tables.js'
import { scenariosTexts } from '../texts/scenarios.js'
import { reasonWords } from '../texts/words.js'

/**
 * @typedef {{ from: string, to: string, scheme: string, mode: 'scripted' | 'risk' }} Range
 * @typedef {'Y' | 'N' | 'A' | 'U' | 'R' | 'I' | 'C' | 'D'} TransStatus
 * @typedef {{ endsWith: string, transStatus: TransStatus, transStatusReason?: string, title: string, decoupled?: { result: 'Y' | 'N' | 'none' } }} Row
 * @typedef {{ acctNumber: string, what: string, whatJa: string }} Try
 * @typedef {object} Match What the ACS says of one card.
 * @property {string} panMask
 * @property {Range | null} range
 * @property {{ transStatus: TransStatus, transStatusReason?: string, scenario: string } | null} scenario
 * @property {{ id: string, isRegistered: boolean, state: 'active' | 'blocked' | 'stolen' | 'expired', locked: boolean } | null} card
 */

const retryMs = 3_000
/** What a card in this state gets, whatever is planned. */
const stateAnswers = /** @type {const} */ ({ blocked: ['N', '12'], stolen: ['R', '10'], expired: ['N', '05'] })
const usualReasons = /** @type {Readonly<Record<string, string>>} */ ({ N: '01', U: '22', R: '11' })
/** 14 belongs to the RReq: no row matches it. */
const reasonCodes = Object.keys(reasonWords.en)
  .filter((code) => code !== '14')
  .sort()

/** @param {string} number */
const isLuhn = (number) => {
  let sum = 0
  for (const [i, digit] of [...number].reverse().entries()) {
    const doubled = Number(digit) * 2
    sum += i % 2 === 0 ? Number(digit) : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** A number of the range with this ending whose check digit is right. @param {Range} range @param {string} ending */
function exampleOf(range, ending) {
  const length = range.scheme === 'amex' ? 15 : 16
  const lead = range.from.padEnd(length - ending.length - 1, '0')
  const filler = '0123456789'.split('').find((digit) => isLuhn(`${lead}${digit}${ending}`)) ?? '0'
  return `${lead}${filler}${ending}`
}

/** In groups, as it is printed on a card. @param {string} number */
const grouped = (number) =>
  number.length === 15 ? number.replace(/^(\d{4})(\d{6})(\d{5})$/, '$1 $2 $3') : number.replace(/(\d{4})(?=\d)/g, '$1 ')

/** @param {string} scheme */
const schemeName = (scheme) => schemes.get(scheme) ?? scheme

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(scenariosTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(scenariosTexts)
  let isOver = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  /** @type {{ unmount(): void } | undefined} */
  let next

  /** @type {{ ranges: readonly Range[], scenarios: readonly Row[], cards: readonly Try[] }} */
  const { ranges, scenarios, cards } = await app.api.get('/scenarios')
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

  /** The ending in bold, where the reason goes in another colour. @param {string} endsWith */
  const pattern = (endsWith) => {
    const hasReason = endsWith.endsWith('rr')
    return el(
      'code',
      { class: 'ending' },
      el('span', { 'aria-hidden': 'true' }, '…'),
      el('b', null, hasReason ? endsWith.slice(0, -2) : endsWith),
      hasReason && el('i', null, 'rr'),
    )
  }

  // The table.
  const of = el(
    'select',
    { class: 'input', id: 'examples-of', 'data-testid': 'examples-of', onchange: () => drawRows() },
    scripted.map((range, position) => el('option', { value: String(position) }, schemeName(range.scheme))),
  )
  const rows = el('tbody', { 'data-testid': 'scenarios' })
  /** @type {Map<Row, string>} */
  const chosen = new Map()

  function drawRows() {
    const range = scripted[Number(of.value)]
    rows.replaceChildren(
      ...scenarios.map((row) => {
        const hasReason = row.endsWith.endsWith('rr')
        const usual = hasReason ? (usualReasons[row.transStatus] ?? '01') : undefined
        const place = el('td', { class: 'scenario-example' })
        const drawExample = () => {
          const ending = hasReason ? `${row.endsWith.slice(0, -2)}${chosen.get(row) ?? usual}` : row.endsWith
          const number = range === undefined ? ending : exampleOf(range, ending)
          place.replaceChildren(
            el('span', { class: 'cell-label' }, t('example')),
            copyable(() => number, grouped(number)),
          )
        }
        const reason =
          usual !== undefined &&
          el(
            'select',
            {
              class: 'input',
              value: chosen.get(row) ?? usual,
              'aria-label': `${t('reason')} (${row.endsWith})`,
              onchange: (/** @type {Event} */ event) => {
                if (event.target instanceof HTMLSelectElement) chosen.set(row, event.target.value)
                drawExample()
              },
            },
            reasonCodes.map((code) => el('option', { value: code }, `${code} ${app.reasonWord(code)}`)),
          )
        drawExample()
        const { transStatus } = row
        const isFixed = row.transStatus === 'N' || row.transStatus === 'U' || row.transStatus === 'R'
        return el(
          'tr',
          { 'data-testid': `scenario-${row.endsWith}` },
          el('td', { class: 'scenario-ending' }, pattern(row.endsWith)),
          el(
            'td',
            { class: 'scenario-what' },
            app.statusChip(row.transStatus, hasReason ? undefined : row.transStatusReason),
            el(
              'p',
              null,
              isFixed && !hasReason
                ? t(`what.${/** @type {'N' | 'U' | 'R'} */ (row.transStatus)}.fixed`)
                : transStatus === 'D'
                  ? t(`what.D.${row.decoupled?.result ?? 'Y'}`)
                  : t(`what.${transStatus}`),
            ),
            reason,
          ),
          place,
        )
      }),
    )
  }

  // The question.
  const number = el('input', {
    class: 'input mono',
    id: 'match-number',
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: '30',
    'aria-describedby': 'match-error',
    'data-testid': 'match-number',
  })
  const wrong = el('p', { class: 'field-error', id: 'match-error', role: 'alert', hidden: true })
  const answer = el('div', { class: 'match', role: 'status', 'data-testid': 'match' })
  const nextPlace = el('div', { class: 'match-next' })

  /** @param {string | undefined} text */
  function complain(text) {
    wrong.hidden = text === undefined
    wrong.textContent = text ?? ''
    if (text === undefined) number.removeAttribute('aria-invalid')
    else number.setAttribute('aria-invalid', 'true')
    if (text !== undefined) number.focus()
  }

  async function ask() {
    const acctNumber = number.value.replace(/[\s-]/g, '')
    next?.unmount()
    next = undefined
    answer.replaceChildren()
    nextPlace.replaceChildren()
    if (!/^[0-9]{13,19}$/.test(acctNumber)) return complain(t('form'))
    complain(undefined)
    try {
      /** @type {[Match, { stubs: readonly import('../next-decision.js').Stub[] }]} */
      const [match, { stubs }] = await Promise.all([
        app.api.post('/scenarios/match', { acctNumber }),
        app.api.get('/stubs'),
      ])
      if (isOver) return
      drawMatch(match, stubs)
    } catch (error) {
      const { status, message } = problemOf(error)
      complain(status === 0 ? t('offline') : status === 400 ? t('form') : t('failed', { message }))
    }
  }

  /** @param {Match} match @param {readonly import('../next-decision.js').Stub[]} stubs */
  function drawMatch({ panMask, range, scenario, card }, stubs) {
    const isOpen = card === null || card.state === 'active'
    const stub = isOpen && card !== null ? stubs.find((one) => one.match.card === card.id) : undefined
    /** @type {(Node | false)[]} */
    const lines = [
      el(
        'p',
        { class: 'match-card' },
        el('code', null, panMask),
        range !== null && el('span', { class: 'quiet' }, `${schemeName(range.scheme)} · ${t(`mode.${range.mode}`)}`),
      ),
    ]
    if (card === null) lines.push(el('p', null, t('by.none')))
    else if (card.state !== 'active') {
      const [transStatus, reason] = stateAnswers[card.state]
      lines.push(
        el('p', null, app.statusChip(transStatus, reason)),
        el('p', null, t('by.state', { state: t(`state.${card.state}`) })),
      )
    } else {
      if (stub !== undefined)
        lines.push(el('p', { class: 'match-stub' }, ...stubLine(app, stub)), el('p', null, t('by.stub')))
      if (scenario !== null) {
        const { transStatus, transStatusReason: reason, scenario: row } = scenario
        lines.push(
          el('p', null, app.statusChip(transStatus, reason)),
          el(
            'p',
            null,
            reason === undefined
              ? t('by.scenario', { row })
              : t('by.scenarioReason', { row, reason, words: app.reasonWord(reason) }),
          ),
        )
      } else lines.push(el('p', null, t(range?.mode === 'risk' ? 'by.engineRisk' : 'by.engineScripted')))
      if (card.locked) lines.push(el('p', null, t('by.locked')))
    }
    if (card?.isRegistered === true)
      lines.push(el('p', null, el('a', { href: app.href(`cards?card=${card.id}`) }, t('inRegister'))))
    answer.replaceChildren(...lines.filter((line) => line !== false))
    for (const row of rows.children)
      row.classList.toggle('is-hit', isOpen && row.getAttribute('data-testid') === `scenario-${scenario?.scenario}`)
    if (card !== null) next = mountNextDecision(nextPlace, app, { card: card.id, panMask })
  }

  // Planned answers.
  const stubList = el('ul', { class: 'stubs', 'data-testid': 'stubs' })
  const noStubs = el('p', { class: 'quiet', 'data-testid': 'stubs-none' }, t('noStubs'))
  const problem = el('p', { class: 'pane-problem', role: 'alert', hidden: true }, t('loadFailed'))
  /** @type {ReadonlyMap<unknown, string>} */
  let masks = new Map()

  /** @param {Readonly<Record<string, unknown>>} match */
  const matchWords = (match) => {
    const words = Object.entries(match).flatMap(([name, value]) => {
      if (name === 'card') {
        // Beside the id there may be its mask, which says more.
        const mask = match.panMask ?? match.acctNumber ?? masks.get(value)
        return [t('match.card', { mask: String(mask ?? `${String(value).slice(0, 8)}…`) })]
      }
      if (name === 'panMask' || name === 'acctNumber')
        return 'card' in match ? [] : [t('match.card', { mask: String(value) })]
      if (name === 'merchantName') return [t('match.merchantName', { name: String(value) })]
      return [`${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`]
    })
    return words.length === 0 ? t('match.any') : words.join(' · ')
  }

  const loadStubs = coalesced(async () => {
    clearTimeout(timer)
    try {
      const [{ stubs }, register] = await Promise.all([app.api.get('/stubs'), app.api.get('/cards')])
      if (isOver) return
      problem.hidden = true
      masks = new Map(register.cards.map((/** @type {{ id: string, mask: string }} */ card) => [card.id, card.mask]))
      const hadFocus = stubList.contains(document.activeElement)
      stubList.replaceChildren(
        ...stubs.map((/** @type {import('../next-decision.js').Stub} */ stub) =>
          el(
            'li',
            { class: 'stub', 'data-testid': `planned-${stub.id}` },
            el('span', { class: 'stub-match' }, matchWords(stub.match)),
            ...stubLine(app, stub),
            removeStubButton(app, stub, () => void loadStubs()),
          ),
        ),
      )
      noStubs.hidden = stubs.length > 0
      stubList.hidden = stubs.length === 0
      if (hadFocus) (stubList.querySelector('button') ?? number).focus({ preventScroll: true })
    } catch {
      if (isOver) return
      problem.hidden = false
      timer = setTimeout(() => void loadStubs(), retryMs)
    }
  })

  /** @param {string} id @param {string} heading @param {string} words @param {...(Node | false)} content */
  const pane = (id, heading, words, ...content) =>
    el(
      'section',
      { class: 'pane', 'aria-labelledby': id },
      el('div', { class: 'pane-title' }, el('h2', { id }, heading), el('p', null, words)),
      ...content,
    )

  root.append(
    el('p', { class: 'view-about' }, t('about')),
    el(
      'div',
      { class: 'scenarios-layout' },
      el(
        'div',
        { class: 'scenarios-main' },
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
          'try-cards',
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
      ),
      el(
        'div',
        { class: 'scenarios-side' },
        pane(
          'match-title',
          t('tester'),
          t('testerText'),
          el(
            'form',
            {
              class: 'match-form',
              novalidate: true,
              onsubmit: (/** @type {SubmitEvent} */ event) => {
                event.preventDefault()
                void ask()
              },
            },
            el('label', { for: 'match-number', class: 'field-label' }, t('number')),
            el(
              'p',
              { class: 'match-line' },
              number,
              el('button', { class: 'button primary', type: 'submit', 'data-testid': 'match-ask' }, t('ask')),
            ),
            wrong,
          ),
          answer,
          nextPlace,
        ),
        pane('stubs-title', t('stubs'), t('stubsText'), problem, stubList, noStubs),
        pane(
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
        ),
      ),
    ),
  )
  drawRows()
  stubList.hidden = true
  noStubs.hidden = true
  const offs = [app.events.on('stubs', () => void loadStubs()), app.events.on('reconnect', () => void loadStubs())]
  await loadStubs()
  return {
    unmount() {
      isOver = true
      clearTimeout(timer)
      next?.unmount()
      for (const off of offs) off()
    },
    query() {},
  }
}
