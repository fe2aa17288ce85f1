// A new experiment: fields that write its text, the text itself, what is wrong with it, and the button that starts it.
import { problemOf } from '../../lib/ask.js'
import { codeEditor } from '../../lib/code-editor.js'
import { button, Field, pane, problemLine, segments } from '../../lib/pane.js'
import { labTexts } from '../../texts/lab.js'
import { yamlOf } from './compose.js'

/** @typedef {{ path: string, message: string, line?: number }} Problem */
/** @typedef {{ name: string, about?: { en: string, ja: string } }} Policy */
/** @typedef {{ presets: readonly string[], limits: { events: number } }} Known */

const sizes = [10_000, 30_000, 100_000, 300_000, 1_000_000]
const knownPresets = /** @type {const} */ (['japan', 'europe', 'us'])
const modes = /** @type {const} */ (['replay', 'closedLoop'])
const checkAfterMs = 350
const mostTold = 8

/** What was chosen and written outlives a change of the view and the language, in the page alone. */
const kept = {
  name: 'experiment',
  question: '',
  preset: 'japan',
  events: 30_000,
  seed: '1',
  /** @type {'replay' | 'closedLoop'} */
  mode: 'replay',
  policies: ['rules-jp', 'rules-eu'],
  withAssessments: false,
  withLayers: false,
  /** Undefined: what the form says. @type {string | undefined} */
  text: undefined,
}

/** @param {string} preset @returns {preset is typeof knownPresets[number]} */
const isKnown = (preset) => knownPresets.some((one) => one === preset)

/** The name of a population, as far as there are words for it. @param {import('../../app.js').App} app @param {string} preset */
export const presetName = (app, preset) => (isKnown(preset) ? app.texts(labTexts)(`preset.${preset}`) : preset)

/**
 * @param {import('../../app.js').App} app
 * @param {Known} known
 * @param {readonly Policy[]} policies
 * @param {string | undefined} running Name of the policy that decides here.
 * @param {() => void} onStarted
 */
