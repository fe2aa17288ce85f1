// Acts as the cardholder would, without a browser: the buttons of the page, of the banking app, and of time.
import { button, Field, problemLine, quoted, snippet } from '../../lib/pane.js'
import { transactionTexts } from '../../texts/transaction.js'
import { wordOf } from './shapes.js'

/** @typedef {import('./shapes.js').App} App */
/**
 * @typedef {object} ChallengeState
 * @property {string} phase
 * @property {string} [kind]
 * @property {string} [screen]
 * @property {{ options?: readonly { key: string, text: string, isRight: boolean }[], password?: string, prompts?: readonly string[] }} [asks]
 * @property {string} [hint]
 * @property {number} [triesLeft]
 * @property {string} [until]
 * @property {{ notificationURL: string, cres: string }} [back]
 */

/** @typedef {'open' | 'verify' | 'submit' | 'wrong' | 'trust' | 'continue' | 'approve' | 'refuse' | 'resend' | 'otherWay' | 'cancel' | 'expire'} Action */

/** What can be done on a screen, the usual thing first. @type {Readonly<Record<string, readonly Action[]>>} */
const byScreen = {
  code: ['verify', 'wrong', 'resend'],
  choose: [],
  question: ['submit', 'wrong'],
  pictures: ['submit', 'wrong'],
  app: ['approve', 'refuse', 'continue'],
  appMatch: ['approve', 'refuse', 'continue'],
  entries: ['submit', 'wrong', 'resend'],
  info: ['continue'],
}

/** @param {ChallengeState} now @returns {readonly Action[]} */
function actionsOf({ phase, kind, screen = 'code', asks }) {
  if (phase === 'awaitingFirstCReq') return ['open', 'expire']
  if (phase === 'awaitingDecoupled') return ['approve', 'refuse', 'expire']
  if (phase !== 'awaitingAnswer') return []
  return [
    ...(byScreen[screen] ?? []),
    ...(asks?.prompts !== undefined ? /** @type {const} */ (['trust']) : []),
    ...(kind === 'chooseOtp' && screen === 'code' ? /** @type {const} */ (['otherWay']) : []),
    'cancel',
    'expire',
  ]
}

/** @param {App} app @param {string} acsTransID @param {() => void} onDone */
export function cardholderPanel(app, acsTransID, onDone) {
  const { el } = app
  const t = app.texts(transactionTexts)
  const path = `/transactions/${encodeURIComponent(acsTransID)}/challenge`
  const problem = problemLine(app, 'cardholder-problem')
  const state = el('p', { class: 'tx-quiet', role: 'status', 'data-testid': 'cardholder-state' })
  const otp = new Field(
    el('input', {
      class: 'input mono',
      id: 'cardholder-otp',
      autocomplete: 'off',
      inputmode: 'numeric',
      maxlength: '20',
      'data-testid': 'cardholder-otp',
    }),
    t('cardholder.otp'),
  )
  const take = button(t('cardholder.take'), () => void takeCode(), { 'data-testid': 'cardholder-take' })
  const code = el('div', { class: 'cardholder-code', hidden: true }, otp.root, take)
  const buttons = el('div', { class: 'cardholder-actions' })
  const back = snippet(app, t('cardholder.back'), 'cardholder-back')
  back.node.hidden = true
  const node = el(
    'section',
    { class: 'panel tx-panel', 'data-testid': 'cardholder', 'aria-labelledby': 'tx-cardholder', hidden: true },
    el('h2', { id: 'tx-cardholder' }, t('cardholder')),
    el('p', { class: 'tx-about' }, t('cardholderText')),
    state,
    code,
    buttons,
    problem.node,
    back.node,
  )
  let drawn = ''

  /** @param {ChallengeState} now */
  function draw(now) {
    const { phase, hint, triesLeft, until } = now
    if (now.back !== undefined) {
      back.node.hidden = false
      back.set(`curl -s ${quoted(now.back.notificationURL)} \\\n  --data-urlencode ${quoted(`cres=${now.back.cres}`)}`)
    }
    const offered = actionsOf(now)
    const { screen = 'code' } = now
    const options = phase === 'awaitingAnswer' && screen === 'choose' ? (now.asks?.options ?? []) : []
    node.hidden = offered.length === 0 && now.back === undefined
    code.hidden = phase !== 'awaitingAnswer' || screen !== 'code'
    state.textContent = [
      (phase === 'awaitingAnswer' && wordOf(transactionTexts[app.lang], `screen.is.${screen}`)) ||
        (wordOf(transactionTexts[app.lang], `phase.is.${phase}`) ?? phase),
      hint !== undefined && (wordOf(transactionTexts[app.lang], `hint.${hint}`) ?? hint),
      triesLeft !== undefined && t('cardholder.tries', { n: triesLeft }),
      until !== undefined && t('cardholder.until', { time: app.format.time(Date.parse(until)) }),
    ]
      .filter(Boolean)
      .join(' · ')
    const shape = JSON.stringify([phase, screen, offered, options])
    if (drawn === shape) return
    drawn = shape
    const hadFocus = buttons.contains(document.activeElement)
    buttons.replaceChildren(
      ...options.map(({ key }) =>
        button(t(`cardholder.select.${/** @type {'email' | 'sms' | 'push'} */ (key)}`), () => void act('select', key), {
          'data-testid': `cardholder-select-${key}`,
        }),
      ),
      ...offered.map((action) =>
        button(t(`cardholder.${action}`), () => void act(action), {
          class: action === offered[0] && action !== 'cancel' ? 'primary' : undefined,
          'data-testid': `cardholder-${action}`,
        }),
      ),
    )
    if (hadFocus) buttons.querySelector('button')?.focus({ preventScroll: true })
  }

  /** @param {string} action @param {string} [value] */
  async function act(action, value) {
    problem.show(undefined)
    try {
      draw(
        await app.api.post(path, {
          action,
          ...(action === 'verify' && { otp: otp.value }),
          ...(value !== undefined && { value }),
        }),
      )
      if (action === 'verify') otp.control.value = ''
    } catch (error) {
      problem.show(error)
    }
    onDone()
  }

  async function takeCode() {
    problem.show(undefined)
    try {
      const mail = await app.api.get(`/inbox/latest?acsTransID=${encodeURIComponent(acsTransID)}`)
      otp.control.value = mail.code ?? ''
      otp.control.focus()
    } catch (error) {
      problem.show(error)
    }
  }

  return {
    node,
    /** Looks where the challenge stands. */
    async look() {
      try {
        draw(await app.api.get(path))
      } catch {
        // the page of the transaction says what there is
      }
    },
  }
}
