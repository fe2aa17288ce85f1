// A plan, a match and a fault in words.
import { planTexts } from '../texts/plan.js'

/** @typedef {import('../app.js').App} App */
/** @typedef {{ kind: string, delay?: number, status?: number, bytesPerSecond?: number, messageVersion?: string, element?: string, value?: unknown, errorCode?: string }} Fault */
/** @typedef {{ link: string, message?: string, times?: number, probability?: number, fault: Fault }} PlannedFault */
/** @typedef {{ do: string, after?: number, value?: string }} PlayStep */
/**
 * @typedef {object} Plan
 * @property {string} [transStatus]
 * @property {string} [transStatusReason]
 * @property {string} [eci]
 * @property {string} [cardholderInfo]
 * @property {number} [delay]
 * @property {{ kind?: string, pageDelay?: number, appSeenAfter?: number | 'never', prompts?: readonly string[], play?: readonly PlayStep[], ending?: { transStatus: string, transStatusReason?: string, challengeCancel?: string, on?: string, after?: number } }} [challenge]
 * @property {{ result: string, afterSeconds?: number }} [decoupled]
 * @property {{ when?: string, delay?: number, copies?: number }} [rreq]
 * @property {readonly PlannedFault[]} [faults]
 */

/** As the API reads it: "4s", "10m". @param {number} ms */
export function spanText(ms) {
  for (const [unit, size] of /** @type {const} */ ([
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ])) {
    if (ms >= size && ms % (size / (unit === 's' ? 10 : 1)) === 0) return `${ms / size}${unit}`
  }
  return `${ms}ms`
}

/** @param {App} app @param {Fault} fault */
export function faultWords(app, fault) {
  const t = app.texts(planTexts)
  const { kind, delay } = fault
  /** @type {Readonly<Record<string, string>>} */
  const known = planTexts[app.lang]
  const values = Object.fromEntries(
    Object.entries(fault).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  )
  const said = (known[`fault.said.${kind}`] ?? known[`fault.${kind}`] ?? kind).replace(
    /\{(\w+)\}/g,
    (all, name) => values[name] ?? all,
  )
  if (delay === undefined || delay === 0) return said
  return kind === 'delay'
    ? t('fault.late', { span: spanText(delay) })
    : `${said}, ${t('fault.late', { span: spanText(delay) })}`
}

/** @param {App} app @param {PlannedFault} planned */
export function plannedFaultWords(app, { link, message, times = 1, probability = 1, fault }) {
  const t = app.texts(planTexts)
  return [
    `${link}${message === undefined ? '' : ` ${message}`}: ${faultWords(app, fault)}`,
    times > 1 && `×${times}`,
    probability < 1 && t('chance', { percent: app.format.percent(probability) }),
  ]
    .filter(Boolean)
    .join(' ')
}

/** @param {App} app @param {string} key */
const known = (app, key) => /** @type {Readonly<Record<string, string>>} */ (planTexts[app.lang])[key] ?? key

/** @param {App} app @param {string} kind */
export const kindWord = (app, kind) => {
  const word = known(app, `kind.${kind}`)
  return word === `kind.${kind}` ? kind : word
}

/** What a made-up cardholder does, step by step. @param {App} app @param {readonly PlayStep[]} play */
function playWords(app, play) {
  const t = app.texts(planTexts)
  const steps = play.map(({ do: action, after, value }) =>
    [
      known(app, `play.${action}`),
      value !== undefined && `“${value}”`,
      after !== undefined && after > 0 && t('said.after', { span: spanText(after) }),
    ]
      .filter(Boolean)
      .join(' '),
  )
  return t('said.play', { steps: steps.join(' → ') })
}