export function formView(app, known, policies, running, onStarted) {
  const { el } = app
  const t = app.texts(labTexts)
  let isOver = false
  let turn = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer

  const editor = codeEditor({ id: 'lab-yaml', label: t('text'), onchange: () => edited(), onsave: () => void start() })
  const list = el('ul', { class: 'editor-problems', 'data-testid': 'lab-problems', hidden: true })
  const told = el('div', { role: 'status' }, list)
  const problem = problemLine(app, 'lab-failed')
  const state = el('span', { class: 'editor-state', role: 'status', 'data-testid': 'lab-state' })
  const startButton = button(t('start'), () => void start(), { class: 'primary', 'data-testid': 'lab-start' })
  const againButton = button(t('again'), () => write(), { 'data-testid': 'lab-again' })
  const byHand = el(
    'p',
    { class: 'lab-by-hand', hidden: true, 'data-testid': 'lab-by-hand' },
    t('byHand'),
    ' ',
    againButton,
  )

  const composed = () => yamlOf({ ...kept, language: app.lang })

  /** The form has changed. */
  function fromForm() {
    if (kept.text === undefined) write()
  }
  function write() {
    kept.text = undefined
    editor.text = composed()
    edited()
  }
  function edited() {
    kept.text = editor.text === composed() ? undefined : editor.text
    byHand.hidden = kept.text === undefined
    clearTimeout(timer)
    timer = setTimeout(() => void check(), checkAfterMs)
  }

  /** @param {readonly Problem[]} problems */
  function show(problems) {
    editor.show(problems.flatMap(({ line, message, path }) => (line === undefined ? [] : [{ line, message, path }])))
    list.hidden = problems.length === 0
    list.replaceChildren(
      ...problems.slice(0, mostTold).map(({ line, path, message }) => {
        const words = `${path === '' ? '' : `${path}: `}${message}`
        return el(
          'li',
          null,
          line === undefined
            ? words
            : [el('button', { type: 'button', onclick: () => editor.goTo(line) }, t('line', { line })), ` ${words}`],
        )
      }),
      ...(problems.length > mostTold ? [el('li', null, t('moreProblems', { n: problems.length - mostTold }))] : []),
    )
  }

  async function check() {
    turn += 1
    const mine = turn
    try {
      /** @type {{ problems: readonly Problem[] }} */
      const { problems } = await app.api.post('/experiments/check', { yaml: editor.text })
      if (mine === turn && !isOver) show(problems)
    } catch {
      // starting it says what is wrong
    }
  }

  async function start() {
    if (startButton.disabled) return
    clearTimeout(timer)
    turn += 1
    startButton.disabled = true
    problem.show(undefined)
    state.textContent = t('starting')
    try {
      /** @type {{ name: string }} */
      const { name } = await app.api.post('/experiments', { yaml: editor.text })
      show([])
      app.announce(t('started', { name }))
      state.textContent = ''
      onStarted()
    } catch (error) {
      state.textContent = ''
      const answer = error instanceof Error && 'answer' in error ? error.answer : undefined
      const found = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'problems') : undefined
      if (problemOf(error).status === 400 && Array.isArray(found) && found.length > 0) {
        show(found)
        app.announce(t('notStarted'))
      } else problem.show(error)
    } finally {
      startButton.disabled = false
    }
  }

  const name = new Field(
    el('input', {
      class: 'input',
      id: 'lab-name',
      value: kept.name,
      maxlength: 80,
      autocomplete: 'off',
      spellcheck: 'false',
      'data-testid': 'lab-name',
      oninput: () => {
        kept.name = name.value
        fromForm()
      },
    }),
    t('name'),
    t('name.hint'),
  )
  const question = new Field(
    el('textarea', {
      class: 'input lab-question',
      id: 'lab-question',
      rows: 2,
      maxlength: 500,
      placeholder: t('question.example'),
      value: kept.question,
      'data-testid': 'lab-question',
      oninput: () => {
        kept.question = question.value
        fromForm()
      },
    }),
    t('question'),
  )
  const seed = new Field(
    el('input', {
      class: 'input mono',
      id: 'lab-seed',
      value: kept.seed,
      maxlength: 12,
      autocomplete: 'off',
      'data-testid': 'lab-seed',
      oninput: () => {
        kept.seed = seed.value === '' ? '1' : seed.value
        fromForm()
      },
    }),
    t('seed'),
    t('seed.hint'),
  )
  const preset = el(
    'select',
    {
      class: 'input',
      id: 'lab-preset',
      value: kept.preset,
      'data-testid': 'lab-preset',
      onchange: () => {
        kept.preset = preset.value
        fromForm()
      },
    },
    known.presets.map((one) => el('option', { value: one }, presetName(app, one))),
  )
  const events = el(
    'select',
    {
      class: 'input',
      id: 'lab-events',
      value: String(kept.events),
      'data-testid': 'lab-events',
      onchange: () => {
        kept.events = Number(events.value)
        fromForm()
      },
    },
    sizes
      .filter((size) => size <= known.limits.events)
      .map((size) => el('option', { value: String(size) }, t('events.n', { n: app.format.number(size) }))),
  )
  const modeText = el('p', { class: 'field-hint' }, t(`mode.${kept.mode}.text`))
  const mode = segments({
    name: 'lab-mode',
    legend: t('mode'),
    choices: modes.map((one) => /** @type {const} */ ([one, t(`mode.${one}`)])),
    value: kept.mode,
    onchange: (value) => {
      kept.mode = value === 'closedLoop' ? 'closedLoop' : 'replay'
      modeText.textContent = t(`mode.${kept.mode}.text`)
      fromForm()
    },
  })

  /** @param {string} id @param {boolean} isChecked @param {(is: boolean) => void} set @param {...import('../../lib/dom.js').Child} words */
  const tick = (id, isChecked, set, ...words) => {
    const box = el('input', {
      type: 'checkbox',
      checked: isChecked,
      'data-testid': id,
      onchange: () => {
        set(box.checked)
        fromForm()
      },
    })
    return el('label', { class: 'lab-tick' }, box, el('span', null, ...words))
  }
  const policyTicks = policies.map(({ name: policy, about }) =>
    tick(
      `lab-policy-${policy}`,
      kept.policies.includes(policy),
      (is) => {
        // In the order of the list: who is on top is the baseline.
        kept.policies = policies
          .map((one) => one.name)
          .filter((one) => (one === policy ? is : kept.policies.includes(one)))
      },
      el('b', null, policy),
      policy === running && el('span', { class: 'lab-running' }, ` (${t('policies.running')})`),
      about !== undefined && el('small', null, about[app.lang]),
    ),
  )

  editor.text = kept.text ?? composed()
  edited()
  return {
    node: pane(
      'lab-new',
      t('make'),
      t('makeText'),
      el(
        'div',
        { class: 'lab-new' },
        el(
          'div',
          { class: 'lab-fields' },
          el('div', { class: 'lab-pair' }, name.root, seed.root),
          question.root,
          el('div', { class: 'lab-pair' }, new Field(preset, t('preset')).root, new Field(events, t('events')).root),
          el('div', { class: 'field' }, mode, modeText),
        ),
        el(
          'div',
          { class: 'lab-text' },
          problem.node,
          told,
          editor.node,
          byHand,
          el('div', { class: 'editor-bar' }, startButton, state),
        ),
        el(
          'fieldset',
          { class: 'lab-policies' },
          el('legend', null, t('policies')),
          el('p', { class: 'field-hint' }, t('policies.text')),
          el('div', { class: 'lab-policy-list' }, policyTicks),
        ),
        el(
          'div',
          { class: 'lab-more' },
          tick(
            'lab-assessments',
            kept.withAssessments,
            (is) => {
              kept.withAssessments = is
            },
            t('assessments'),
          ),
          tick(
            'lab-layers',
            kept.withLayers,
            (is) => {
              kept.withLayers = is
            },
            t('layers'),
          ),
        ),
      ),
    ),
    /** @param {string} text */
    take(text) {
      editor.text = text
      edited()
      editor.area.focus()
      editor.node.scrollIntoView({ block: 'nearest' })
    },
    unmount() {
      isOver = true
      clearTimeout(timer)
    },
  }
}
