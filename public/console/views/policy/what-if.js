// A payment that nobody made: an AReq in, the decision and what would have changed it out. Nothing of it is kept, here or there.
import { problemOf } from '../../lib/ask.js'
import { codeEditor } from '../../lib/code-editor.js'
import { areqExample } from '../../lib/example.js'
import { button, Field, isSure, pane, problemLine } from '../../lib/pane.js'
import { whatIfTexts } from '../../texts/what-if.js'
import { stepsPanel, waysPanel } from '../transaction/decision.js'
import { waterfallPanel } from '../transaction/waterfall.js'

/**
 * @typedef {object} Answer What `POST /api/v1/explain` answers, as far as this page reads it.
 * @property {string} transStatus
 * @property {string} [transStatusReason]
 * @property {'stub' | 'override' | 'scenario' | 'engine'} decidedBy
 * @property {{ transStatus: string, transStatusReason?: string }} engine
 * @property {number} base
 * @property {number} score
 * @property {number} probability
 * @property {{ challenge: number, reject: number }} thresholds
 * @property {'low' | 'medium' | 'high'} band
 * @property {readonly (import('../transaction/shapes.js').Weighed & { code?: string, weight: number, sentence: import('../transaction/shapes.js').InBoth })[]} contributions
 * @property {readonly (import('../transaction/shapes.js').Weighed & { reason: import('../transaction/shapes.js').InBoth })[]} silent
 */
/** @typedef {Answer & import('../transaction/shapes.js').Explained} Explained */
/** @typedef {{ acsTransID: string, at: number, panMask: string, merchantName?: string, purchaseAmount?: string, purchaseCurrency?: string, purchaseExponent?: string, transStatus: string }} Row */

/** What says nothing about the payment: ids and addresses of servers, and the number of the card, which has its own field. */
const aside =
  /^(?:messageType|acctNumber|cardExpiryDate|threeDSServer(?:RefNumber|URL|OperatorID)|dsTransID|dsReferenceNumber|dsURL|acsTransID|purchaseDate|threeDSRequestor(?:ID|Name|URL)|notificationURL|sdkTransID|sdkReferenceNumber|sdkEphemPubKey|sdkEncData)$/

/** @param {Readonly<Record<string, unknown>>} areq */
const about = (areq) => Object.fromEntries(Object.entries(areq).filter(([name]) => !aside.test(name)))
/** @param {unknown} value */
const pretty = (value) => JSON.stringify(value, null, 2)

const exampleCard = '4111110000000021'
const example = () =>
  pretty({
    ...about(areqExample('')),
    threeDSServerTransID: undefined,
    purchaseAmount: '98000',
    email: 'somebody@example.com',
    shipAddrCountry: '392',
    acctInfo: { chAccAgeInd: '02' },
  })

/** What was typed outlives a change of the tab and the language, in the page alone; a card number does not. @type {{ areq: string | undefined }} */
const typed = { areq: undefined }

/** @param {Answer} answer @returns {import('../transaction/shapes.js').Waterfall} */
const waterfallOf = ({ base, score, probability, thresholds, band, contributions, silent }) => ({
  ...{ base, score, probability, thresholds, band },
  parts: [
    ...contributions.map(({ checkId, code, weight, sentence, reads, features }) => ({
      ...{ checkId, weight, text: sentence, paths: reads.map(({ path }) => path) },
      ...(code !== undefined && { code }),
      ...(features !== undefined && { features }),
    })),
    ...silent.map(({ checkId, reason, reads }) => ({
      ...{ checkId, weight: 0, text: reason, paths: reads.map(({ path }) => path), abstained: true },
    })),
  ],
})

