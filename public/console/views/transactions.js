// The list of transactions: what came through the gate, newest first, as it happens.
import { curlExample } from '../lib/example.js'
import { createRowBuffer, followLimit, scrollLimit } from '../lib/row-buffer.js'
import { apiQuery, matches, periods, readFilter, writeFilter } from '../lib/summary.js'
import { createWindow } from '../lib/window.js'
import { currencies, schemes } from '../tables.js'
import { transactionsTexts } from '../texts/transactions.js'
import { deciderWords } from '../texts/words.js'

/** @typedef {import('../app.js').App} App */
/** @typedef {import('../lib/summary.js').Summary} Summary */
/** @typedef {import('../lib/summary.js').Filter} Filter */
/** @typedef {keyof Filter} FilterName */

const firstPage = 100
const nextPage = 250
/** Scans that find nothing before somebody has to ask for more. */
const fruitlessScans = 5
/** Rows do not move while the pointer was over them in this time. */
const holdMs = 1_500
const statuses = /** @type {const} */ (['Y', 'C', 'N', 'R', 'A', 'U', 'I'])
const usualCurrencies = ['392', '978', '840', '826']

/** What a view that was left had loaded: the way back is short. @type {{ query: string, at: number, rows: readonly Summary[], next: number | undefined } | undefined} */
let left
const leftForMs = 300_000

/** @param {App} app */
export const title = (app) => app.texts(transactionsTexts)('title')

