// The card register: who holds a card, where its codes go, in what state it is, and what it paid of late.
import { coalesced, problemOf } from '../lib/ask.js'
import { Field } from '../lib/pane.js'
import { mountNextDecision } from '../next-decision.js'
import { kindWord } from '../plan/words.js'
import { challengeKinds, schemes } from '../tables.js'
import { cardsTexts } from '../texts/cards.js'

/**
 * @typedef {object} Card As the API shows it.
 * @property {string} id
 * @property {string} mask
 * @property {string} scheme
 * @property {string} holder
 * @property {string} email
 * @property {string} [phone]
 * @property {'en' | 'ja'} language
 * @property {readonly string[]} methods
 * @property {readonly { acquirerMerchantID: string, merchantName?: string, at: string }[]} trusts
 * @property {readonly { id: string, name: string, at: string }[]} devices
 * @property {boolean} blocked
 * @property {boolean} stolen
 * @property {boolean} expired
 * @property {boolean} isRegistered
 * @property {number} failures
 * @property {boolean} locked
 */

const states = /** @type {const} */ (['blocked', 'stolen', 'expired', 'locked'])
/** States that a person sets; the fourth comes of wrong codes. */
const settable = /** @type {const} */ (['blocked', 'stolen', 'expired'])
/** Where a code may go where the cardholder chooses, as methods of the card name it. */
const channels = /** @type {const} */ (['emailOtp', 'smsOtp', 'pushOtp'])
/** Wrong codes in a day before a card locks. */
const lockAfter = 10
const latestPayments = 10
const retryMs = 3_000

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(cardsTexts)('title')

/** @param {import('../app.js').App} app @param {Card} card */
function stateChips(app, card) {
  const t = app.texts(cardsTexts)
  const is = states.filter((state) => card[state])
  return (is.length === 0 ? /** @type {const} */ (['usable']) : is).map((state) =>
    app.el('span', { class: ['state', `is-${state}`] }, t(`state.${state}`)),
  )
}

