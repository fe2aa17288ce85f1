// A message as a tree: every object folds, coded values carry their meaning, findings stand at their element.
import { countries, currencies } from '../../tables.js'
import { errorWords, transactionTexts, valueWords } from '../../texts/transaction.js'
import { outcomeWords, reasonWords } from '../../texts/words.js'
import { wordOf } from './shapes.js'

/** @typedef {import('./shapes.js').App} App */
/** @typedef {import('./shapes.js').Finding} Finding */

/** Masked by the server: three stars, or a card number with its middle starred. @param {unknown} value */
const isMasked = (value) => typeof value === 'string' && (value === '***' || /^[0-9]{6}\*+[0-9]{4}$/.test(value))

/** Messages that travel inside of others. */
const wrapped = new Set(['creq', 'cres', 'threeDSMethodData'])

/** The object in a base64url text, if there is one. @param {unknown} value */
function unwrapped(value) {
  if (typeof value !== 'string') return undefined
  try {
    const bytes = Uint8Array.from(atob(value.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
    /** @type {unknown} */
    const inner = JSON.parse(new TextDecoder().decode(bytes))
    return typeof inner === 'object' && inner !== null ? inner : undefined
  } catch {
    return undefined
  }
}

/** What a value means, if it is a code that people do not know by heart. @param {App} app @param {string} name @param {unknown} value */
function meaningOf(app, name, value) {
  if (typeof value !== 'string') return undefined
  if (name === 'transStatus' || name === 'aresStatus') return wordOf(outcomeWords, app.lang, value)
  if (name === 'transStatusReason') return wordOf(reasonWords, app.lang, value)
  if (name === 'errorCode') return wordOf(errorWords, app.lang, value)
  if (name === 'purchaseCurrency') return currencies.get(value)?.alpha
  if (/country(code)?$/i.test(name)) return countries.get(value)
  return wordOf(valueWords, app.lang, name, value)
}

/**
 * @param {App} app
 * @param {unknown} value
 * @param {readonly Finding[]} [findings]
 */
export function jsonTree(app, value, findings = []) {
  const { el } = app
  const t = app.texts(transactionTexts)
  /** @type {Map<string, HTMLElement>} */
  const lines = new Map()

  /** @param {Finding} finding */
  const remark = ({ errorCode, rule }) =>
    el(
      'p',
      { class: 'json-finding' },
      el('b', null, errorCode),
      ` ${wordOf(errorWords, app.lang, errorCode) ?? ''}`,
      rule !== '' && el('span', { class: 'json-rule' }, rule),
    )

  /** @param {string} path */
  const remarksAt = (path) => findings.filter(({ element }) => element === path).map(remark)

  /** @param {unknown} own @param {string} name */
  const scalar = (own, name) => {
    const kind = own === null ? 'null' : typeof own
    const meaning = meaningOf(app, name, own)
    return [
      el(
        'span',
        { class: ['json-value', `json-${kind}`, isMasked(own) && 'json-masked'] },
        JSON.stringify(own) ?? 'null',
      ),
      meaning !== undefined && el('span', { class: 'json-meaning' }, meaning),
    ]
  }

  /** @param {string | undefined} name @param {unknown} own @param {string} path @returns {HTMLElement} */
  const line = (name, own, path) => {
    const key =
      name === undefined ? false : [el('span', { class: 'json-key' }, name), el('span', { class: 'json-colon' }, ': ')]
    const remarks = name === undefined ? [] : remarksAt(path)
    const isObject = typeof own === 'object' && own !== null
    const members = isObject ? Object.entries(own) : []
    const inner = name !== undefined && wrapped.has(name) ? unwrapped(own) : undefined
    const item = el(
      'li',
      { class: ['json-line', remarks.length > 0 && 'is-found'], tabindex: remarks.length > 0 ? '-1' : undefined },
      isObject && members.length > 0
        ? el(
            'details',
            { open: true },
            el(
              'summary',
              null,
              key,
              el('span', { class: 'json-brace' }, Array.isArray(own) ? '[' : '{'),
              el(
                'span',
                { class: 'json-count' },
                Array.isArray(own) ? t('items', { count: members.length }) : t('entries', { count: members.length }),
              ),
            ),
            list(own, path),
            el('span', { class: 'json-brace' }, Array.isArray(own) ? ']' : '}'),
          )
        : [...(key === false ? [] : key), ...(isObject ? [Array.isArray(own) ? '[]' : '{}'] : scalar(own, name ?? ''))],
      inner !== undefined &&
        el('details', { class: 'json-inner' }, el('summary', null, t('decoded')), list(inner, `${path} decoded`)),
      remarks,
    )
    if (!lines.has(path)) lines.set(path, item)
    return item
  }

  /** @param {object} own @param {string} path */
  const list = (own, path) =>
    el(
      'ul',
      { class: 'json-members' },
      Array.isArray(own)
        ? own.map((entry) => line(undefined, entry, path))
        : Object.entries(own).map(([name, member]) => line(name, member, path === '' ? name : `${path}.${name}`)),
    )

  const isTree = typeof value === 'object' && value !== null
  const root = el(
    'div',
    { class: ['json', isTree && Object.keys(value).length > 18 && 'is-long'] },
    isTree
      ? list(value, '')
      : el('p', { class: 'json-text' }, typeof value === 'string' ? value : (JSON.stringify(value) ?? '')),
  )
  // What is missing has no line of its own yet.
  const absent = [...new Set(findings.map(({ element }) => element))].filter((element) => !lines.has(element))
  if (absent.length > 0) {
    root.append(
      el(
        'ul',
        { class: 'json-members' },
        absent.map((element) => {
          const item = el(
            'li',
            { class: 'json-line is-found', tabindex: '-1' },
            el('span', { class: 'json-key' }, element),
            el('span', { class: 'json-colon' }, ': '),
            isTree && el('span', { class: 'json-absent' }, t('missing')),
            remarksAt(element),
          )
          lines.set(element, item)
          return item
        }),
      ),
    )
  }

  return {
    node: root,
    /** Brings an element into sight; false: the message has none of that name. @param {string} path */
    reveal(path) {
      const item = lines.get(path) ?? [...lines].find(([known]) => known.startsWith(`${path}.`))?.[1]
      if (item === undefined) return false
      for (let up = item.parentElement; up !== null && up !== root; up = up.parentElement) {
        if (up instanceof HTMLDetailsElement) up.open = true
      }
      item.setAttribute('tabindex', '-1')
      item.focus({ preventScroll: true })
      item.scrollIntoView({ block: 'center' })
      item.classList.remove('is-pointed')
      requestAnimationFrame(() => item.classList.add('is-pointed'))
      return true
    },
  }
}