/** @param {HTMLElement} root @param {App} app */
export async function mount(root, app) {
  const { el, icon, format } = app
  const t = app.texts(transactionsTexts)
  const deciders = app.texts(deciderWords)
  const buffer = createRowBuffer()
  let filter = readFilter(app.query())
  let isLive = true
  let heldUntil = 0
  /** @type {number | undefined} */
  let current
  let searched = 0
  let fruitless = 0
  let isLoading = false
  let isEnded = false
  /** @type {AbortController | undefined} */
  let loading
  /** @type {Summary[] | undefined} Rows that arrive while the first page is on its way. */
  let meanwhile
  /** @type {Set<number>} */
  const fresh = new Set()
  /** @type {Set<ReturnType<typeof setTimeout>>} */
  const timers = new Set()
  /** @param {number} ms @param {() => void} work */
  const later = (ms, work) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, ms)
    timers.add(timer)
    return timer
  }

  // ── The bar: search and filters ──────────────────────────────────────────────────────────────

  /** @param {Partial<Record<FilterName, string | undefined>>} change @param {'push' | 'replace'} [how] */
  const refine = (change, how = 'push') => {
    app.setQuery(writeFilter({ ...filter, ...change }), how)
    apply()
  }
  const apply = () => {
    filter = readFilter(app.query())
    drawBar()
    scrollTo({ top: 0, behavior: 'instant' })
    current = undefined
    void load()
  }

  let typing = 0
  const search = el('input', {
    class: 'input',
    type: 'search',
    'aria-label': t('search'),
    placeholder: t('searchHint'),
    'data-testid': 'search',
    autocomplete: 'off',
    spellcheck: 'false',
    enterkeyhint: 'search',
    maxlength: 100,
    oninput: () => {
      clearTimeout(typing)
      typing = setTimeout(() => refine({ q: search.value.trim() || undefined }, 'replace'), 180)
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Escape') {
        event.preventDefault()
        if (search.value === '') search.blur()
        search.value = ''
        refine({ q: undefined }, 'replace')
      } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
        event.preventDefault()
        step(0)
      }
    },
  })

  /** @param {string | undefined} list @param {string} value */
  const toggled = (list, value) => {
    const set = new Set((list ?? '').split(',').filter(Boolean))
    if (!set.delete(value)) set.add(value)
    return [...set].join(',') || undefined
  }
  const statusButtons = statuses.map((status) =>
    el(
      'button',
      {
        type: 'button',
        class: ['letter-button', `is-${status}`],
        title: app.outcomeWord(status),
        'aria-label': `${status} ${app.outcomeWord(status)}`,
        'data-testid': `filter-transStatus-${status}`,
        onclick: () => refine({ transStatus: toggled(filter.transStatus, status) }),
      },
      status,
    ),
  )

  /**
   * @param {FilterName} name
   * @param {string} label
   * @param {readonly (readonly [value: string, text: string])[]} options
   */
  const select = (name, label, options) => {
    const box = el(
      'select',
      {
        class: 'input',
        'data-testid': `filter-${name}`,
        onchange: () => refine({ [name]: box.value || undefined }),
      },
      el('option', { value: '' }, t('any')),
      options.map(([value, text]) => el('option', { value }, text)),
    )
    return { name, box, field: el('label', { class: 'field' }, el('span', null, label), box) }
  }
  /** @param {FilterName} name @param {string} label @param {Record<string, unknown>} more */
  const input = (name, label, more) => {
    const box = el('input', {
      class: 'input',
      'data-testid': `filter-${name}`,
      'aria-label': label,
      onchange: () => refine({ [name]: box.value.trim() || undefined }),
      ...more,
    })
    return { name, box }
  }
  const decidedBy = select('decidedBy', t('decidedBy'), [
    ['engine', deciders('engine')],
    ['scenario', deciders('scenario')],
    ['stub', deciders('stub')],
    ['override', deciders('override')],
  ])
  const scheme = select('scheme', t('scheme'), [...schemes])
  const result = select(
    'resultStatus',
    t('resultStatus'),
    /** @type {const} */ (['Y', 'N', 'U', 'R']).map((status) => [status, `${status} ${app.outcomeWord(status)}`]),
  )
  const currency = select(
    'currency',
    t('currency'),
    usualCurrencies.map((numeric) => [numeric, currencies.get(numeric)?.alpha ?? numeric]),
  )
  const card = select('card', t('card'), [])
  const merchant = input('merchant', t('merchant'), { type: 'text', maxlength: 40 })
  const minAmount = input('minAmount', t('minAmount'), { type: 'number', min: 0, step: 'any', placeholder: t('from') })
  const maxAmount = input('maxAmount', t('maxAmount'), { type: 'number', min: 0, step: 'any', placeholder: t('to') })
  const from = input('from', t('since'), { type: 'datetime-local', step: 1 })
  const to = input('to', t('until'), { type: 'datetime-local', step: 1 })
  const spans = el('span', { class: 'spans' }, from.box, ' – ', to.box)
  const period = el(
    'select',
    {
      class: 'input',
      'data-testid': 'filter-last',
      onchange: () => {
        spans.hidden = period.value !== 'own'
        if (period.value !== 'own') refine({ last: period.value || undefined, from: undefined, to: undefined })
        else refine({ last: undefined })
      },
    },
    el('option', { value: '' }, t('any')),
    Object.keys(periods).map((name) =>
      el('option', { value: name }, t(`last.${/** @type {keyof typeof periods} */ (name)}`)),
    ),
    el('option', { value: 'own' }, t('last.own')),
  )
  const panel = el(
    'div',
    { class: 'filter-panel', id: 'filter-panel', hidden: true },
    decidedBy.field,
    scheme.field,
    result.field,
    el('label', { class: 'field' }, el('span', null, t('merchant')), merchant.box),
    card.field,
    el(
      'div',
      { class: 'field', role: 'group', 'aria-label': t('amount') },
      el('span', { 'aria-hidden': 'true' }, t('amount')),
      el('span', { class: 'spans' }, minAmount.box, ' – ', maxAmount.box),
    ),
    currency.field,
    el(
      'div',
      { class: 'field', role: 'group', 'aria-label': t('period') },
      el('label', null, el('span', null, t('period')), period),
      spans,
    ),
  )
  let areCardsLoaded = false
  const loadCards = async () => {
    if (areCardsLoaded) return
    areCardsLoaded = true
    try {
      const { cards } = await app.api.get('/cards')
      for (const { id, mask, holder } of cards.slice(0, 500)) {
        card.box.append(el('option', { value: id }, [mask, holder].filter(Boolean).join(' · ')))
      }
      card.box.value = filter.card ?? ''
      drawBar()
    } catch {
      areCardsLoaded = false // asked again when the panel is opened the next time
    }
  }
  const panelButton = el('button', {
    type: 'button',
    class: 'button',
    'aria-controls': 'filter-panel',
    'data-testid': 'filters',
    onclick: () => {
      panel.hidden = !panel.hidden
      drawBar()
      if (!panel.hidden) void loadCards()
    },
  })
  const active = el('ul', { class: 'active-filters' })
  const count = el('p', { class: 'count', role: 'status', 'data-testid': 'count' })
  const bar = el(
    'div',
    { class: 'list-bar' },
    el(
      'div',
      { class: 'list-bar-row', role: 'search' },
      el('div', { class: 'search-box' }, icon('search'), search, el('kbd', { 'aria-hidden': 'true' }, '/')),
      el(
        'div',
        { class: 'letters', role: 'group', 'aria-label': t('outcome'), 'data-testid': 'filter-transStatus' },
        statusButtons,
      ),
      panelButton,
      count,
    ),
    panel,
    active,
  )

  const filterWords = () => {
    const moment = (/** @type {string} */ text) => format.dateTime(/^\d+$/.test(text) ? Number(text) : Date.parse(text))
    /** @type {[FilterName[], string][]} */
    const words = []
    if (filter.decidedBy !== undefined) words.push([['decidedBy'], `${t('decidedBy')}: ${filter.decidedBy}`])
    if (filter.scheme !== undefined) words.push([['scheme'], schemes.get(filter.scheme) ?? filter.scheme])
    if (filter.resultStatus !== undefined)
      words.push([['resultStatus'], `${t('resultStatus')}: ${filter.resultStatus}`])
    if (filter.merchant !== undefined) words.push([['merchant'], `${t('merchant')}: ${filter.merchant}`])
    if (filter.card !== undefined) {
      const known = buffer.rows.find((row) => row.card === filter.card)?.panMask
      const chosen = [...card.box.options].find(({ value }) => value === filter.card)?.text
      words.push([['card'], t('cardChip', { card: chosen ?? known ?? `${filter.card.slice(0, 8)}…` })])
    }
    const { minAmount: least, maxAmount: most } = filter
    if (least !== undefined || most !== undefined) {
      words.push([['minAmount', 'maxAmount'], `${t('amount')}: ${least ?? ''} – ${most ?? ''}`])
    }
    if (filter.currency !== undefined) {
      words.push([['currency'], currencies.get(filter.currency)?.alpha ?? filter.currency])
    }
    if (filter.last !== undefined && filter.last in periods) {
      words.push([['last'], t(`last.${/** @type {keyof typeof periods} */ (filter.last)}`)])
    }
    if (filter.from !== undefined || filter.to !== undefined) {
      const ends = [filter.from, filter.to].map((text) => (text === undefined ? '' : moment(text)))
      words.push([['from', 'to'], ends.join(' – ')])
    }
    return words
  }
  const hasFilter = () => Object.keys(filter).length > 0
  const drawBar = () => {
    if (document.activeElement !== search) search.value = filter.q ?? ''
    const chosen = (filter.transStatus ?? '').split(',')
    statuses.forEach((status, position) => {
      statusButtons[position]?.setAttribute('aria-pressed', String(chosen.includes(status)))
    })
    for (const { name, box } of [decidedBy, scheme, result, currency, merchant, minAmount, maxAmount]) {
      const value = filter[name] ?? ''
      if (
        box instanceof HTMLSelectElement &&
        value !== '' &&
        ![...box.options].some((option) => option.value === value)
      ) {
        box.append(el('option', { value }, value))
      }
      box.value = value
    }
    card.box.value = filter.card ?? ''
    for (const { name, box } of [from, to]) box.value = localMoment(filter[name])
    const isOwn = filter.from !== undefined || filter.to !== undefined || (period.value === 'own' && !panel.hidden)
    period.value = isOwn ? 'own' : (filter.last ?? '')
    spans.hidden = !isOwn
    const words = filterWords()
    panelButton.replaceChildren(
      icon('filter'),
      el('span', null, words.length === 0 ? t('filters') : t('filtersOn', { n: words.length })),
    )
    panelButton.setAttribute('aria-expanded', String(!panel.hidden))
    active.replaceChildren(
      ...words.map(([names, text]) =>
        el(
          'li',
          null,
          el(
            'button',
            {
              type: 'button',
              class: 'filter-chip',
              'aria-label': t('remove', { what: text }),
              onclick: () => refine(Object.fromEntries(names.map((name) => [name, undefined]))),
            },
            text,
            icon('close'),
          ),
        ),
      ),
      ...(hasFilter()
        ? [
            el(
              'li',
              null,
              el(
                'button',
                { type: 'button', class: 'link-button', 'data-testid': 'clear-filters', onclick: clearAll },
                t('clear'),
              ),
            ),
          ]
        : []),
    )
    active.hidden = words.length === 0
  }
  const clearAll = () => {
    search.value = ''
    app.setQuery(new URLSearchParams(), 'push')
    apply()
  }

  // ── The rows ─────────────────────────────────────────────────────────────────────────────────

  const columns = /** @type {const} */ ([
    'time',
    'merchant',
    'amount',
    'card',
    'outcome',
    'challenge',
    'decidedBy',
    'score',
    'duration',
  ])
  const head = el(
    'div',
    { role: 'rowgroup', class: 'list-head' },
    el(
      'div',
      { role: 'row', class: 'row head', 'aria-rowindex': 1 },
      columns.map((name) =>
        el(
          'div',
          {
            role: 'columnheader',
            class: `cell ${name}`,
            title: name === 'duration' ? t('durationTitle') : name === 'time' ? format.zone() : undefined,
          },
          t(`head.${name}`),
        ),
      ),
    ),
  )
  const box = el('div', { role: 'rowgroup', class: 'rows' })
  const table = el(
    'div',
    { role: 'table', class: 'list', 'aria-label': t('rows'), 'data-testid': 'transactions', 'aria-busy': 'true' },
    head,
    box,
  )
  const place = el('div', { class: 'list-place' })

  const makeRow = () => {
    const link = el('a', { class: 'open', tabindex: '-1' })
    const cells = Object.fromEntries(columns.map((name) => [name, el('div', { role: 'cell', class: `cell ${name}` })]))
    cells.merchant?.append(link)
    cells.merchant?.setAttribute('dir', 'auto')
    const element = el(
      'div',
      { role: 'row', class: 'row' },
      columns.map((name) => cells[name]),
    )
    /** @type {Summary | undefined} */
    let shown
    return {
      element,
      link,
      /** @param {Summary} row @param {number} index */
      fill(row, index) {
        element.setAttribute('aria-rowindex', String(index + 2))
        element.classList.toggle('is-current', row.id === current)
        element.classList.toggle('is-fresh', fresh.has(row.id))
        link.tabIndex = row.id === (current ?? buffer.rows[0]?.id) ? 0 : -1
        if (shown === row) return
        shown = row
        element.dataset.id = String(row.id)
        element.dataset.testid = `row-${row.acsTransID}`
        link.href = app.href(`transactions/${row.acsTransID}`)
        link.textContent = row.merchantName || '–' // a non-payment request may name no shop (RES-NPA-1)
        link.title = row.merchantName ?? ''
        cells.time?.replaceChildren(
          el('time', { datetime: new Date(row.at).toISOString(), title: format.dateTime(row.at) }, format.time(row.at)),
        )
        const amount = format.amount(row.purchaseAmount, row.purchaseCurrency, row.purchaseExponent)
        cells.amount?.replaceChildren(amount)
        cells.amount?.classList.toggle('is-long', amount.length > 13)
        if (cells.amount !== undefined) cells.amount.title = amount
        const scheme = schemes.get(row.scheme) ?? row.scheme
        cells.card?.replaceChildren(
          el('span', { class: 'mask', title: row.panMask }, shortMask(row.panMask)),
          el('span', { class: 'scheme', title: scheme }, scheme),
        )
        cells.outcome?.replaceChildren(app.statusChip(row.transStatus, row.transStatusReason))
        cells.challenge?.replaceChildren(...challengeOf(row))
        cells.decidedBy?.replaceChildren(...deciderOf(row), ...labelOf(row))
        cells.score?.replaceChildren(scoreOf(row.score))
        cells.duration?.replaceChildren(format.duration(row.durationMs))
      },
    }
  }

  /** @param {Summary} row @returns {(Node | string)[]} */
  const challengeOf = (row) => {
    if (row.transStatus !== 'C' && row.transStatus !== 'D') return []
    /** @type {(Node | string)[]} */
    const parts = []
    if (row.resultStatus === undefined) {
      const phase = row.challenge === 'awaitingFirstCReq' ? 'awaitingFirstCReq' : 'awaitingAnswer'
      parts.push(el('span', { class: 'waiting' }, t(`challenge.${phase}`)))
    } else {
      const word = t(`challenge.${endingOf(row)}`)
      const reason = row.resultReason
      parts.push(
        el(
          'span',
          {
            class: ['chip', `is-${row.resultStatus}`],
            title: reason === undefined ? undefined : `${reason}: ${app.reasonWord(reason)}`,
          },
          el('b', { class: 'letter' }, row.resultStatus),
          el('span', { class: 'word' }, word),
        ),
      )
    }
    const { delivery } = row
    if (delivery === 'late' || delivery === 'refused' || delivery === 'gaveUp' || delivery === 'lost') {
      const words = t(`delivery.${delivery}`)
      parts.push(el('span', { class: 'trouble', title: words }, '⚠ ', el('span', { class: 'unseen' }, words)))
    }
    return parts
  }
  /** @param {Summary} row */
  const labelOf = ({ labelKind }) => {
    if (labelKind === undefined) return []
    const words = t(`label.${labelKind}`)
    const mark = labelKind === 'fraud' ? '⚑' : '✓'
    return [
      el(
        'span',
        { class: ['label-mark', `is-${labelKind}`], title: words },
        el('span', { 'aria-hidden': 'true' }, mark),
        el('span', { class: 'unseen' }, words),
      ),
    ]
  }
  /** @param {Summary} row @returns {(Node | string)[]} */
  const deciderOf = (row) => {
    const word = row.decidedBy in deciderWords.en ? deciders(/** @type {'engine'} */ (row.decidedBy)) : row.decidedBy
    if (row.engine === undefined || row.engine === row.transStatus) return [word]
    const values = { status: row.engine, word: app.outcomeWord(row.engine) }
    return [
      word,
      el(
        'span',
        { class: ['chip', 'aside', `is-${row.engine}`], title: t('engineWouldTitle', values) },
        el('b', { class: 'letter', 'aria-hidden': 'true' }, row.engine),
        el('span', { class: 'unseen' }, t('engineWould', values)),
      ),
    ]
  }

  const list = createWindow({
    box,
    make: makeRow,
    items: () => buffer.rows,
    onRange: (last) => {
      if (last > buffer.rows.length - 40) void more()
    },
  })

  // ── What came in the meantime ────────────────────────────────────────────────────────────────

  const pill = el('button', {
    type: 'button',
    class: 'pill',
    hidden: true,
    'data-testid': 'fresh',
    title: t('freshTitle'),
    onclick: () => void showNewest(),
  })
  const liveToggle = el('button', {
    type: 'button',
    class: 'button live-toggle',
    'data-testid': 'live-toggle',
    onclick: () => {
      isLive = !isLive
      heldUntil = 0
      drawLive()
      settle()
    },
  })
  const drawLive = () => {
    liveToggle.replaceChildren(icon(isLive ? 'pause' : 'play'), el('span', null, isLive ? t('live') : t('paused')))
    liveToggle.setAttribute('aria-pressed', String(isLive))
    liveToggle.title = isLive ? t('pauseTitle') : t('resumeTitle')
    liveToggle.classList.toggle('is-live', isLive)
  }
  const isAtTop = () => scrollY <= 8
  let announcedAt = 0
  const drawPill = () => {
    const n = buffer.kept
    pill.hidden = buffer.waiting === 0
    if (pill.hidden) return
    const words = buffer.hasLost
      ? n === 0
        ? t('freshTitle')
        : t('freshMany', { n: format.number(n) })
      : t('fresh', { n })
    pill.replaceChildren(icon('up'), el('span', null, words))
    if (Date.now() - announcedAt > 15_000) {
      announcedAt = Date.now()
      app.announce(words)
    }
  }
  /** Lets new rows in when nobody is in the way. */
  const settle = () => {
    if (isEnded) return
    if (buffer.waiting > 0 && isLive && isAtTop() && document.visibilityState === 'visible') {
      const wait = heldUntil - Date.now()
      if (wait > 0) later(wait + 20, settle)
      else if (buffer.hasLost) void refreshHead()
      else letIn()
    }
    drawPill()
    list.plan()
  }
  const letIn = () => {
    const ids = buffer.flush()
    for (const id of ids) fresh.add(id)
    later(1_600, () => {
      for (const id of ids) fresh.delete(id)
    })
    drawState()
  }
  const showNewest = async () => {
    scrollTo({ top: 0, behavior: 'instant' })
    if (buffer.hasLost) await load()
    else letIn()
    drawPill()
    list.draw()
    app.announce(t('freshTitle'))
  }

  // ── Loading ──────────────────────────────────────────────────────────────────────────────────

  /** @param {number} limit @param {number | undefined} before @param {AbortSignal} [signal] */
  const fetchPage = async (limit, before, signal) => {
    const query = apiQuery(filter, app.now())
    query.set('view', 'summary')
    query.set('limit', String(limit))
    if (before !== undefined) query.set('before', String(before))
    /** @type {{ transactions: Summary[], next?: number, searched?: number }} */
    const page = await app.api.get(`/transactions?${query}`, signal === undefined ? {} : { signal })
    searched += page.searched ?? page.transactions.length
    return page
  }

  const load = async () => {
    loading?.abort()
    const mine = new AbortController()
    loading = mine
    isLoading = true
    searched = 0
    fruitless = 0
    meanwhile = []
    table.setAttribute('aria-busy', 'true')
    try {
      const { transactions, next } = await fetchPage(firstPage, undefined, mine.signal)
      if (mine.signal.aborted || isEnded) return
      buffer.replace(transactions, next)
      fresh.clear()
      const arrived = meanwhile
      meanwhile = undefined
      buffer.take(arrived, (row) => matches(filter, row))
      isLoading = false
      loading = undefined
      table.setAttribute('aria-busy', 'false')
      settle()
      drawState()
      list.draw()
    } catch (error) {
      if (mine.signal.aborted || isEnded) return
      isLoading = false
      loading = undefined
      meanwhile = undefined
      table.setAttribute('aria-busy', 'false')
      drawState(error)
    }
  }

  const more = async () => {
    const before = buffer.next
    if (isLoading || isEnded || before === undefined || buffer.rows.length >= scrollLimit) return
    if (fruitless >= fruitlessScans) return
    isLoading = true
    const mine = new AbortController()
    loading = mine
    try {
      const { transactions, next } = await fetchPage(nextPage, before, mine.signal)
      if (mine.signal.aborted || isEnded) return
      fruitless = transactions.length === 0 ? fruitless + 1 : 0
      buffer.append(transactions, next)
      isLoading = false
      drawState()
      list.plan()
    } catch (error) {
      if (mine.signal.aborted || isEnded) return
      isLoading = false
      fruitless = fruitlessScans
      drawState(error)
    }
  }

  let isRefreshing = false
  let refreshedAt = 0
  /** Fetches what may have been missed: the newest page. */
  const refreshHead = async () => {
    if (isRefreshing || isLoading || isEnded) return
    isRefreshing = true
    const wait = refreshedAt + 1_000 - Date.now()
    if (wait > 0) await new Promise((done) => later(wait, () => done(undefined)))
    refreshedAt = Date.now()
    try {
      const searchedBefore = searched
      const { transactions, next } = await fetchPage(firstPage, undefined)
      searched = searchedBefore
      if (isEnded) return
      const newest = buffer.rows[0]?.id ?? 0
      const oldest = transactions.at(-1)?.id ?? 0
      if (oldest > newest && isLive && isAtTop()) buffer.replace(transactions, next)
      else {
        buffer.take(transactions, (row) => matches(filter, row))
        if (oldest > newest && newest > 0) buffer.lose(1)
        else buffer.found()
      }
    } catch {
      // the stream says that it is lost; the next event tries again
    } finally {
      isRefreshing = false
    }
    if (!isEnded) {
      if (buffer.waiting > 0 && !buffer.hasLost) settle()
      drawState()
      drawPill()
      list.plan()
    }
  }

  /** What stands in the place of rows, under them, and in the count. @param {unknown} [problem] */
  const drawState = (problem) => {
    const n = buffer.rows.length
    const isWhole = buffer.next === undefined
    const shown = format.number(n)
    if (hasFilter()) count.textContent = isWhole ? t('found', { n: shown }) : t('foundMore', { n: shown })
    else if (n === 1 && isWhole) count.textContent = t('loadedOne')
    else count.textContent = isWhole ? t('loaded', { n: shown }) : t('loadedMore', { n: shown })
    const isEmpty = n === 0 && isWhole && !hasFilter() && problem === undefined
    root.classList.toggle('is-empty', isEmpty)
    bar.hidden = isEmpty
    table.hidden = n === 0
    /** @type {Node[]} */
    const parts = []
    if (problem !== undefined) {
      const why = problem instanceof Error ? problem.message : ''
      parts.push(
        el(
          'div',
          { class: 'list-note is-problem', role: 'alert' },
          el('p', null, t('failed', { why })),
          el('button', { type: 'button', class: 'button', onclick: () => void load() }, t('again')),
        ),
      )
    } else if (isEmpty) {
      parts.push(welcome(app, t))
    } else if (!isWhole && n >= scrollLimit) {
      parts.push(el('p', { class: 'list-note' }, t('limit', { n: shown })))
    } else if (!isWhole && fruitless >= fruitlessScans) {
      parts.push(
        el(
          'div',
          { class: 'list-note' },
          el('p', null, t('searchedSoFar', { n: format.number(searched) })),
          el(
            'button',
            {
              type: 'button',
              class: 'button',
              onclick: () => {
                fruitless = 0
                drawState()
                void more()
              },
            },
            t('searchOn'),
          ),
        ),
      )
    } else if (!isWhole) {
      const words = hasFilter() ? t('searching', { n: format.number(searched) }) : t('loading')
      parts.push(el('p', { class: 'list-note is-loading' }, words))
    } else if (n === 0) {
      parts.push(
        el(
          'div',
          { class: 'note', 'data-testid': 'none' },
          el('h2', null, t('none')),
          el('p', null, t('noneText')),
          el('p', null, el('button', { type: 'button', class: 'button', onclick: clearAll }, t('clear'))),
        ),
      )
    }
    place.replaceChildren(...parts)
    if (!isWhole && n === 0) void more()
  }

  // ── Hands ────────────────────────────────────────────────────────────────────────────────────

  /** Height of what lies over the top of the list. */
  const covered = () => head.getBoundingClientRect().height + bar.getBoundingClientRect().height + topBar()
  /** @param {number} by */
  const step = (by) => {
    const rows = buffer.rows
    if (rows.length === 0) return
    const at = current === undefined ? -1 : buffer.positionOf(current)
    const index = at < 0 ? firstInSight() : Math.max(0, Math.min(rows.length - 1, at + by))
    const row = rows[index]
    if (row === undefined) return
    current = row.id
    list.reveal(index, covered())
    list.draw()
    const link = list.elementOf(row.id)?.querySelector('a')
    link?.focus({ preventScroll: true })
  }
  const firstInSight = () => {
    const height = Number.parseFloat(getComputedStyle(box).getPropertyValue('--row')) || 44
    return Math.max(0, Math.ceil((covered() - box.getBoundingClientRect().top) / height))
  }
  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (document.querySelector('dialog[open]') !== null) return
    const on = event.target
    if (on instanceof HTMLInputElement || on instanceof HTMLSelectElement || on instanceof HTMLTextAreaElement) return
    if (event.key === '/') {
      event.preventDefault()
      search.focus()
      search.select()
      return
    }
    const isLetter = event.key === 'j' || event.key === 'k'
    const isArrow = event.key === 'ArrowDown' || event.key === 'ArrowUp'
    if (!isLetter && !isArrow) return
    if (isArrow && !(on === document.body || on === mainOf(root) || (on instanceof Node && table.contains(on)))) return
    event.preventDefault()
    step(event.key === 'j' || event.key === 'ArrowDown' ? 1 : -1)
  }
  document.addEventListener('keydown', keys)
  box.addEventListener('focusin', (event) => {
    const row = event.target instanceof Element ? event.target.closest('.row') : null
    if (!(row instanceof HTMLElement)) return
    current = Number(row.dataset.id)
    list.plan()
  })
  box.addEventListener('click', (event) => {
    const row = event.target instanceof Element ? event.target.closest('.row') : null
    const link = row?.querySelector('a')
    if (event.defaultPrevented || link === null || link === undefined || event.target === link) return
    if (getSelection()?.isCollapsed === false) return
    if (event.metaKey || event.ctrlKey) open(link.href, '_blank', 'noopener')
    else app.go(new URL(link.href).pathname)
  })
  const hold = () => {
    heldUntil = Date.now() + holdMs
  }
  box.addEventListener('pointermove', hold, { passive: true })
  const scrolled = () => {
    if (buffer.waiting > 0 && isLive && isAtTop()) settle()
    if (isAtTop() && buffer.rows.length > followLimit && isLive) buffer.trim(followLimit)
  }
  addEventListener('scroll', scrolled, { passive: true })
  const observer = new ResizeObserver(() => {
    root.style.setProperty('--bar-height', `${bar.getBoundingClientRect().height}px`)
  })
  observer.observe(bar)

  const offs = [
    app.events.on('transactions', ({ transactions = [], skipped = 0 }) => {
      if (meanwhile !== undefined) {
        meanwhile.push(...transactions)
        if (meanwhile.length > 1_000) meanwhile.splice(0, meanwhile.length - 1_000)
        return
      }
      const wasEmpty = buffer.rows.length === 0
      buffer.take(transactions, (row) => matches(filter, row))
      if (skipped > 0) buffer.lose(skipped)
      settle()
      if (wasEmpty) drawState()
    }),
    app.events.on('reconnect', () => void refreshHead()),
  ]
  const seen = () => {
    if (document.visibilityState === 'visible') settle()
  }
  document.addEventListener('visibilitychange', seen)

  document.getElementById('view-tools')?.append(liveToggle)
  root.classList.add('transactions')
  root.append(bar, pill, table, place)
  const help = el(
    'p',
    { class: 'keys', 'aria-hidden': 'true' },
    t('keys'),
    ' ',
    el('kbd', null, '/'),
    ` ${t('keys.search')} · `,
    el('kbd', null, 'j'),
    el('kbd', null, 'k'),
    ` ${t('keys.move')} · `,
    el('kbd', null, 'Enter'),
    ` ${t('keys.open')}`,
  )
  root.append(help)
  drawLive()
  drawBar()
  const key = app.query().toString()
  if (left !== undefined && left.query === key && Date.now() - left.at < leftForMs && left.rows.length > 0) {
    buffer.replace(left.rows, left.next)
    table.setAttribute('aria-busy', 'false')
    drawState()
    list.draw()
    void refreshHead()
  } else {
    await load()
  }
  left = undefined

  return {
    query: apply,
    unmount() {
      isEnded = true
      left = {
        query: key,
        at: Date.now(),
        rows: buffer.rows.slice(0, followLimit),
        next: buffer.rows.at(followLimit - 1)?.id ?? buffer.next,
      }
      if (writeFilter(filter).toString() !== key) left = { ...left, query: writeFilter(filter).toString() }
      for (const timer of timers) clearTimeout(timer)
      clearTimeout(typing)
      loading?.abort()
      for (const off of offs) off()
      observer.disconnect()
      list.close()
      removeEventListener('scroll', scrolled)
      document.removeEventListener('keydown', keys)
      document.removeEventListener('visibilitychange', seen)
    },
  }
}