/** @param {HTMLElement} root @param {import('../../app.js').App} app */
export async function whatIfView(root, app) {
  const { el } = app
  const t = app.texts(whatIfTexts)
  /** @type {[{ draft: { text: string } | null }, { policies: readonly { name: string }[] }, { transactions: readonly Row[] }]} */
  const [{ draft }, { policies: shipped }, { transactions }] = await Promise.all([
    app.api.get('/policies'),
    app.api.get('/policies/shipped'),
    app.api.get('/transactions?view=summary&limit=20'),
  ])
  let isOver = false
  let turn = 0
  let whose = 'anyone'
  /** What was taken over and not changed since. */
  let taken = example()

  const editor = codeEditor({
    id: 'what-if-areq',
    label: t('areq'),
    onchange: () => {
      typed.areq = editor.text
      editor.show([])
    },
    onsave: () => void ask(),
  })
  const card = new Field(
    el('input', {
      class: 'input mono',
      id: 'what-if-card',
      inputmode: 'numeric',
      autocomplete: 'off',
      maxlength: '23',
      value: exampleCard,
      'data-testid': 'what-if-card',
    }),
    t('card'),
    t('cardHint'),
  )
  const origin = el(
    'select',
    { class: 'input', id: 'what-if-begin', 'data-testid': 'what-if-begin' },
    el('option', { value: '' }, t('begin.example')),
    transactions.map((row) =>
      el(
        'option',
        { value: row.acsTransID },
        [
          app.format.time(row.at),
          row.merchantName,
          app.format.amount(row.purchaseAmount, row.purchaseCurrency, row.purchaseExponent),
          row.panMask,
          row.transStatus,
        ]
          .filter(Boolean)
          .join(' · '),
      ),
    ),
  )
  const policy = el(
    'select',
    { class: 'input', id: 'what-if-policy', 'data-testid': 'what-if-policy' },
    el('option', { value: '' }, t('policy.running')),
    draft !== null && el('option', { value: ':draft' }, t('policy.draft')),
    shipped.map(({ name }) => el('option', { value: name }, name)),
  )
  const problem = problemLine(app, 'what-if-failed')
  const status = el('p', { class: 'unseen', role: 'status' })
  const askButton = button(t('ask'), () => void ask(), { class: 'primary', 'data-testid': 'what-if-ask' })
  const result = el('div', { class: 'tx what-if-result', 'data-testid': 'what-if-result' })
  const cardHint = card.root.querySelector('.field-hint')

  async function begin() {
    problem.show(undefined)
    const isLost = editor.text !== taken
    if (isLost && !(await isSure(app, { title: t('replace'), words: t('replaceText'), yes: t('replace.yes') }))) return
    try {
      if (origin.value === '') {
        taken = example()
        card.control.value = exampleCard
        if (cardHint !== null) cardHint.textContent = t('cardHint')
      } else {
        /** @type {{ panMask: string, messages: readonly { messageType?: string, message?: unknown }[] }} */
        const { panMask, messages } = await app.api.get(`/transactions/${encodeURIComponent(origin.value)}`)
        if (isOver) return
        const sent = messages.find(({ messageType }) => messageType === 'AReq')?.message
        taken = pretty(about(typeof sent === 'object' && sent !== null ? { ...sent } : {}))
        card.control.value = ''
        if (cardHint !== null) cardHint.textContent = `${t('cardWas', { mask: panMask })} ${t('cardHint')}`
        card.control.focus()
      }
      editor.text = taken
      typed.areq = undefined
      card.complain(undefined)
      result.replaceChildren()
    } catch (error) {
      problem.show(error)
    }
  }

  /** Puts the cursor on an element, if it is there. @param {string} path */
  function showElement(path) {
    const name = JSON.stringify(path.split('.').at(-1) ?? '')
    const line = editor.text.split('\n').findIndex((text) => text.trim().startsWith(`${name}:`))
    if (line >= 0) editor.goTo(line + 1, 1)
    return line
  }

  /** @returns {Record<string, unknown> | undefined} */
  function read() {
    try {
      const areq = JSON.parse(editor.text)
      if (typeof areq === 'object' && areq !== null && !Array.isArray(areq)) return areq
      problem.show(t('noJson', { what: Array.isArray(areq) ? '[…]' : String(areq).slice(0, 40) }))
    } catch (error) {
      problem.show(t('noJson', { what: error instanceof Error ? error.message : '' }))
    }
    return undefined
  }

  async function ask() {
    problem.show(undefined)
    card.complain(undefined)
    editor.show([])
    const areq = read()
    if (areq === undefined) return
    const { acctNumber: written, ...rest } = areq
    const acctNumber = card.value.replace(/[ -]/g, '') || (typeof written === 'string' ? written : '')
    if (!/^[0-9]{13,19}$/.test(acctNumber)) {
      card.complain(t('noCard'))
      card.control.focus()
      return
    }
    turn += 1
    const mine = turn
    askButton.disabled = true
    status.textContent = t('asking')
    const by = policy.value === ':draft' ? draft?.text : policy.value
    try {
      /** @type {Explained} */
      const answer = await app.api.post('/explain', {
        areq: { ...rest, acctNumber },
        ...(by !== undefined && by !== '' && { policy: by }),
        ...(whose !== 'anyone' && { controllable: whose }),
      })
      if (isOver || mine !== turn) return
      status.textContent = ''
      show(answer)
    } catch (error) {
      if (isOver || mine !== turn) return
      status.textContent = ''
      const { path, message } = problemOf(error)
      const line = path.startsWith('areq.') ? showElement(path) : -1
      if (line >= 0) editor.show([{ line: line + 1, message }])
      problem.show(error)
    } finally {
      askButton.disabled = false
    }
  }

  /** @param {Explained} answer */
  function show(answer) {
    // There is no record that it could be decided again from.
    const { isReplayed: _none, ...known } = answer
    const { decidedBy, transStatus, transStatusReason, engine } = answer
    const hadFocus = result.contains(document.activeElement)
    result.replaceChildren(
      el(
        'div',
        { class: 'panel tx-panel what-if-verdict', 'data-testid': 'what-if-verdict' },
        el('h2', null, t('result')),
        el(
          'p',
          { class: 'what-if-words' },
          app.statusChip(transStatus, transStatusReason),
          ` ${t(`by.${decidedBy}`)} `,
          decidedBy !== 'engine' && app.statusChip(engine.transStatus, engine.transStatusReason),
        ),
      ),
      el(
        'div',
        { class: 'tx-two' },
        el(
          'div',
          { class: 'tx-column' },
          waterfallPanel(app, waterfallOf(answer), answer.policy.name, (path) => void showElement(path), answer),
        ),
        el(
          'div',
          { class: 'tx-column' },
          waysPanel(app, answer, whose, (next) => {
            whose = next
            void ask()
          }),
          stepsPanel(app, known),
        ),
      ),
    )
    const checked = result.querySelector('input:checked')
    if (hadFocus && checked instanceof HTMLElement) checked.focus({ preventScroll: true })
    app.announce(`${t('result')}: ${transStatus}`)
  }

  root.append(
    pane(
      'what-if',
      t('title'),
      t('about'),
      el(
        'div',
        { class: 'editor-bar policy-begin' },
        el('label', { for: 'what-if-begin' }, t('begin')),
        origin,
        button(t('begin.take'), () => void begin(), { 'data-testid': 'what-if-take' }),
      ),
      problem.node,
      editor.node,
      el('p', { class: 'field-hint' }, t('areqText')),
      el('div', { class: 'entry-form what-if-form' }, card.root, new Field(policy, t('policy')).root),
      el('div', { class: 'editor-bar' }, askButton),
      status,
    ),
    result,
  )
  editor.text = typed.areq ?? taken
  const wanted = app.query().get('from')
  if (wanted !== null && wanted !== '') {
    // An older one.
    if (!transactions.some(({ acsTransID }) => acsTransID === wanted))
      origin.append(el('option', { value: wanted }, wanted))
    origin.value = wanted
    typed.areq = undefined
    editor.text = taken
    await begin()
  }
  return {
    unmount() {
      isOver = true
      turn += 1
    },
  }
}
