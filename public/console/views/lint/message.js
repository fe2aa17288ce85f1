// One message with what was found about it: the findings, and the message line by line with their numbers beside it.
import { copyButton } from '../../lib/copy.js'
import { lintTexts } from '../../texts/lint.js'

/** @typedef {import('../../app.js').App} App */
/**
 * @typedef {object} Finding
 * @property {'error' | 'warning'} severity
 * @property {string} path
 * @property {string} element
 * @property {string} [errorCode]
 * @property {string} rule
 * @property {string} message
 * @property {string} expected
 * @property {unknown} [example]
 * @property {string} [received]
 * @property {number} [line]
 * @property {number} [column]
 * @property {number} [shownLine]
 */
/**
 * @typedef {object} Linted
 * @property {number} index
 * @property {string} where
 * @property {number} transaction
 * @property {string} [messageType]
 * @property {string} [messageVersion]
 * @property {string} [deviceChannel]
 * @property {string} [messageCategory]
 * @property {string} [leg]
 * @property {readonly string[]} assumed
 * @property {readonly string[]} masked
 * @property {{ errorCode: string, errorDetail: string }} [erro]
 * @property {readonly Finding[]} findings
 * @property {{ errors: number, warnings: number }} [omitted]
 * @property {readonly string[]} [lines]
 */

/** A name, and a scalar behind it: they get their colours. */
const parts = /^(\s*)("(?:[^"\\]|\\.)*")?(: )?(.*)$/s

