// Journeys: a shopper from the log-in to the report on one line, found by whatever somebody has at hand.
import { problemOf } from '../lib/ask.js'
import { createDrawing, keepFresh, sourceNames } from '../lib/fresh.js'
import { Field, note, problemLine } from '../lib/pane.js'
import { journeysTexts } from '../texts/journeys.js'
import { deciderWords } from '../texts/words.js'

/** @typedef {'login' | 'order' | 'assessment' | 'payment' | 'challenge' | 'alert' | 'feedback'} Kind */
/**
 * @typedef {object} Payment
 * @property {string} threeDSServerTransID
 * @property {string} [merchantName]
 * @property {string} [purchaseAmount]
 * @property {string} [purchaseCurrency]
 * @property {string} [purchaseExponent]
 * @property {string} panMask
 * @property {string} transStatus
 * @property {string} [transStatusReason]
 * @property {'stub' | 'override' | 'scenario' | 'engine'} decidedBy
 * @property {'fraud' | 'confirmedGood'} [label]
 */
/**
 * @typedef {object} Happening As the API shows it.
 * @property {number} at
 * @property {Kind} kind
 * @property {string} what
 * @property {Record<'en' | 'ja', string>} text
 * @property {string} [source]
 * @property {string} [acsTransID]
 * @property {string} [orderId]
 * @property {string} [device]
 * @property {'none' | 'passed' | 'failed'} [stepUp]
 * @property {'areq' | 'ahead' | 'asked' | 'module'} [door]
 * @property {readonly string[]} [reasons]
 * @property {number} [score]
 * @property {Payment} [payment]
 * @property {readonly ('email' | 'sms' | 'push')[]} [channels]
 * @property {string} [note]
 */
/** @typedef {{ shopper?: string, acsTransID?: string, happenings: readonly Happening[] }} Journey */
/** @typedef {{ by?: 'shopper' | 'payment' | 'card' | 'order', shopper?: string, acsTransID?: string, at: number, merchantName?: string, happenings?: number }} Entry */

const kindIcons = /** @type {const} */ ({
  login: 'login',
  order: 'shop',
  assessment: 'lint',
  payment: 'cards',
  challenge: 'desk',
  alert: 'alerts',
  feedback: 'journal',
})
/** Events of a shopper that are asked for. */
const mostShown = 200
const listed = 100
/** What came so soon after another came with it. */
const atOnceMs = 1_000

