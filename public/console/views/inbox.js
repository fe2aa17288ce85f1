// The inbox: mail that cardholders get, newest first, with the codes of their challenges.
import { coalesced, problemOf } from '../lib/ask.js'
import { copyButton } from '../lib/copy.js'
import { inboxTexts } from '../texts/inbox.js'

/**
 * @typedef {object} Mail
 * @property {number} id
 * @property {string} at
 * @property {'email' | 'sms' | 'push'} [channel]
 * @property {'inbox' | 'smtp'} via
 * @property {string} to
 * @property {string} subject
 * @property {string} text
 * @property {string} [code] A push note has none.
 * @property {string} acsTransID
 * @property {string} [merchantName]
 * @property {string} [purchaseAmount]
 * @property {string} [purchaseCurrency]
 * @property {string} [purchaseExponent]
 * @property {string} panMask
 * @property {'en' | 'ja'} language That of the mail.
 */

const firstPage = 50
/** As many as the API gives at once. */
const allOfThem = 500
const retryMs = 3_000
const agoEveryMs = 15_000
const channels = /** @type {const} */ (['email', 'sms', 'push'])

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(inboxTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(inboxTexts)
  /** @type {readonly Mail[]} */
  let mails = []
  /** @type {ReadonlyMap<string, string>} Who reads at an address. */
  let holders = new Map()
  let limit = firstPage
  let mayBeMore = false
  let isFirst = true
  let isOver = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  /** @type {Map<number, { item: HTMLElement, refresh: () => void, key: string }>} */
  const shown = new Map()
  /** @type {Set<number>} Mails that are open to the whole text. */
  const open = new Set([Number(app.query().get('mail'))].filter((id) => id > 0))

  const count = el('p', { class: 'pane-count', 'data-testid': 'inbox-count', role: 'status' })
  const list = el('ul', { class: 'mails', 'data-testid': 'inbox' })
  const none = el('div')
  const problem = el('p', { class: 'pane-problem', role: 'alert', hidden: true }, t('offline'))
  const more = el(
    'button',
    {
      class: 'button',
      type: 'button',
      hidden: true,
      'data-testid': 'inbox-more',
      onclick: () => {
        limit = allOfThem
        void load()
      },
    },
    t('more'),
  )
  const search = el('input', {
    class: 'input pane-search',
    type: 'search',
    value: app.query().get('q') ?? '',
    placeholder: t('placeholder'),
    'aria-label': t('filter'),
    autocomplete: 'off',
    spellcheck: 'false',
    'data-testid': 'search',
    oninput: () => {
      const query = app.query()
      if (search.value.trim() === '') query.delete('q')
      else query.set('q', search.value.trim())
      app.setQuery(query, 'replace')
      draw()
      // What is searched is all there is, not only what happens to be shown.
      if (search.value.trim() !== '' && mayBeMore && limit < allOfThem) {
        limit = allOfThem
        void load()
      }
    },
  })

  const channel = el(
    'select',
    { class: 'input', 'aria-label': t('channel'), 'data-testid': 'filter-channel', onchange: () => draw() },
    el('option', { value: '' }, t('channel')),
    channels.map((one) => el('option', { value: one }, t(`channel.${one}`))),
  )
  /** @param {Mail} mail */
  const channelOf = (mail) => mail.channel ?? 'email'

  /** @param {Mail} mail */
  const holderOf = (mail) => holders.get(mail.to.toLowerCase())

  /** @param {Mail} mail @param {string} wanted */
  const matches = (mail, wanted) => {
    const all = [
      holderOf(mail),
      mail.to,
      mail.merchantName ?? '',
      mail.panMask,
      mail.acsTransID,
      mail.subject,
      mail.code ?? '',
    ]
    return all.join('\n').toLowerCase().includes(wanted)
  }

  /** @param {Mail} mail */
  function drawMail(mail) {
    const at = Date.parse(mail.at)
    const holder = holderOf(mail)
    const id = `mail-${mail.id}`
    const ago = el('span', { class: 'mail-ago' }, app.format.ago(at))
    const amount = app.format.amount(mail.purchaseAmount, mail.purchaseCurrency, mail.purchaseExponent)
    const letter = el('div', { class: 'mail-letter', id, hidden: !open.has(mail.id) })
    const opener = el(
      'button',
      {
        class: 'button mail-open',
        type: 'button',
        'aria-controls': id,
        'data-testid': `inbox-open-${mail.id}`,
        onclick: () => {
          if (open.has(mail.id)) open.delete(mail.id)
          else open.add(mail.id)
          drawLetter()
        },
      },
      app.icon('right'),
      el('span', null, ''),
    )
    function drawLetter() {
      const isOpen = open.has(mail.id)
      letter.hidden = !isOpen
      opener.setAttribute('aria-expanded', String(isOpen))
      opener.lastElementChild?.replaceChildren(t(isOpen ? 'close' : 'open'))
      if (!isOpen || letter.childElementCount > 0) return
      letter.append(
        el(
          'dl',
          { class: 'facts' },
          [
            [t('to'), holder === undefined ? mail.to : `${holder} <${mail.to}>`],
            [t('subject'), mail.subject],
            [t('at'), app.format.dateTime(at)],
            [t('via'), t(`via.${mail.via}`)],
          ].map(([name, value]) => el('div', null, el('dt', null, name), el('dd', null, value))),
        ),
        el('pre', { class: 'mail-text', lang: mail.language }, mail.text),
      )
    }
    drawLetter()
    const item = el(
      'li',
      { class: 'mail', 'data-testid': `inbox-${mail.id}` },
      el(
        'div',
        { class: 'mail-row' },
        el(
          'p',
          { class: 'mail-code' },
          el('span', { class: ['mail-channel', `is-${channelOf(mail)}`] }, t(`channel.${channelOf(mail)}`)),
          mail.code !== undefined && el('span', { class: 'unseen' }, `${t('code')} `),
          mail.code !== undefined && el('strong', { 'data-testid': `code-${mail.id}` }, mail.code),
          mail.code !== undefined &&
            copyButton(app, () => mail.code ?? '', {
              label: t('copy', { code: mail.code }),
              done: t('copied'),
              failed: t('notCopied'),
              testid: `copy-${mail.id}`,
            }),
        ),
        el(
          'div',
          { class: 'mail-what' },
          el('h2', null, mail.merchantName ?? '', ' ', el('span', { class: 'mail-amount' }, amount)),
          el('p', { class: 'quiet mono' }, mail.panMask),
        ),
        el(
          'div',
          { class: 'mail-who' },
          el('p', { title: holder === undefined ? mail.to : undefined }, holder ?? mail.to),
          holder !== undefined && el('p', { class: 'quiet', title: mail.to }, mail.to),
        ),
        el(
          'p',
          { class: 'mail-when quiet' },
          ago,
          el('time', { datetime: mail.at, title: app.format.dateTime(at) }, app.format.time(at)),
        ),
        el(
          'p',
          { class: 'mail-ways' },
          opener,
          channelOf(mail) === 'push' &&
            mail.code === undefined &&
            el(
              'a',
              {
                class: 'button',
                href: `${app.base}/bank/approvals/${mail.acsTransID}`,
                'data-testid': `inbox-bank-${mail.id}`,
              },
              t('bank'),
            ),
          el(
            'a',
            {
              class: 'button',
              href: app.href(`transactions/${mail.acsTransID}`),
              'data-testid': `inbox-transaction-${mail.id}`,
            },
            t('transaction'),
          ),
        ),
      ),
      letter,
    )
    const refresh = () => {
      ago.textContent = app.format.ago(at)
    }
    return { item, refresh, key: `${holder ?? ''}` }
  }

  function draw() {
    const wanted = search.value.trim().toLowerCase()
    const visible = mails.filter(
      (mail) => (wanted === '' || matches(mail, wanted)) && (channel.value === '' || channelOf(mail) === channel.value),
    )
    const kept = new Set(visible.map(({ id }) => id))
    for (const [id, { item }] of shown) {
      if (kept.has(id)) continue
      item.remove()
      shown.delete(id)
    }
    // A mail that is drawn stays as it is, so that focus and selection stay where they are.
    let before = list.firstElementChild
    for (const mail of visible) {
      let known = shown.get(mail.id)
      if (known !== undefined && known.key !== (holderOf(mail) ?? '')) {
        if (known.item === before) before = before.nextElementSibling
        known.item.remove()
        known = undefined
      }
      if (known === undefined) {
        known = drawMail(mail)
        if (!isFirst) known.item.classList.add('is-new')
        shown.set(mail.id, known)
      }
      if (known.item === before) before = before.nextElementSibling
      else list.insertBefore(known.item, before)
    }
    list.hidden = visible.length === 0
    count.textContent =
      wanted !== '' || channel.value !== ''
        ? t('found', { n: app.format.number(visible.length), of: app.format.number(mails.length) })
        : mails.length === 1
          ? t('count.one')
          : t('count', { n: `${app.format.number(mails.length)}${mayBeMore ? '+' : ''}` })
    count.hidden = mails.length === 0
    more.hidden = !mayBeMore || limit >= allOfThem
    none.replaceChildren()
    if (visible.length > 0) return
    const isAll = wanted === '' && channel.value === ''
    none.append(
      el(
        'div',
        { class: 'note', 'data-testid': 'inbox-none' },
        el(
          'h2',
          null,
          isAll
            ? t('none')
            : t('noMatch', {
                q:
                  search.value.trim() ||
                  t(`channel.${channel.value === 'sms' || channel.value === 'push' ? channel.value : 'email'}`),
              }),
        ),
        el('p', null, isAll ? t('noneText') : t('noMatchText')),
        isAll
          ? el('p', null, el('a', { class: 'button primary', href: app.shopUrl }, t('toShop')))
          : el('p', null, el('button', { class: 'button', type: 'button', onclick: clear }, t('clear'))),
      ),
    )
  }

  function clear() {
    channel.value = ''
    search.value = ''
    search.dispatchEvent(new Event('input'))
    search.focus()
  }

  const load = coalesced(async () => {
    clearTimeout(timer)
    try {
      const [inbox, register] = await Promise.all([app.api.get(`/inbox?limit=${limit}`), app.api.get('/cards')])
      if (isOver) return
      problem.hidden = true
      /** @type {readonly Mail[]} */
      const next = inbox.messages
      const known = new Set(mails.map(({ id }) => id))
      const newest = Math.max(0, ...known)
      mails = [...next].sort((a, b) => b.id - a.id)
      mayBeMore = next.length >= limit
      holders = new Map(
        register.cards.map((/** @type {{ email: string, holder: string }} */ card) => [
          card.email.toLowerCase(),
          card.holder,
        ]),
      )
      draw()
      const arrived = mails.find(({ id }) => id > newest)
      if (!isFirst && arrived !== undefined)
        app.announce(t('arrived', { to: holderOf(arrived) ?? arrived.to, code: arrived.code ?? '–' }))
      isFirst = false
    } catch (error) {
      if (isOver) return
      if (isFirst && problemOf(error).status !== 0) throw error
      problem.hidden = false
      timer = setTimeout(() => void load(), retryMs)
    }
  })

  root.append(
    el('p', { class: 'view-about' }, t('about')),
    el('div', { class: 'pane-head' }, search, channel, count),
    problem,
    list,
    none,
    el('p', { class: 'pane-more' }, more),
  )
  const offs = [
    app.events.on('inbox', () => void load()),
    app.events.on('cards', () => void load()),
    app.events.on('reconnect', () => void load()),
  ]
  await load()
  const aging = setInterval(() => {
    for (const { refresh } of shown.values()) refresh()
  }, agoEveryMs)
  return {
    unmount() {
      isOver = true
      clearTimeout(timer)
      clearInterval(aging)
      for (const off of offs) off()
    },
    query() {
      search.value = app.query().get('q') ?? ''
      draw()
    },
  }
}