/** @param {App} app @param {string} line */
function coloured(app, line) {
  const { el } = app
  const [, blank = '', name, colon, rest = ''] = parts.exec(line) ?? []
  if (name === undefined || colon === undefined) return [line]
  const kind = rest.startsWith('"') ? 'string' : /^[{[]/.test(rest) ? 'brace' : 'plain'
  return [blank, el('span', { class: 'lint-key' }, name), colon, el('span', { class: `lint-${kind}` }, rest)]
}

/** @param {Element} target */
function goTo(target) {
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
  target.scrollIntoView({ block: 'center', behavior: isCalm ? 'instant' : 'smooth' })
  if (target instanceof HTMLElement) target.focus({ preventScroll: true })
  target.classList.remove('is-pointed')
  requestAnimationFrame(() => target.classList.add('is-pointed'))
}

/** @param {App} app @param {Linted} message */
function headOf(app, { messageType, messageVersion, deviceChannel, messageCategory, leg, assumed, where }) {
  const { el } = app
  const t = app.texts(lintTexts)
  /** @param {string} member @param {string | undefined} text */
  const fact = (member, text) =>
    text === undefined ? false : el('li', null, assumed.includes(member) ? t('assumed', { name: text }) : text)
  /** @type {Readonly<Record<string, string>>} */
  const channels = { '01': t('channel.01'), '02': t('channel.02'), '03': t('channel.03') }
  /** @type {Readonly<Record<string, string>>} */
  const categories = { '01': t('category.01'), '02': t('category.02') }
  return el(
    'div',
    { class: 'lint-head' },
    el('h3', null, messageType ?? '?', messageVersion !== undefined && el('span', null, ` ${messageVersion}`)),
    el(
      'ul',
      { class: 'lint-facts' },
      fact('deviceChannel', channels[deviceChannel ?? '']),
      fact('messageCategory', categories[messageCategory ?? '']),
      fact('leg', leg),
      where !== '' && el('li', null, el('code', null, where)),
    ),
  )
}

/** Leads to what there is to know about the element; the id of an extension (202) is none. @param {App} app @param {Linted} message @param {Finding} finding */
function referenceLink(app, { messageType }, { path, element, errorCode }) {
  const { el } = app
  const t = app.texts(lintTexts)
  const name = el('code', { class: 'lint-path' }, path)
  if (errorCode === '202' || !/^[A-Za-z][\w.]*$/.test(element)) return name
  const of = messageType === '3DSMethodPost' ? `threeDSMethodData.${element}` : element
  return el('a', { href: app.href(`elements?element=${of}`), title: t('reference', { name: of }) }, name)
}

/** @param {App} app @param {Linted} message */
function answerOf(app, { erro, findings, masked, omitted }) {
  const { el } = app
  const t = app.texts(lintTexts)
  const isFine = erro === undefined && !findings.some(({ severity }) => severity === 'error')
  return [
    erro !== undefined &&
      el('p', { class: 'lint-answer' }, t('erro', { code: erro.errorCode }), ' ', el('code', null, erro.errorDetail)),
    isFine && el('p', { class: 'lint-answer is-fine' }, findings.length === 0 ? t('clean') : t('accepted')),
    masked.length > 0 && el('p', { class: 'quiet' }, t('masked', { elements: masked.join(', ') })),
    omitted !== undefined && el('p', { class: 'quiet' }, t('omitted', { n: omitted.errors + omitted.warnings })),
  ]
}

/** @param {App} app @param {Linted} message */
export function messagePanel(app, message) {
  const { el } = app
  const t = app.texts(lintTexts)
  const { findings, lines = [], index } = message
  /** @type {HTMLElement[]} */
  const items = []
  /** @type {Map<number, HTMLElement>} */
  const rows = new Map()

  /** @param {Finding} finding @param {number} position */
  const findingItem = (finding, position) => {
    const { severity, errorCode, rule, message: sentence, expected, received, example, shownLine } = finding
    const text = example === undefined ? undefined : typeof example === 'string' ? example : JSON.stringify(example)
    const item = el(
      'li',
      { class: ['lint-finding', `is-${severity}`], tabindex: '-1', 'data-testid': `finding-${index}-${position + 1}` },
      el(
        'div',
        { class: 'lint-finding-head' },
        el('b', { class: 'lint-number', 'aria-hidden': 'true' }, String(position + 1)),
        el('span', { class: 'lint-severity' }, t(severity), errorCode !== undefined && ` ${errorCode}`),
        referenceLink(app, message, finding),
        el('span', { class: 'lint-rule', title: t('rule') }, rule),
        shownLine !== undefined &&
          lines.length > 0 &&
          el(
            'button',
            {
              class: 'lint-link',
              type: 'button',
              onclick: () => {
                const row = rows.get(shownLine)
                if (row !== undefined) goTo(row)
              },
            },
            t('toLine', { line: shownLine }),
          ),
      ),
      el('p', { class: 'lint-sentence' }, sentence),
      (expected !== '' || received !== undefined || text !== undefined) &&
        el(
          'dl',
          { class: 'lint-details' },
          expected !== '' && el('div', null, el('dt', null, t('expected')), el('dd', null, expected)),
          received !== undefined && el('div', null, el('dt', null, t('received')), el('dd', null, received)),
          text !== undefined &&
            el(
              'div',
              null,
              el('dt', null, t('example')),
              el(
                'dd',
                { class: 'lint-example' },
                el('code', null, JSON.stringify(example)),
                copyButton(app, () => text, {
                  label: t('copyExample', { name: finding.element }),
                  done: t('copied'),
                  failed: t('notCopied'),
                }),
              ),
            ),
        ),
    )
    items.push(item)
    return item
  }

  /** @param {string} line @param {number} position */
  const lineRow = (line, position) => {
    const about = findings
      .map((finding, number) => ({ finding, number }))
      .filter(({ finding }) => finding.shownLine === position + 1)
    const worst = about.some(({ finding }) => finding.severity === 'error')
      ? 'error'
      : about.length > 0
        ? 'warning'
        : undefined
    const row = el(
      'div',
      {
        class: ['lint-line', worst !== undefined && `is-${worst}`],
        tabindex: worst === undefined ? undefined : '-1',
        'data-testid': worst === undefined ? undefined : `marked-${index}-${position + 1}`,
      },
      el('span', { class: 'lint-gutter', 'aria-hidden': 'true' }, String(position + 1)),
      el('span', { class: 'lint-text' }, coloured(app, line)),
      about.length > 0 &&
        el(
          'span',
          { class: 'lint-marks' },
          about.map(({ finding, number }) =>
            el(
              'button',
              {
                class: ['lint-mark', `is-${finding.severity}`],
                type: 'button',
                title: finding.message,
                'aria-label': t('toFinding', { n: number + 1, message: finding.message }),
                onclick: () => {
                  const item = items[number]
                  if (item !== undefined) goTo(item)
                },
              },
              String(number + 1),
            ),
          ),
        ),
    )
    rows.set(position + 1, row)
    return row
  }

  const list = findings.length > 0 && el('ol', { class: 'lint-findings' }, findings.map(findingItem))
  const code = el('div', { class: 'lint-code', role: 'group', 'aria-label': t('shown') })
  const shown = el('details', { class: 'lint-shown' }, el('summary', null, t('shown')), code)
  // A long recording is not drawn before somebody looks.
  const draw = () => {
    if (code.childElementCount === 0) code.append(...lines.map(lineRow))
  }
  shown.addEventListener('toggle', draw)
  if (findings.length > 0 || index === 0) {
    shown.open = true
    draw()
  }
  return el(
    'section',
    { class: 'pane lint-message', 'data-testid': `message-${index}` },
    headOf(app, message),
    answerOf(app, message),
    list,
    lines.length > 0 && shown,
  )
}
