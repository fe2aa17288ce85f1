// The scenario table as it is written: edited here, checked while it is typed, and in force as soon as it is saved.
import { problemOf } from '../../lib/ask.js'
import { codeEditor } from '../../lib/code-editor.js'
import { button, isSure, pane, problemLine } from '../../lib/pane.js'
import { scenariosTexts } from '../../texts/scenarios.js'

/** @typedef {import('./table.js').Table} Table */
/** @typedef {{ path: string, message: string, line?: number, column?: number }} Problem */

const checkAfterMs = 350

/** What was typed and not saved outlives a change of the tab, the view and the language, in the page alone. @type {{ text: string | undefined }} */
const draft = { text: undefined }

/** @param {import('../../app.js').App} app @param {Table} first @param {(table: Table) => void} onSaved */
export function editorView(app, first, onSaved) {
  const { el } = app
  const t = app.texts(scenariosTexts)
  let running = first
  let turn = 0
  let isOver = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  /** @type {readonly Problem[]} */
  let problems = []

  const editor = codeEditor({
    id: 'scenario-yaml',
    label: t('yaml'),
    onchange: () => edited(),
    onsave: () => void save(),
  })
  const list = el('ul', { class: 'editor-problems', 'data-testid': 'scenario-problems', hidden: true })
  /** Said aloud when it changes. */
  const told = el('div', { role: 'status' }, list)
  const problem = problemLine(app, 'scenario-failed')
  const elsewhere = el('p', { class: 'pane-news', role: 'status', hidden: true }, t('elsewhere'))
  const state = el('span', { class: 'editor-state', role: 'status', 'data-testid': 'scenario-state' })
  const saveButton = button(t('save'), () => void save(), { class: 'primary', 'data-testid': 'scenario-save' })
  const revertButton = button(t('revert'), () => void take(running.yaml), { 'data-testid': 'scenario-revert' })
  const defaultButton = button(t('default'), () => void takeDefault(), { 'data-testid': 'scenario-default' })

  const isDirty = () => editor.text !== running.yaml

  function edited() {
    draft.text = isDirty() ? editor.text : undefined
    saveButton.disabled = !isDirty()
    revertButton.disabled = !isDirty()
    state.textContent = isDirty() ? t('unsaved') : t(running.isReplaced ? 'runs.own' : 'runs.default')
    clearTimeout(timer)
    timer = setTimeout(() => void check(), checkAfterMs)
  }

  /** @param {readonly Problem[]} next */
  function show(next) {
    problems = next
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
    try {
      /** @type {{ problems: readonly Problem[] }} */
      const { problems: found } = await app.api.post('/scenarios/check', { yaml: editor.text })
      if (mine !== turn || isOver) return
      show(found)
    } catch {
      // saving says what is wrong
    }
  }

  async function save() {
    if (!isDirty()) return
    clearTimeout(timer)
    turn += 1
    saveButton.disabled = true
    problem.show(undefined)
    try {
      const wanted = editor.text
      /** @type {{ yaml: string }} */
      const usual = await app.api.get('/scenarios/default')
      running = await (wanted === usual.yaml
        ? app.api.delete('/scenarios')
        : app.api.put('/scenarios', { yaml: wanted }))
      if (isOver) return
      elsewhere.hidden = true
      show([])
      edited()
      state.textContent = t('saved')
      app.announce(t('saved'))
      onSaved(running)
    } catch (error) {
      const { status } = problemOf(error)
      const answer = error instanceof Error && 'answer' in error ? error.answer : undefined
      const found = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'problems') : undefined
      if (status === 400 && Array.isArray(found) && found.length > 0) {
        show(found)
        const [one] = problems
        if (one?.line !== undefined) editor.goTo(one.line, one.column)
        app.announce(t('notSaved'))
      } else problem.show(error)
      saveButton.disabled = false
    }
  }

  /** @param {string} text */
  async function take(text) {
    if (
      isDirty() &&
      text !== editor.text &&
      !(await isSure(app, { title: t('discard'), words: t('discardText'), yes: t('discard.yes') }))
    )
      return
    editor.text = text
    edited()
    editor.area.focus({ preventScroll: true })
  }

  async function takeDefault() {
    try {
      /** @type {{ yaml: string }} */
      const { yaml } = await app.api.get('/scenarios/default')
      await take(yaml)
    } catch (error) {
      problem.show(error)
    }
  }

  /** What runs may have been changed by a file or a test. */
  async function look() {
    if (document.hidden) return
    try {
      /** @type {Table} */
      const now = await app.api.get('/scenarios')
      if (isOver || now.yaml === running.yaml) return
      const wasDirty = isDirty()
      running = now
      if (wasDirty) elsewhere.hidden = false
      else editor.text = now.yaml
      edited()
      onSaved(now)
    } catch {
      // the next look will tell
    }
  }
  /** @param {BeforeUnloadEvent} event */
  const leaving = (event) => {
    if (isDirty()) event.preventDefault()
  }

  editor.text = draft.text ?? first.yaml
  edited()
  addEventListener('beforeunload', leaving)
  document.addEventListener('visibilitychange', look)
  return {
    node: pane(
      'scenario-editor',
      t('editor'),
      t('editorText'),
      elsewhere,
      problem.node,
      told,
      editor.node,
      el('div', { class: 'editor-bar' }, saveButton, revertButton, defaultButton, state),
    ),
    unmount() {
      isOver = true
      clearTimeout(timer)
      removeEventListener('beforeunload', leaving)
      document.removeEventListener('visibilitychange', look)
    },
  }
}
