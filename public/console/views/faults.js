// Faults on purpose: those that wait, how often each was met, and a form for another.
import { coalesced, problemOf } from '../lib/ask.js'
import { button, curlOf, isSure, note, pane, problemLine, snippet } from '../lib/pane.js'
import { faultFields } from '../plan/fault-fields.js'
import { createFields, said } from '../plan/fields.js'
import { faultWords } from '../plan/words.js'
import { faultsTexts } from '../texts/faults.js'

/**
 * @typedef {object} Rule As the API shows it.
 * @property {string | number} id
 * @property {string} link
 * @property {string} [message]
 * @property {{ threeDSServerTransID?: string, acsTransID?: string }} [match]
 * @property {number} times
 * @property {number} left
 * @property {number} met
 * @property {number} [probability]
 * @property {import('../plan/words.js').Fault} fault
 * @property {string | number} [expiresAt]
 * @property {boolean} [planned] It came with the plan of a transaction.
 */

const everyMs = 3_000

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(faultsTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(faultsTexts)
  let isOver = false
  let isFirst = true
  let drawn = ''

  const rows = el('tbody', { 'data-testid': 'faults' })
  const table = el(
    'table',
    { class: 'plain-table faults-table', 'aria-labelledby': 'faults-waiting' },
    el(
      'thead',
      null,
      el(
        'tr',
        null,
        el('th', { scope: 'col' }, t('where')),
        el('th', { scope: 'col' }, t('what')),
        el('th', { scope: 'col', class: 'number' }, t('met')),
        el('th', { scope: 'col', class: 'number' }, t('left')),
        el('th', { scope: 'col' }, el('span', { class: 'unseen' }, t('do'))),
      ),
    ),
    rows,
  )
  const count = el('p', { class: 'pane-count', role: 'status' })
  const none = note('faults-none', t('none'), t('noneText'))
  const problem = problemLine(app)
  const removeAll = button(t('removeAll'), () => void dropAll(), {
    class: 'danger',
    'data-testid': 'faults-remove-all',
  })

  /** @param {Rule} rule */
  function row(rule) {
    const { id, link, message, match, left, times, met, probability = 1, fault, expiresAt, planned } = rule
    const what = faultWords(app, fault)
    const about = [match?.acsTransID, match?.threeDSServerTransID].filter((one) => one !== undefined)
    const ends = expiresAt === undefined ? Number.NaN : new Date(expiresAt).getTime()
    return el(
      'tr',
      { 'data-testid': `fault-${id}`, class: left === 0 && 'is-over' },
      el(
        'td',
        { 'data-label': t('where') },
        el('b', { class: 'nowrap' }, link),
        el('span', { class: 'fault-message' }, ` ${message ?? t('every')}`),
        about.map((one) => el('code', { class: 'fault-match' }, `${one.slice(0, 8)}…`)),
      ),
      el(
        'td',
        { 'data-label': t('what') },
        what,
        probability < 1 &&
          el('span', { class: 'quiet' }, ` ${t('chance', { percent: app.format.percent(probability) })}`),
        planned === true && el('span', { class: 'quiet' }, ` ${t('planned')}`),
        !Number.isNaN(ends) && el('span', { class: 'quiet' }, ` ${t('until', { time: app.format.time(ends) })}`),
      ),
      el('td', { class: 'number', 'data-label': t('met') }, app.format.number(met)),
      el(
        'td',
        { class: 'number', 'data-label': t('left') },
        left === 0 ? t('over') : t('of', { left: app.format.number(left), times: app.format.number(times) }),
      ),
      el(
        'td',
        { class: 'row-ways' },
        button(t('remove'), () => void drop(id), {
          'aria-label': t('removeNamed', { what: `${link}: ${what}` }),
          'data-testid': `fault-remove-${id}`,
        }),
      ),
    )
  }

  const load = coalesced(async () => {
    try {
      /** @type {{ faults: readonly Rule[] }} */
      const { faults } = await app.api.get('/faults')
      if (isOver) return
      problem.show(undefined)
      isFirst = false
      const next = JSON.stringify(faults)
      if (next === drawn) return
      drawn = next
      const focused = rows.contains(document.activeElement)
        ? document.activeElement?.getAttribute('data-testid')
        : undefined
      rows.replaceChildren(...faults.map(row))
      table.hidden = faults.length === 0
      none.hidden = faults.length > 0
      removeAll.hidden = faults.length === 0
      count.textContent =
        faults.length === 0 ? '' : t(faults.length === 1 ? 'count.one' : 'count', { n: faults.length })
      if (focused != null) {
        const again = rows.querySelector(`[data-testid="${focused}"]`) ?? rows.querySelector('button')
        if (again instanceof HTMLElement) again.focus({ preventScroll: true })
      }
    } catch (error) {
      if (isOver) return
      if (isFirst && problemOf(error).status > 0) throw error
      problem.show(error)
    }
  })

  /** @param {string | number} id */
  async function drop(id) {
    try {
      await app.api.delete(`/faults/${encodeURIComponent(String(id))}`)
      app.announce(t('removed'))
    } catch (error) {
      if (problemOf(error).status !== 404) problem.show(error)
    }
    await load()
  }

  async function dropAll() {
    if (!(await isSure(app, { title: t('removeAll.title'), words: t('removeAll.words'), yes: t('removeAll') }))) return
    try {
      await app.api.delete('/faults')
      app.announce(t('removedAll'))
    } catch (error) {
      problem.show(error)
    }
    await load()
  }

  const fields = createFields(app, 'fault', () => draw())
  const maker = faultFields(app, fields, '')
  const server = fields.text('match.threeDSServerTransID', 'threeDSServerTransID', {
    class: 'input mono',
    maxlength: '36',
  })
  const acs = fields.text('match.acsTransID', 'acsTransID', {
    class: 'input mono',
    maxlength: '36',
    value: app.query().get('acsTransID') ?? '',
  })
  const expires = fields.text('expiresIn', t('expires'), {
    class: 'input mono',
    placeholder: t('expires.never'),
    hint: t('expires.hint'),
  })
  const wrong = problemLine(app, 'fault-wrong')
  const submit = el('button', { class: 'button primary', type: 'submit', 'data-testid': 'fault-make' }, t('make'))
  const json = snippet(app, 'JSON', 'fault-json')
  const curl = snippet(app, 'curl', 'fault-curl')
  const body = () => ({
    ...maker.read(),
    ...said({ match: said({ threeDSServerTransID: server.value, acsTransID: acs.value }), expiresIn: expires.value }),
  })
  function draw() {
    const made = body()
    json.set(JSON.stringify(made, null, 2))
    curl.set(curlOf(app, 'POST', '/faults', made))
  }
  async function make() {
    fields.clear()
    wrong.show(undefined)
    submit.disabled = true
    try {
      await app.api.post('/faults', body())
      app.announce(t('made'))
      await load()
    } catch (error) {
      const { path, message, status } = problemOf(error)
      if (status !== 400 || !fields.complain(path, message)) wrong.show(error)
    }
    submit.disabled = false
  }

  root.append(
    el('p', { class: 'view-about' }, t('about')),
    pane(
      'faults-waiting',
      t('waiting'),
      undefined,
      el('div', { class: 'pane-head' }, count, removeAll),
      problem.node,
      table,
      none,
    ),
    pane(
      'fault-new',
      t('new'),
      t('newText'),
      el(
        'form',
        {
          class: 'maker',
          novalidate: true,
          onsubmit: (/** @type {SubmitEvent} */ event) => {
            event.preventDefault()
            void make()
          },
        },
        el(
          'div',
          { class: 'maker-fields' },
          maker.node,
          el(
            'details',
            { class: 'plan-part-fold', open: acs.value !== '' },
            el('summary', null, el('h3', null, t('match'))),
            el('div', { class: 'form-grid' }, server.root, acs.root, expires.root),
          ),
          wrong.node,
          el('p', { class: 'form-actions' }, submit),
        ),
        el('div', { class: 'maker-said' }, json.node, curl.node),
      ),
    ),
  )
  draw()
  // Who meets a fault is told by no event, so the counts are asked for.
  const asking = setInterval(() => {
    if (!document.hidden) void load()
  }, everyMs)
  const offs = [app.events.on('reconnect', () => void load())]
  await load()
  return {
    unmount() {
      isOver = true
      clearInterval(asking)
      for (const off of offs) off()
    },
    query() {},
  }
}