/** What a plan asks for, one after the other; the outcome first. @param {App} app @param {Plan} plan @returns {HTMLElement[]} */
export function planParts(app, plan) {
  const { el } = app
  const t = app.texts(planTexts)
  /** @param {string} text @param {string} [kind] */
  const part = (text, kind) => el('span', { class: ['plan-part', kind] }, text)
  const { transStatus, transStatusReason, eci, cardholderInfo, delay, challenge, decoupled, rreq, faults = [] } = plan
  const ending = challenge?.ending
  const parts = [transStatus === undefined ? part(t('outcome.engine')) : app.statusChip(transStatus, transStatusReason)]
  if (eci !== undefined) parts.push(part(`eci ${eci}`))
  if (delay !== undefined && delay > 0) parts.push(part(t('said.delay', { span: spanText(delay) })))
  if (cardholderInfo !== undefined) parts.push(part(`cardholderInfo “${cardholderInfo}”`))
  if (challenge?.kind !== undefined) parts.push(part(kindWord(app, challenge.kind)))
  if (challenge?.pageDelay !== undefined && challenge.pageDelay > 0)
    parts.push(part(t('said.pageDelay', { span: spanText(challenge.pageDelay) })))
  if (challenge?.appSeenAfter !== undefined)
    parts.push(
      part(
        challenge.appSeenAfter === 'never' ? t('said.appNever') : t('said.appSeenAfter', { n: challenge.appSeenAfter }),
      ),
    )
  if (challenge?.prompts !== undefined && challenge.prompts.length > 0)
    parts.push(
      part(t('said.prompts', { what: challenge.prompts.map((prompt) => known(app, `prompts.${prompt}`)).join(', ') })),
    )
  if (challenge?.play !== undefined && challenge.play.length > 0) parts.push(part(playWords(app, challenge.play)))
  if (ending !== undefined) {
    const on = ending.on === 'start' || ending.on === 'page' ? ending.on : 'answer'
    parts.push(
      el(
        'span',
        { class: 'plan-part' },
        t(`said.ending.${on}`),
        ' ',
        app.statusChip(ending.transStatus, ending.transStatusReason),
        ending.challengeCancel !== undefined && ` challengeCancel ${ending.challengeCancel}`,
        ending.after !== undefined && ending.after > 0 && ` ${t('said.after', { span: spanText(ending.after) })}`,
      ),
    )
  }
  if (decoupled !== undefined) {
    const result = decoupled.result === 'Y' || decoupled.result === 'N' ? decoupled.result : 'none'
    parts.push(
      part(
        decoupled.afterSeconds === undefined || result === 'none'
          ? t(`decoupled.${result}`)
          : `${t(`decoupled.${result}`)} ${t('said.after', { span: `${decoupled.afterSeconds}s` })}`,
      ),
    )
  }
  if (rreq !== undefined) parts.push(part(rreqWords(app, rreq)))
  for (const fault of faults) parts.push(part(plannedFaultWords(app, fault), 'is-fault'))
  return parts
}

/** @param {App} app @param {NonNullable<Plan['rreq']>} rreq */
export function rreqWords(app, { when = 'beforeCRes', delay, copies = 1 }) {
  const t = app.texts(planTexts)
  /** @type {Readonly<Record<string, string>>} */
  const known = planTexts[app.lang]
  return [
    t('said.rreq', { when: known[`rreq.${when}`] ?? when }),
    delay !== undefined && delay > 0 && t('said.after', { span: spanText(delay) }),
    copies > 1 && `×${copies}`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** What an AReq must be like. @param {App} app @param {Readonly<Record<string, unknown>>} match @param {ReadonlyMap<unknown, string>} [masks] Cards by their ids. */
export function matchWords(app, match, masks = new Map()) {
  const t = app.texts(planTexts)
  /** @type {Readonly<Record<string, string>>} */
  const known = planTexts[app.lang]
  /** @param {unknown} value */
  const text = (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value))
  const words = Object.entries(match).flatMap(([name, value]) => {
    if (value === undefined || value === null) return []
    if (name === 'card') {
      // Beside the id there may be its mask, which says more.
      const mask = match.panMask ?? match.acctNumber ?? masks.get(value)
      return [t('match.said.card', { mask: String(mask ?? `${String(value).slice(0, 8)}…`) })]
    }
    if (name === 'panMask' || name === 'acctNumber')
      return 'card' in match ? [] : [t('match.said.card', { mask: String(value) })]
    if (name === 'merchantName' || name === 'merchant') return [t('match.said.merchant', { name: String(value) })]
    if (name === 'paths' && typeof value === 'object')
      return Object.entries(value).map(([path, test]) => `${path} = ${text(test)}`)
    if (typeof value === 'object' && ('min' in value || 'max' in value)) {
      const { min, max } = /** @type {{ min?: number, max?: number }} */ (value)
      return [`${known[`match.${name}`] ?? name} ${min ?? ''}..${max ?? ''}`]
    }
    return [`${known[`match.${name}`] ?? name} ${text(value)}`]
  })
  return words.length === 0 ? t('match.any') : words.join(' · ')
}
