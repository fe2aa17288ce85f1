// Lists beside the policy: entries, a form, CSV, and who changed what.
import { button, Field, isSure, pane, problemLine, saveFile, segments } from '../../lib/pane.js'
import { policyDeskTexts } from '../../texts/policy-desk.js'

/** @typedef {'allow' | 'deny'} ListName */
/** @typedef {(typeof kinds)[number]} Kind */
/**
 * @typedef {object} Entry
 * @property {number} id
 * @property {Kind} kind
 * @property {string} value
 * @property {string} reason
 * @property {string} [from]
 * @property {string} [until]
 * @property {'inForce' | 'notYet' | 'over'} force
 */
/**
 * @typedef {object} ListChange
 * @property {number} at
 * @property {'added' | 'changed' | 'removed' | 'imported'} what
 * @property {ListName} list
 * @property {'operator' | 'tenant' | 'api'} by
 * @property {number} [added]
 * @property {number} [changed]
 * @property {Kind} [kind]
 * @property {string} [shown]
 * @property {string} [reason]
 */

const kinds = /** @type {const} */ ([
  'card',
  'email',
  'phone',
  'device',
  'ip',
  'merchant',
  'mcc',
  'country',
  'merchantCountry',
  'shipTo',
])

/** @param {HTMLElement} root @param {import('../../app.js').App} app */
export async function listsView(root, app) {
  const { el } = app
  const t = app.texts(policyDeskTexts)
  /** @type {ListName} */
  let list = 'deny'
  let isOver = false
  const problem = problemLine(app, 'lists-failed')
  const rows = el('tbody', { 'data-testid': 'entries' })
  const table = el(
    'div',
    { class: 'table-scroll is-wide', tabindex: '0', role: 'region', 'aria-label': t('lists') },
    el(
      'table',
      { class: 'plain-table' },
      el(
        'thead',
        null,
        el(
          'tr',
          null,
          [t('kind'), t('value'), t('reason'), t('from'), t('until'), t('state')].map((label) =>
            el('th', { scope: 'col' }, label),
          ),
          el('th', { scope: 'col' }, el('span', { class: 'unseen' }, t('remove'))),
        ),
      ),
      rows,
    ),
  )
  const empty = el('p', { class: 'quiet', hidden: true }, t('noEntries'))
  const counts = el('p', { class: 'quiet' })
  const audit = el('ul', { class: 'audit', 'data-testid': 'audit' })

  // The form.
  const kind = el(
    'select',
    { class: 'input', id: 'entry-kind', 'data-testid': 'entry-kind', onchange: () => hint() },
    kinds.map((one) => el('option', { value: one }, t(`kind.${one}`))),
  )
  /** @param {string} id @param {Record<string, unknown>} [more] */
  const input = (id, more) => el('input', { class: 'input', id, 'data-testid': id, autocomplete: 'off', ...more })
  const kindField = new Field(kind, t('kind'))
  const valueField = new Field(input('entry-value', { required: true }), t('value'), ' ')
  const reasonField = new Field(
    input('entry-reason', { required: true, maxlength: '200' }),
    t('reason'),
    t('reasonHint'),
  )
  const fromField = new Field(input('entry-from', { type: 'date' }), t('from'), t('optional'))
  const untilField = new Field(input('entry-until', { type: 'date' }), t('until'), t('optional'))
  const valueHint = valueField.root.querySelector('.field-hint')
  function hint() {
    const chosen = kinds.find((one) => one === kind.value) ?? 'card'
    if (valueHint !== null) valueHint.textContent = t(`hint.${chosen}`)
  }
  hint()
  const form = el(
    'form',
    {
      class: 'entry-form',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault()
        void add()
      },
    },
    kindField.root,
    valueField.root,
    reasonField.root,
    fromField.root,
    untilField.root,
    el('button', { class: 'button primary', type: 'submit', 'data-testid': 'entry-add' }, t('add')),
  )

  async function add() {
    problem.show(undefined)
    for (const field of [valueField, reasonField]) field.complain(undefined)
    try {
      /** @type {Entry} */
      const { value } = await app.api.post(`/lists/${list}`, {
        kind: kind.value,
        value: valueField.value,
        reason: reasonField.value,
        ...(fromField.value !== '' && { from: fromField.value }),
        ...(untilField.value !== '' && { until: untilField.value }),
      })
      valueField.control.value = ''
      await load()
      app.announce(t('added', { value }))
    } catch (error) {
      const path = error instanceof Error ? Reflect.get(error, 'path') : ''
      if (path === 'value' && error instanceof Error) {
        valueField.complain(error.message)
        valueField.control.focus()
      } else problem.show(error)
    }
  }

  /** @param {Entry} entry */
  async function remove({ id, value }) {
    if (!(await isSure(app, { title: t('removeTitle', { value }), words: t('removeText'), yes: t('removeYes') })))
      return
    try {
      await app.api.delete(`/lists/${list}/${id}`)
      await load()
      app.announce(t('removed'))
    } catch (error) {
      problem.show(error)
    }
  }

  /** @param {File} file */
  async function importing(file) {
    csvProblem.show(undefined)
    wrong.replaceChildren()
    try {
      /** @type {{ added: number, changed: number }} */
      const done = await app.api.postText(`/lists/${list}/csv`, await file.text(), 'text/csv')
      await load()
      told.textContent = t('imported', done)
    } catch (error) {
      told.textContent = ''
      const answered = error instanceof Error ? Reflect.get(error, 'answer') : undefined
      const found = typeof answered === 'object' && answered !== null ? Reflect.get(answered, 'problems') : undefined
      if (Array.isArray(found) && found.length > 0) complain(found)
      else csvProblem.show(error)
    }
  }
  const csvProblem = problemLine(app, 'csv-failed')
  const wrong = el('div', { role: 'status', class: 'csv-wrong', 'data-testid': 'csv-problems' })
  /** @param {readonly { line: number, message: string }[]} problems */
  function complain(problems) {
    wrong.replaceChildren(
      el('p', { class: 'csv-refused' }, t('csvRefused', { n: problems.length })),
      el(
        'ul',
        { class: 'editor-problems' },
        problems.slice(0, 10).map(({ line, message }) => el('li', null, `${t('line', { line })}: ${message}`)),
        problems.length > 10 && el('li', null, t('moreProblems', { n: problems.length - 10 })),
      ),
    )
  }
  const told = el('p', { role: 'status', class: 'quiet', 'data-testid': 'csv-told' })
  const file = el('input', {
    type: 'file',
    id: 'csv-file',
    accept: '.csv,text/csv',
    'data-testid': 'csv-file',
    onchange: () => {
      const [chosen] = file.files ?? []
      if (chosen !== undefined) void importing(chosen)
      file.value = ''
    },
  })
  const exporting = async () => {
    try {
      saveFile(`sekisho-${list}.csv`, await app.api.text(`/lists/${list}/csv`), 'text/csv')
    } catch (error) {
      problem.show(error)
    }
  }

  /** @param {ListChange} change */
  function changeLine({ at, what, list: of, by, added = 0, changed = 0, shown, reason, kind: ofKind }) {
    const words = t(`change.${what}`, { list: t(`list.${of}`), added, changed })
    return el(
      'li',
      null,
      el('span', { class: 'quiet' }, `${app.format.time(at)} · ${t(`by.${by}`)}`),
      ' ',
      ...(ofKind === undefined ? [] : [`${t(`kind.${ofKind}`)} `, el('code', null, shown ?? ''), ' ']),
      words,
      reason !== undefined && el('span', { class: 'quiet' }, ` (${reason})`),
    )
  }

  async function load() {
    try {
      /** @type {[{ entries: readonly Entry[], total: number, ofPolicy: number }, { changes: readonly ListChange[] }]} */
      const [{ entries, total, ofPolicy }, { changes }] = await Promise.all([
        app.api.get(`/lists/${list}`),
        app.api.get('/lists/changes?limit=20'),
      ])
      if (isOver) return
      rows.replaceChildren(
        ...entries.map((entry) =>
          el(
            'tr',
            null,
            el('td', null, t(`kind.${entry.kind}`)),
            el('td', null, el('code', null, entry.value)),
            el('td', null, entry.reason),
            el('td', null, entry.from ?? ''),
            el('td', null, entry.until ?? ''),
            el('td', null, t(`force.${entry.force}`)),
            el(
              'td',
              null,
              button(t('remove'), () => void remove(entry), { 'aria-label': t('removeNamed', { value: entry.value }) }),
            ),
          ),
        ),
      )
      table.hidden = entries.length === 0
      empty.hidden = entries.length > 0
      counts.textContent = [
        ...(total > entries.length ? [t('shownEntries', { n: entries.length, all: total })] : []),
        ...(ofPolicy > 0 ? [t('ofPolicy', { n: ofPolicy })] : []),
      ].join(' ')
      audit.replaceChildren(
        ...(changes.length === 0 ? [el('li', { class: 'quiet' }, t('noAudit'))] : changes.map(changeLine)),
      )
    } catch (error) {
      problem.show(error)
    }
  }

  root.append(
    pane(
      'policy-lists',
      t('lists'),
      t('listsText'),
      problem.node,
      segments({
        name: 'list',
        legend: t('list'),
        choices: [
          ['deny', t('list.deny')],
          ['allow', t('list.allow')],
        ],
        value: list,
        onchange: (value) => {
          list = value === 'allow' ? 'allow' : 'deny'
          void load()
        },
      }),
      form,
      table,
      empty,
      counts,
    ),
    pane(
      'policy-csv',
      t('csv'),
      t('csvText'),
      el(
        'div',
        { class: 'editor-bar' },
        el('label', { for: 'csv-file' }, t('csvFile')),
        file,
        button(t('export'), () => void exporting(), { 'data-testid': 'csv-export' }),
      ),
      csvProblem.node,
      wrong,
      told,
    ),
    pane('policy-audit', t('audit'), undefined, audit),
  )
  await load()
  return {
    unmount() {
      isOver = true
    },
  }
}
