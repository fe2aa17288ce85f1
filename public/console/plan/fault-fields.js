// A fault as a form says it: on which link, for which message, how often, and what goes wrong.
import { planTexts } from '../texts/plan.js'
import { numberIn, said, valueIn } from './fields.js'

/** @typedef {import('../app.js').App} App */

/** As src/faults/rule.ts names them, with the messages that go there. */
export const links = /** @type {const} */ ({
  'Requestor→3DSS': [],
  '3DSS→Requestor': [],
  '3DSS→DS': ['AReq', 'RRes', 'PReq'],
  'DS→3DSS': ['ARes', 'RReq', 'PRes'],
  'DS→ACS': ['AReq', 'RRes'],
  'ACS→DS': ['ARes', 'RReq'],
  'browser→ACS': ['CReq'],
  'ACS→browser': ['page', 'method', 'CRes'],
  'browser→3DSS': ['CRes'],
  '3DSS→browser': [],
  'ACS→mail': [],
  'ACS→hook': [],
})
/** @typedef {keyof typeof links} Link */

export const faultKinds = /** @type {const} */ ([
  'delay',
  'hang',
  'drop',
  'reset',
  'status',
  'truncate',
  'malformed',
  'html',
  'drip',
  'wrongIds',
  'wrongVersion',
  'missing',
  'extra',
  'set',
  'badSignature',
  'erro',
])
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
    Object.keys(links).map((one) => [one, one]),
    { value: 'ACS→DS' },
  )
  const message = fields.choice(at('message'), t('message'), [['', t('message.any')]])
  const kind = fields.choice(
    at('fault.kind'),
    t('fault'),
    faultKinds.map((one) => [one, t(`fault.${one}`)]),
    { value: 'status' },
  )
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

  function adapt() {
    const before = message.control.value
    const offered = links[/** @type {Link} */ (link.value)] ?? []
    message.control.replaceChildren(
      el('option', { value: '' }, t('message.any')),
      ...[...offered, ...(offered.length > 0 ? ['Erro'] : [])].map((one) =>
        el('option', { value: one }, one === 'page' || one === 'method' ? t(`message.${one}`) : one),
      ),
    )
    message.control.value = offered.some((one) => one === before) || before === 'Erro' ? before : ''
    message.root.hidden = offered.length === 0
    const needed = needs[kind.value] ?? []
    for (const [name, field] of Object.entries(details)) field.root.hidden = !needed.includes(name)
    delay.control.setAttribute('placeholder', kind.value === 'delay' ? '4s' : '0s')
    about.textContent = t(`fault.about.${/** @type {typeof faultKinds[number]} */ (kind.value)}`)
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
        message: message.root.hidden ? '' : message.value,
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