/** What calls for attention: red, amber, green or nothing. @param {Happening} happening */
function toneOf({ kind, what }) {
  if (kind === 'login') return what === 'failure' ? 'warning' : 'plain'
  if (kind === 'assessment') return what === 'NG' ? 'bad' : what === 'OK' ? 'good' : 'warning'
  if (kind === 'payment')
    return what === 'Y' || what === 'A'
      ? 'good'
      : what === 'C' || what === 'D'
        ? 'warning'
        : what === 'I'
          ? 'plain'
          : 'bad'
  if (kind === 'challenge') return what === 'Y' ? 'good' : 'bad'
  if (kind === 'alert') return 'warning'
  if (kind === 'feedback') return what === 'confirmedGood' ? 'good' : what === 'review' ? 'plain' : 'bad'
  return what === 'cancelled' || what === 'held' ? 'warning' : 'plain'
}

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(journeysTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(journeysTexts)
  const deciders = app.texts(deciderWords)
  const nameOf = await sourceNames(app, t('cardholder'))
  const problem = problemLine(app, 'journeys-problem')
  const place = el('div', { class: 'journeys', 'data-testid': 'journeys' })
  const drawPlace = createDrawing(place)

  // ── The search ───────────────────────────────────────────────────────────────────────────────
  const words = new Field(
    el('input', {
      class: 'input',
      id: 'journey-q',
      type: 'search',
      placeholder: t('placeholder'),
      autocomplete: 'off',
      spellcheck: 'false',
      enterkeyhint: 'search',
      maxlength: 100,
      'data-testid': 'search',
    }),
    t('search'),
  )
  const merchant = new Field(
    el('input', {
      class: 'input',
      id: 'journey-merchant',
      autocomplete: 'off',
      spellcheck: 'false',
      maxlength: 35,
      placeholder: t('merchantHint'),
      'data-testid': 'search-merchant',
    }),
    t('merchant'),
  )
  /** What was found; it is not in the address, since a card number may have been asked for. @type {{ q: string, found: readonly Entry[] } | undefined} */
  let found
  const form = el(
    'form',
    {
      class: 'journey-search',
      role: 'search',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault()
        void find()
      },
    },
    words.root,
    merchant.root,
    el('button', { class: 'button primary', type: 'submit', 'data-testid': 'find' }, t('go')),
  )

  async function find() {
    problem.show(undefined)
    const q = words.value
    try {
      if (q === '') found = undefined
      else {
        const at = merchant.value
        const answer = await app.api.post('/hook/journeys/search', { q, ...(at !== '' && { acquirerMerchantID: at }) })
        found = { q, found: answer.found }
        app.announce(foundWords(found))
        const [only, ...others] = found.found
        if (only !== undefined && others.length === 0) {
          found = undefined
          app.setQuery(new URLSearchParams(wayOf(only).split('?')[1]), 'push')
        } else app.setQuery(new URLSearchParams(), 'push')
      }
    } catch (error) {
      problem.show(error)
    }
    await fresh.now()
  }

  /** @param {{ q: string, found: readonly Entry[] }} result */
  const foundWords = ({ q, found: all }) =>
    all.length === 0
      ? t('notFound', { q })
      : t(all.length === 1 ? 'found.one' : 'found', { n: app.format.number(all.length) })

  /** @param {Entry} entry */
  const wayOf = ({ shopper, acsTransID = '' }) =>
    shopper === undefined ? `journeys?payment=${acsTransID}` : `journeys?shopper=${encodeURIComponent(shopper)}`

  // ── The list ─────────────────────────────────────────────────────────────────────────────────
  /** @param {Entry} entry */
  function entryRow(entry) {
    const { by, shopper, acsTransID, at, merchantName, happenings } = entry
    const who = merchantName ?? t('noMerchant')
    const key = shopper ?? acsTransID ?? ''
    return el(
      'li',
      null,
      el(
        'a',
        {
          class: 'journey-entry',
          href: app.href(wayOf(entry)),
          'data-testid': `entry-${key}`,
        },
        el('b', null, who),
        el('code', { class: 'quiet' }, `${shopper === undefined ? '' : `${t('shopper')} `}${key.slice(0, 8)}…`),
        el(
          'span',
          { class: 'quiet' },
          by !== undefined
            ? t(`by.${by}`)
            : happenings !== undefined &&
                t(happenings === 1 ? 'happenings.one' : 'happenings', { n: app.format.number(happenings) }),
        ),
        el(
          'time',
          { class: 'quiet', datetime: new Date(at).toISOString(), title: app.format.dateTime(at) },
          app.format.ago(at),
        ),
      ),
    )
  }

  async function drawEntries() {
    if (found !== undefined) {
      const result = found
      drawPlace([result, 'found'], () =>
        result.found.length === 0
          ? [note('journeys-not-found', foundWords(result), t('notFoundText'))]
          : [
              el('h2', { class: 'journey-head', 'data-testid': 'found' }, foundWords(result)),
              el('ul', { class: 'journey-entries' }, result.found.map(entryRow)),
            ],
      )
      return
    }
    /** @type {{ shoppers: readonly Entry[] }} */
    const { shoppers } = await app.api.get(`/hook/journeys?limit=${listed}`)
    drawPlace([shoppers, 'lately'], () =>
      shoppers.length === 0
        ? [
            note(
              'journeys-none',
              t('none'),
              t('noneText'),
              el('a', { class: 'button primary', href: app.shopUrl }, t('toShop')),
            ),
          ]
        : [
            el('h2', { class: 'journey-head' }, t('lately')),
            el('ul', { class: 'journey-entries', 'data-testid': 'lately' }, shoppers.map(entryRow)),
          ],
    )
  }

  // ── One journey ──────────────────────────────────────────────────────────────────────────────
  /** @param {Happening} happening */
  function factsOf({ kind, source, orderId, device, stepUp, door, reasons, score, payment, channels, note: said }) {
    /** @type {(readonly [string, string | Node] | false | undefined)[]} */
    const facts = [
      payment !== undefined && [t('card'), el('span', { class: 'mono' }, payment.panMask)],
      payment !== undefined && [t('decidedBy'), deciders(payment.decidedBy)],
      stepUp !== undefined && [t('stepUp'), t(`stepUp.${stepUp}`)],
      device !== undefined && [t('device'), el('code', { title: device }, `${device.slice(0, 8)}…`)],
      orderId !== undefined && [t('order'), el('code', null, orderId)],
      source !== undefined && kind !== 'payment' && [t('source'), nameOf(source)],
      door !== undefined && [t('door'), t(`door.${door}`)],
      score !== undefined && [t('score'), kind === 'assessment' ? score.toFixed(2) : signed(score)],
      reasons !== undefined &&
        reasons.length > 0 && [
          t('reasons'),
          el(
            'span',
            null,
            reasons.flatMap((reason) => [el('code', { class: 'hook-code-word' }, reason), ' ']),
          ),
        ],
      channels !== undefined && [
        t('channels'),
        channels.map((one) => t(`channel.${one}`)).join(app.lang === 'ja' ? '・' : ', '),
      ],
      said !== undefined && [t('note'), said],
      payment !== undefined && [t('serverID'), el('code', null, payment.threeDSServerTransID)],
    ]
    const told = facts.filter((fact) => fact !== false && fact !== undefined)
    return told.length === 0
      ? false
      : el(
          'dl',
          { class: 'journey-facts' },
          told.map(([name, value]) => el('div', null, el('dt', null, name), el('dd', null, value))),
        )
  }

  /** @param {number} x */
  const signed = (x) => `${x > 0 ? '+' : x < 0 ? '−' : ''}${Math.abs(x).toFixed(2)}`

  /** @param {Happening} happening @param {Happening | undefined} before @param {string | undefined} asked */
  function step(happening, before, asked) {
    const { at, kind, what, text, acsTransID, payment } = happening
    const isDayNew = before === undefined || new Date(before.at).toDateString() !== new Date(at).toDateString()
    const gap = before === undefined ? undefined : at - before.at
    const isAsked = payment !== undefined && acsTransID === asked
    return el(
      'li',
      {
        class: ['journey-step', `is-${toneOf(happening)}`, isAsked && 'is-asked'],
        'data-testid': `step-${kind}`,
        'data-what': what,
      },
      el(
        'div',
        { class: 'journey-when' },
        isDayNew &&
          el(
            'b',
            null,
            new Intl.DateTimeFormat(app.lang === 'ja' ? 'ja-JP' : 'en-GB', {
              year: 'numeric',
              month: app.lang === 'ja' ? 'long' : 'short',
              day: 'numeric',
            }).format(at),
          ),
        el('time', { datetime: new Date(at).toISOString(), title: app.format.dateTime(at) }, app.format.clock(at)),
        gap !== undefined &&
          el('span', { class: 'quiet' }, gap < atOnceMs ? t('sameTime') : t('later', { time: span(gap) })),
      ),
      el('span', { class: 'journey-mark', 'aria-hidden': 'true' }, app.icon(kindIcons[kind])),
      el(
        'div',
        { class: 'journey-what' },
        el(
          'h3',
          null,
          el('span', { class: 'journey-kind' }, t(`kind.${kind}`)),
          kind === 'assessment' && el('span', { class: ['verdict', `is-${what}`] }, what),
          (kind === 'payment' || kind === 'challenge') && app.statusChip(what, payment?.transStatusReason),
          payment?.label !== undefined &&
            el(
              'span',
              { class: ['hook-chip', payment.label === 'fraud' ? 'is-bad' : 'is-good'] },
              t(payment.label === 'fraud' ? 'isFraud' : 'isGood'),
            ),
        ),
        el('p', null, text[app.lang]),
        payment !== undefined &&
          el(
            'p',
            { class: 'journey-purchase' },
            payment.merchantName ?? '',
            ' ',
            el(
              'span',
              { class: 'hook-amount' },
              app.format.amount(payment.purchaseAmount, payment.purchaseCurrency, payment.purchaseExponent),
            ),
          ),
        factsOf(happening),
        payment !== undefined &&
          acsTransID !== undefined &&
          el(
            'p',
            null,
            el(
              'a',
              { href: app.href(`transactions/${acsTransID}`), 'data-testid': `to-transaction-${acsTransID}` },
              t('transaction'),
            ),
          ),
      ),
    )
  }

  /** In the two greatest units. @param {number} ms */
  function span(ms) {
    const seconds = Math.round(ms / 1_000)
    const parts = /** @type {const} */ ([
      ['day', Math.floor(seconds / 86_400)],
      ['hour', Math.floor(seconds / 3_600) % 24],
      ['minute', Math.floor(seconds / 60) % 60],
      ['second', seconds % 60],
    ])
    const from = parts.findIndex(([, n]) => n > 0)
    return parts
      .slice(from, from + 2)
      .filter(([, n]) => n > 0)
      .map(([unit, n]) => {
        const style = { style: /** @type {const} */ ('unit'), unit }
        return app.lang === 'ja'
          ? new Intl.NumberFormat('ja-JP', { ...style, unitDisplay: 'long' }).format(n).replaceAll(' ', '')
          : new Intl.NumberFormat('en-GB', { ...style, unitDisplay: 'short' }).format(n)
      })
      .join(app.lang === 'ja' ? '' : ' ')
  }

  /** @param {Journey} journey @param {string | undefined} asked */
  function drawn({ shopper, happenings }, asked) {
    const at = happenings.flatMap(({ payment }) => payment?.merchantName ?? [])[0]
    return [
      el(
        'div',
        { class: 'journey-title' },
        el(
          'a',
          { class: 'tx-back', href: app.href('journeys'), 'data-testid': 'journeys-back' },
          app.icon('left'),
          t('back'),
        ),
        el(
          'h2',
          { 'data-testid': 'journey-title' },
          t(shopper === undefined ? 'ofPayment' : 'ofShopper'),
          at !== undefined && ` – ${t('at', { who: at })}`,
        ),
        shopper !== undefined
          ? el('p', { class: 'quiet' }, `${t('shopper')} `, el('code', { 'data-testid': 'journey-shopper' }, shopper))
          : el('p', { class: 'quiet' }, t('noShopper')),
      ),
      happenings.length === 0
        ? el('p', { class: 'pane' }, t('empty'))
        : el(
            'ol',
            { class: 'journey-line', 'aria-label': t('line'), 'data-testid': 'journey' },
            happenings.map((one, i) => step(one, happenings[i - 1], asked)),
          ),
      ...(happenings.length >= mostShown ? [el('p', { class: 'quiet' }, t('limited', { n: mostShown }))] : []),
    ]
  }

  async function load() {
    const query = app.query()
    const payment = query.get('payment')
    const shopper = query.get('shopper')
    if (payment === null && shopper === null) {
      await drawEntries()
      return
    }
    const path =
      payment === null
        ? `/hook/journeys/${encodeURIComponent(shopper ?? '')}`
        : `/hook/journeys/of/${encodeURIComponent(payment)}`
    try {
      /** @type {Journey} */
      const journey = await app.api.get(`${path}?limit=${mostShown}`)
      drawPlace([journey, payment], () => drawn(journey, payment ?? undefined))
    } catch (error) {
      const { status } = problemOf(error)
      if (status !== 404 && status !== 400) throw error
      const id = payment ?? shopper ?? ''
      drawPlace([id, 'unknown'], () => [
        note(
          'journey-unknown',
          t('unknown'),
          t('unknownText', { id }),
          el('a', { class: 'button', href: app.href('journeys') }, t('back')),
        ),
      ])
    }
  }

  root.append(el('p', { class: 'view-about' }, t('about')), form, problem.node, place)
  const fresh = await keepFresh(app, load, problem)
  return {
    unmount: fresh.stop,
    query() {
      const query = app.query()
      if (query.has('payment') || query.has('shopper')) found = undefined
      void fresh.now()
    },
  }
}
