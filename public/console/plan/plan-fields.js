// A plan as a form says it: the outcome, the challenge and its end, the RReq, faults.
import { button } from '../lib/pane.js'
import { challengeKinds, playActions } from '../tables.js'
import { planTexts } from '../texts/plan.js'
import { cancelCodes, reasonCodesOf } from './codes.js'
import { faultFields } from './fault-fields.js'
import { numberIn, said } from './fields.js'
import { kindWord } from './words.js'

/** @typedef {import('../app.js').App} App */

const outcomes = /** @type {const} */ (['Y', 'C', 'A', 'I', 'D', 'N', 'R', 'U'])
const endings = /** @type {const} */ (['Y', 'N', 'A', 'U', 'R', 'D'])
/** Those that a reason may say more about. */
const withReason = new Set(['N', 'U', 'R'])
/** Kinds that the banking app answers; as usual may be one of them. */
const inApp = new Set(['', 'oob', 'oobMatch'])
/** Steps that say what is entered. */
const withValue = new Set(['submit', 'select'])

/**
 * The steps of a made-up cardholder, as a list that grows and shrinks.
 * @param {App} app
 * @param {import('./fields.js').Fields} fields
 * @param {() => void} onchange
 */
function playSteps(app, fields, onchange) {
  const { el } = app
  const t = app.texts(planTexts)
  const path = 'then.challenge.play'
  const words = /** @type {Readonly<Record<string, string>>} */ (planTexts[app.lang])
  /** @type {(() => { do: string, after: string, value: string })[]} */
  let steps = []
  const list = el('ol', { class: 'plan-steps', 'data-testid': 'plan-steps' })

  /** Drawn anew as a whole, so that the paths count as the API counts. @param {readonly { do: string, after: string, value: string }[]} told */
  function draw(told) {
    fields.forget(path)
    steps = []
    list.replaceChildren(
      ...told.map((step, index) => {
        const at = `${path}.${index}`
        const action = fields.choice(
          `${at}.do`,
          t('play.do'),
          playActions.map((one) => /** @type {const} */ ([one, words[`play.${one}`] ?? one])),
          { value: step.do },
        )
        const after = fields.text(`${at}.after`, t('play.after'), {
          placeholder: '0s',
          hint: t('play.after.hint'),
          class: 'input mono',
          value: step.after,
        })
        const value = fields.text(`${at}.value`, t('play.value'), {
          hint: t('play.value.hint'),
          class: 'input mono',
          maxlength: '200',
          value: step.value,
        })
        const adapt = () => {
          value.root.hidden = !withValue.has(action.value)
        }
        action.control.addEventListener('change', adapt)
        adapt()
        steps.push(() => ({ do: action.value, after: after.value, value: value.root.hidden ? '' : value.value }))
        return el(
          'li',
          { class: 'plan-step', 'data-testid': `plan-step-${index}` },
          el(
            'fieldset',
            null,
            el('legend', null, t('play.one', { n: index + 1 })),
            action.root,
            after.root,
            value.root,
          ),
          button(t('play.remove', { n: index + 1 }), () => {
            draw(read().filter((_step, other) => other !== index))
            add.focus()
            onchange()
          }),
        )
      }),
    )
  }
  const read = () => steps.map((step) => step())
  const add = button(
    t('play.add'),
    () => {
      const first = steps.length === 0
      draw([...read(), { do: first ? 'open' : 'submit', after: first ? '' : '3s', value: '' }])
      list.lastElementChild?.querySelector('select')?.focus()
      onchange()
    },
    { 'data-testid': 'plan-add-step' },
  )
  return {
    node: el(
      'div',
      { class: 'plan-play' },
      el('h4', null, t('play')),
      el('p', { class: 'field-hint' }, t('play.hint')),
      list,
      el('p', null, add),
    ),
    read: () => read().map((step) => said(step)),
  }
}

/**
 * @param {App} app
 * @param {import('./fields.js').Fields} fields
 * @param {() => void} onchange
 */
