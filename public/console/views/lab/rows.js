// Experiments that there are: how far they are, and what can be done with them.
import { button, isSure, saveFile } from '../../lib/pane.js'
import { labTexts } from '../../texts/lab.js'
import { presetName } from './form.js'

/** @typedef {'running' | 'stopping' | 'done' | 'partial' | 'stopped' | 'failed'} State */
/**
 * @typedef {object} Experiment
 * @property {string} id
 * @property {string} name
 * @property {State} state
 * @property {string} mode
 * @property {string} preset
 * @property {number} events
 * @property {number} [variants]
 * @property {number} startedAt
 * @property {number} [endedAt]
 * @property {{ phase: string, variant?: string, done: number, of: number, unit: string, eventsPerSecond?: number, secondsLeft?: number }} [progress]
 * @property {string} [problem]
 * @property {boolean} hasReport
 * @property {boolean} canResume
 */

const phases = /** @type {const} */ (['events', 'tuning', 'decisions', 'measures', 'repeats', 'files'])
const chips = /** @type {const} */ ({
  running: 'is-running',
  stopping: 'is-running',
  done: 'is-good',
  partial: 'is-warning',
  stopped: 'is-warning',
  failed: 'is-bad',
})

/** @param {string} phase @returns {phase is typeof phases[number]} */
const isPhase = (phase) => phases.some((one) => one === phase)

/** @param {Experiment} one */
export const isGoing = ({ state }) => state === 'running' || state === 'stopping'

/**
 * @param {import('../../app.js').App} app
 * @param {object} acts
 * @param {() => Promise<void>} acts.reload
 * @param {(error: unknown) => void} acts.complain
 * @param {(text: string) => void} acts.edit
 */
export function rowsOf(app, { reload, complain, edit }) {
  const { el } = app
  const t = app.texts(labTexts)

  /** @param {() => Promise<unknown>} work @param {string} said */
  async function act(work, said) {
    complain(undefined)
    try {
      await work()
      app.announce(said)
    } catch (error) {
      complain(error)
    }
    await reload()
  }

  /** @param {Experiment} one */
  function progressOf({ progress, state }) {
    const phase = progress !== undefined && isPhase(progress.phase) ? progress.phase : undefined
    const words = phase === undefined ? t('phase.planned') : t(`phase.${phase}`)
    const step = phase === undefined ? '' : t('step', { n: phases.indexOf(phase) + 1, of: phases.length })
    const { done = 0, of = 0, eventsPerSecond, secondsLeft, variant } = progress ?? {}
    const facts = [
      step,
      variant ?? '',
      of > 0 && progress?.unit === 'events' ? `${app.format.number(done)} / ${app.format.number(of)}` : '',
      eventsPerSecond === undefined ? '' : t('rate', { n: app.format.number(Math.round(eventsPerSecond)) }),
      secondsLeft === undefined || secondsLeft < 1
        ? ''
        : t('left', { time: app.format.duration(Math.round(secondsLeft) * 1_000) }),
    ].filter((fact) => fact !== '')
    return el(
      'div',
      { class: 'lab-progress', 'data-testid': 'lab-progress' },
      el('p', null, el('b', null, state === 'stopping' ? t('state.stopping') : words)),
      el('progress', {
        'aria-label': words,
        ...(of > 0 ? { max: String(of), value: String(Math.min(done, of)) } : {}),
      }),
      el('p', { class: 'quiet' }, facts.join(' · ')),
    )
  }

  /** @param {Experiment} one */
  async function stop({ id, name, state }) {
    const how = state === 'stopping' ? 'stopNow' : 'stop'
    if (!(await isSure(app, { title: t(`${how}.title`, { name }), words: t(`${how}.words`), yes: t(how) }))) return
    await act(() => app.api.post(`/experiments/${id}/stop`), t('stopped', { name }))
  }

  /** @param {Experiment} one */
  async function remove({ id, name }) {
    if (!(await isSure(app, { title: t('remove.title', { name }), words: t('remove.words'), yes: t('remove') }))) return
    await act(() => app.api.delete(`/experiments/${id}`), t('removed', { name }))
  }

  /** @param {Experiment} one */
  async function save({ id }) {
    complain(undefined)
    try {
      saveFile(`${id}.html`, await app.api.text(`/experiments/${id}/files/report.html`), 'text/html')
    } catch (error) {
      complain(error)
    }
  }

  /** @param {Experiment} one */
  async function takeText({ id }) {
    complain(undefined)
    try {
      /** @type {{ yaml: string }} */
      const { yaml } = await app.api.get(`/experiments/${id}/text`)
      edit(yaml)
      app.announce(t('edited'))
    } catch (error) {
      complain(error)
    }
  }

  /** @param {Experiment} one */
  return (one) => {
    const { id, name, state, mode, preset, events, variants, startedAt, endedAt, problem, hasReport, canResume } = one
    const modeName = mode === 'closedLoop' ? t('mode.closedLoop') : t('mode.replay')
    const ago = el('span', { title: app.format.dateTime(startedAt) }, app.format.ago(startedAt))
    const times =
      endedAt === undefined
        ? t('since', { ago: ago.textContent ?? '' })
        : t('took', { ago: ago.textContent ?? '', time: app.format.duration(endedAt - startedAt) })
    return el(
      'li',
      { class: 'lab-row', 'data-testid': `experiment-${id}`, 'data-state': state },
      el(
        'div',
        { class: 'lab-what' },
        el(
          'h3',
          null,
          el('span', { class: 'lab-name' }, name),
          ' ',
          el('span', { class: ['lab-chip', chips[state]] }, t(`state.${state}`)),
        ),
        el(
          'p',
          { class: 'quiet' },
          [
            t('facts', { preset: presetName(app, preset), events: app.format.number(events), mode: modeName }),
            ...(variants === undefined ? [] : [t('variants', { n: variants })]),
            times,
          ].join(' · '),
        ),
        isGoing(one) && progressOf(one),
        problem !== undefined && el('p', { class: 'lab-problem' }, problem),
      ),
      el(
        'div',
        { class: 'lab-acts' },
        hasReport &&
          el(
            'a',
            {
              class: 'button primary',
              href: `${app.base}/api/v1/experiments/${id}/files/report.html`,
              target: '_blank',
              rel: 'noopener',
              title: app.signIn.isSignedIn ? t('tokenHint') : undefined,
              'data-testid': `open-${id}`,
            },
            t('open'),
          ),
        hasReport && button(t('save'), () => void save(one), { 'data-testid': `save-${id}` }),
        isGoing(one) &&
          button(t(state === 'stopping' ? 'stopNow' : 'stop'), () => void stop(one), {
            class: 'danger',
            'data-testid': `stop-${id}`,
          }),
        canResume &&
          button(t('resume'), () => void act(() => app.api.post(`/experiments/${id}/resume`), t('resumed', { name })), {
            'data-testid': `resume-${id}`,
          }),
        button(t('edit'), () => void takeText(one), { 'data-testid': `edit-${id}` }),
        !isGoing(one) &&
          button(t('remove'), () => void remove(one), { class: 'danger', 'data-testid': `remove-${id}` }),
      ),
    )
  }
}
