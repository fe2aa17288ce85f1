// Who said what to whom: an arrow per message between the lanes of the parties, each opening to what was said. On a narrow
// screen the lanes give way to words. A list of buttons in either case, so that hearing and typing people have it too.
import { transactionTexts } from '../../texts/transaction.js'
import { endsOf, member, messageBody } from './message.js'
import { inLanguage, passed, wordOf } from './shapes.js'

/** @typedef {import('./shapes.js').App} App */
/** @typedef {import('./shapes.js').Detail} Detail */
/** @typedef {import('./shapes.js').Message} Message */
/** @typedef {Message & { label?: string, note?: string }} Arrow */

const lanes = /** @type {const} */ (['Requestor', '3DSS', 'DS', 'ACS', 'browser', 'inbox'])

/** Messages that answer another: their lines are broken, as the custom is. */
const answers = new Set(['ARes', 'RRes', 'CRes', 'Erro'])

/**
 * Where a new part of the story begins: at the first message that is one of these.
 * @type {readonly { name: 'prepare' | 'authenticate' | 'challenge' | 'result', begins: (arrow: Arrow) => boolean }[]}
 */
const phases = [
  { name: 'prepare', begins: ({ messageType }) => messageType === 'versioning' || messageType === 'threeDSMethod' },
  { name: 'authenticate', begins: ({ messageType }) => messageType === 'authenticate' || messageType === 'AReq' },
  { name: 'challenge', begins: ({ link }) => ['browser→ACS', 'ACS→browser', 'ACS→inbox'].includes(link) },
  { name: 'result', begins: ({ messageType }) => messageType === 'RReq' },
]

/** A pause longer than this is told. */
const pauseMs = 1_500

/** Messages, and the mails to the cardholder between them. @param {App} app @param {Detail} detail @returns {readonly Arrow[]} */
function arrowsOf(app, detail) {
  /** @type {Arrow[]} */
  const arrows = detail.messages.map((message) => {
    // What came may be another thing than what was waited for: an Erro for an RRes.
    const own = member(message.message, 'messageType')
    const link = message.link.replace('→mail', '→inbox')
    const label = member(message.message, 'event')
    return { ...message, link, ...(own !== undefined && { messageType: own }), ...(label !== undefined && { label }) }
  })
  // Runs of older versions have their mails in the time line only.
  if (arrows.some(({ link }) => link === 'ACS→inbox')) return arrows
  for (const { kind, at, title } of detail.timeline ?? []) {
    if (kind !== 'codeSent') continue
    const mail = { id: `mail-${at}`, at, link: 'ACS→inbox', label: 'mail', note: inLanguage(app, title) }
    // Before the page that speaks of it, which may have the same time.
    const next = arrows.findIndex((arrow) => arrow.at > at || (arrow.at === at && arrow.link === 'ACS→browser'))
    arrows.splice(next < 0 ? arrows.length : next, 0, mail)
  }
  return arrows
}

