// Outgoing webhooks: what was told to whom, how it went, what exactly was said, and once more.
import { problemOf } from '../lib/ask.js'
import { createDrawing, keepFresh, sourceNames } from '../lib/fresh.js'
import { button, note, problemLine } from '../lib/pane.js'
import { webhooksTexts } from '../texts/webhooks.js'

/**
 * @typedef {object} Webhook As the API shows it.
 * @property {number} id
 * @property {number} at
 * @property {'decision' | 'challenge' | 'result' | 'alert'} event
 * @property {string} source
 * @property {string} messageId
 * @property {string} [acsTransID]
 * @property {'waiting' | 'delivered' | 'givenUp'} state
 * @property {number} tries
 * @property {number} [nextAt]
 * @property {readonly { at: number, durationMs: number, outcome: string }[]} attempts
 * @property {unknown} body
 */

const events = /** @type {const} */ (['decision', 'challenge', 'result', 'alert'])
const states = /** @type {const} */ (['waiting', 'delivered', 'givenUp'])
const filters = /** @type {const} */ (['event', 'state', 'source', 'acsTransID'])
const firstPage = 50
const mostShown = 500
const chips = /** @type {const} */ ({ waiting: 'is-warning', delivered: 'is-good', givenUp: 'is-bad' })

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(webhooksTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(webhooksTexts)
  const nameOf = await sourceNames(app, '')
  let limit = firstPage

  const problem = problemLine(app, 'webhooks-problem')
  const count = el('p', { class: 'pane-count', role: 'status', 'data-testid': 'webhooks-count' })
  const list = el('ul', { class: 'hook-rows', 'data-testid': 'webhooks' })
  const none = el('div')
  const drawList = createDrawing(list)
  const more = button(
    t('more'),
    () => {
      limit = mostShown
      void fresh.now()
    },
    { hidden: true, 'data-testid': 'webhooks-more' },
  )

  /** @param {typeof filters[number]} name @param {string} value */
  function refine(name, value) {
    const query = app.query()
    if (value === '') query.delete(name)
    else query.set(name, value)
    app.setQuery(query, 'replace')
    void fresh.now()
  }
  /** @param {'event' | 'state' | 'source'} name @param {string} label @param {readonly (readonly [string, string])[]} options */
  function choice(name, label, options) {
    const select = el(
      'select',
      {
        class: 'input',
        'aria-label': label,
        'data-testid': `filter-${name}`,
        value: app.query().get(name) ?? '',
        onchange: () => refine(name, select.value),
      },
      options.map(([value, words]) => el('option', { value }, words)),
    )
    return select
  }
  /** @type {readonly string[]} */
  let sources = []
  try {
    sources = (await app.api.get('/hook/sources')).sources
      .filter((/** @type {{ webhook?: unknown }} */ { webhook }) => webhook !== undefined)
      .map((/** @type {{ name: string }} */ { name }) => name)
  } catch {
    // Then they cannot be chosen.
  }
  const asked = app.query().get('source')
  if (asked !== null && !sources.includes(asked)) sources = [...sources, asked]
  const controls = {
    event: choice('event', t('event'), [
      ['', t('anyEvent')],
      ...events.map((one) => /** @type {const} */ ([one, t(`event.${one}`)])),
    ]),
    state: choice('state', t('state'), [
      ['', t('anyState')],
      ...states.map((one) => /** @type {const} */ ([one, t(`state.${one}`)])),
    ]),
    source: choice('source', t('source'), [
      ['', t('anySource')],
      ...sources.map((one) => /** @type {const} */ ([one, nameOf(one)])),
    ]),
    acsTransID: el('input', {
      class: 'input pane-search mono',
      type: 'search',
      value: app.query().get('acsTransID') ?? '',
      placeholder: t('placeholder'),
      'aria-label': t('transaction'),
      autocomplete: 'off',
      spellcheck: 'false',
      maxlength: 36,
      'data-testid': 'search',
      onchange: () => refine('acsTransID', controls.acsTransID.value.trim()),
    }),
  }

  /** @param {string} outcome As the ACS has written it down, with the fault it met. */
  function outcomeWords(outcome) {
    const [, status, fault = ''] = /^status (\d+)(.*)$/.exec(outcome) ?? []
    if (status !== undefined) return `${t('outcome.status', { status })}${fault}`
    if (outcome.startsWith('no answer')) return `${t('outcome.none')}${outcome.slice('no answer'.length)}`
    return outcome === 'the source has no webhook any more' ? t('outcome.gone') : outcome
  }

  /** @param {Webhook} webhook */
  const isGood = ({ state }) => state === 'delivered'

  /** @param {Webhook} webhook */
  async function sendAgain({ id }) {
    problem.show(undefined)
    try {
      await app.api.post(`/hook/webhooks/${id}/resend`)
      app.announce(t('resent'))
    } catch (error) {
      problem.show(problemOf(error).status === 409 ? t('isWaiting') : error)
    }
    await fresh.now()
  }

  /** @param {Webhook} webhook */
  function row(webhook) {
    const { id, at, event, source, messageId, acsTransID, state, tries, nextAt, attempts, body } = webhook
    const type = typeof body === 'object' && body !== null ? Reflect.get(body, 'type') : undefined
    const what = typeof type === 'string' ? type : event
    const last = attempts.at(-1)
    return el(
      'li',
      { class: 'hook-row webhook', 'data-testid': `webhook-${id}`, 'data-state': state },
      el(
        'div',
        { class: 'webhook-line' },
        el(
          'div',
          { class: 'webhook-what' },
          el('h2', null, t(`event.${event}`), ' ', el('code', { class: 'quiet' }, what)),
          el('p', { class: 'quiet' }, nameOf(source)),
        ),
        el(
          'div',
          { class: 'webhook-how' },
          el('p', null, el('span', { class: ['hook-chip', chips[state]] }, t(`state.${state}`))),
          el(
            'p',
            { class: 'quiet' },
            [
              t(tries === 0 ? 'tries.none' : tries === 1 ? 'tries.one' : 'tries', { n: tries }),
              ...(last !== undefined && !isGood(webhook) ? [outcomeWords(last.outcome)] : []),
              ...(state === 'waiting' && tries > 0 && nextAt !== undefined
                ? [t('next', { time: app.format.time(nextAt) })]
                : []),
            ].join(' · '),
          ),
        ),
        el(
          'p',
          { class: 'webhook-when quiet' },
          el('time', { datetime: new Date(at).toISOString(), title: app.format.dateTime(at) }, app.format.time(at)),
        ),
        el(
          'p',
          { class: 'hook-acts' },
          state !== 'waiting' && button(t('resend'), () => void sendAgain(webhook), { 'data-testid': `resend-${id}` }),
          acsTransID !== undefined &&
            el(
              'a',
              { class: 'button', href: app.href(`transactions/${acsTransID}`), 'data-testid': `transaction-of-${id}` },
              t('transaction'),
            ),
        ),
      ),
      el(
        'details',
        { class: 'webhook-more', 'data-testid': `webhook-more-${id}` },
        el('summary', { 'aria-label': t('open', { what: `${what}, ${nameOf(source)}` }) }, t('look')),
        el(
          'div',
          { class: 'webhook-inside' },
          el(
            'div',
            null,
            el(
              'dl',
              { class: 'facts' },
              [
                [t('messageId'), el('code', null, messageId)],
                [t('made'), app.format.dateTime(at)],
              ].map(([name, value]) => el('div', null, el('dt', null, name ?? ''), el('dd', null, value ?? ''))),
            ),
            attempts.length > 0 && el('h3', null, t('attempts')),
            attempts.length > 0 &&
              el(
                'table',
                { class: 'plain-table' },
                el(
                  'thead',
                  null,
                  el(
                    'tr',
                    null,
                    el('th', { scope: 'col' }, t('head_at')),
                    el('th', { scope: 'col' }, t('head_outcome')),
                    el('th', { scope: 'col', class: 'number' }, t('head_took')),
                  ),
                ),
                el(
                  'tbody',
                  null,
                  attempts.map(({ at: when, outcome, durationMs }) =>
                    el(
                      'tr',
                      null,
                      el('td', null, app.format.time(when)),
                      el('td', null, outcomeWords(outcome)),
                      el('td', { class: 'number' }, durationMs < 1 ? '< 1 ms' : app.format.duration(durationMs)),
                    ),
                  ),
                ),
              ),
            attempts.length < tries && el('p', { class: 'quiet' }, t('attemptsNote', { n: attempts.length })),
          ),
          el(
            'div',
            null,
            el('h3', null, t('body')),
            el(
              'pre',
              { class: 'hook-code', tabindex: '0', 'aria-label': t('body'), 'data-testid': `body-${id}` },
              el('code', null, JSON.stringify(body, null, 2)),
            ),
          ),
        ),
      ),
    )
  }

  async function load() {
    const asked = new URLSearchParams({ limit: String(limit) })
    for (const name of filters) {
      const value = app.query().get(name)?.trim() ?? ''
      if (value !== '') asked.set(name, value)
    }
    const isFiltered = filters.some((name) => asked.has(name))
    /** @type {readonly Webhook[]} */
    let webhooks = []
    let isUnknown = false
    try {
      webhooks = (await app.api.get(`/hook/webhooks?${asked}`)).webhooks
    } catch (error) {
      const { status, path } = problemOf(error)
      if (path !== 'acsTransID' || (status !== 404 && status !== 400)) throw error
      isUnknown = true
    }
    drawList(webhooks, () => webhooks.map(row))
    list.hidden = webhooks.length === 0
    const isMore = webhooks.length === limit && limit < mostShown
    more.hidden = !isMore
    count.textContent =
      webhooks.length === 0
        ? ''
        : t(isMore ? 'count.more' : webhooks.length === 1 ? 'count.one' : 'count', {
            n: app.format.number(webhooks.length),
          })
    none.replaceChildren(
      ...(webhooks.length > 0
        ? []
        : isFiltered
          ? [
              note(
                'webhooks-no-match',
                t(isUnknown ? 'noTransaction' : 'noMatch'),
                t('noMatchText'),
                button(t('clear'), clear),
              ),
            ]
          : [
              note(
                'webhooks-none',
                t('none'),
                t('noneText'),
                el('a', { class: 'button primary', href: app.href('sources') }, t('toSources')),
              ),
            ]),
    )
  }

  function clear() {
    app.setQuery(new URLSearchParams(), 'replace')
    takeQuery()
    controls.acsTransID.focus()
  }
  function takeQuery() {
    for (const name of filters) controls[name].value = app.query().get(name) ?? ''
    void fresh.now()
  }

  root.append(
    el('p', { class: 'view-about' }, t('about')),
    el('div', { class: 'pane-head' }, controls.acsTransID, controls.event, controls.state, controls.source, count),
    problem.node,
    list,
    none,
    el('p', { class: 'pane-more' }, more),
  )
  const fresh = await keepFresh(app, load, problem)
  return { unmount: fresh.stop, query: takeQuery }
}
