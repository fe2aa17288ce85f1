// What the views are built of: panes, fields, choices, and words for what went wrong.
import { sharedTexts } from '../texts/shared.js'
import { problemOf } from './ask.js'
import { copyButton } from './copy.js'
import { el } from './dom.js'

/** @typedef {import('../app.js').App} App */
/** @typedef {import('./dom.js').Child} Child */

/** A part of a page with its heading. @param {string} id @param {string} heading @param {string | undefined} words @param {...Child} content */
export const pane = (id, heading, words, ...content) =>
  el(
    'section',
    { class: 'pane', 'aria-labelledby': id, 'data-testid': id },
    el('div', { class: 'pane-title' }, el('h2', { id }, heading), words !== undefined && el('p', null, words)),
    ...content,
  )

/** In the place of a list that has nothing to show. @param {string} testid @param {string} heading @param {string} words @param {...Child} actions */
export const note = (testid, heading, words, ...actions) =>
  el(
    'div',
    { class: 'note', 'data-testid': testid },
    el('h2', null, heading),
    el('p', null, words),
    actions.length > 0 && el('p', null, ...actions),
  )

/** @param {string} label @param {() => void} onclick @param {Record<string, unknown>} [more] */
export const button = (label, onclick, more) => {
  const { class: kind, ...rest } = more ?? {}
  return el('button', { class: ['button', kind], type: 'button', onclick, ...rest }, label)
}

/** A field with its label, its hint, and room for what is wrong with it. */
export class Field {
  /**
   * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} control With an id.
   * @param {string} label
   * @param {string} [hint]
   */
  constructor(control, label, hint) {
    this.control = control
    this.error = el('p', { class: 'field-error', id: `${control.id}-error`, hidden: true })
    const hintId = `${control.id}-hint`
    control.setAttribute('aria-describedby', hint === undefined ? this.error.id : `${hintId} ${this.error.id}`)
    this.root = el(
      'div',
      { class: 'field' },
      el('label', { for: control.id }, label),
      control,
      hint !== undefined && el('p', { class: 'field-hint', id: hintId }, hint),
      this.error,
    )
  }

  /** Without blanks at its ends. */
  get value() {
    return this.control.value.trim()
  }

  /** @param {string | undefined} text */
  complain(text) {
    this.error.hidden = text === undefined
    this.error.textContent = text ?? ''
    if (text === undefined) this.control.removeAttribute('aria-invalid')
    else this.control.setAttribute('aria-invalid', 'true')
  }
}

/**
 * A few choices side by side, of which one holds.
 * @param {object} options
 * @param {string} options.name Unique on the page.
 * @param {string} options.legend
 * @param {readonly (readonly [value: string, label: string])[]} options.choices
 * @param {string} options.value
 * @param {(value: string) => void} options.onchange
 * @param {boolean} [options.isLegendHidden]
 */
export const segments = ({ name, legend, choices, value, onchange, isLegendHidden = false }) =>
  el(
    'fieldset',
    { class: 'choice' },
    el('legend', { class: isLegendHidden && 'unseen' }, legend),
    el(
      'div',
      { class: 'segments' },
      choices.map(([of, label]) =>
        el(
          'label',
          { class: 'segment' },
          el('input', {
            type: 'radio',
            name,
            value: of,
            checked: of === value,
            'data-testid': `${name}-${of}`,
            onchange: () => onchange(of),
          }),
          el('span', null, label),
        ),
      ),
    ),
  )

/** A text to take along, such as a command. @param {App} app @param {string} label @param {string} testid */
export function snippet(app, label, testid) {
  const t = app.texts(sharedTexts)
  const text = el('code')
  const node = el(
    'div',
    { class: 'snippet' },
    el('p', { class: 'snippet-label' }, label),
    el('pre', { tabindex: '0', 'aria-label': label, 'data-testid': testid }, text),
    copyButton(app, () => text.textContent ?? '', {
      label: t('copyNamed', { name: label }),
      done: t('copied'),
      failed: t('notCopied'),
    }),
  )
  return {
    node,
    /** @param {string} next */
    set: (next) => {
      text.textContent = next
    },
  }
}

/** What went wrong, in words. @param {App} app @param {unknown} error */
export function wordsOf(app, error) {
  const t = app.texts(sharedTexts)
  const { status, path, message } = problemOf(error)
  if (status === 0) return t('offline')
  if (status === 401) return t('noToken')
  if (status === 404 && message === 'no such resource') return t('notHere')
  return path === '' || path.startsWith('/') ? t('failed', { message }) : t('failedAt', { path, message })
}

/** A line that says what went wrong. @param {App} app @param {string} [testid] */
export function problemLine(app, testid) {
  const node = el('p', { class: 'pane-problem', role: 'alert', hidden: true, 'data-testid': testid })
  return {
    node,
    /** @param {unknown} error An error, or a text; undefined: nothing is wrong (any more). */
    show(error) {
      node.hidden = error === undefined
      node.textContent = error === undefined ? '' : typeof error === 'string' ? error : wordsOf(app, error)
    },
  }
}

/** Asks before something is gone. @param {App} app @param {{ title: string, words: string, yes: string }} question @returns {Promise<boolean>} */
export async function isSure(app, { title, words, yes }) {
  const answer = await app.dialog({
    title,
    body: words,
    actions: [
      { label: app.texts(sharedTexts)('cancel'), value: '' },
      { label: yes, value: 'yes', kind: 'danger' },
    ],
  })
  return answer === 'yes'
}

/** Gives a text to the person as a file. @param {string} name @param {string} text @param {string} type */
export function saveFile(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = el('a', { href: address, download: name, class: 'unseen' })
  document.body.append(link)
  link.click()
  link.remove()
  // The browser has taken it up by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

/** As an argument of a shell. @param {string} text */
export const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`

/** A curl line for this tenant's API. @param {App} app @param {string} method @param {string} path @param {unknown} [body] */
export const curlOf = (app, method, path, body) =>
  [
    `curl -s${method === 'GET' ? '' : ` -X ${method}`} ${quoted(`${location.origin}${app.base}/api/v1${path}`)}`,
    ...(method === 'GET' ? [] : [`-H 'content-type: application/json'`]),
    ...(app.signIn.isSignedIn ? [`-H "authorization: Bearer $SEKISHO_TOKEN"`] : []),
    ...(body === undefined ? [] : [`-d ${quoted(JSON.stringify(body))}`]),
  ].join(' \\\n  ')
