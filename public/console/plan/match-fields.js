// What an AReq must be like, as a form says it.
import { planTexts } from '../texts/plan.js'
import { stubsTexts } from '../texts/stubs.js'
import { said, valueIn } from './fields.js'

/** @typedef {import('../app.js').App} App */

/** "24800", or a span "100..500", "100..", "..500". @param {string} text */
function amountIn(text) {
  const [, min, max] = /^(\d*(?:\.\d+)?)\s*\.\.\s*(\d*(?:\.\d+)?)$/.exec(text) ?? []
  if (min === undefined || max === undefined) return text
  return said({ min: min === '' ? undefined : Number(min), max: max === '' ? undefined : Number(max) })
}

/** A path and its value a line. @param {string} text */
function pathsIn(text) {
  const lines = text.split('\n').flatMap((line) => {
    const [, path, value] = /^\s*([\w.-]+)\s*[=:]\s*(.+?)\s*$/.exec(line) ?? []
    // Elements are text unless they say otherwise: 05 is no number.
    return path === undefined || value === undefined
      ? []
      : [[path, /^["[{]|^(?:true|false|null)$/.test(value) ? valueIn(value) : value]]
  })
  return Object.fromEntries(lines)
}

/**
 * @param {App} app
 * @param {import('./fields.js').Fields} fields
 * @param {{ card?: string, onchange: () => void }} options `card`: the keyed id of a card that is meant already.
 */
export function matchFields(app, fields, { card, onchange }) {
  const { el } = app
  const t = app.texts(stubsTexts)
  const p = app.texts(planTexts)
  const number = fields.text('match.acctNumber', t('acctNumber'), {
    inputmode: 'numeric',
    class: 'input mono',
    maxlength: '30',
    hint: t('acctNumber.hint'),
  })
  const merchant = fields.text('match.merchant', t('merchant'), { hint: t('part') })
  const amount = fields.text('match.amount', t('amount'), {
    class: 'input mono',
    placeholder: '24800',
    hint: t('amount.hint'),
  })
  const currency = fields.text('match.currency', t('currency'), {
    class: 'input mono',
    placeholder: 'JPY',
    maxlength: '3',
  })
  const more = {
    endsWith: fields.text('match.endsWith', t('endsWith'), {
      class: 'input mono',
      placeholder: '700',
      inputmode: 'numeric',
    }),
    cardholderName: fields.text('match.cardholderName', t('cardholderName')),
    email: fields.text('match.email', t('email'), { type: 'email' }),
    device: fields.text('match.device', t('device'), { hint: t('device.hint') }),
    deviceChannel: fields.choice('match.deviceChannel', t('channel'), [
      ['', t('any')],
      ['01', '01 app'],
      ['02', '02 browser'],
      ['03', '03 3RI'],
    ]),
    messageVersion: fields.choice('match.messageVersion', t('version'), [
      ['', t('any')],
      ...['2.1.0', '2.2.0', '2.3.1'].map((version) => /** @type {const} */ ([version, version])),
    ]),
    scheme: fields.choice('match.scheme', t('scheme'), [
      ['', t('any')],
      ...['visa', 'mastercard', 'jcb', 'amex'].map((scheme) => /** @type {const} */ ([scheme, scheme])),
    ]),
  }
  const from = fields.text('match.range.from', t('range.from'), {
    class: 'input mono',
    inputmode: 'numeric',
    placeholder: '400000',
  })
  const to = fields.text('match.range.to', t('range.to'), {
    class: 'input mono',
    inputmode: 'numeric',
    placeholder: '400009',
  })
  const paths = el('textarea', {
    class: 'input mono',
    id: 'stub-match-paths',
    rows: '3',
    spellcheck: 'false',
    'data-testid': 'stub-match-paths',
    placeholder: 'acctInfo.chAccAgeInd = 05',
    'aria-describedby': 'stub-match-paths-hint',
    oninput: onchange,
  })
  let wantedCard = card
  const chosenCard = el(
    'p',
    { class: 'match-chosen', hidden: card === undefined },
    p('match.said.card', { mask: card === undefined ? '' : `${card.slice(0, 8)}…` }),
    ' ',
    el(
      'button',
      {
        class: 'button',
        type: 'button',
        onclick: () => {
          wantedCard = undefined
          chosenCard.hidden = true
          onchange()
        },
      },
      t('card.any'),
    ),
  )
  return {
    node: el(
      'div',
      null,
      chosenCard,
      el('div', { class: 'form-grid' }, number.root, merchant.root, amount.root, currency.root),
      el(
        'details',
        { class: 'plan-part-fold', 'data-testid': 'match-more' },
        el('summary', null, el('h3', null, t('more'))),
        el('div', { class: 'form-grid' }, ...Object.values(more).map(({ root }) => root), from.root, to.root),
        el(
          'div',
          { class: 'field field-wide' },
          el('label', { for: 'stub-match-paths' }, t('paths')),
          paths,
          el('p', { class: 'field-hint', id: 'stub-match-paths-hint' }, t('paths.hint')),
        ),
      ),
    ),
    first: number.control,
    read: () =>
      said({
        card: number.value === '' ? wantedCard : undefined,
        acctNumber: number.value.replace(/[\s-]/g, ''),
        merchant: merchant.value,
        amount: amountIn(amount.value),
        currency: currency.value.toUpperCase(),
        ...Object.fromEntries(Object.entries(more).map(([name, field]) => [name, field.value])),
        range: said({ from: from.value, to: to.value }),
        paths: pathsIn(paths.value),
      }),
  }
}
