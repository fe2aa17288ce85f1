// Paste a message, see what is wrong with it. The text goes to this server's API and nowhere else, and leaves with the page.
import { problemOf } from '../lib/ask.js'
import { lintTexts } from '../texts/lint.js'
import { examples } from './lint/examples.js'
import { messagePanel } from './lint/message.js'

/** @typedef {import('./lint/message.js').Linted} Linted */
/**
 * @typedef {object} Result
 * @property {readonly Linted[]} messages
 * @property {readonly { index: number, messages: readonly number[] }[]} transactions
 * @property {readonly { fault: string, where: string, message: string, line?: number, column?: number }[]} problems
 * @property {readonly string[]} notes
 * @property {{ messages: number, transactions: number, errors: number, warnings: number }} summary
 */

const profiles = /** @type {const} */ (['strict', 'lenient'])
const exampleNames = /** @type {const} */ (['good', 'broken', 'flow', 'creq'])
/** Longer texts are refused by the API, and slow to show. */
const longest = 8_000_000
const legs = ['3DSS-DS', 'DS-ACS', 'ACS-DS', 'DS-3DSS', 'SDK-ACS', 'ACS-SDK', 'BRW-ACS', 'ACS-BRW']

/** What was pasted outlives a change of the language, and nothing else: it is kept in the page alone. */
const kept = { text: '', profile: 'strict', channel: '', category: '', leg: '', messageVersion: '' }

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(lintTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export function mount(root, app) {
  const { el } = app
  const t = app.texts(lintTexts)
  let turn = 0
  let isOver = false

  const input = el('textarea', {
    class: 'input lint-input',
    id: 'lint-input',
    'data-testid': 'lint-input',
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
    placeholder: t('placeholder'),
    value: kept.text,
    oninput: () => {
      kept.text = input.value
    },
    onpaste: () => setTimeout(() => void check()),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      void check()
    },
    ondragover: (/** @type {DragEvent} */ event) => event.preventDefault(),
    ondrop: (/** @type {DragEvent} */ event) => {
      const file = event.dataTransfer?.files[0]
      if (file === undefined) return
      event.preventDefault()
      void open(file)
    },
  })
  const results = el('div', { class: 'lint-results', 'data-testid': 'lint-results' })
  const button = el(
    'button',
    { class: 'button primary', type: 'button', 'data-testid': 'lint-check', onclick: () => void check() },
    t('check'),
  )

  /** @param {string} text */
  function load(text) {
    input.value = text
    kept.text = text
    void check()
  }

  /** @param {File} file */
  async function open(file) {
    if (file.size > longest) {
      showProblem(t('tooLarge'))
      return
    }
    load(await file.text())
  }

  const fileInput = el('input', {
    type: 'file',
    class: 'unseen',
    id: 'lint-file',
    tabindex: '-1',
    'aria-hidden': 'true',
    onchange: () => {
      const file = fileInput.files?.[0]
      if (file !== undefined) void open(file)
      fileInput.value = ''
    },
  })

  const profileSwitch = el(
    'fieldset',
    { class: 'lint-profile' },
    el('legend', null, t('profile')),
    profiles.map((profile) =>
      el(
        'label',
        null,
        el('input', {
          type: 'radio',
          name: 'lint-profile',
          value: profile,
          checked: kept.profile === profile,
          'data-testid': `profile-${profile}`,
          onchange: () => {
            kept.profile = profile
            void checkAgain()
          },
        }),
        el('span', null, el('b', null, t(`profile.${profile}`)), el('small', null, t(`profile.${profile}.text`))),
      ),
    ),
  )

  /** @param {'channel' | 'category' | 'leg' | 'messageVersion'} name @param {readonly (readonly [string, string])[]} options */
  const choice = (name, options) => {
    const select = el(
      'select',
      {
        class: 'input',
        id: `lint-${name}`,
        value: kept[name],
        'data-testid': `lint-${name}`,
        onchange: () => {
          kept[name] = select.value
          void checkAgain()
        },
      },
      el('option', { value: '' }, t('any')),
      options.map(([value, text]) => el('option', { value }, text)),
    )
    return el('div', null, el('label', { class: 'field-label', for: `lint-${name}` }, t(name)), select)
  }
  const isNarrowed = kept.channel !== '' || kept.category !== '' || kept.leg !== '' || kept.messageVersion !== ''
  const more = el(
    'details',
    { class: 'lint-more', open: isNarrowed },
    el('summary', null, t('more')),
    el(
      'div',
      { class: 'lint-choices' },
      choice('channel', [
        ['01', t('channel.01')],
        ['02', t('channel.02')],
        ['03', t('channel.03')],
      ]),
      choice('category', [
        ['01', t('category.01')],
        ['02', t('category.02')],
      ]),
      choice(
        'leg',
        legs.map((leg) => /** @type {const} */ ([leg, leg.replace('-', ' → ')])),
      ),
      choice(
        'messageVersion',
        ['2.1.0', '2.2.0', '2.3.1'].map((version) => /** @type {const} */ ([version, version])),
      ),
    ),
  )

  /** @param {string} text @param {Node} [action] */
  function showProblem(text, action) {
    results.replaceChildren(el('p', { class: 'pane-problem', 'data-testid': 'lint-problem' }, text, action))
    app.announce(text)
  }

  function showNothing() {
    results.replaceChildren(el('div', { class: 'lint-none' }, el('h3', null, t('none')), el('p', null, t('noneText'))))
  }

  /** Selects the place in the box. @param {number} line @param {number} column */
  function pointAt(line, column) {
    const before = input.value.split('\n').slice(0, line - 1)
    const start = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1
    input.focus()
    input.setSelectionRange(start, start + 1)
    input.scrollTop = Math.max(0, (line - 4) * Number.parseFloat(getComputedStyle(input).lineHeight || '18'))
    input.scrollIntoView({ block: 'nearest' })
  }

  /** @param {'errors' | 'warnings'} what @param {number} n */
  const counted = (what, n) => (n === 1 ? t(`${what}.one`) : t(what, { n }))

  /** @param {Result} result */
  function showResult({ messages, transactions, problems, notes, summary }) {
    const counts = [
      summary.messages === 1 ? t('messages.one') : t('messages', { n: summary.messages, of: summary.transactions }),
      counted('errors', summary.errors),
      counted('warnings', summary.warnings),
    ]
    const state = summary.errors > 0 ? 'error' : summary.warnings > 0 ? 'warning' : 'fine'
    const panels = transactions.flatMap(({ index, messages: members }) => [
      transactions.length > 1 && el('h3', { class: 'lint-transaction' }, t('transaction', { n: index + 1 })),
      ...members.map((member) => {
        const message = messages[member]
        return message === undefined ? false : messagePanel(app, message)
      }),
    ])
    results.replaceChildren()
    for (const { message, line, column, where } of problems) {
      results.append(
        el(
          'div',
          { class: 'pane-problem lint-problem', 'data-testid': 'lint-problem' },
          el('b', null, t('unreadable')),
          el(
            'p',
            null,
            where !== '' && `${where}: `,
            message,
            line !== undefined && ` (${t('at', { line, column: column ?? 1 })})`,
          ),
          line !== undefined &&
            input.value !== '' &&
            el(
              'button',
              { class: 'lint-link', type: 'button', onclick: () => pointAt(line, column ?? 1) },
              t('toInput'),
            ),
        ),
      )
    }
    if (messages.length > 0) {
      results.append(
        el(
          'p',
          { class: ['lint-summary', `is-${state}`], 'data-testid': 'lint-summary' },
          counts.map((text) => el('span', null, text)),
        ),
      )
    }
    results.append(...notes.map((note) => el('p', { class: 'quiet lint-note' }, note)))
    for (const panel of panels) if (panel !== false) results.append(panel)
    app.announce(
      problems.length > 0 && messages.length === 0
        ? `${t('unreadable')}: ${problems[0]?.message ?? ''}`
        : t('done', { what: counts.join(', ') }),
    )
  }

  /** @param {boolean} [isAsked] Somebody waits for it, so it may come into sight. */
  async function check(isAsked = true) {
    turn += 1
    const mine = turn
    const text = input.value
    if (text.trim() === '') {
      showNothing()
      return
    }
    if (text.length > longest) {
      showProblem(t('tooLarge'))
      return
    }
    const { profile, ...rest } = kept
    const options = Object.fromEntries(
      ['channel', 'category', 'leg', 'messageVersion'].flatMap((name) => {
        const value = Reflect.get(rest, name)
        return value === '' ? [] : [[name, value]]
      }),
    )
    button.setAttribute('aria-busy', 'true')
    button.textContent = t('checking')
    try {
      /** @type {Result} */
      const result = await app.api.post('/lint', { text, profile, lang: app.lang, show: true, ...options })
      if (mine !== turn || isOver) return
      showResult(result)
      // Where the results stand below the box they would not be seen.
      if (innerWidth <= 1_000 && isAsked) results.closest('section')?.scrollIntoView({ block: 'start' })
    } catch (error) {
      if (mine !== turn || isOver) return
      const { status, message } = problemOf(error)
      showProblem(status === 413 ? t('tooLarge') : status === 0 ? t('offline') : t('failed', { why: message }))
    } finally {
      if (mine === turn) {
        button.removeAttribute('aria-busy')
        button.textContent = t('check')
      }
    }
  }

  /** After a change of the options, once there is something to check. */
  const checkAgain = async () => {
    if (input.value.trim() !== '') await check(false)
  }

  root.append(
    el('p', { class: 'view-about' }, t('about')),
    el(
      'div',
      { class: 'lint-layout' },
      el(
        'section',
        { class: 'lint-side', 'aria-labelledby': 'lint-input-title' },
        el('h2', { id: 'lint-input-title' }, el('label', { for: 'lint-input' }, t('input'))),
        el(
          'div',
          { class: 'lint-examples', role: 'group', 'aria-label': t('examples') },
          el('span', { class: 'quiet' }, t('examples')),
          exampleNames.map((name) =>
            el(
              'button',
              {
                class: 'button',
                type: 'button',
                'data-testid': `example-${name}`,
                onclick: () => load(examples[name]()),
              },
              t(`example.${name}`),
            ),
          ),
        ),
        input,
        el(
          'div',
          { class: 'lint-actions' },
          button,
          el('button', { class: 'button', type: 'button', onclick: () => fileInput.click() }, t('file')),
          fileInput,
          el(
            'button',
            {
              class: 'button',
              type: 'button',
              'data-testid': 'lint-clear',
              onclick: () => {
                load('')
                input.focus()
              },
            },
            t('clear'),
          ),
        ),
        profileSwitch,
        more,
      ),
      el(
        'section',
        { class: 'lint-main', 'aria-labelledby': 'lint-result-title' },
        el('h2', { id: 'lint-result-title' }, t('result')),
        results,
      ),
    ),
  )
  showNothing()
  void checkAgain()

  return {
    unmount() {
      isOver = true
    },
    query() {},
  }
}
