// What a transaction turned out to be: said with a button, learnt once, taken back.
import { button, Field, problemLine } from '../../lib/pane.js'
import { decisionTexts } from '../../texts/decision.js'

/** @typedef {import('./shapes.js').App} App */
/** @typedef {import('./shapes.js').Label} Label */

const kinds = /** @type {const} */ (['fraud', 'confirmedGood'])

/** @param {App} app @param {string} acsTransID @param {() => void} onDone */
export function labelPanel(app, acsTransID, onDone) {
  const { el } = app
  const t = app.texts(decisionTexts)
  const path = `/transactions/${encodeURIComponent(acsTransID)}/label`
  const problem = problemLine(app, 'label-problem')
  const state = el('p', { class: 'tx-label-state', 'data-testid': 'label-state' })
  const note = new Field(
    el('input', {
      class: 'input',
      id: 'label-note',
      maxlength: '200',
      autocomplete: 'off',
      'data-testid': 'label-note',
    }),
    t('note'),
  )
  const choices = kinds.map((kind) =>
    button(t(`label.${kind}`), () => void say(kind), { 'data-testid': `label-${kind}` }),
  )
  const back = button(t('label.none'), () => void takeBack(), { 'data-testid': 'label-none' })
  const node = el(
    'section',
    { class: 'panel tx-panel', 'data-testid': 'label', 'aria-labelledby': 'tx-label' },
    el('h2', { id: 'tx-label' }, t('label')),
    el('p', { class: 'tx-about' }, t('labelAbout')),
    state,
    el('div', { class: 'cardholder-actions' }, choices, back),
    note.root,
    problem.node,
  )
  /** @type {Label | undefined} */
  let known

  /** @param {Label | undefined} label */
  function draw(label) {
    known = label
    state.textContent = [
      label === undefined ? t('label.is.none') : t(`label.is.${label.kind}`, { time: app.format.dateTime(label.at) }),
      label?.note,
    ]
      .filter(Boolean)
      .join(' · ')
    for (const [i, kind] of kinds.entries()) choices[i]?.setAttribute('aria-pressed', String(label?.kind === kind))
    // Hidden, not disabled: a button that had the focus keeps a neighbour to go on from.
    if (label === undefined && document.activeElement === back) choices[0]?.focus()
    back.hidden = label === undefined
  }

  /** @param {'fraud' | 'confirmedGood'} kind */
  async function say(kind) {
    problem.show(undefined)
    try {
      const text = note.value
      draw(
        await app.api.put(path, {
          kind,
          ...(text !== '' ? { note: text } : known?.kind === kind && known.note !== undefined && { note: known.note }),
        }),
      )
      note.control.value = ''
      app.announce(t('labelled', { what: t(`label.${kind}`) }))
    } catch (error) {
      problem.show(error)
    }
    onDone()
  }

  async function takeBack() {
    problem.show(undefined)
    try {
      await app.api.delete(path)
      draw(undefined)
      app.announce(t('unlabelled'))
    } catch (error) {
      problem.show(error)
    }
    onDone()
  }

  return { node, draw }
}
