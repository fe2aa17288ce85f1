// Thresholds and weights of a draft as fields and sliders: the easier way to change a number of its text.
import { pane } from '../../lib/pane.js'
import { policyDeskTexts } from '../../texts/policy-desk.js'

/**
 * @typedef {object} Policy As the API shows it.
 * @property {number} base
 * @property {{ challenge: number, reject: number }} thresholds
 * @property {readonly { id: string, params: readonly { path: string, value: unknown }[], words?: Record<'en' | 'ja', { title: string }> }[]} checks
 */
/** @typedef {{ id: string, label: string, path: readonly string[], value: number, least: number, most: number }} Entry */

/** @param {import('../../app.js').App} app @param {(path: readonly string[], value: number) => void} change */
export function numbersPane(app, change) {
  const { el } = app
  const t = app.texts(policyDeskTexts)
  const content = el('div', { class: 'numbers' })
  /** @type {Map<string, { field: HTMLInputElement, slider: HTMLInputElement }>} */
  const rows = new Map()
  let drawn = ''
  const wrong = el('p', { class: 'quiet', hidden: true, 'data-testid': 'numbers-wrong' }, t('numbersWrong'))

  /** @param {Policy} policy @returns {readonly Entry[]} */
  const entriesOf = ({ base, thresholds, checks }) => [
    { id: 'base', label: t('number.base'), path: ['base'], value: base, least: -10, most: 5 },
    {
      id: 'challenge',
      label: t('number.challenge'),
      path: ['thresholds', 'challenge'],
      value: thresholds.challenge,
      least: -10,
      most: 10,
    },
    {
      id: 'reject',
      label: t('number.reject'),
      path: ['thresholds', 'reject'],
      value: thresholds.reject,
      least: -10,
      most: 10,
    },
    ...checks.flatMap(({ id, params, words }) => {
      const weight = params.find(({ path }) => path === 'weight')?.value
      return typeof weight === 'number'
        ? [
            {
              id: `weight-${id}`,
              label: words?.[app.lang].title ?? id,
              path: ['checks', id, 'weight'],
              value: weight,
              least: 0,
              most: 5,
            },
          ]
        : []
    }),
  ]

  /** @param {Entry} entry */
  function row({ id, label, path, value, least, most }) {
    const step = '0.1'
    /** @param {string} text */
    const changed = (text) => {
      const next = Number(text)
      if (text.trim() !== '' && Number.isFinite(next)) change(path, next)
    }
    const field = el('input', {
      class: 'input number',
      type: 'number',
      id: `number-${id}`,
      step: 'any',
      value: String(value),
      'data-testid': `number-${id}`,
      onchange: () => {
        slider.value = field.value
        changed(field.value)
      },
    })
    const slider = el('input', {
      type: 'range',
      min: String(Math.min(least, value)),
      max: String(Math.max(most, value)),
      step,
      value: String(value),
      'aria-label': t('slider', { name: label }),
      'data-testid': `slider-${id}`,
      oninput: () => {
        field.value = slider.value
      },
      onchange: () => changed(slider.value),
    })
    slider.value = String(value)
    rows.set(id, { field, slider })
    return el('div', { class: 'number-row' }, el('label', { for: `number-${id}` }, label), slider, field)
  }

  return {
    node: pane('policy-numbers', t('numbers'), t('numbersText'), wrong, content),
    /** @param {Policy | undefined} policy Undefined: the text is not valid. */
    show(policy) {
      wrong.hidden = policy !== undefined
      if (policy === undefined) {
        for (const { field, slider } of rows.values()) {
          field.disabled = true
          slider.disabled = true
        }
        return
      }
      const entries = entriesOf(policy)
      const shape = entries.map(({ id }) => id).join(' ')
      if (shape !== drawn) {
        drawn = shape
        rows.clear()
        const own = entries.map(row)
        content.replaceChildren(...own.slice(0, 3), el('h3', null, t('number.weights')), ...own.slice(3))
      }
      for (const { id, value } of entries) {
        const one = rows.get(id)
        if (one === undefined) continue
        one.field.disabled = false
        one.slider.disabled = false
        if (document.activeElement !== one.field) one.field.value = String(value)
        if (document.activeElement !== one.slider) one.slider.value = String(value)
      }
    },
  }
}
