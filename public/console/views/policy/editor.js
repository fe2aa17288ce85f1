// The draft: written, checked while it is typed, compared, tried on stored payments, published.
import { problemOf } from '../../lib/ask.js'
import { codeEditor } from '../../lib/code-editor.js'
import { button, isSure, pane, problemLine } from '../../lib/pane.js'
import { policyDeskTexts } from '../../texts/policy-desk.js'
import { sharedTexts } from '../../texts/shared.js'
import { backTestPane } from './back-test.js'
import { changeList } from './changes.js'
import { numbersPane } from './numbers.js'

/** @typedef {{ path: string, message: string, line?: number, column?: number }} Problem */
/** @typedef {{ text: string, basedOn: string, revision: number, at: number, isStale: boolean }} Draft */
/**
 * @typedef {object} Desk
 * @property {{ hash: string, name: string, version: number }} running
 * @property {string} text
 * @property {Draft | null} draft
 * @property {{ file: string, problems: readonly Problem[] } | null} fileProblem
 */

const checkAfterMs = 350

/** What was typed and not kept outlives a change of the tab, the view and the language, in the page alone. @type {{ text: string | undefined }} */
const typed = { text: undefined }

/** @param {HTMLElement} root @param {import('../../app.js').App} app */
export async function editorView(root, app) {
  const { el } = app
  const t = app.texts(policyDeskTexts)
  /** @type {[Desk, { policies: readonly { name: string }[] }]} */
  const [first, { policies: shipped }] = await Promise.all([app.api.get('/policies'), app.api.get('/policies/shipped')])
  let desk = first
  let turn = 0
  let isOver = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  /** Numbers are set one after the other, each in the text that the one before left. */
  let setting = Promise.resolve()

  const editor = codeEditor({
    id: 'policy-yaml',
    label: t('yaml'),
    onchange: () => edited(),
    onsave: () => void keep(),
  })
  const list = el('ul', { class: 'editor-problems', 'data-testid': 'policy-problems', hidden: true })
  const problem = problemLine(app, 'policy-failed')
  const state = el('span', { class: 'editor-state', role: 'status', 'data-testid': 'policy-state' })
  const stale = el('p', { class: 'pane-news', role: 'status', hidden: true }, t('stale'))
  const broken = el('p', { class: 'pane-problem', role: 'status', hidden: true, 'data-testid': 'policy-file-problem' })
  const keepButton = button(t('keep'), () => void keep(), { 'data-testid': 'policy-keep' })
  const publishButton = button(t('publish'), () => void publish(), {
    class: 'primary',
    'data-testid': 'policy-publish',
  })
  const discardButton = button(t('discard'), () => void discard(), { 'data-testid': 'policy-discard' })
  const numbers = numbersPane(app, setNumber)
  const trial = backTestPane(app, () => editor.text)
  const changes = el('div', { 'data-testid': 'policy-changes' })
  const origin = el(
    'select',
    { class: 'input', id: 'policy-begin', 'data-testid': 'policy-begin' },
    el('option', { value: '' }, t('begin.running')),
    shipped.map(({ name }) => el('option', { value: name }, name)),
  )

  const keptText = () => desk.draft?.text ?? desk.text
  const isUnsaved = () => editor.text !== keptText()

  function showState() {
    const isSame = editor.text === desk.text
    state.textContent = isUnsaved()
      ? t('state.unsaved')
      : isSame || desk.draft === null
        ? t('state.same')
        : t('state.kept', { when: app.format.time(desk.draft.at) })
    keepButton.disabled = !isUnsaved()
    publishButton.disabled = isSame
    discardButton.disabled = isSame && desk.draft === null
    stale.hidden = desk.draft?.isStale !== true
    const wrong = desk.fileProblem?.problems[0]
    broken.hidden = wrong === undefined
    if (wrong !== undefined)
      broken.textContent = t('fileProblem', {
        file: desk.fileProblem?.file ?? '',
        line: wrong.line ?? '?',
        message: wrong.message,
      })
  }

  function edited() {
    typed.text = isUnsaved() ? editor.text : undefined
    showState()
    clearTimeout(timer)
    timer = setTimeout(() => void check(), checkAfterMs)
  }

  /** @param {readonly Problem[]} problems */
  function show(problems) {
    editor.show(
      problems.flatMap(({ line, message, ...rest }) => (line === undefined ? [] : [{ ...rest, line, message }])),
    )
    list.hidden = problems.length === 0
    list.replaceChildren(
      ...problems.slice(0, 8).map(({ line, column, path, message }) => {
        const words = `${path === '' ? '' : `${path}: `}${message}`
        return el(
          'li',
          null,
          line === undefined
            ? words
            : [
                el('button', { type: 'button', onclick: () => editor.goTo(line, column) }, t('line', { line })),
                ` ${words}`,
              ],
        )
      }),
      ...(problems.length > 8 ? [el('li', null, t('moreProblems', { n: problems.length - 8 }))] : []),
    )
  }

  async function check() {
    turn += 1
    const mine = turn
    const text = editor.text
    try {
      /** @type {{ problems: readonly Problem[], policy?: import('./numbers.js').Policy }} */
      const { problems, policy } = await app.api.post('/policies/check', { text })
      if (mine !== turn || isOver) return
      show(problems)
      numbers.show(policy)
      if (policy === undefined) {
        changes.replaceChildren(el('p', { class: 'quiet' }, t('invalidChanges')))
        return
      }
      /** @type {{ changes: readonly import('./changes.js').Change[] }} */
      const { changes: found } = await app.api.post('/policies/diff', { to: { text } })
      if (mine !== turn || isOver) return
      changes.replaceChildren(found.length === 0 ? el('p', { class: 'quiet' }, t('noChanges')) : changeList(app, found))
    } catch (error) {
      if (mine === turn && !isOver) problem.show(error)
    }
  }

  /** @param {readonly string[]} path @param {number} value */
  function setNumber(path, value) {
    setting = setting.then(async () => {
      try {
        /** @type {{ text: string }} */
        const { text } = await app.api.post('/policies/edit', { text: editor.text, path, value })
        if (isOver) return
        editor.text = text
        edited()
      } catch (error) {
        problem.show(error)
      }
    })
  }

  /** @param {string} text */
  async function take(text) {
    const isLost = editor.text !== desk.text && editor.text !== text
    if (isLost && !(await isSure(app, { title: t('replace'), words: t('replaceText'), yes: t('replace.yes') }))) return
    editor.text = text
    edited()
    editor.area.focus({ preventScroll: true })
  }

  async function begin() {
    problem.show(undefined)
    try {
      if (origin.value === '') {
        await look()
        await take(desk.text)
        return
      }
      /** @type {{ text: string }} */
      const { text } = await app.api.get(`/policies/shipped/${encodeURIComponent(origin.value)}`)
      await take(text)
    } catch (error) {
      problem.show(error)
    }
  }

  async function look() {
    /** @type {Desk} */
    const now = await app.api.get('/policies')
    if (isOver) return
    desk = now
    showState()
  }

  /** False: it was not kept. */
  async function keep() {
    if (!isUnsaved()) return true
    problem.show(undefined)
    const text = editor.text
    try {
      await app.api.put('/policies/draft', { text, revision: desk.draft?.revision ?? 0 })
    } catch (error) {
      if (problemOf(error).status !== 409) {
        problem.show(error)
        return false
      }
      const words = t('staleDraft')
      if (!(await isSure(app, { title: t('staleTake'), words, yes: t('staleTake') }))) return false
      await app.api.put('/policies/draft', { text })
    }
    await look()
    edited()
    app.announce(state.textContent ?? '')
    return true
  }

  /** Tells what is wrong, and goes there. */
  async function isValid() {
    try {
      /** @type {{ problems: readonly Problem[] }} */
      const { problems } = await app.api.post('/policies/check', { text: editor.text })
      const [wrong] = problems
      if (wrong === undefined) return true
      const { line, column, path, message } = wrong
      show(problems)
      problem.show(t('publishWrong', { line: line ?? '?', message: path === '' ? message : `${path}: ${message}` }))
      if (line !== undefined) editor.goTo(line, column)
    } catch (error) {
      problem.show(error)
    }
    return false
  }

  async function publish() {
    problem.show(undefined)
    if (!(await isValid())) return
    const note = el('input', { class: 'input', id: 'policy-note', maxlength: '500', 'data-testid': 'policy-note' })
    const answer = await app.dialog({
      title: t('publishTitle'),
      body: el(
        'div',
        { class: 'field' },
        el('p', null, t('publishText')),
        el(
          'div',
          { class: 'dialog-changes' },
          [...changes.children].map((node) => node.cloneNode(true)),
        ),
        el('label', { for: 'policy-note' }, t('note')),
        note,
      ),
      actions: [
        { label: app.texts(sharedTexts)('cancel'), value: '' },
        { label: t('publishYes'), value: 'publish', kind: 'primary' },
      ],
      first: 'publish',
    })
    if (answer !== 'publish' || !(await keep())) return
    const words = note.value.trim()
    try {
      /** @type {{ name: string, version: number }} */
      const { name, version } = await app.api.post('/policies/publish', {
        basedOn: desk.running.hash,
        ...(desk.draft === null && { text: editor.text }),
        ...(words !== '' && { note: words }),
      })
      if (isOver) return
      await look()
      edited()
      const done = t('published', { name, version })
      state.textContent = done
      app.announce(done)
    } catch (error) {
      const { status, message } = problemOf(error)
      const answered = error instanceof Error && 'answer' in error ? error.answer : undefined
      const found = typeof answered === 'object' && answered !== null ? Reflect.get(answered, 'problems') : undefined
      if (Array.isArray(found) && found.length > 0) show(found)
      if (status === 409) {
        await look()
        void check()
        problem.show(message.startsWith('this is') ? t('nothing') : t('overtaken'))
      } else problem.show(error)
    }
  }

  async function discard() {
    if (!(await isSure(app, { title: t('discardTitle'), words: t('discardText'), yes: t('discard.yes') }))) return
    problem.show(undefined)
    try {
      if (desk.draft !== null) await app.api.delete('/policies/draft')
      await look()
      editor.text = desk.text
      edited()
    } catch (error) {
      problem.show(error)
    }
  }

  /** @param {BeforeUnloadEvent} event */
  const leaving = (event) => {
    if (isUnsaved()) event.preventDefault()
  }
  const seen = () => {
    if (!document.hidden) look().catch(() => {}) // the next look will tell
  }

  root.append(
    el('p', { class: 'view-about' }, t('about')),
    el(
      'div',
      { class: 'policy-desk' },
      el(
        'div',
        { class: 'policy-desk-main' },
        pane(
          'policy-editor',
          t('editor'),
          t('editorText'),
          broken,
          stale,
          problem.node,
          el(
            'div',
            { class: 'editor-bar policy-begin' },
            el('label', { for: 'policy-begin' }, t('begin')),
            origin,
            button(t('begin.take'), () => void begin(), { 'data-testid': 'policy-take' }),
          ),
          el('div', { role: 'status' }, list),
          editor.node,
          el('div', { class: 'editor-bar' }, publishButton, keepButton, discardButton, state),
        ),
        trial.node,
      ),
      el(
        'div',
        { class: 'policy-desk-side' },
        pane('policy-change', t('changes'), t('changesText'), changes),
        numbers.node,
      ),
    ),
  )
  editor.text = typed.text ?? keptText()
  showState()
  void check()
  addEventListener('beforeunload', leaving)
  document.addEventListener('visibilitychange', seen)
  return {
    unmount() {
      isOver = true
      clearTimeout(timer)
      trial.unmount()
      removeEventListener('beforeunload', leaving)
      document.removeEventListener('visibilitychange', seen)
    },
  }
}