/** @param {App} app */
export function createSequence(app) {
  const { el, svg } = app
  const t = app.texts(transactionTexts)
  const words = transactionTexts[app.lang]
  /** @param {string} party */
  const partyName = (party) => wordOf(words, `party.${party}`) ?? party

  const about = el('p', { class: 'tx-about' })
  const heads = el('div', { class: 'tx-lanes', 'aria-hidden': 'true' })
  const rows = el('ol', { class: 'tx-rows' })
  const all = el('button', { class: 'button tx-all', type: 'button', onclick: () => toggleAll() })
  const chart = el('div', { class: 'tx-chart' }, heads, rows)
  const node = el(
    'section',
    { class: 'panel tx-panel', 'data-testid': 'sequence', 'aria-labelledby': 'tx-sequence' },
    el('div', { class: 'tx-panel-head' }, el('h2', { id: 'tx-sequence' }, t('sequence')), all),
    about,
    chart,
  )

  /** @typedef {{ text: string, item: HTMLElement, button: HTMLButtonElement, toggle(open: boolean): void, isOpen(): boolean, reveal(path: string): boolean, messageType: string | undefined }} Row */
  /** @type {Map<string, Row>} */
  const known = new Map()
  /** @type {Set<string>} */
  const open = new Set()

  function toggleAll() {
    const isAll = known.size > 0 && [...known.values()].every((row) => row.isOpen())
    for (const row of known.values()) row.toggle(!isAll)
    drawAll()
  }

  function drawAll() {
    const isAll = known.size > 0 && [...known.values()].every((row) => row.isOpen())
    all.textContent = isAll ? t('closeAll') : t('openAll')
  }

  /** @param {Arrow} arrow */
  function labelOf({ label, messageType, message, problem }) {
    if (problem !== undefined) return t('noAnswer')
    if (label !== undefined) return wordOf(words, `label.${label}`) ?? label
    if (messageType !== undefined) return wordOf(words, `label.${messageType}`) ?? messageType
    const kind = member(message, 'action') ?? (member(message, 'page') === 'challenge' ? 'page' : 'other')
    return wordOf(words, `label.${kind}`) ?? t('label.other')
  }

  /** The letter that matters most about it. @param {Arrow} arrow */
  function badgeOf({ messageType, message }) {
    const status = member(message, 'transStatus')
    if (status !== undefined) {
      const name = app.outcomeWord(status)
      return el(
        'span',
        { class: ['tx-letter', `is-${status}`], title: name },
        status,
        el('span', { class: 'unseen' }, ` ${name}`),
      )
    }
    const code = messageType === 'Erro' ? member(message, 'errorCode') : undefined
    return code !== undefined && el('span', { class: 'tx-letter is-N' }, code)
  }

  /** The arrow itself: a shaft as wide as its box, and a head that keeps its form. @param {boolean} isBack @param {boolean} isBroken @param {boolean} isLost */
  const shaft = (isBack, isBroken, isLost) =>
    svg(
      'svg',
      {
        class: ['tx-shaft', isBroken && 'is-broken', isLost && 'is-lost'],
        width: '100%',
        height: 12,
        'aria-hidden': 'true',
        focusable: 'false',
      },
      svg('line', { x1: isBack ? 6 : 0, y1: 6, x2: '100%', y2: 6, class: isBack ? 'to-left' : 'to-right' }),
      svg('circle', { cx: isBack ? '100%' : 0, cy: 6, r: 3 }),
      isLost
        ? svg(
            'svg',
            { x: isBack ? 0 : '100%', class: 'tx-tip' },
            svg('path', { d: isBack ? 'M2 1l9 10M11 1 2 11' : 'M-11 1l9 10M-2 1l-9 10' }),
          )
        : svg(
            'svg',
            { x: isBack ? 0 : '100%', class: 'tx-tip' },
            svg('path', { d: isBack ? 'M0 6l10-5v10z' : 'M0 6l-10-5v10z' }),
          ),
    )

  /** @param {Arrow} arrow @param {number} position @param {number} start @param {readonly string[]} shown @param {string} text What it was made of. @returns {Row} */
  function makeRow(arrow, position, start, shown, text) {
    const { link, messageType, findings = [], problem, fault, at, message } = arrow
    const hint = member(message, 'page') === undefined ? undefined : member(message, 'hint')
    const id = String(arrow.id)
    const [from, to] = endsOf(link)
    const left = Math.min(shown.indexOf(from), shown.indexOf(to))
    const right = Math.max(shown.indexOf(from), shown.indexOf(to))
    const isBack = shown.indexOf(from) > shown.indexOf(to)
    const isBroken = answers.has(messageType ?? '') || link === '3DSS→Requestor' || problem !== undefined
    const panelId = `tx-message-${position}`
    /** @type {ReturnType<typeof messageBody> | undefined} */
    let made
    const panel = el('div', { id: panelId, class: 'tx-open', hidden: true })
    const offset = `+${passed(Math.max(0, at - start))}`
    const button = el(
      'button',
      {
        type: 'button',
        class: [
          'tx-arrow',
          (messageType === 'Erro' || problem !== undefined || fault !== undefined) && 'is-bad',
          isBack && 'is-back',
        ],
        'aria-expanded': 'false',
        'aria-controls': panelId,
        'data-testid': `message-${position}`,
        'data-link': link,
        'data-type': messageType ?? arrow.label ?? '',
        onclick: () => {
          toggle(!isOpen())
          drawAll()
        },
      },
      el('span', { class: 'tx-at' }, offset),
      el(
        'span',
        { class: 'tx-track' },
        el(
          'span',
          {
            class: 'tx-flight',
            style: {
              '--left': `${((left + 0.5) / shown.length) * 100}%`,
              '--width': `${((right - left) / shown.length) * 100}%`,
            },
          },
          el(
            'span',
            { class: 'tx-label' },
            el('b', null, labelOf(arrow)),
            badgeOf(arrow),
            hint !== undefined && el('span', { class: 'tx-found' }, wordOf(words, `hint.${hint}`) ?? hint),
            fault !== undefined &&
              el('span', { class: 'tx-fault', title: t('fault', { fault }) }, app.icon('faults'), fault),
            findings.length > 0 &&
              el(
                'span',
                { class: 'tx-found' },
                findings.length === 1 ? t('finding') : t('someFindings', { count: findings.length }),
              ),
          ),
          shaft(isBack, isBroken, problem !== undefined),
        ),
        el(
          'span',
          { class: 'tx-route' },
          el('span', { class: 'unseen' }, ', '),
          `${partyName(from)} → ${partyName(to)}`,
        ),
      ),
      app.icon('right'),
    )
    const isOpen = () => button.getAttribute('aria-expanded') === 'true'
    /** @param {boolean} isToOpen */
    const toggle = (isToOpen) => {
      if (isToOpen && made === undefined) {
        made = messageBody(app, arrow)
        panel.append(made.body)
      }
      panel.hidden = !isToOpen
      button.setAttribute('aria-expanded', String(isToOpen))
      if (isToOpen) open.add(id)
      else open.delete(id)
    }
    const item = el('li', { class: 'tx-row' }, button, panel)
    if (open.has(id)) toggle(true)
    return {
      text,
      item,
      button,
      toggle,
      isOpen,
      messageType,
      reveal(path) {
        toggle(true)
        drawAll()
        return made?.reveal(path) ?? false
      },
    }
  }

  return {
    node,
    /** @param {Detail} detail */
    update(detail) {
      const arrows = arrowsOf(app, detail)
      const parties = new Set(arrows.flatMap(({ link }) => endsOf(link)))
      const shown = lanes.filter((lane) => parties.has(lane))
      const start = Math.min(...arrows.map(({ at }) => at))
      about.textContent = t('sequenceAbout', { count: arrows.length, parties: shown.length })
      chart.style.setProperty('--lanes', String(shown.length))
      heads.replaceChildren(
        ...shown.map((lane) =>
          el(
            'div',
            { class: 'tx-lane' },
            el('b', null, partyName(lane)),
            el('span', null, wordOf(words, `role.${lane}`) ?? ''),
          ),
        ),
      )
      const focused = document.activeElement
      /** @type {HTMLElement[]} */
      const items = []
      const before = new Map(known)
      known.clear()
      let last = start
      let phase = -1
      for (const [index, arrow] of arrows.entries()) {
        const id = String(arrow.id)
        const text = JSON.stringify([arrow, index, start, shown])
        const old = before.get(id)
        const row = old?.text === text ? old : makeRow(arrow, index + 1, start, shown, text)
        if (old !== undefined && old !== row && old.button === focused)
          setTimeout(() => row.button.focus({ preventScroll: true }))
        known.set(id, row)
        if (arrow.at - last > pauseMs) {
          items.push(el('li', { class: 'tx-pause' }, el('span', null, t('later', { time: passed(arrow.at - last) }))))
        }
        last = Math.max(last, arrow.at)
        const begun = phases.findIndex(({ begins }) => begins(arrow))
        if (begun > phase) {
          phase = begun
          items.push(el('li', { class: 'tx-phase' }, el('h3', null, t(`phase.${phases[begun]?.name ?? 'prepare'}`))))
        }
        items.push(row.item)
      }
      patch(rows, items)
      const hasPeers = detail.messages.some(({ seen = [] }) => seen.some(({ by }) => by !== 'ACS'))
      if (!hasPeers) about.append(' ', t('noPeers'))
      drawAll()
    },
    /** Opens the first message of a type at an element. @param {string} messageType @param {string} path */
    reveal(messageType, path) {
      for (const row of known.values()) {
        if (row.messageType !== messageType) continue
        if (row.reveal(path)) return true
        row.button.focus()
        row.button.scrollIntoView({ block: 'center' })
        return false
      }
      return false
    },
  }
}

/** Makes `parent` hold these children and moves nothing that is in its place. @param {HTMLElement} parent @param {readonly HTMLElement[]} children */
function patch(parent, children) {
  const wanted = new Set(children)
  for (const child of [...parent.children]) if (!wanted.has(/** @type {HTMLElement} */ (child))) child.remove()
  for (const [index, child] of children.entries()) {
    const there = parent.children[index]
    if (there !== child) parent.insertBefore(child, there ?? null)
  }
}
