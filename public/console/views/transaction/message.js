// One message, opened: between whom, when, what was found about it, which fault it met, and what it says.
import { transactionTexts } from '../../texts/transaction.js'
import { copy } from './copy.js'
import { jsonTree } from './json.js'
import { passed, wordOf } from './shapes.js'

/** @typedef {import('./shapes.js').App} App */
/** @typedef {import('./shapes.js').Message & { label?: string, note?: string }} Arrow */

/** @param {unknown} value @param {string} name */
export const member = (value, name) => {
  const own = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return typeof own === 'string' ? own : undefined
}

/** @param {string} link @returns {readonly [string, string]} */
export const endsOf = (link) => {
  const [from = '', to = ''] = link.split('→')
  return [from, to]
}

/** @param {App} app @param {Arrow} arrow */
export function messageBody(app, arrow) {
  const { el } = app
  const t = app.texts(transactionTexts)
  const words = transactionTexts[app.lang]
  /** @param {string} party */
  const partyName = (party) => wordOf(words, `party.${party}`) ?? party
  const {
    message,
    findings = [],
    problem,
    seen = [],
    at,
    httpStatus,
    durationMs,
    link,
    note,
    fault,
    sent: left,
    headers,
  } = arrow
  const [from, to] = endsOf(link)
  const [sent, received] = seen
  const heard = sent !== undefined && received !== undefined ? received.at - sent.at : undefined
  const meta = [
    `${partyName(from)} → ${partyName(to)}`,
    `${app.format.clock(at)}.${String(at % 1_000).padStart(3, '0')}`,
    heard === undefined || sent === undefined || received === undefined
      ? sent !== undefined && t('seenOnly', { party: partyName(sent.by) })
      : t('seenAs', {
          sender: partyName(sent.by),
          receiver: partyName(received.by),
          time: passed(Math.max(0, heard)),
        }),
    httpStatus !== undefined && t('http', { status: httpStatus }),
    durationMs !== undefined && t('lasted', { time: passed(durationMs) }),
  ].filter((text) => text !== false)
  const tree = message === undefined ? undefined : jsonTree(app, message, findings)
  const body = el(
    'div',
    { class: 'tx-message' },
    el(
      'div',
      { class: 'tx-message-head' },
      el(
        'ul',
        { class: 'tx-meta' },
        meta.map((text) => el('li', null, text)),
      ),
      message !== undefined &&
        copy(app, t, t('copyMessage'), () =>
          typeof message === 'string' ? message : JSON.stringify(message, null, 2),
        ),
    ),
    note !== undefined && el('p', { class: 'tx-note' }, note),
    fault !== undefined && el('p', { class: 'tx-problem', 'data-testid': 'message-fault' }, t('fault', { fault })),
    problem !== undefined && el('p', { class: 'tx-problem' }, wordOf(words, `problem.${problem}`) ?? problem),
    findings.length > 0 &&
      el(
        'div',
        { class: 'tx-findings', 'data-testid': 'findings' },
        el('h3', null, t('findings')),
        el(
          'ul',
          null,
          findings.map(({ errorCode, element }) =>
            el(
              'li',
              null,
              el(
                'button',
                {
                  type: 'button',
                  class: 'tx-element',
                  'aria-label': t('showElement', { element }),
                  onclick: () => tree?.reveal(element),
                },
                el('b', null, errorCode),
                ` ${element}`,
              ),
            ),
          ),
        ),
      ),
    tree?.node ?? (problem === undefined && note === undefined && el('p', { class: 'tx-quiet' }, t('noBody'))),
    left !== undefined &&
      el(
        'div',
        { class: 'tx-left' },
        el('h3', null, left === '' ? t('leftNothing') : t('left')),
        left !== '' && jsonTree(app, left).node,
      ),
    headers !== undefined &&
      Object.keys(headers).length > 0 &&
      el(
        'details',
        { class: 'tx-headers' },
        el('summary', null, t('headers')),
        el(
          'pre',
          { tabindex: '0', 'aria-label': t('headers') },
          Object.entries(headers)
            .map(([name, value]) => `${name}: ${value}`)
            .join('\n'),
        ),
      ),
  )
  return { body, reveal: (/** @type {string} */ path) => tree?.reveal(path) ?? false }
}
