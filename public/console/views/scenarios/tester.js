// A question for one card or one AReq: who would decide, and what the engine thinks of it. Nothing is kept or used up.
import { problemOf } from '../../lib/ask.js'
import { areqExample } from '../../lib/example.js'
import { pane, segments, wordsOf } from '../../lib/pane.js'
import { mountNextDecision, stubLine } from '../../next-decision.js'
import { planParts } from '../../plan/words.js'
import { scenariosTexts } from '../../texts/scenarios.js'
import { schemeName } from './examples.js'

/**
 * @typedef {object} Match What the ACS says.
 * @property {string} panMask
 * @property {import('./examples.js').Range | null} range
 * @property {{ title: string, titleJa?: string, transStatus?: string, transStatusReason?: string, scenario: string, then?: import('../../plan/words.js').Plan } | null} scenario
 * @property {{ scenario: string, code: string }} [nearMiss]
 * @property {{ id: string, isRegistered: boolean, state: 'active' | 'blocked' | 'stolen' | 'expired', locked: boolean } | null} card
 * @property {string} [stub]
 * @property {string} [transStatus]
 * @property {string} [transStatusReason]
 * @property {{ transStatus: string, transStatusReason?: string, band?: 'low' | 'medium' | 'high', score?: number, because?: readonly string[] }} [engine]
 */

/** What a card in this state gets, whatever is planned. */
const stateAnswers = /** @type {const} */ ({ blocked: ['N', '12'], stolen: ['R', '10'], expired: ['N', '05'] })

/** What was asked outlives a change of the tab or the language, in the page alone. */
const kept = { by: 'card', areq: '' }

