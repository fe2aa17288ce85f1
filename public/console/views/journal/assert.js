// The search as an assertion: how many of these there must be, checked here, and to be taken along into a test.
import { button, curlOf, Field, pane, problemLine, segments, snippet } from '../../lib/pane.js'
import { said } from '../../plan/fields.js'
import { journalTexts } from '../../texts/journal.js'
import { matchOf } from './filter.js'

/** @param {import('../../app.js').App} app @param {() => import('./filter.js').Filter} filter */
export function assertView(app, filter) {
  const { el } = app
  const t = app.texts(journalTexts)
  let kind = 'exactly'
  const n = new Field(
    el('input', {
      class: 'input',
      id: 'assert-n',
      type: 'number',
      min: '0',
      max: '1000',
      value: '1',
      'data-testid': 'assert-n',
      oninput: () => draw(),
    }),
    t('assert.n'),
  )
  const within = new Field(
    el('input', {
      class: 'input mono',
      id: 'assert-within',
      placeholder: '5s',
      autocomplete: 'off',
      'data-testid': 'assert-within',
      oninput: () => draw(),
    }),
    t('assert.within'),
    t('assert.within.hint'),
  )
  const json = snippet(app, 'POST /api/v1/verify', 'assert-json')
  const curl = snippet(app, 'curl', 'assert-curl')
  const problem = problemLine(app)
  const result = el('div', { role: 'status', 'data-testid': 'assert-result' })
  const body = () => {
    const count = Number(n.value)
    return said({
      match: matchOf(filter()),
      count: kind === 'exactly' ? count : kind === 'atLeast' ? { min: count } : { max: count },
      within: within.value,
    })
  }
  const whole = () => ({ match: {}, ...body() })

  function draw() {
    json.set(JSON.stringify(whole(), null, 2))
    curl.set(curlOf(app, 'POST', '/verify?fail=true', whole()))
  }
  const go = button(t('assert.go'), () => void check(), { class: 'primary', 'data-testid': 'assert-go' })

  async function check() {
    go.disabled = true
    problem.show(undefined)
    result.replaceChildren()
    try {
      /** @type {{ ok: boolean, expected: string, count: number, difference?: string }} */
      const verdict = await app.api.post('/verify', whole())
      result.replaceChildren(
        el(
          'div',
          { class: verdict.ok ? 'pane-news' : 'pane-problem' },
          el('b', null, verdict.ok ? t('assert.ok') : t('assert.notOk')),
          ` ${verdict.expected}`,
          verdict.difference !== undefined &&
            el(
              'pre',
              { class: 'assert-difference', tabindex: '0', 'aria-label': t('assert.notOk') },
              verdict.difference,
            ),
        ),
      )
    } catch (error) {
      problem.show(error)
    }
    go.disabled = false
  }

  const node = pane(
    'journal-assert',
    t('assert'),
    t('assertText'),
    el(
      'div',
      { class: 'maker' },
      el(
        'div',
        { class: 'maker-fields' },
        segments({
          name: 'assert-kind',
          legend: t('assert.count'),
          value: kind,
          choices: /** @type {const} */ (['exactly', 'atLeast', 'atMost']).map((one) => [one, t(`assert.${one}`)]),
          onchange: (value) => {
            kind = value
            draw()
          },
        }),
        el('div', { class: 'form-grid assert-fields' }, n.root, within.root),
        el('p', { class: 'form-actions' }, go),
        problem.node,
        result,
      ),
      el('div', { class: 'maker-said' }, json.node, curl.node),
    ),
  )
  draw()
  return { node, draw }
}
