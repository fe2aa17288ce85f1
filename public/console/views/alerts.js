// Alerts: of which payments cardholders and shops were told, how soon, and what the cardholder answered.
import { createDrawing, keepFresh, sourceNames } from '../lib/fresh.js'
import { button, note, problemLine } from '../lib/pane.js'
import { alertsTexts } from '../texts/alerts.js'

/**
 * @typedef {object} Alert As the API shows it.
 * @property {string} acsTransID
 * @property {'declined' | 'unusual' | 'listed' | 'frictionless'} reason
 * @property {number} at Of the AReq.
 * @property {number} sentAt
 * @property {readonly ('email' | 'sms' | 'push')[]} channels
 * @property {'mine' | 'notMine'} [answer]
 * @property {number} [answeredAt]
 * @property {string} [merchantName]
 * @property {string} [purchaseAmount]
 * @property {string} [purchaseCurrency]
 * @property {string} [purchaseExponent]
 * @property {string} panMask
 * @property {string} transStatus
 * @property {string} [resultStatus]
 * @property {readonly { id: number, source: string, state: 'waiting' | 'delivered' | 'givenUp', at: number }[]} merchants
 */

const reasons = /** @type {const} */ (['declined', 'unusual', 'listed', 'frictionless'])
const answers = /** @type {const} */ (['none', 'mine', 'notMine'])
const filters = /** @type {const} */ (['reason', 'answer'])
const firstPage = 50
const mostShown = 500
/** What is aimed at, as the histogram sekisho_alert_seconds has it. */
const goalMs = 15_000
const answerChips = /** @type {const} */ ({ none: false, mine: 'is-good', notMine: 'is-bad' })
const webhookChips = /** @type {const} */ ({ waiting: 'is-warning', delivered: 'is-good', givenUp: 'is-bad' })

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(alertsTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(alertsTexts)
  const goal = `${goalMs / 1_000} s`
  /** @param {number} ms */
  const duration = (ms) => (ms < 1 ? t('hardly') : app.format.duration(ms))
  const nameOf = await sourceNames(app, t('holder'))
  let limit = firstPage
  /** @type {readonly Alert[]} */
  let alerts = []

  const problem = problemLine(app, 'alerts-problem')
  const count = el('p', { class: 'pane-count', role: 'status', 'data-testid': 'alerts-count' })
  const figures = el('dl', { class: 'hook-figures', 'data-testid': 'alerts-figures' })
  const list = el('ul', { class: 'hook-rows', 'data-testid': 'alerts' })
  const none = el('div')
  const drawFigures = createDrawing(figures)
  const drawList = createDrawing(list)
  const more = button(
    t('more'),
    () => {
      limit = mostShown
      void fresh.now()
    },
    { hidden: true, 'data-testid': 'alerts-more' },
  )

  /** @param {typeof filters[number]} name @param {string} label @param {readonly (readonly [string, string])[]} options */
  function choice(name, label, options) {
    const select = el(
      'select',
      {
        class: 'input',
        'aria-label': label,
        'data-testid': `filter-${name}`,
        value: app.query().get(name) ?? '',
        onchange: () => {
          const query = app.query()
          if (select.value === '') query.delete(name)
          else query.set(name, select.value)
          app.setQuery(query, 'replace')
          draw()
        },
      },
      options.map(([value, words]) => el('option', { value }, words)),
    )
    return select
  }
  const controls = {
    reason: choice('reason', t('reason'), [
      ['', t('anyReason')],
      ...reasons.map((one) => /** @type {const} */ ([one, t(`reason.${one}`)])),
    ]),
    answer: choice('answer', t('answer'), [
      ['', t('anyAnswer')],
      ...answers.map((one) => /** @type {const} */ ([one, t(`answer.${one}`)])),
    ]),
  }

  /** @param {Alert} alert */
  const tookOf = ({ at, sentAt }) => Math.max(0, sentAt - at)

  /** Of the others the cardholder's time is no delay of ours: they follow a challenge. @param {Alert} alert */
  const isWithARes = ({ reason, resultStatus }) => reason !== 'unusual' && resultStatus === undefined

  /** @param {readonly Alert[]} shown */
  function drawnFigures(shown) {
    const times = shown
      .filter(isWithARes)
      .map(tookOf)
      .sort((a, b) => a - b)
    const inTime = times.filter((ms) => ms <= goalMs).length
    const answered = shown.filter(({ answer }) => answer !== undefined).length
    /** @param {string} name @param {string} value */
    const figure = (name, value) => el('div', null, el('dt', null, name), el('dd', null, value))
    return [
      ...(times.length === 0
        ? []
        : [
            figure(t('median'), duration(times[Math.floor((times.length - 1) / 2)] ?? 0)),
            figure(t('longest'), duration(times.at(-1) ?? 0)),
            figure(t('inTime', { goal }), app.format.percent(inTime / times.length)),
          ]),
      figure(t('answeredShare'), app.format.percent(answered / shown.length)),
    ]
  }

  /** @param {Alert} alert */
  function row(alert) {
    const { acsTransID, reason, sentAt, channels, answer, answeredAt, merchants, panMask } = alert
    const took = tookOf(alert)
    const is = answer ?? 'none'
    return el(
      'li',
      { class: 'hook-row alert', 'data-testid': `alert-${acsTransID}`, 'data-answer': is },
      el(
        'div',
        { class: 'alert-what' },
        el(
          'h2',
          null,
          alert.merchantName || t('noShop'),
          ' ',
          el(
            'span',
            { class: 'hook-amount' },
            app.format.amount(alert.purchaseAmount, alert.purchaseCurrency, alert.purchaseExponent),
          ),
        ),
        el('p', { class: 'quiet mono' }, panMask),
        el(
          'p',
          { class: 'alert-chips' },
          el('span', { class: 'hook-chip is-info' }, t(`reason.${reason}`)),
          el(
            'span',
            { class: 'alert-way' },
            app.statusChip(alert.transStatus),
            alert.resultStatus !== undefined && el('span', { 'aria-hidden': 'true' }, '→'),
            alert.resultStatus !== undefined && app.statusChip(alert.resultStatus),
          ),
        ),
      ),
      el(
        'dl',
        { class: 'alert-told' },
        el(
          'div',
          null,
          el('dt', null, t('holder')),
          el(
            'dd',
            null,
            channels.map((one) => t(`channel.${one}`)).join(app.lang === 'ja' ? '・' : ', '),
            el('br'),
            el(
              'span',
              { class: ['hook-chip', answerChips[is]], 'data-testid': `answer-${acsTransID}` },
              t(`answer.${is}`),
            ),
            answeredAt !== undefined &&
              el(
                'span',
                { class: 'quiet', title: app.format.dateTime(answeredAt) },
                ` ${t('answered', { ago: app.format.ago(answeredAt) })}`,
              ),
          ),
        ),
        el(
          'div',
          null,
          el('dt', null, t('merchant')),
          el(
            'dd',
            null,
            merchants.length === 0
              ? el('span', { class: 'quiet' }, t('nobody'))
              : merchants.map(({ id, source, state }) =>
                  el(
                    'p',
                    null,
                    el('a', { href: app.href(`webhooks?acsTransID=${acsTransID}&event=alert`) }, nameOf(source)),
                    ' ',
                    el(
                      'span',
                      { class: ['hook-chip', webhookChips[state]], 'data-testid': `told-${id}` },
                      t(`webhook.${state}`),
                    ),
                  ),
                ),
          ),
        ),
      ),
      el(
        'p',
        { class: 'alert-when quiet' },
        el(
          'time',
          { datetime: new Date(sentAt).toISOString(), title: app.format.dateTime(sentAt) },
          app.format.time(sentAt),
        ),
        el(
          'span',
          { title: t('sentAfterTitle', { goal }), 'data-testid': `took-${acsTransID}` },
          isWithARes(alert) ? t('sentAfter', { time: duration(took) }) : t('afterChallenge'),
        ),
        isWithARes(alert) && took > goalMs && el('span', { class: 'hook-chip is-bad' }, t('late', { goal })),
      ),
      el(
        'p',
        { class: 'alert-links' },
        el('a', { href: app.href(`transactions/${acsTransID}`) }, t('transaction')),
        el('a', { href: app.href(`journeys?payment=${acsTransID}`) }, t('journey')),
        el('a', { href: app.href(`inbox?q=${acsTransID}`) }, t('message')),
      ),
    )
  }

  function draw() {
    const { reason, answer } = controls
    const isAll = reason.value === '' && answer.value === ''
    const shown = alerts.filter(
      (one) =>
        (reason.value === '' || one.reason === reason.value) &&
        (answer.value === '' || (one.answer ?? 'none') === answer.value),
    )
    drawFigures(shown, () => drawnFigures(shown))
    drawList(shown, () => shown.map(row))
    figures.hidden = shown.length === 0
    list.hidden = shown.length === 0
    const isMore = alerts.length === limit && limit < mostShown
    more.hidden = !isMore
    const n = app.format.number(alerts.length)
    count.textContent =
      alerts.length === 0
        ? ''
        : isAll
          ? t(isMore ? 'count.more' : alerts.length === 1 ? 'count.one' : 'count', { n })
          : t('found', { n: app.format.number(shown.length), of: n })
    none.replaceChildren(
      ...(shown.length > 0
        ? []
        : isAll
          ? [
              note(
                'alerts-none',
                t('none'),
                t('noneText'),
                el('a', { class: 'button primary', href: app.shopUrl }, t('toShop')),
              ),
            ]
          : [note('alerts-no-match', t('noMatch'), t('noMatchText'), button(t('clear'), clear))]),
    )
  }

  function clear() {
    app.setQuery(new URLSearchParams(), 'replace')
    takeQuery()
    controls.reason.focus()
  }
  function takeQuery() {
    for (const name of filters) controls[name].value = app.query().get(name) ?? ''
    draw()
  }

  root.append(
    el('p', { class: 'view-about' }, t('about')),
    el('div', { class: 'pane-head' }, controls.reason, controls.answer, count),
    problem.node,
    figures,
    list,
    none,
    el('p', { class: 'pane-more' }, more),
  )
  const fresh = await keepFresh(
    app,
    async () => {
      alerts = (await app.api.get(`/hook/alerts?limit=${limit}`)).alerts
      draw()
    },
    problem,
  )
  return { unmount: fresh.stop, query: takeQuery }
}
