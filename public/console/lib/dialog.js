// A question that has to be answered before anything else.
import { el } from './dom.js'

/**
 * @typedef {object} DialogAction
 * @property {string} label
 * @property {string} value
 * @property {'primary' | 'danger' | 'quiet'} [kind]
 */

/**
 * Resolves to the value of the chosen action; undefined when the dialog was closed (Escape, or a click beside it).
 * @param {{ title: string, body?: Node | string, actions: readonly DialogAction[], first?: string }} options `first`: the action that Enter in a field means.
 * @returns {Promise<string | undefined>}
 */
export function dialog({ title, body, actions, first }) {
  return new Promise((resolve) => {
    const form = el(
      'form',
      {
        method: 'dialog',
        class: 'dialog-form',
        // Enter in a field presses the first button of a form, which is the one that cancels.
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key !== 'Enter' || first === undefined || !(event.target instanceof HTMLInputElement)) return
          event.preventDefault()
          box.close(first)
        },
      },
      el('h2', { id: 'dialog-title' }, title),
      typeof body === 'string' ? el('p', null, body) : body,
      el(
        'div',
        { class: 'dialog-actions' },
        actions.map(({ label, value, kind = 'quiet' }) => el('button', { class: ['button', kind], value }, label)),
      ),
    )
    const box = el(
      'dialog',
      {
        class: 'dialog',
        'aria-labelledby': 'dialog-title',
        'data-testid': 'dialog',
        onclick: (/** @type {MouseEvent} */ event) => {
          if (event.target === box) box.close()
        },
        onclose: () => {
          box.remove()
          resolve(box.returnValue === '' ? undefined : box.returnValue)
        },
      },
      form,
    )
    document.body.append(box)
    box.showModal()
  })
}
