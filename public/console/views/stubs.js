// Stubs: what the next payments that match get, made by a form that shows the request it sends.
import { coalesced, problemOf } from '../lib/ask.js'
import { button, curlOf, isSure, note, pane, problemLine, quoted, snippet } from '../lib/pane.js'
import { removeStubButton, stubLine } from '../next-decision.js'
import { createFields, numberIn, said } from '../plan/fields.js'
import { matchFields } from '../plan/match-fields.js'
import { planFields } from '../plan/plan-fields.js'
import { matchWords, planParts } from '../plan/words.js'
import { stubsTexts } from '../texts/stubs.js'

const retryMs = 3_000

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(stubsTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(stubsTexts)
  let isOver = false
  let isFirst = true
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer

  // Those that wait.
  const list = el('ul', { class: 'stub-rows', 'data-testid': 'stubs' })
  const none = note('stubs-none', t('none'), t('noneText'))
  const problem = problemLine(app)
  const count = el('p', { class: 'pane-count', role: 'status', 'data-testid': 'stubs-count' })
  const removeAll = button(t('removeAll'), () => void dropAll(), { class: 'danger', 'data-testid': 'stubs-remove-all' })

  /** @type {ReadonlyMap<unknown, string>} */
  let masks = new Map()

  /** @param {import('../next-decision.js').Stub} stub */
  const item = (stub) =>
    el(
      'li',
      { class: 'stub-row', 'data-testid': `planned-${stub.id}` },
      el('p', { class: 'stub-match' }, matchWords(app, stub.match, masks)),
      el('div', { class: 'plan-parts' }, planParts(app, stub.then)),
      el(
        'p',
        { class: 'stub-how quiet' },
        ...stubLine(app, stub),
        stub.priority !== undefined &&
          stub.priority !== 0 &&
          el('span', null, t('priority.said', { n: stub.priority })),
      ),
      removeStubButton(app, stub, () => void load()),
    )

  const load = coalesced(async () => {
    clearTimeout(timer)
    try {
      const [{ stubs }, register] = await Promise.all([app.api.get('/stubs'), app.api.get('/cards')])
      if (isOver) return
      problem.show(undefined)
      masks = new Map(register.cards.map((/** @type {{ id: string, mask: string }} */ card) => [card.id, card.mask]))
      const hadFocus = list.contains(document.activeElement)
      list.replaceChildren(...stubs.map(item))
      list.hidden = stubs.length === 0
      none.hidden = stubs.length > 0
      removeAll.hidden = stubs.length === 0
      count.textContent = stubs.length === 0 ? '' : t(stubs.length === 1 ? 'count.one' : 'count', { n: stubs.length })
      if (hadFocus) (list.querySelector('button') ?? match.first).focus({ preventScroll: true })
      isFirst = false
    } catch (error) {
      if (isOver) return
      if (isFirst && problemOf(error).status > 0) throw error
      problem.show(error)
      timer = setTimeout(() => void load(), retryMs)
    }
  })

  async function dropAll() {
    if (!(await isSure(app, { title: t('removeAll.title'), words: t('removeAll.words'), yes: t('removeAll') }))) return
    try {
      await app.api.delete('/stubs')
      app.announce(t('removedAll'))
    } catch (error) {
      problem.show(error)
    }
    await load()
  }

  // A new one.
  const fields = createFields(app, 'stub', () => draw())
  const match = matchFields(app, fields, {
    ...(app.query().get('card') !== null && { card: app.query().get('card') ?? '' }),
    onchange: () => draw(),
  })
  const plan = planFields(app, fields, () => draw())
  const times = fields.text('times', t('times'), { inputmode: 'numeric', value: '1' })
  const priority = fields.text('priority', t('priority'), {
    inputmode: 'numeric',
    placeholder: '0',
    hint: t('priority.hint'),
  })
  const expires = fields.text('expiresIn', t('expires'), {
    class: 'input mono',
    placeholder: t('expires.never'),
    hint: t('expires.hint'),
  })
  const wrong = problemLine(app, 'stub-wrong')
  const submit = el('button', { class: 'button primary', type: 'submit', 'data-testid': 'stub-make' }, t('make'))
  const json = snippet(app, 'JSON', 'stub-json')
  const curl = snippet(app, 'curl', 'stub-curl')
  const command = snippet(app, 'sekisho', 'stub-cli')

  const body = () => ({
    match: match.read(),
    ...said({
      times: times.value === '1' ? undefined : numberIn(times.value),
      priority: numberIn(priority.value),
      expiresIn: expires.value,
    }),
    // biome-ignore lint/suspicious/noThenProperty: a member of the API; nobody awaits a stub.
    then: plan.read(),
  })

  function draw() {
    const made = body()
    json.set(JSON.stringify(made, null, 2))
    curl.set(curlOf(app, 'POST', '/stubs', made))
    command.set(
      [
        'sekisho stub add',
        app.tenant === 'default' ? '' : `--tenant ${app.tenant}`,
        Object.keys(made.match).length === 0 ? '' : `--match ${quoted(JSON.stringify(made.match))}`,
        `--then ${quoted(JSON.stringify(made.then))}`,
        times.value === '1' ? '' : `--times ${times.value}`,
        priority.value === '' ? '' : `--priority ${priority.value}`,
        expires.value === '' ? '' : `--expires ${expires.value}`,
      ]
        .filter((word) => word !== '')
        .join(' \\\n  '),
    )
  }

  async function make() {
    fields.clear()
    wrong.show(undefined)
    submit.disabled = true
    try {
      const stub = await app.api.post('/stubs', body())
      app.announce(t('made'))
      await load()
      const row = list.querySelector(`[data-testid="planned-${stub?.id}"]`)
      row?.classList.add('is-new')
      row?.scrollIntoView({ block: 'nearest' })
    } catch (error) {
      const { path, message, status } = problemOf(error)
      if (status !== 400 || !fields.complain(path, message)) wrong.show(error)
    }
    submit.disabled = false
  }

  const form = el(
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
      el('h3', { class: 'maker-step' }, t('conditions')),
      match.node,
      el('h3', { class: 'maker-step' }, t('consequence')),
      plan.node,
      el('h3', { class: 'maker-step' }, t('often')),
      el('div', { class: 'form-grid' }, times.root, priority.root, expires.root),
      wrong.node,
      el('p', { class: 'form-actions' }, submit),
    ),
    el('div', { class: 'maker-said' }, json.node, curl.node, command.node),
  )

  root.append(
    el('p', { class: 'view-about' }, t('about')),
    pane(
      'stubs-waiting',
      t('waiting'),
      undefined,
      el('div', { class: 'pane-head' }, count, removeAll),
      problem.node,
      list,
      none,
    ),
    pane('stub-new', t('new'), t('newText'), form),
  )
  draw()
  const offs = [app.events.on('stubs', () => void load()), app.events.on('reconnect', () => void load())]
  await load()
  return {
    unmount() {
      isOver = true
      clearTimeout(timer)
      for (const off of offs) off()
    },
    query() {},
  }
}
