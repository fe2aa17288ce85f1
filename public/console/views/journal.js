// The journal: every message of every party as it comes, searched, opened, taken along, compared.
import { problemOf } from '../lib/ask.js'
import { button, note, problemLine, saveFile, wordsOf } from '../lib/pane.js'
import { openStream } from '../lib/stream.js'
import { faultMessages } from '../tables.js'
import { journalTexts } from '../texts/journal.js'
import { transactionTexts } from '../texts/transaction.js'
import { assertView } from './journal/assert.js'
import { compareView } from './journal/compare.js'
import { apiQuery, names, readFilter } from './journal/filter.js'
import { member, messageBody } from './transaction/message.js'
import { passed, wordOf } from './transaction/shapes.js'

/** @typedef {import('./transaction/shapes.js').Message & { by: string, acsTransID?: string, threeDSServerTransID?: string, decidedBy?: string }} Entry */

const tabs = /** @type {const} */ (['messages', 'assert', 'compare'])
const pageSize = 100
/** Rows that are kept while the tail runs. */
const most = 600
const retryMs = 2_000
const messageTypes = ['AReq', 'ARes', 'CReq', 'CRes', 'RReq', 'RRes', 'Erro', 'PReq', 'PRes', 'OReq', 'ORes']

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(journalTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(journalTexts)
  const tx = transactionTexts[app.lang]
  let isOver = false
  let filter = readFilter(app.query())
  /** @type {string | undefined} Where older ones begin. */
  let next
  /** @type {(() => void) | undefined} */
  let stopTail
  let isLive = true
  let lastId = ''
  let turn = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  /** Arrived while the list was held. @type {Entry[]} */
  let held = []
  /** @type {Map<string, HTMLElement>} */
  const shown = new Map()
  /** @type {(typeof tabs)[number] | undefined} */
  let tab

  const problem = problemLine(app, 'journal-problem')
  const list = el('ol', { class: 'log', 'data-testid': 'journal', 'aria-label': t('messages') })
  const none = el('div')
  const older = button(t('older'), () => void load(true), { 'data-testid': 'journal-older', hidden: true })
  const liveButton = button('', () => hold(isLive), { 'data-testid': 'journal-live' })

  /** @param {string} party */
  const partyName = (party) => (party === 'DS' ? 'DS' : (wordOf(tx, `party.${party}`) ?? party))

  /** What it is, where it is no message of the protocol. @param {Entry} entry */
  function kindOf({ messageType, message, problem: gone }) {
    const own = member(message, 'messageType') ?? messageType
    if (own !== undefined) return wordOf(tx, `label.${own}`) ?? own
    const event = member(message, 'event') ?? member(message, 'action')
    if (event !== undefined) return wordOf(tx, `label.${event}`) ?? event
    if (member(message, 'page') !== undefined) return wordOf(tx, 'label.page') ?? ''
    return gone === undefined ? (wordOf(tx, 'label.other') ?? '') : (wordOf(tx, 'noAnswer') ?? '')
  }

  /** @param {Entry} entry */
  function row(entry) {
    const {
      id,
      at,
      link,
      message,
      httpStatus,
      durationMs,
      fault,
      findings = [],
      problem: gone,
      decidedBy,
      acsTransID,
    } = entry
    const [from = '', to = ''] = link.split('→')
    const status = member(message, 'transStatus')
    const reason = member(message, 'transStatusReason')
    const code = member(message, 'errorCode')
    const panel = el('div', { class: 'log-open', id: `entry-${id}`, hidden: true })
    const opener = el(
      'button',
      {
        type: 'button',
        class: 'log-line',
        'aria-expanded': 'false',
        'aria-controls': `entry-${id}`,
        'data-testid': `entry-${id}`,
        onclick: () => {
          const isToOpen = panel.hidden
          if (isToOpen && panel.childElementCount === 0) panel.append(...opened(entry))
          panel.hidden = !isToOpen
          opener.setAttribute('aria-expanded', String(isToOpen))
        },
      },
      el(
        'span',
        { class: 'log-at', title: app.format.dateTime(at) },
        `${app.format.clock(at)}.${String(at % 1_000).padStart(3, '0')}`,
      ),
      el(
        'span',
        { class: 'log-link' },
        el('span', null, partyName(from)),
        el('i', { 'aria-hidden': 'true' }, '→'),
        el('span', null, partyName(to)),
      ),
      el(
        'span',
        { class: 'log-what' },
        el('b', null, kindOf(entry)),
        status !== undefined && app.statusChip(status, reason),
        code !== undefined && el('span', { class: 'chip is-N is-code' }, el('b', { class: 'letter' }, code)),
        fault !== undefined && el('span', { class: 'tx-fault' }, app.icon('faults'), fault),
        findings.length > 0 &&
          el('span', { class: 'tx-found' }, t(findings.length === 1 ? 'finding' : 'findings', { n: findings.length })),
        gone !== undefined && el('span', { class: 'tx-found' }, wordOf(tx, `problem.${gone}`) ?? gone),
      ),
      el(
        'span',
        { class: 'log-more quiet' },
        decidedBy != null &&
          link.startsWith('ACS') &&
          el('span', null, wordOf(tx, `decider.${decidedBy}`) ?? decidedBy),
        httpStatus !== undefined && el('span', null, String(httpStatus)),
        durationMs !== undefined && el('span', null, passed(durationMs)),
      ),
      el('code', { class: 'log-id quiet' }, /^[0-9a-f]{8}/.exec(acsTransID ?? '')?.[0] ?? ''),
      app.icon('right'),
    )
    return el(
      'li',
      { class: ['log-row', (fault !== undefined || gone !== undefined || code !== undefined) && 'is-bad'] },
      opener,
      panel,
    )
  }

  /** @param {Entry} entry */
  function opened(entry) {
    // A message that was refused belongs to no transaction.
    const isKnown = /^[0-9a-f]{8}/.test(entry.acsTransID ?? '')
    return [
      messageBody(app, entry).body,
      el(
        'p',
        { class: 'log-ways' },
        isKnown && el('a', { class: 'button', href: app.href(`transactions/${entry.acsTransID}`) }, t('transaction')),
        isKnown &&
          filter.acsTransID === undefined &&
          el('a', { class: 'button', href: app.href(`journal?acsTransID=${entry.acsTransID}`) }, t('story')),
      ),
    ]
  }

  /** @param {readonly Entry[]} entries @param {'top' | 'end'} where Newest first. */
  function add(entries, where) {
    const fresh = entries.filter(({ id }) => !shown.has(String(id)))
    const items = fresh.map((entry) => {
      const item = row(entry)
      shown.set(String(entry.id), item)
      return item
    })
    if (where === 'top') list.prepend(...items)
    else list.append(...items)
    while (where === 'top' && list.childElementCount > most) {
      const last = list.lastElementChild
      for (const [id, item] of shown) if (item === last) shown.delete(id)
      last?.remove()
      next ??= ''
    }
    drawEmpty()
  }

  function drawEmpty() {
    const isEmpty = list.childElementCount === 0
    list.hidden = isEmpty
    const isAll = names.every((name) => filter[name] === undefined)
    none.replaceChildren(
      ...(isEmpty
        ? [
            note(
              'journal-none',
              t(isAll ? 'none' : 'noMatch'),
              t(isAll ? 'noneText' : 'noMatchText'),
              isAll
                ? el('a', { class: 'button primary', href: app.shopUrl }, t('toShop'))
                : button(t('clear'), () => app.go('journal')),
            ),
          ]
        : []),
    )
  }

  function drawLive() {
    liveButton.replaceChildren(
      app.icon(isLive ? 'pause' : 'play'),
      isLive ? t('hold') : held.length === 0 ? t('live') : t('liveMore', { n: held.length }),
    )
    liveButton.setAttribute('aria-pressed', String(isLive))
  }

  /** @param {boolean} isToHold */
  function hold(isToHold) {
    isLive = !isToHold
    if (isLive && held.length > 0) {
      add(held, 'top')
      held = []
    }
    drawLive()
  }

  function tail() {
    stopTail?.()
    clearTimeout(timer)
    const query = apiQuery(filter)
    stopTail = openStream(`${app.base}/api/v1/journal/tail?${query}`, {
      headers: () => ({ ...app.signIn.headers(), ...(lastId !== '' && { 'last-event-id': lastId }) }),
      onOpen: () => problem.show(undefined),
      onEvent(type, data, id) {
        if (id !== '') lastId = id
        if (type !== 'message') return
        try {
          /** @type {Entry} */
          const entry = JSON.parse(data)
          if (isLive) add([entry], 'top')
          else if (held.length < most) {
            held.unshift(entry)
            drawLive()
          }
        } catch (error) {
          reportError(error)
        }
      },
      onEnd() {
        if (!isOver) timer = setTimeout(tail, retryMs)
      },
    })
  }

  /** @param {boolean} isMore */
  async function load(isMore) {
    if (!isMore) {
      stopTail?.()
      turn += 1
      lastId = ''
      held = []
    }
    const mine = turn
    const query = apiQuery(filter)
    query.set('limit', String(pageSize))
    if (isMore && next !== undefined && next !== '') query.set('before', next)
    try {
      /** @type {{ entries: readonly Entry[], next?: string }} */
      const answer = await app.api.get(`/journal?${query}`)
      if (isOver || mine !== turn) return
      problem.show(undefined)
      if (!isMore) {
        shown.clear()
        list.replaceChildren()
      }
      add(answer.entries, 'end')
      next = answer.next
      older.hidden = next === undefined
      if (!isMore) tail()
    } catch (error) {
      if (isOver || mine !== turn) return
      problem.show(error)
      if (problemOf(error).status === 0) timer = setTimeout(() => void load(isMore), retryMs)
    }
  }

  // What is looked for.
  const search = el('input', {
    class: 'input pane-search',
    type: 'search',
    placeholder: t('placeholder'),
    'aria-label': t('search'),
    autocomplete: 'off',
    spellcheck: 'false',
    'data-testid': 'search',
    oninput: () => changedSoon(),
  })
  /** @param {'messageType' | 'link'} name @param {readonly string[]} options */
  const choice = (name, options) =>
    el(
      'select',
      { class: 'input', 'aria-label': t(name), 'data-testid': `filter-${name}`, onchange: () => changed() },
      el('option', { value: '' }, t(name)),
      options.map((value) => el('option', { value }, value)),
    )
  const type = choice('messageType', messageTypes)
  const link = choice('link', [...faultMessages.keys()])
  const faulty = el('input', {
    type: 'checkbox',
    class: 'check-input',
    id: 'journal-fault',
    'data-testid': 'filter-fault',
    onchange: () => changed(),
  })
  const one = el('span', { class: 'log-one', hidden: true })
  const assertion = assertView(app, () => filter)
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing

  function changedSoon() {
    clearTimeout(typing)
    typing = setTimeout(changed, 250)
  }
  function changed() {
    clearTimeout(typing)
    const query = app.query()
    for (const [name, value] of /** @type {const} */ ([
      ['q', search.value.trim()],
      ['messageType', type.value],
      ['link', link.value],
      ['fault', faulty.checked ? 'any' : ''],
    ])) {
      if (value === '') query.delete(name)
      else query.set(name, value)
    }
    app.setQuery(query, 'replace')
    follow()
  }

  // Files.
  const told = el('p', { class: 'pane-news', role: 'status', hidden: true, 'data-testid': 'journal-told' })
  /** @param {string} text */
  const tell = (text) => {
    told.hidden = false
    told.textContent = text
  }
  /** @param {'file' | 'canonical'} form */
  async function save(form) {
    try {
      const about = filter.acsTransID === undefined ? '' : `&acsTransID=${encodeURIComponent(filter.acsTransID)}`
      const text = await app.api.text(`/journal/export?form=${form}${about}`)
      saveFile(`sekisho-${app.tenant}${form === 'canonical' ? '.canonical' : ''}.ndjson`, text, 'application/x-ndjson')
      app.announce(t('exported'))
    } catch (error) {
      problem.show(error)
    }
  }
  const picker = el('input', {
    type: 'file',
    class: 'unseen',
    tabindex: '-1',
    'aria-hidden': 'true',
    'data-testid': 'journal-import-file',
    onchange: async () => {
      const file = picker.files?.[0]
      picker.value = ''
      if (file === undefined) return
      try {
        const { transactions, messages } = await app.api.postText(
          '/journal/import',
          await file.text(),
          'application/x-ndjson',
        )
        tell(t('imported', { transactions, messages }))
        await load(false)
      } catch (error) {
        const answer = error instanceof Error && 'answer' in error ? error.answer : undefined
        const problems = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'problems') : undefined
        const [first] = Array.isArray(problems) ? problems : []
        problem.show(
          first === undefined
            ? wordsOf(app, error)
            : t('notImported', { line: first.line, message: `${first.path} ${first.message}`.trim() }),
        )
      }
    },
  })

  const bar = el(
    'div',
    { class: 'pane-head log-bar' },
    search,
    type,
    link,
    el('span', { class: 'check log-check' }, faulty, el('label', { for: 'journal-fault' }, t('faulty'))),
    one,
  )
  const messagesPart = el('div', null, list, none, el('p', { class: 'pane-more' }, older))
  const nav = el('nav', { class: 'tabs', 'aria-label': t('tabs') })
  const place = el('div')

  /** @param {string} of */
  const tabAddress = (of) => {
    const query = app.query()
    if (of === 'messages') query.delete('tab')
    else query.set('tab', of)
    const text = query.toString()
    return app.href(`journal${text === '' ? '' : `?${text}`}`)
  }

  /** Takes up what the address says. */
  function follow() {
    const query = app.query()
    const before = JSON.stringify(filter)
    filter = readFilter(query)
    if (document.activeElement !== search) search.value = filter.q ?? ''
    type.value = filter.messageType ?? ''
    link.value = filter.link ?? ''
    faulty.checked = filter.fault !== undefined
    one.hidden = filter.acsTransID === undefined
    one.replaceChildren(
      t('oneOnly', { id: filter.acsTransID?.slice(0, 8) ?? '' }),
      ' ',
      button(t('oneOff'), () => {
        const rest = app.query()
        rest.delete('acsTransID')
        app.setQuery(rest)
        follow()
      }),
    )
    const wanted = tabs.find((name) => name === query.get('tab')) ?? 'messages'
    const isOther = wanted !== tab
    tab = wanted
    nav.replaceChildren(
      ...tabs.map((name) =>
        el(
          'a',
          {
            class: 'tab',
            href: tabAddress(name),
            'aria-current': name === wanted ? 'page' : undefined,
            'data-testid': `tab-${name}`,
          },
          t(`tab.${name}`),
        ),
      ),
    )
    bar.hidden = wanted === 'compare'
    assertion.draw()
    if (isOther)
      place.replaceChildren(
        wanted === 'messages' ? messagesPart : wanted === 'assert' ? assertion.node : compareView(app),
      )
    if (before !== JSON.stringify(filter)) void load(false)
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key !== '/' || event.metaKey || event.ctrlKey || event.altKey) return
    if (event.target instanceof Element && event.target.closest('input, select, textarea') !== null) return
    event.preventDefault()
    search.focus()
  }

  const tools = document.getElementById('view-tools')
  tools?.append(
    liveButton,
    button(t('export.file'), () => void save('file'), { 'data-testid': 'export-file', title: t('export.file.hint') }),
    button(t('export.canonical'), () => void save('canonical'), {
      'data-testid': 'export-canonical',
      title: t('export.canonical.hint'),
    }),
    button(t('import'), () => picker.click(), { 'data-testid': 'journal-import' }),
    picker,
  )
  root.append(el('p', { class: 'view-about' }, t('about')), nav, bar, problem.node, told, place)
  document.addEventListener('keydown', onKey)
  drawLive()
  drawEmpty()
  follow()
  await load(false)
  return {
    unmount() {
      isOver = true
      stopTail?.()
      clearTimeout(timer)
      clearTimeout(typing)
      document.removeEventListener('keydown', onKey)
    },
    query: follow,
  }
}