export function planFields(app, fields, onchange) {
  const { el } = app
  const t = app.texts(planTexts)
  /** @param {string} code */
  const reason = (code) => /** @type {const} */ ([code, `${code} ${app.reasonWord(code)}`])
  /** @param {string} status */
  const outcome = (status) => /** @type {const} */ ([status, `${status} ${app.outcomeWord(status)}`])

  const status = fields.choice(
    'then.transStatus',
    t('outcome'),
    [['', t('outcome.engine')], ...outcomes.map(outcome)],
    {
      hint: t('outcome.hint'),
    },
  )
  const why = fields.choice('then.transStatusReason', t('reason'), [
    ['', t('reason.usual')],
    ...reasonCodesOf('ARes').map(reason),
  ])
  const eci = fields.text('then.eci', 'eci', { placeholder: t('asUsual'), inputmode: 'numeric', maxlength: '2' })
  const info = fields.text('then.cardholderInfo', 'cardholderInfo', { maxlength: '128' })
  const delay = fields.text('then.delay', t('delay'), { placeholder: '4s', hint: t('span.hint'), class: 'input mono' })

  const kind = fields.choice('then.challenge.kind', t('kind'), [
    ['', t('asUsual')],
    ...challengeKinds.map((one) => /** @type {const} */ ([one, kindWord(app, one)])),
  ])
  const pageDelay = fields.text('then.challenge.pageDelay', t('pageDelay'), {
    placeholder: '4s',
    hint: t('pageDelay.hint'),
    class: 'input mono',
  })
  const appSeenAfter = fields.text('then.challenge.appSeenAfter', t('appSeenAfter'), {
    placeholder: '3',
    hint: t('appSeenAfter.hint'),
    class: 'input mono',
  })
  const prompts = fields.choice('then.challenge.prompts', t('prompts'), [
    ['', t('asUsual')],
    ['trustList', t('prompts.trustList')],
    ['deviceBinding', t('prompts.deviceBinding')],
    ['trustList,deviceBinding', t('prompts.both')],
  ])
  const play = playSteps(app, fields, onchange)
  const ending = fields.choice(
    'then.challenge.ending.transStatus',
    t('ending'),
    [['', t('ending.free')], ...endings.map(outcome)],
    { hint: t('ending.hint') },
  )
  const endingWhy = fields.choice('then.challenge.ending.transStatusReason', t('reason'), [
    ['', t('reason.usual')],
    ...reasonCodesOf('RReq').map(reason),
  ])
  const endingCancel = fields.choice('then.challenge.ending.challengeCancel', 'challengeCancel', [
    ['', t('none')],
    ...cancelCodes.map((code) => /** @type {const} */ ([code, `${code} ${t(`cancel.${code}`)}`])),
  ])
  const endingOn = fields.choice('then.challenge.ending.on', t('ending.on'), [
    ['answer', t('ending.on.answer')],
    ['page', t('ending.on.page')],
    ['start', t('ending.on.start')],
  ])
  const endingAfter = fields.text('then.challenge.ending.after', t('ending.after'), {
    placeholder: '0s',
    class: 'input mono',
  })
  const endingMore = [endingWhy, endingCancel, endingOn, endingAfter]

  const decoupled = fields.choice('then.decoupled.result', t('decoupled'), [
    ['', t('asUsual')],
    ['Y', t('decoupled.Y')],
    ['N', t('decoupled.N')],
    ['none', t('decoupled.none')],
  ])
  const decoupledAfter = fields.text('then.decoupled.afterSeconds', t('decoupled.after'), {
    inputmode: 'numeric',
    placeholder: '5',
  })

  const when = fields.choice('then.rreq.when', t('rreq.when'), [
    ['', t('asUsual')],
    ['beforeCRes', t('rreq.beforeCRes')],
    ['afterCRes', t('rreq.afterCRes')],
    ['afterReturn', t('rreq.afterReturn')],
    ['insteadOfCRes', t('rreq.insteadOfCRes')],
    ['never', t('rreq.never')],
  ])
  const rreqDelay = fields.text('then.rreq.delay', t('rreq.delay'), { placeholder: '0s', class: 'input mono' })
  const copies = fields.text('then.rreq.copies', t('rreq.copies'), { inputmode: 'numeric', placeholder: '1' })

  /** @type {{ node: HTMLElement, read: () => Record<string, unknown>, path: string }[]} */
  let faults = []
  const faultList = el('div', { class: 'plan-faults' })
  let faultsMade = 0
  const addFault = button(
    t('faults.add'),
    () => {
      faultsMade += 1
      // Renumbered when it is read; the path of the API counts from what is there then.
      const path = `then.faults.${faults.length}`
      const made = faultFields(app, fields, path)
      const one = {
        path,
        read: made.read,
        node: el(
          'fieldset',
          { class: 'plan-fault', 'data-testid': `plan-fault-${faultsMade}` },
          el('legend', null, t('faults.one', { n: faultsMade })),
          made.node,
          button(t('faults.remove'), () => {
            one.node.remove()
            fields.forget(path)
            faults = faults.filter((other) => other !== one)
            addFault.focus()
            onchange()
          }),
        ),
      }
      faults.push(one)
      faultList.append(one.node)
      made.node.querySelector('select')?.focus()
      onchange()
    },
    { 'data-testid': 'plan-add-fault' },
  )

  /** @param {string} heading @param {boolean} isOpen @param {string} testid @param {...import('../lib/dom.js').Child} content */
  const part = (heading, isOpen, testid, ...content) =>
    el(
      'details',
      { class: 'plan-part-fold', open: isOpen, 'data-testid': testid },
      el('summary', null, el('h3', null, heading)),
      ...content,
    )
  /** @param {...HTMLElement} cells */
  const grid = (...cells) => el('div', { class: 'form-grid' }, ...cells)
  const challengePart = part(
    t('challenge'),
    false,
    'plan-challenge',
    grid(
      kind.root,
      appSeenAfter.root,
      prompts.root,
      pageDelay.root,
      ending.root,
      ...endingMore.map(({ root }) => root),
    ),
    play.node,
  )
  const decoupledPart = part(t('decoupled.part'), false, 'plan-decoupled', grid(decoupled.root, decoupledAfter.root))
  const rreqPart = part(t('rreq'), false, 'plan-rreq', grid(when.root, rreqDelay.root, copies.root))

  function adapt() {
    why.root.hidden = !withReason.has(status.value)
    for (const { root } of endingMore) root.hidden = ending.value === ''
    appSeenAfter.root.hidden = !inApp.has(kind.value)
    decoupledPart.hidden = status.value !== 'D' && status.value !== ''
    challengePart.hidden = status.value !== '' && status.value !== 'C' && status.value !== 'D'
    rreqPart.hidden = status.value !== '' && status.value !== 'C' && status.value !== 'D'
  }
  for (const { control } of [status, kind, ending]) control.addEventListener('change', adapt)
  adapt()

  return {
    node: el(
      'div',
      { class: 'plan-fields' },
      part(t('answer'), true, 'plan-answer', grid(status.root, why.root, eci.root, delay.root, info.root)),
      challengePart,
      decoupledPart,
      rreqPart,
      part(t('faults'), false, 'plan-faults', faultList, el('p', null, addFault)),
    ),
    /** The outcome from outside. @param {string} value */
    choose(value) {
      status.control.value = value
      adapt()
    },
    /** The `then` of the body. */
    read: () =>
      said({
        transStatus: status.value,
        transStatusReason: why.root.hidden ? '' : why.value,
        eci: eci.value,
        cardholderInfo: info.value,
        delay: delay.value,
        challenge: challengePart.hidden
          ? undefined
          : said({
              kind: kind.value,
              pageDelay: pageDelay.value,
              appSeenAfter: appSeenAfter.root.hidden ? '' : numberIn(appSeenAfter.value),
              prompts: prompts.value === '' ? undefined : prompts.value.split(','),
              play: play.read(),
              ending:
                ending.value === ''
                  ? undefined
                  : said({
                      transStatus: ending.value,
                      transStatusReason: endingWhy.value,
                      challengeCancel: endingCancel.value,
                      on: endingOn.value === 'answer' ? '' : endingOn.value,
                      after: endingAfter.value,
                    }),
            }),
        decoupled:
          decoupledPart.hidden || decoupled.value === ''
            ? undefined
            : said({ result: decoupled.value, afterSeconds: numberIn(decoupledAfter.value) }),
        rreq: rreqPart.hidden
          ? undefined
          : said({ when: when.value, delay: rreqDelay.value, copies: numberIn(copies.value) }),
        faults: faults.map(({ read }) => read()),
      }),
  }
}
