// Controls of a form by the path of what they say, so that a problem the API names is shown where it is.
import { Field } from '../lib/pane.js'

/** @typedef {import('../app.js').App} App */

/**
 * @param {App} app
 * @param {string} prefix Of ids, unique on the page.
 * @param {() => void} onchange
 */
export function createFields(app, prefix, onchange) {
  const { el } = app
  /** @type {Map<string, Field>} */
  const byPath = new Map()
  /** @param {string} path */
  const idOf = (path) => `${prefix}-${path.replaceAll('.', '-')}`
  /** @param {string} path @param {Field} field */
  const keep = (path, field) => {
    byPath.set(path, field)
    const changed = () => {
      field.complain(undefined)
      onchange()
    }
    field.control.addEventListener('input', changed)
    field.control.addEventListener('change', changed)
    return field
  }
  return {
    /** @param {string} path @param {string} label @param {{ hint?: string, [attribute: string]: unknown }} [more] */
    text(path, label, { hint, ...attributes } = {}) {
      const control = el('input', {
        class: 'input',
        id: idOf(path),
        type: 'text',
        autocomplete: 'off',
        autocapitalize: 'off',
        spellcheck: 'false',
        'data-testid': idOf(path),
        ...attributes,
      })
      return keep(path, new Field(control, label, hint))
    },
    /** @param {string} path @param {string} label @param {readonly (readonly [value: string, text: string])[]} options @param {{ hint?: string, value?: string }} [more] */
    choice(path, label, options, { hint, value } = {}) {
      const control = el(
        'select',
        { class: 'input', id: idOf(path), 'data-testid': idOf(path), value },
        options.map(([of, text]) => el('option', { value: of }, text)),
      )
      return keep(path, new Field(control, label, hint))
    },
    /** Forgets the fields of a part that was taken out. @param {string} path */
    forget(path) {
      for (const known of [...byPath.keys()]) if (known === path || known.startsWith(`${path}.`)) byPath.delete(known)
    },
    clear() {
      for (const field of byPath.values()) field.complain(undefined)
    },
    /** Shows a problem at its field, or the nearest one above it; false: there is none. @param {string} path @param {string} message */
    complain(path, message) {
      for (let at = path; at !== ''; at = at.includes('.') ? at.slice(0, at.lastIndexOf('.')) : '') {
        const field = byPath.get(at)
        if (field === undefined) continue
        field.complain(message)
        for (
          let fold = field.root.closest('details');
          fold !== null;
          fold = fold.parentElement?.closest('details') ?? null
        )
          fold.open = true
        field.control.focus()
        return true
      }
      return false
    },
  }
}

/** @typedef {ReturnType<typeof createFields>} Fields */

/** Members that say something: '' , undefined and empty objects say nothing. @param {Readonly<Record<string, unknown>>} members @returns {Record<string, unknown>} */
export const said = (members) =>
  Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) =>
        value !== undefined &&
        value !== '' &&
        !(typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0) &&
        !(Array.isArray(value) && value.length === 0),
    ),
  )

/** @param {string} text */
export const numberIn = (text) => (/^-?[0-9]+(?:\.[0-9]+)?$/.test(text) ? Number(text) : text === '' ? undefined : text)

/** JSON where it is JSON, else the text itself. @param {string} text @returns {unknown} */
export function valueIn(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
