// A fault as a form says it: on which link, for which message, how often, and what goes wrong.
import { faultKinds, faultMessages } from '../tables.js'
import { planTexts } from '../texts/plan.js'
import { numberIn, said, valueIn } from './fields.js'

/** @typedef {import('../app.js').App} App */

/** Links on which something can go wrong. */
export const links = [...faultKinds].flatMap(([link, kinds]) => (kinds.length > 0 ? [link] : []))

/** What a kind needs to know beside the delay. @type {Readonly<Record<string, readonly string[]>>} */
const needs = {
  status: ['status'],
  drip: ['bytesPerSecond'],
  wrongVersion: ['messageVersion'],
  missing: ['element'],
  extra: ['element', 'value'],
  set: ['element', 'value'],
  erro: ['errorCode', 'errorDetail'],
}
const usual = /** @type {Readonly<Record<string, string>>} */ ({ status: '503', errorCode: '402' })

/**
 * @param {App} app
 * @param {import('./fields.js').Fields} fields
 * @param {string} path Of the fault in the body, '' at its root.
 */
export function faultFields(app, fields, path) {
  const { el } = app
  const t = app.texts(planTexts)
  /** @param {string} name */
  const at = (name) => (path === '' ? name : `${path}.${name}`)
  const link = fields.choice(
    at('link'),
    t('link'),
    links.map((one) => [one, one]),
    { value: 'ACS→DS' },
  )
  const message = fields.choice(at('message'), t('message'), [['', t('message.any')]])
  const kind = fields.choice(at('fault.kind'), t('fault'), [['status', t('fault.status')]])
  const delay = fields.text(at('fault.delay'), t('fault.delayed'), { placeholder: '4s', class: 'input mono' })
  /** @type {Readonly<Record<string, import('../lib/pane.js').Field>>} */
  const details = {
    status: fields.text(at('fault.status'), t('fault.httpStatus'), { inputmode: 'numeric', value: usual.status }),
    bytesPerSecond: fields.text(at('fault.bytesPerSecond'), t('fault.bytesPerSecond'), {
      inputmode: 'numeric',
      placeholder: '200',
    }),
    messageVersion: fields.text(at('fault.messageVersion'), 'messageVersion', {
      placeholder: '9.9.9',
      class: 'input mono',
    }),
    element: fields.text(at('fault.element'), t('fault.element'), { placeholder: 'eci', class: 'input mono' }),
    value: fields.text(at('fault.value'), t('fault.value'), { hint: t('fault.value.hint'), class: 'input mono' }),
    errorCode: fields.text(at('fault.errorCode'), 'errorCode', {
      inputmode: 'numeric',
      value: usual.errorCode,
      class: 'input mono',
    }),
    errorDetail: fields.text(at('fault.errorDetail'), 'errorDetail', { class: 'input mono' }),
  }
  const times = fields.text(at('times'), t('times'), { inputmode: 'numeric', value: '1' })
  const probability = fields.text(at('probability'), t('probability'), {
    inputmode: 'decimal',
    placeholder: '1',
    hint: t('probability.hint'),
  })
  const about = el('p', { class: 'field-hint fault-about' })

  /** @type {Readonly<Record<string, string>>} */
  const words = planTexts[app.lang]
  /** @param {string} one @returns {readonly [string, string]} */
  const named = (one) => [one, words[`message.${one}`] ?? one]
  /** Other choices; the one that holds stays where it is among them. @param {import('../lib/pane.js').Field} field @param {readonly (readonly [string, string])[]} options */
  function offer({ control }, options) {
    const before = control.value
    control.replaceChildren(...options.map(([value, text]) => el('option', { value }, text)))
    control.value = options.some(([value]) => value === before) ? before : (options[0]?.[0] ?? '')
  }

  function adapt() {
    offer(message, [['', t('message.any')], ...(faultMessages.get(link.value) ?? []).map(named)])
    offer(
      kind,
      (faultKinds.get(link.value) ?? []).map((one) => [one, words[`fault.${one}`] ?? one]),
    )
    const needed = needs[kind.value] ?? []
    for (const [name, field] of Object.entries(details)) field.root.hidden = !needed.includes(name)
    delay.control.setAttribute('placeholder', kind.value === 'delay' ? '4s' : '0s')
    about.textContent = words[`fault.about.${kind.value}`] ?? ''
  }
  link.control.addEventListener('change', adapt)
  kind.control.addEventListener('change', adapt)
  adapt()

  return {
    node: el(
      'div',
      { class: 'form-grid' },
      link.root,
      message.root,
      kind.root,
      ...Object.values(details).map(({ root }) => root),
      delay.root,
      times.root,
      probability.root,
      about,
    ),
    read() {
      const needed = needs[kind.value] ?? []
      return said({
        link: link.value,
        message: message.value,
        times: times.value === '1' ? undefined : numberIn(times.value),
        probability: numberIn(probability.value),
        fault: {
          kind: kind.value,
          ...said({
            status: needed.includes('status') ? numberIn(details.status?.value ?? '') : undefined,
            bytesPerSecond: needed.includes('bytesPerSecond')
              ? numberIn(details.bytesPerSecond?.value ?? '')
              : undefined,
            messageVersion: needed.includes('messageVersion') ? details.messageVersion?.value : undefined,
            element: needed.includes('element') ? details.element?.value : undefined,
            errorCode: needed.includes('errorCode') ? details.errorCode?.value : undefined,
            errorDetail: needed.includes('errorDetail') ? details.errorDetail?.value : undefined,
            delay: delay.value,
          }),
          ...(needed.includes('value') && { value: valueIn(details.value?.value ?? '') }),
        },
      })
    },
  }
}