/** @param {string} mask */
const shortMask = (mask) => `··${mask.slice(-4)}`

/** @param {number | undefined} score */
const scoreOf = (score) => (score === undefined ? '' : score.toFixed(2).replace('-', '−').replace('−0.00', '0.00'))

/** @param {Summary} row @returns {'passed' | 'cancelled' | 'timedOut' | 'unavailable' | 'failed'} */
function endingOf({ resultStatus, resultReason }) {
  if (resultStatus === 'Y' || resultStatus === 'A') return 'passed'
  if (resultReason === '14') return 'timedOut'
  if (resultStatus === 'U') return 'unavailable'
  return resultReason === '19' ? 'failed' : 'cancelled'
}

/** A moment of the address as a field for date and time wants it. @param {string | undefined} text */
function localMoment(text) {
  if (text === undefined) return ''
  const at = new Date(/^\d+$/.test(text) ? Number(text) : text)
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

/** @param {HTMLElement} root */
const mainOf = (root) => root.closest('main')

/** On the phone the gate lies over the top. */
const topBar = () => {
  const side = document.querySelector('.side')
  return side !== null && getComputedStyle(side).position === 'sticky' ? side.getBoundingClientRect().height : 0
}

/**
 * For somebody who has just arrived.
 * @param {App} app
 * @param {(key: keyof typeof transactionsTexts.en) => string} t
 */
function welcome({ el, icon, base, shopUrl, announce }, t) {
  // Under TLS servers have a port of their own.
  const acs = document.documentElement.dataset.servers ?? `${location.origin}${base}`
  const command = curlExample(acs)
  const copy = el(
    'button',
    {
      type: 'button',
      class: 'button',
      onclick: async () => {
        await navigator.clipboard?.writeText(curlExample(acs))
        copy.replaceChildren(icon('copy'), t('copied'))
        announce(t('copied'))
      },
    },
    icon('copy'),
    t('copy'),
  )
  return el(
    'div',
    { class: 'welcome', 'data-testid': 'empty' },
    el('p', { class: 'seal', lang: 'ja', 'aria-hidden': 'true' }, '関所'),
    el('h2', null, t('emptyTitle')),
    el('p', { class: 'lead' }, t('emptyText')),
    el(
      'ol',
      { class: 'ways' },
      el(
        'li',
        { class: 'panel' },
        el('h3', null, t('emptyShop')),
        el('p', null, t('emptyShopText')),
        el('a', { class: 'button primary', href: shopUrl, 'data-testid': 'empty-shop' }, icon('shop'), t('toShop')),
      ),
      el(
        'li',
        { class: 'panel' },
        el('div', { class: 'way-head' }, el('h3', null, t('emptyCurl')), copy),
        el('p', null, t('emptyCurlText')),
        el('pre', { tabindex: 0, 'data-testid': 'curl', 'aria-label': 'curl' }, command),
      ),
      el(
        'li',
        { class: 'panel' },
        el('h3', null, t('emptyOwn')),
        el('p', null, t('emptyOwnText')),
        el('p', null, el('code', null, `${acs}/acs/areq`)),
      ),
    ),
  )
}
