// What is looked for in the journal: in the address, as the API takes it, and as an assertion.
import { said } from '../../plan/fields.js'

export const names = /** @type {const} */ (['q', 'messageType', 'link', 'fault', 'acsTransID', 'threeDSServerTransID'])
/** @typedef {Partial<Record<(typeof names)[number], string>>} Filter */

/** @param {URLSearchParams} query @returns {Filter} */
export const readFilter = (query) =>
  Object.fromEntries(names.flatMap((name) => ((query.get(name) ?? '') === '' ? [] : [[name, query.get(name)]])))

/** Words of the search: `path=value` is an element, the rest is text. @param {string} q */
export function wordsOf(q) {
  const parts = q.match(/(?:[^\s"]|"[^"]*")+/g) ?? []
  const elements = parts.filter((part) => /^[\w.]+=./.test(part)).map((part) => part.replaceAll('"', ''))
  const text = parts
    .filter((part) => !/^[\w.]+=./.test(part))
    .join(' ')
    .replaceAll('"', '')
  return { elements, text }
}

/** @param {Filter} filter */
export function apiQuery({ q = '', ...rest }) {
  const query = new URLSearchParams(rest)
  const { elements, text } = wordsOf(q)
  if (text !== '') query.set('text', text)
  for (const element of elements) query.append('element', element)
  return query
}

/** As POST /verify takes it. @param {Filter} filter */
export function matchOf({ q = '', ...rest }) {
  const { elements, text } = wordsOf(q)
  const where = Object.fromEntries(
    elements.map((element) => [element.slice(0, element.indexOf('=')), element.slice(element.indexOf('=') + 1)]),
  )
  return said({ ...rest, text, where })
}
