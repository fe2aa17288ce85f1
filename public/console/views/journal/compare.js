// Two runs beside each other: of tenants as they are now, or of files that were exported.
import { button, note, pane, problemLine } from '../../lib/pane.js'
import { journalTexts } from '../../texts/journal.js'

/** @typedef {{ path: string, a?: unknown, b?: unknown }} Change */
/** @typedef {'changed' | 'onlyInA' | 'onlyInB'} Kind */
/** @typedef {{ kind: Kind, position: number, link: string, messageType?: string, changes: readonly Change[], message?: unknown }} MessageDiff */
/** @typedef {{ kind: Kind, position: number, acsTransID?: string, changes: readonly Change[], messages: readonly MessageDiff[] }} TransactionDiff */
/** @typedef {{ isEqual: boolean, transactions: { a: number, b: number }, differences: readonly TransactionDiff[], text: string }} Diff */

const shownAtMost = 50

/** @param {import('../../app.js').App} app */
export function compareView(app) {
  const { el } = app
  const t = app.texts(journalTexts)
  const problem = problemLine(app, 'diff-problem')
  const result = el('div', { class: 'diff', 'data-testid': 'diff' })

  /** One side: a tenant by its name, or a file. @param {'a' | 'b'} side @param {string} first */
  function source(side, first) {
    /** @type {File | undefined} */
    let file
    const tenant = el('input', {
      class: 'input mono',
      id: `diff-${side}`,
      value: first,
      list: 'diff-tenants',
      autocomplete: 'off',
      spellcheck: 'false',
      'data-testid': `diff-${side}`,
      oninput: () => {
        file = undefined
        chosen.textContent = ''
      },
    })
    const chosen = el('span', { class: 'quiet' })
    const picker = el('input', {
      type: 'file',
      class: 'unseen',
      tabindex: '-1',
      'aria-hidden': 'true',
      'data-testid': `diff-file-${side}`,
      onchange: () => {
        file = picker.files?.[0]
        chosen.textContent = file?.name ?? ''
        if (file !== undefined) tenant.value = ''
      },
    })
    return {
      node: el(
        'div',
        { class: 'diff-side' },
        el('label', { for: `diff-${side}`, class: 'field-label' }, t(`diff.${side}`)),
        el(
          'div',
          { class: 'diff-choice' },
          tenant,
          button(t('diff.file'), () => picker.click()),
          picker,
        ),
        chosen,
      ),
      /** The text of the run. */
      async read() {
        if (file !== undefined) return file.text()
        const name = tenant.value.trim()
        if (name === '') throw new Error(t('diff.none', { side: t(`diff.${side}`) }))
        return app.apiOf(name).text('/journal/export?form=canonical')
      },
    }
  }
  const a = source('a', app.tenant)
  const b = source('b', '')
  const tenants = el('datalist', { id: 'diff-tenants' })

  /** @param {unknown} value */
  const shown = (value) => (value === undefined ? t('diff.nothing') : JSON.stringify(value))
  /** @param {Change} change */
  const changeRow = ({ path, a: before, b: after }) =>
    el(
      'tr',
      null,
      el('th', { scope: 'row' }, el('code', null, path)),
      el('td', { class: 'is-a' }, el('code', null, shown(before))),
      el('td', { class: 'is-b' }, el('code', null, shown(after))),
    )
  /** @param {string} heading @param {readonly Change[]} changes */
  const changeTable = (heading, changes) =>
    changes.length > 0 &&
    el(
      'div',
      { class: 'diff-table' },
      el(
        'table',
        { class: 'plain-table' },
        el('caption', null, heading),
        el(
          'thead',
          null,
          el(
            'tr',
            null,
            el('th', { scope: 'col' }, t('diff.element')),
            el('th', { scope: 'col' }, 'A'),
            el('th', { scope: 'col' }, 'B'),
          ),
        ),
        el('tbody', null, changes.map(changeRow)),
      ),
    )
  /** @param {TransactionDiff} one */
  const transaction = ({ kind, position, acsTransID, changes, messages }) =>
    el(
      'details',
      { class: 'plan-part-fold', open: position <= 3 },
      el(
        'summary',
        null,
        el('h3', null, t('diff.transaction', { n: position })),
        el('span', { class: ['diff-kind', `is-${kind}`] }, t(`diff.${kind}`)),
        acsTransID !== undefined && el('code', { class: 'quiet' }, acsTransID.slice(0, 8)),
      ),
      el(
        'div',
        null,
        changeTable(t('diff.itself'), changes),
        messages.map((message) => {
          const name = `${message.position}. ${message.link} ${message.messageType ?? ''}`
          return message.kind === 'changed'
            ? changeTable(name, message.changes)
            : el('p', { class: ['diff-only', `is-${message.kind}`] }, `${name}: ${t(`diff.${message.kind}`)}`)
        }),
      ),
    )

  async function compare() {
    go.disabled = true
    problem.show(undefined)
    result.replaceChildren()
    try {
      const [first, second] = await Promise.all([a.read(), b.read()])
      if (first.trim() === '' || second.trim() === '') throw new Error(t('diff.empty'))
      /** @type {Diff} */
      const diff = await app.api.post('/journal/diff', { a: first, b: second })
      const { differences, transactions } = diff
      result.replaceChildren(
        diff.isEqual
          ? note('diff-equal', t('diff.equal'), t('diff.equalText', { n: transactions.a }))
          : el(
              'div',
              null,
              el(
                'p',
                { class: 'pane-count', role: 'status' },
                t('diff.count', { n: differences.length, a: transactions.a, b: transactions.b }),
              ),
              ...differences.slice(0, shownAtMost).map(transaction),
              differences.length > shownAtMost &&
                el('p', { class: 'quiet' }, t('diff.more', { n: differences.length - shownAtMost })),
            ),
      )
      app.announce(
        diff.isEqual
          ? t('diff.equal')
          : t('diff.count', { n: differences.length, a: transactions.a, b: transactions.b }),
      )
    } catch (error) {
      problem.show(error instanceof Error && !('status' in error) ? error.message : error)
    }
    go.disabled = false
  }
  const go = el('button', { class: 'button primary', type: 'submit', 'data-testid': 'diff-go' }, t('diff.go'))

  app.operatorApi.get('/tenants').then(
    (/** @type {{ tenants: readonly { name: string }[] }} */ answer) =>
      tenants.replaceChildren(...answer.tenants.map(({ name }) => el('option', { value: name }))),
    () => {
      // names can be typed
    },
  )
  return pane(
    'journal-compare',
    t('diff'),
    t('diffText'),
    el(
      'form',
      {
        class: 'diff-form',
        novalidate: true,
        onsubmit: (/** @type {SubmitEvent} */ event) => {
          event.preventDefault()
          void compare()
        },
      },
      a.node,
      b.node,
      go,
      tenants,
    ),
    problem.node,
    result,
  )
}