/** @param {string} scheme */
const schemeName = (scheme) => schemes.get(scheme) ?? scheme

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(cardsTexts)
  /** @type {readonly Card[]} */
  let cards = []
  let isOver = false
  let isFirst = true
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  /** @type {{ id: string, update(card: Card): void, reload(): void, unmount(): void } | undefined} */
  let open

  const search = el('input', {
    class: 'input pane-search',
    type: 'search',
    placeholder: t('placeholder'),
    'aria-label': t('filter'),
    autocomplete: 'off',
    spellcheck: 'false',
    'data-testid': 'search',
    oninput: () => filtered(),
  })
  const stateFilter = el(
    'select',
    { class: 'input', 'aria-label': t('state'), 'data-testid': 'filter-state', onchange: () => filtered() },
    el('option', { value: '' }, t('state.all')),
    /** @type {const} */ (['usable', ...states]).map((state) => el('option', { value: state }, t(`state.${state}`))),
  )
  const count = el('p', { class: 'pane-count', role: 'status', 'data-testid': 'cards-count' })
  const problem = el('p', { class: 'pane-problem', role: 'alert', hidden: true }, t('loadFailed'))
  const list = el('ul', { class: 'card-list', 'data-testid': 'cards' })
  const none = el('div')
  const detail = el('div', { class: 'card-detail' })
  const adding = addForm()
  const layout = el(
    'div',
    { class: 'cards-layout' },
    el(
      'div',
      { class: 'cards-side' },
      el('div', { class: 'pane-head' }, search, stateFilter),
      problem,
      list,
      none,
      count,
    ),
    detail,
  )

  function filtered() {
    const query = app.query()
    for (const [name, control] of /** @type {const} */ ([
      ['q', search],
      ['state', stateFilter],
    ])) {
      const value = control.value.trim()
      if (value === '') query.delete(name)
      else query.set(name, value)
    }
    app.setQuery(query, 'replace')
    draw()
  }

  /** @param {Card} card */
  const isWanted = (card) => {
    const state = stateFilter.value
    if (state === 'usable' ? states.some((name) => card[name]) : state !== '' && Reflect.get(card, state) !== true)
      return false
    const words = search.value.trim().toLowerCase().split(/\s+/)
    const all = [card.holder, card.email, card.phone, card.mask, card.scheme, schemeName(card.scheme)]
    const text = all.join('\n').toLowerCase()
    return words.every((word) => text.includes(word))
  }

  /** @param {string} id */
  const addressOf = (id) => {
    const query = app.query()
    if (id === '') query.delete('card')
    else query.set('card', id)
    const text = query.toString()
    return app.href(`cards${text === '' ? '' : `?${text}`}`)
  }

  function draw() {
    const visible = cards.filter(isWanted)
    const focused = list.contains(document.activeElement)
      ? document.activeElement?.closest('li')?.getAttribute('data-testid')
      : undefined
    list.replaceChildren(
      ...visible.map((card) =>
        el(
          'li',
          { 'data-testid': `card-${card.id}` },
          el(
            'a',
            { class: 'card-line', href: addressOf(card.id), 'aria-current': card.id === open?.id ? 'true' : undefined },
            el('span', { class: 'card-mask mono' }, card.mask),
            el('span', { class: 'card-scheme quiet' }, schemeName(card.scheme)),
            el('span', { class: 'card-holder' }, card.holder),
            el('span', { class: 'card-states' }, ...stateChips(app, card)),
          ),
        ),
      ),
    )
    if (focused != null) {
      const again = list.querySelector(`[data-testid="${focused}"] a`)
      if (again instanceof HTMLElement) again.focus({ preventScroll: true })
    }
    list.hidden = visible.length === 0
    const isAll = visible.length === cards.length
    count.hidden = cards.length === 0
    count.textContent = isAll
      ? cards.length === 1
        ? t('count.one')
        : t('count', { n: app.format.number(cards.length) })
      : t('found', { n: app.format.number(visible.length), of: app.format.number(cards.length) })
    none.replaceChildren()
    if (visible.length > 0) return
    none.append(
      el(
        'div',
        { class: 'note', 'data-testid': 'cards-none' },
        el('h2', null, t(cards.length === 0 ? 'none' : 'noMatch')),
        el('p', null, t(cards.length === 0 ? 'noneText' : 'noMatchText')),
        cards.length > 0 &&
          el(
            'p',
            null,
            el(
              'button',
              {
                class: 'button',
                type: 'button',
                onclick: () => {
                  search.value = ''
                  stateFilter.value = ''
                  filtered()
                  search.focus()
                },
              },
              t('clear'),
            ),
          ),
      ),
    )
  }

  /** Shows the card that the address names. */
  function follow() {
    const query = app.query()
    search.value = query.get('q') ?? ''
    stateFilter.value = query.get('state') ?? ''
    const id = query.get('card') ?? ''
    layout.classList.toggle('has-card', id !== '')
    if (id === (open?.id ?? '') && detail.childElementCount > 0) {
      draw()
      return
    }
    open?.unmount()
    open = undefined
    detail.replaceChildren()
    const card = cards.find((one) => one.id === id)
    if (card !== undefined) {
      open = editor(card)
      if (!isFirst) detail.querySelector('h2')?.focus({ preventScroll: true })
    } else {
      detail.append(
        el(
          'div',
          { class: 'note', 'data-testid': 'card-none' },
          el('h2', null, t(id === '' ? 'choose' : 'unknown')),
          el('p', null, id === '' ? t('chooseText') : el('a', { href: addressOf('') }, t('back'))),
        ),
      )
    }
    draw()
  }

  /** The form that takes a number, and the button that shows it. */
  function addForm() {
    const number = new Field(
      el('input', {
        class: 'input mono',
        id: 'card-number',
        type: 'text',
        inputmode: 'numeric',
        autocomplete: 'off',
        spellcheck: 'false',
        maxlength: '30',
        'data-testid': 'new-number',
      }),
      t('number'),
      t('numberHint'),
    )
    const submit = el('button', { class: 'button primary', type: 'submit', 'data-testid': 'new-submit' }, t('addNow'))
    const form = el(
      'form',
      {
        class: 'pane add-card',
        hidden: true,
        novalidate: true,
        'aria-labelledby': 'add-card-title',
        'data-testid': 'new-card',
        onsubmit: (/** @type {SubmitEvent} */ event) => {
          event.preventDefault()
          void send()
        },
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key === 'Escape') toggle(false)
        },
      },
      el('h2', { id: 'add-card-title' }, t('addTitle')),
      el('p', { class: 'quiet' }, t('addText')),
      number.root,
      el(
        'p',
        { class: 'form-actions' },
        submit,
        el('button', { class: 'button', type: 'button', onclick: () => toggle(false) }, t('cancel')),
      ),
    )
    const opener = el(
      'button',
      {
        class: 'button primary',
        type: 'button',
        'aria-expanded': 'false',
        'data-testid': 'add-card',
        onclick: () => toggle(form.hidden !== false),
      },
      t('add'),
    )
    /** @param {boolean} isOpen */
    function toggle(isOpen) {
      form.hidden = !isOpen
      opener.setAttribute('aria-expanded', String(isOpen))
      number.control.value = ''
      number.complain(undefined)
      if (isOpen) number.control.focus()
      else opener.focus()
    }
    async function send() {
      const acctNumber = number.control.value.replace(/[\s-]/g, '')
      if (!/^[0-9]{13,19}$/.test(acctNumber)) {
        number.complain(t('error.acctNumber.form'))
        number.control.focus()
        return
      }
      submit.disabled = true
      try {
        /** @type {Card} */
        const card = await app.api.post('/cards', { acctNumber })
        toggle(false)
        app.announce(t('added', { card: card.mask }))
        await load()
        app.go(addressOf(card.id))
      } catch (error) {
        const { status, path, message } = problemOf(error)
        number.complain(
          status === 0
            ? t('offline')
            : path === 'acctNumber'
              ? t(message.includes('digits') ? 'error.acctNumber.form' : 'error.acctNumber.range')
              : t('error.other', { message }),
        )
        number.control.focus()
      }
      submit.disabled = false
    }
    return { form, opener }
  }

  /** Everything about one card. @param {Card} first */
  function editor(first) {
    let card = first
    let isGone = false

    /** @param {string} name @param {Record<string, unknown>} more */
    const input = (name, more) =>
      el('input', {
        class: 'input',
        id: `card-${name}`,
        autocomplete: 'off',
        'data-testid': `card-field-${name}`,
        oninput: () => edited(),
        ...more,
      })
    const fields = {
      holder: new Field(input('holder', { type: 'text', maxlength: '100' }), t('holder')),
      email: new Field(input('email', { type: 'email', spellcheck: 'false' }), t('email')),
      phone: new Field(input('phone', { type: 'tel', maxlength: '60' }), t('phone'), t('phoneHint')),
      language: new Field(
        el(
          'select',
          { class: 'input', id: 'card-language', 'data-testid': 'card-field-language', onchange: () => edited() },
          el('option', { value: 'en' }, t('language.en')),
          el('option', { value: 'ja' }, t('language.ja')),
        ),
        t('language'),
      ),
      methods: new Field(
        el(
          'select',
          { class: 'input', id: 'card-methods', 'data-testid': 'card-field-methods', onchange: () => edited() },
          el('option', { value: '' }, t('methods.none')),
          challengeKinds.map((kind) => el('option', { value: kind }, kindWord(app, kind))),
        ),
        t('methods'),
        t('methods.hint'),
      ),
    }
    /** @param {string} name @param {string} label @param {string} hint */
    const box = (name, label, hint) => {
      const control = input(name, { type: 'checkbox', class: 'check-input', 'aria-describedby': `card-${name}-what` })
      const line = el(
        'div',
        { class: 'check' },
        control,
        el('label', { for: control.id }, label),
        el('p', { class: 'field-hint', id: `card-${name}-what` }, hint),
      )
      return { control, line }
    }
    const boxes = {
      blocked: box('blocked', t('state.blocked'), t('hint.blocked')),
      stolen: box('stolen', t('state.stolen'), t('hint.stolen')),
      expired: box('expired', t('state.expired'), t('hint.expired')),
    }
    const chosen = channels.map((name) => {
      const control = input(name, { type: 'checkbox', class: 'check-input' })
      return {
        name,
        control,
        line: el('div', { class: 'check' }, control, el('label', { for: control.id }, kindWord(app, name))),
      }
    })
    const channelBoxes = el(
      'fieldset',
      { 'data-testid': 'card-channels', hidden: true },
      el('legend', null, t('methods.channels')),
      chosen.map(({ line }) => line),
      el('p', { class: 'field-hint' }, t('methods.channels.hint')),
    )
    const agreed = el('div', { class: 'card-agreed' })
    const holder = el('h2', { tabindex: '-1', class: 'card-title' })
    const chips = el('p', { class: 'card-states' })
    const made = el('p', { class: 'pane-news', hidden: true }, t('notRegisteredHint'))
    const failures = el('span')
    const unlock = el(
      'button',
      { class: 'button', type: 'button', 'data-testid': 'card-unlock', onclick: () => void send({ unlock: true }) },
      t('unlock'),
    )
    const save = el('button', { class: 'button primary', type: 'submit', 'data-testid': 'card-save' }, t('save'))
    const revert = el(
      'button',
      {
        class: 'button',
        type: 'button',
        'data-testid': 'card-revert',
        onclick: () => {
          fill()
          fields.holder.control.focus()
        },
      },
      t('revert'),
    )
    const told = el('span', { class: 'form-told', role: 'status', 'data-testid': 'card-told' })
    const wrong = el('p', { class: 'pane-problem', role: 'alert', hidden: true, 'data-testid': 'card-wrong' })
    const elsewhere = el('p', { class: 'pane-news', role: 'status', hidden: true }, t('elsewhere'))

    /** The register leaves the choice among all where it names less than two. @param {string} name */
    const isOffered = (name) =>
      channels.filter((one) => card.methods.includes(one)).length < 2 || card.methods.includes(name)
    const isOtherChoice = () => chosen.some(({ name, control }) => control.checked !== isOffered(name))

    /** What the form says otherwise than the register. */
    function changes() {
      /** @type {Record<string, unknown>} */
      const body = {}
      for (const name of /** @type {const} */ (['holder', 'email', 'language'])) {
        const value = fields[name].control.value.trim()
        if (value !== card[name]) body[name] = value
      }
      const phone = fields.phone.control.value.trim()
      if (phone !== (card.phone ?? '')) body.phone = phone === '' ? null : phone
      for (const name of settable)
        if (boxes[name].control.checked !== card[name]) body[name] = boxes[name].control.checked
      const usual = fields.methods.control.value
      if (usual !== (card.methods[0] ?? '') || (usual === 'chooseOtp' && isOtherChoice()))
        body.methods = [
          ...(usual === '' ? [] : [usual]),
          ...(usual === 'chooseOtp' ? chosen.flatMap(({ name, control }) => (control.checked ? [name] : [])) : []),
        ]
      return body
    }
    const isChanged = () => Object.keys(changes()).length > 0

    function edited() {
      const isDirty = isChanged()
      save.disabled = !isDirty && card.isRegistered
      revert.disabled = !isDirty
      told.textContent = isDirty ? t('unsaved') : ''
      channelBoxes.hidden = fields.methods.control.value !== 'chooseOtp'
      for (const field of Object.values(fields)) field.complain(undefined)
      wrong.hidden = true
    }

    /** The register's own words into the form, but for the members named. @param {Readonly<Record<string, unknown>>} [kept] */
    function fill(kept = {}) {
      for (const name of /** @type {const} */ (['holder', 'email', 'phone', 'language']))
        if (!(name in kept)) fields[name].control.value = card[name] ?? ''
      for (const name of settable) if (!(name in kept)) boxes[name].control.checked = card[name]
      if (!('methods' in kept)) {
        fields.methods.control.value = card.methods[0] ?? ''
        for (const { name, control } of chosen) control.checked = isOffered(name)
      }
      elsewhere.hidden = Object.keys(kept).length === 0
      head()
      edited()
    }

    function head() {
      holder.textContent = card.holder
      chips.replaceChildren(
        ...stateChips(app, card),
        ...(card.isRegistered ? [] : [el('span', { class: 'state' }, t('notRegistered'))]),
      )
      made.hidden = card.isRegistered
      agreed.replaceChildren(
        agreedList('trusts', card.trusts, ({ merchantName, acquirerMerchantID }) => merchantName ?? acquirerMerchantID),
        agreedList('devices', card.devices, ({ name }) => name),
      )
      unlock.hidden = card.failures === 0
      failures.textContent = card.locked
        ? t('failures.locked', { n: card.failures })
        : card.failures === 0
          ? t('failures.none')
          : t('failures.some', { n: card.failures, of: lockAfter })
    }

    /**
     * What the cardholder has agreed to, each with a button that takes it back.
     * @template {{ at: string }} Entry
     * @param {'trusts' | 'devices'} name
     * @param {readonly Entry[]} entries
     * @param {(entry: Entry) => string} words
     */
    function agreedList(name, entries, words) {
      return el(
        'div',
        { 'data-testid': `card-${name}` },
        el('p', { class: 'field-label' }, t(name)),
        entries.length === 0
          ? el('p', { class: 'quiet' }, t('agreed.none'))
          : el(
              'ul',
              { class: 'agreed' },
              entries.map((entry) =>
                el(
                  'li',
                  { class: 'agreed-line' },
                  el('span', { dir: 'auto' }, words(entry)),
                  el('span', { class: 'quiet' }, app.format.dateTime(Date.parse(entry.at))),
                  el(
                    'button',
                    {
                      class: 'button',
                      type: 'button',
                      'aria-label': t('agreed.removeNamed', { name: words(entry) }),
                      onclick: () =>
                        void send({
                          [name]: entries.filter((other) => other !== entry).map(({ at: _at, ...own }) => own),
                        }),
                    },
                    t('agreed.remove'),
                  ),
                ),
              ),
            ),
      )
    }

    /** @param {Record<string, unknown>} body */
    async function send(body) {
      save.disabled = true
      unlock.disabled = true
      try {
        /** @type {Card} */
        const next = await app.api.put(`/cards/${card.id}`, body)
        const isUnlock = 'unlock' in body
        // A button beside the form: what is typed in it stays.
        const isAside = isUnlock || 'trusts' in body || 'devices' in body
        const mine = isAside ? changes() : {}
        card = next
        cards = cards.map((one) => (one.id === next.id ? next : one))
        fill(mine)
        elsewhere.hidden = true
        draw()
        app.announce(t(isUnlock ? 'unlocked' : 'savedFor', { card: next.mask }))
        if (!isChanged()) told.textContent = t('saved')
        if (isAside) holder.focus({ preventScroll: true })
      } catch (error) {
        const { status, path, message } = problemOf(error)
        const field = Reflect.get(fields, path)
        if (status === 0) wrong.textContent = t('offline')
        else if (status === 404) wrong.textContent = t('error.gone')
        else if (field instanceof Field) {
          field.complain(
            path === 'holder' || path === 'email' || path === 'phone'
              ? t(`error.${path}`)
              : t('error.other', { message }),
          )
          wrong.textContent = t('wrong')
          field.control.focus()
        } else wrong.textContent = t('error.other', { message: path === '' ? message : `${path}: ${message}` })
        wrong.hidden = false
        save.disabled = false
      }
      unlock.disabled = false
    }

    const nextRoot = el('div', { class: 'pane' })
    const payments = el('div')
    detail.append(
      el('p', { class: 'card-back' }, el('a', { class: 'button', href: addressOf('') }, app.icon('left'), t('back'))),
      el(
        'header',
        { class: 'card-head' },
        el('p', { class: 'card-face mono' }, card.mask, ' ', el('span', { class: 'quiet' }, schemeName(card.scheme))),
        holder,
        chips,
      ),
      made,
      nextRoot,
      el(
        'form',
        {
          class: 'pane card-form',
          novalidate: true,
          'aria-labelledby': 'card-form-title',
          'data-testid': 'card-form',
          onsubmit: (/** @type {SubmitEvent} */ event) => {
            event.preventDefault()
            void send(changes())
          },
        },
        el('h2', { id: 'card-form-title' }, t('holderTitle')),
        elsewhere,
        el(
          'div',
          { class: 'card-fields' },
          fields.holder.root,
          fields.email.root,
          fields.phone.root,
          fields.language.root,
        ),
        el(
          'div',
          { class: 'card-choices' },
          el(
            'fieldset',
            null,
            el('legend', null, t('states')),
            settable.map((name) => boxes[name].line),
          ),
          el(
            'div',
            null,
            fields.methods.root,
            channelBoxes,
            el(
              'div',
              { class: 'card-failures' },
              el('p', { class: 'field-label' }, t('failures')),
              el('p', { 'data-testid': 'card-failures' }, failures),
              unlock,
            ),
          ),
        ),
        agreed,
        wrong,
        el('p', { class: 'form-actions' }, save, revert, told),
      ),
      el(
        'section',
        { class: 'pane', 'aria-labelledby': 'card-latest' },
        el(
          'div',
          { class: 'pane-title' },
          el('h2', { id: 'card-latest' }, t('latest')),
          el('p', null, el('a', { href: app.href(`?card=${card.id}`) }, t('allOfIt'))),
        ),
        payments,
      ),
    )
    const next = mountNextDecision(nextRoot, app, { card: card.id, panMask: card.mask })
    fill()

    const loadPayments = coalesced(async () => {
      try {
        const { transactions } = await app.api.get(`/transactions?view=summary&limit=${latestPayments}&card=${card.id}`)
        if (isGone) return
        payments.replaceChildren(
          transactions.length === 0
            ? el('p', { class: 'quiet' }, t('nonePaid'))
            : el('ul', { class: 'payments', 'data-testid': 'card-payments' }, transactions.map(payment)),
        )
      } catch {
        // the next payment, or the stream coming back, asks again
      }
    })
    /**
     * @param {{ acsTransID: string, at: number, merchantName?: string, purchaseAmount?: string, purchaseCurrency?: string,
     *   purchaseExponent?: string, transStatus: string, transStatusReason?: string, resultStatus?: string, resultReason?: string }} row
     */
    const payment = (row) =>
      el(
        'li',
        null,
        el(
          'a',
          { class: 'payment', href: app.href(`transactions/${row.acsTransID}`) },
          el('span', { class: 'payment-time quiet' }, app.format.time(row.at)),
          el('span', { class: 'payment-shop', dir: 'auto' }, row.merchantName ?? ''),
          el(
            'span',
            { class: 'payment-amount' },
            app.format.amount(row.purchaseAmount, row.purchaseCurrency, row.purchaseExponent),
          ),
          el(
            'span',
            { class: 'payment-outcome' },
            app.statusChip(row.transStatus, row.transStatusReason),
            row.resultStatus !== undefined && el('span', { class: 'quiet' }, '→'),
            row.resultStatus !== undefined && app.statusChip(row.resultStatus, row.resultReason),
          ),
        ),
      )
    void loadPayments()
    const off = app.events.on(
      'transactions',
      (/** @type {{ transactions: { card: string }[], skipped: number }} */ news) => {
        if (news.skipped > 0 || news.transactions.some((row) => row.card === card.id)) void loadPayments()
      },
    )
    return {
      id: card.id,
      /** @param {Card} fresh */
      update(fresh) {
        if (JSON.stringify(fresh) === JSON.stringify(card)) return
        // What a person is typing stays; what they have not touched follows the register.
        const mine = changes()
        card = fresh
        fill(mine)
      },
      reload: () => void loadPayments(),
      unmount() {
        isGone = true
        off()
        next.unmount()
      },
    }
  }

  const load = coalesced(async () => {
    clearTimeout(timer)
    try {
      const answer = await app.api.get('/cards')
      if (isOver) return
      problem.hidden = true
      cards = [...answer.cards].sort((a, b) => (a.mask < b.mask ? -1 : a.mask > b.mask ? 1 : 0))
      const fresh = cards.find(({ id }) => id === open?.id)
      if (fresh !== undefined) open?.update(fresh)
      if (isFirst) return
      if (open === undefined && app.query().has('card')) follow()
      else draw()
    } catch (error) {
      if (isOver) return
      if (isFirst && problemOf(error).status !== 0) throw error
      problem.hidden = false
      timer = setTimeout(() => void load(), retryMs)
    }
  })

  document.getElementById('view-tools')?.append(adding.opener)
  root.append(el('p', { class: 'view-about' }, t('about')), adding.form, layout)
  const offs = [
    app.events.on('cards', () => void load()),
    app.events.on('reconnect', () => {
      open?.reload()
      void load()
    }),
  ]
  await load()
  follow()
  isFirst = false
  return {
    unmount() {
      isOver = true
      clearTimeout(timer)
      open?.unmount()
      for (const off of offs) off()
    },
    query: follow,
  }
}