/** @param {import('../../app.js').App} app @param {(row: string | undefined) => void} onHit */
export function tester(app, onHit) {
  const { el } = app
  const t = app.texts(scenariosTexts)
  let isOver = false
  /** @type {{ unmount(): void } | undefined} */
  let next

  const number = el('input', {
    class: 'input mono',
    id: 'match-number',
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: '30',
    'aria-describedby': 'match-error',
    'data-testid': 'match-number',
  })
  const areq = el('textarea', {
    class: 'input mono match-areq',
    id: 'match-areq',
    rows: '12',
    spellcheck: 'false',
    autocomplete: 'off',
    'aria-describedby': 'match-error',
    'data-testid': 'match-areq',
    oninput: () => {
      kept.areq = areq.value
    },
  })
  if (kept.areq === '') kept.areq = JSON.stringify(areqExample(`${location.origin}${app.base}/ds/rreq`), null, 2)
  areq.value = kept.areq
  const wrong = el('p', { class: 'field-error', id: 'match-error', role: 'alert', hidden: true })
  const answer = el('div', { class: 'match', role: 'status', 'data-testid': 'match' })
  const nextPlace = el('div', { class: 'match-next' })
  const ways = {
    card: el('div', null, el('label', { for: 'match-number', class: 'field-label' }, t('number')), number),
    areq: el('div', null, el('label', { for: 'match-areq', class: 'field-label' }, 'AReq'), areq),
  }
  const choose = () => {
    ways.card.hidden = kept.by !== 'card'
    ways.areq.hidden = kept.by !== 'areq'
    complain(undefined)
  }

  /** @param {string | undefined} text */
  function complain(text) {
    const control = kept.by === 'card' ? number : areq
    wrong.hidden = text === undefined
    wrong.textContent = text ?? ''
    for (const one of [number, areq]) one.removeAttribute('aria-invalid')
    if (text === undefined) return
    control.setAttribute('aria-invalid', 'true')
    control.focus()
  }

  /** What is asked; undefined: it is no question, and was complained about. */
  function question() {
    if (kept.by === 'card') {
      const acctNumber = number.value.replace(/[\s-]/g, '')
      if (/^[0-9]{13,19}$/.test(acctNumber)) return { acctNumber }
      complain(t('form'))
      return undefined
    }
    try {
      return { areq: JSON.parse(areq.value) }
    } catch (error) {
      complain(t('areq.form', { message: error instanceof Error ? error.message : '' }))
      return undefined
    }
  }

  async function ask() {
    next?.unmount()
    next = undefined
    answer.replaceChildren()
    nextPlace.replaceChildren()
    onHit(undefined)
    complain(undefined)
    const body = question()
    if (body === undefined) return
    try {
      /** @type {[Match, { stubs: readonly import('../../next-decision.js').Stub[] }]} */
      const [match, { stubs }] = await Promise.all([app.api.post('/scenarios/match', body), app.api.get('/stubs')])
      if (!isOver) drawMatch(match, stubs)
    } catch (error) {
      complain(problemOf(error).status === 400 && kept.by === 'card' ? t('form') : wordsOf(app, error))
    }
  }

  /** @param {Match} match @param {readonly import('../../next-decision.js').Stub[]} stubs */
  function drawMatch(
    { panMask, range, scenario, nearMiss, card, stub: stubId, transStatus, transStatusReason, engine },
    stubs,
  ) {
    const isOpen = card === null || card.state === 'active'
    const stub =
      isOpen && card !== null
        ? stubs.find((one) =>
            stubId === undefined ? one.match.card === card.id && kept.by === 'card' : one.id === stubId,
          )
        : undefined
    /** @type {(Node | false)[]} */
    const lines = [
      el(
        'p',
        { class: 'match-card' },
        el('code', null, panMask),
        range !== null && el('span', { class: 'quiet' }, `${schemeName(range.scheme)} · ${t(`mode.${range.mode}`)}`),
      ),
    ]
    if (transStatus !== undefined)
      lines.push(
        el(
          'p',
          { class: 'match-answer' },
          el('b', null, t('would')),
          ' ',
          app.statusChip(transStatus, transStatusReason),
        ),
      )
    if (card === null) lines.push(el('p', null, t('by.none')))
    else if (card.state !== 'active') {
      const [status, reason] = stateAnswers[card.state]
      if (transStatus === undefined) lines.push(el('p', null, app.statusChip(status, reason)))
      lines.push(el('p', null, t('by.state', { state: t(`state.${card.state}`) })))
    } else {
      if (stub !== undefined)
        lines.push(
          el('div', { class: 'plan-parts' }, planParts(app, stub.then), ...stubLine(app, stub)),
          el('p', null, t('by.stub')),
        )
      if (scenario !== null) {
        const { transStatusReason: reason, scenario: row } = scenario
        lines.push(
          el('div', { class: 'plan-parts' }, planParts(app, scenario.then ?? scenario)),
          el(
            'p',
            null,
            reason === undefined
              ? t('by.scenario', { row })
              : t('by.scenarioReason', { row, reason, words: app.reasonWord(reason) }),
          ),
        )
      } else if (engine === undefined || stub === undefined)
        lines.push(el('p', null, t(range?.mode === 'risk' ? 'by.engineRisk' : 'by.engineScripted')))
      if (nearMiss !== undefined)
        lines.push(el('p', null, t('nearMiss', { row: nearMiss.scenario, code: nearMiss.code })))
      if (card.locked) lines.push(el('p', null, t('by.locked')))
    }
    if (engine !== undefined)
      lines.push(
        el(
          'p',
          { class: 'match-engine', 'data-testid': 'match-engine' },
          el('b', null, t('engine')),
          ' ',
          app.statusChip(engine.transStatus, engine.transStatusReason),
          engine.band !== undefined && el('span', { class: 'quiet' }, ` ${t(`band.${engine.band}`)}`),
          engine.score !== undefined && el('span', { class: 'quiet' }, ` ${engine.score.toFixed(2)}`),
        ),
      )
    if (card?.isRegistered === true)
      lines.push(el('p', null, el('a', { href: app.href(`cards?card=${card.id}`) }, t('inRegister'))))
    answer.replaceChildren(...lines.filter((line) => line !== false))
    onHit(isOpen ? scenario?.scenario : undefined)
    if (card !== null) next = mountNextDecision(nextPlace, app, { card: card.id, panMask })
  }

  choose()
  const node = pane(
    'match-title',
    t('tester'),
    t('testerText'),
    el(
      'form',
      {
        class: 'match-form',
        novalidate: true,
        onsubmit: (/** @type {SubmitEvent} */ event) => {
          event.preventDefault()
          void ask()
        },
      },
      segments({
        name: 'match-by',
        legend: t('by'),
        isLegendHidden: true,
        value: kept.by,
        choices: [
          ['card', t('by.card')],
          ['areq', t('by.areq')],
        ],
        onchange: (value) => {
          kept.by = value
          choose()
        },
      }),
      ways.card,
      ways.areq,
      wrong,
      el('p', null, el('button', { class: 'button primary', type: 'submit', 'data-testid': 'match-ask' }, t('ask'))),
    ),
    answer,
    nextPlace,
  )
  return {
    node,
    unmount() {
      isOver = true
      next?.unmount()
    },
  }
}
