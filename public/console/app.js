// The shell of the console: navigation, addresses, language, theme, and what every view is given.
import { createApi, createEvents } from './lib/api.js'
import { dialog } from './lib/dialog.js'
import { el, svg } from './lib/dom.js'
import { createFormat } from './lib/format.js'
import { icon, mark } from './lib/icons.js'
import { createRoomClock, roomOf } from './lib/room.js'
import { createSignIn } from './lib/sign-in.js'
import { clockPanel, clockWords } from './room/clock.js'
import { shellTexts } from './texts/shell.js'
import { outcomeWords, reasonWords } from './texts/words.js'

/** @typedef {'en' | 'ja'} Language */
/** @typedef {'auto' | 'light' | 'dark'} Theme */
/** @typedef {Readonly<Record<string, string | number>>} Values */
/**
 * @template {string} K
 * @typedef {Readonly<Record<Language, Readonly<Record<K, string>>>>} Catalogue
 */
/** @typedef {{ unmount?(): void, query?(): void }} Mounted `query`: the address changed its query only; without it the view is mounted again. */
/**
 * @typedef {object} ViewModule
 * @property {(root: HTMLElement, app: App, params: Record<string, string>) => Mounted | Promise<Mounted>} mount
 * @property {(app: App, params: Record<string, string>) => string} title
 */
/** @typedef {typeof app} App */

const root = document.documentElement
const base = root.dataset.base ?? ''
const home = `${base}/console`
const views = (root.dataset.views ?? '').split(' ')
/** Views with an entry in the navigation, in its order; the first is at `/console` itself. */
const groups = /** @type {const} */ ({
  watch: ['transactions', 'journal', 'dashboard', 'inbox', 'desk'],
  hook: ['journeys', 'alerts', 'merchants', 'sources', 'webhooks'],
  steer: ['scenarios', 'stubs', 'faults', 'tenants'],
  know: ['cards', 'policy', 'lab', 'lint', 'elements'],
})
const groupNames = /** @type {const} */ (['watch', 'hook', 'steer', 'know'])
const first = groups.watch[0]
/** @type {readonly string[]} */
const navigation = groupNames.flatMap((group) => [...groups[group]])
/** Those that a phone shows before somebody asks for the others. */
const atHand = new Set(['transactions', 'journal', 'inbox', 'stubs'])
const navigationIcons = /** @type {const} */ ({
  transactions: 'list',
  journal: 'journal',
  dashboard: 'dashboard',
  inbox: 'inbox',
  desk: 'desk',
  journeys: 'journeys',
  alerts: 'alerts',
  merchants: 'merchants',
  sources: 'sources',
  webhooks: 'webhooks',
  scenarios: 'scenarios',
  stubs: 'stubs',
  faults: 'faults',
  tenants: 'tenants',
  cards: 'cards',
  policy: 'policy',
  lab: 'lab',
  lint: 'lint',
  elements: 'elements',
})
/** How often the tenant is asked what time it is. */
const clockEveryMs = 10_000
const themes = /** @type {const} */ (['auto', 'light', 'dark'])
const themeIcons = /** @type {const} */ ({ auto: 'auto', light: 'sun', dark: 'moon' })

/** @param {string} key @param {string} value */
function keep(key, value) {
  try {
    localStorage.setItem(key, value)
  } catch {
    // storage may be switched off; the choice then lasts as long as the page
  }
}

/** @type {Language} */
let lang = root.lang === 'ja' ? 'ja' : 'en'
/** @type {Theme} */
let theme = root.dataset.theme === 'light' || root.dataset.theme === 'dark' ? root.dataset.theme : 'auto'
const room = roomOf(base)
const roomClock = createRoomClock()
let format = createFormat(lang, roomClock.now)
/** @type {Set<() => void>} */
const themeListeners = new Set()
const darkness = matchMedia('(prefers-color-scheme: dark)')

/**
 * @template {string} K
 * @param {Catalogue<K>} catalogue
 * @returns {(key: K, values?: Values) => string}
 */
const texts = (catalogue) => {
  const words = catalogue[lang]
  return (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all))
}

const announcer = el('p', { class: 'unseen', role: 'status', 'aria-live': 'polite', 'data-testid': 'announcer' })
const probe = el('span', { class: 'probe', 'aria-hidden': 'true' })

/** @param {string | undefined} transStatus */
const outcomeWord = (transStatus) => {
  /** @type {Readonly<Record<string, string>>} */
  const words = outcomeWords[lang]
  return words[transStatus ?? ''] ?? transStatus ?? ''
}

/** @param {string | undefined} code */
const reasonWord = (code) => {
  /** @type {Readonly<Record<string, string>>} */
  const words = reasonWords[lang]
  return words[code ?? ''] ?? (code === undefined ? '' : texts(shellTexts)('reason', { code }))
}

const signIn = createSignIn(room.name, async (isWrong) => {
  const t = texts(shellTexts)
  const input = el('input', {
    class: 'input mono',
    id: 'token',
    type: 'password',
    autocomplete: 'off',
    autofocus: true,
    'data-testid': 'token',
  })
  const answer = await dialog({
    title: t('token'),
    body: el(
      'div',
      { class: 'field' },
      el('p', null, t(isWrong ? 'token.wrong' : 'token.text', { tenant: room.name })),
      el('label', { for: 'token' }, t('token.label')),
      input,
      el('p', { class: 'field-hint' }, t('token.hint')),
    ),
    actions: [
      { label: t('token.notNow'), value: '' },
      { label: t('token.enter'), value: 'enter', kind: 'primary' },
    ],
    first: 'enter',
  })
  return answer === 'enter' ? input.value.trim() : undefined
})

/** What every view is given. */
const app = {
  get lang() {
    return lang
  },
  base,
  shopUrl: root.dataset.shopUrl ?? '',
  version: root.dataset.version ?? '',
  texts,
  api: createApi(`${base}/api/v1`, signIn),
  /** The API at the bare address, which knows of all tenants; it never asks for a token by itself. */
  operatorApi: createApi(`${room.root}/api/v1`, { headers: signIn.operatorHeaders, refused: async () => false }),
  /** The API of a tenant. @param {string} tenant */
  apiOf: (tenant) =>
    tenant === room.name
      ? app.api
      : createApi(`${room.root}${tenant === 'default' ? '' : `/t/${encodeURIComponent(tenant)}`}/api/v1`, {
          headers: signIn.operatorHeaders,
          refused: async () => false,
        }),
  events: createEvents(`${base}/api/v1/events`, signIn),
  signIn,
  /** The tenant that is shown. */
  tenant: room.name,
  /** The console of a tenant. @param {string} tenant */
  consoleOf: (tenant) => `${room.root}${tenant === 'default' ? '' : `/t/${tenant}`}/console`,
  clock: roomClock,
  /** What time it is in the tenant. */
  now: roomClock.now,
  /** Asks the tenant what time it is. */
  async askClock() {
    try {
      roomClock.told(await app.api.get('/clock'))
    } catch {
      // the next occasion asks again
    }
  },
  /** The address of a view: `href('dashboard')`, `href('transactions/…')`; '' is the list. @param {string} path */
  href: (path) => (path === '' || path.startsWith('?') ? `${home}${path}` : `${home}/${path.replace(/^\/+/, '')}`),
  /** @param {string} path As of `href`, or what `href` returned. */
  go(path) {
    const address = path === home || path.startsWith(`${home}/`) || path.startsWith(`${home}?`) ? path : app.href(path)
    history.replaceState({ ...history.state, scroll: scrollY }, '')
    history.pushState({}, '', address)
    void show({ isBack: false })
  },
  /** The query of the address. */
  query: () => new URLSearchParams(location.search),
  /**
   * Changes the query of the address without leaving the view; 'push' makes a step that the back button undoes.
   * @param {URLSearchParams} query
   * @param {'push' | 'replace'} [how]
   */
  setQuery(query, how = 'push') {
    const text = query.toString()
    const address = `${location.pathname}${text === '' ? '' : `?${text}`}`
    if (address === `${location.pathname}${location.search}`) return
    if (how === 'push') history.pushState({}, '', address)
    else history.replaceState(history.state, '', address)
  },
  el,
  svg,
  icon,
  get format() {
    return format
  },
  /** A transStatus as a coloured letter and a word. @param {string | undefined} transStatus @param {string} [reason] */
  statusChip: (transStatus, reason) =>
    el(
      'span',
      {
        class: ['chip', `is-${transStatus ?? 'none'}`],
        title: reason === undefined ? undefined : `${reason}: ${reasonWord(reason)}`,
      },
      el('b', { class: 'letter' }, transStatus ?? '–'),
      el('span', { class: 'word' }, outcomeWord(transStatus)),
      reason !== undefined && el('span', { class: 'reason' }, reason),
    ),
  outcomeWord,
  reasonWord,
  /** Says `text` to people who hear the page. @param {string} text */
  announce(text) {
    announcer.textContent = ''
    // The same words twice are said twice only if the region was empty in between.
    setTimeout(() => {
      announcer.textContent = text
    }, 30)
  },
  dialog,
  /** A colour of the style sheet as the theme has it now: `colour('--good')`. @param {string} token */
  colour(token) {
    probe.style.color = `var(${token})`
    return getComputedStyle(probe).color
  },
  /** Calls `listener` when the theme has changed. @param {() => void} listener @returns {() => void} takes it back */
  onTheme(listener) {
    themeListeners.add(listener)
    return () => {
      themeListeners.delete(listener)
    }
  },
}

const main = el('main', { id: 'main', tabindex: '-1' })
const heading = el('h1', { id: 'heading' })
/** Beside the heading; a view may put its own controls here. */
const tools = el('div', { id: 'view-tools', class: 'view-tools' })
const place = el('div', { class: 'view' })
/** @type {Mounted | undefined} */
let mounted
let shown = ''
let turn = 0

/** @returns {{ view: string, params: Record<string, string> } | undefined} */
function route() {
  const path = decodeURI(location.pathname)
    .slice(home.length)
    .replace(/^\/|\/$/g, '')
  if (path === '') return { view: first, params: {} }
  const [name = '', id, ...more] = path.split('/')
  if (more.length > 0) return undefined
  if (name === 'transactions' && id !== undefined) return { view: 'transaction', params: { acsTransID: id } }
  if (id !== undefined) return undefined
  return navigation.includes(name) ? { view: name, params: {} } : undefined
}

/** @param {string} title @param {string} text @param {Node} action */
const note = (title, text, action) =>
  el('div', { class: 'note', 'data-testid': 'note' }, el('h2', null, title), el('p', null, text), el('p', null, action))

/** @param {string} text */
function setTitle(text) {
  heading.textContent = text
  document.title = `${text} – Sekisho`
}

/** @param {{ isBack: boolean }} how */
async function show({ isBack }) {
  const t = texts(shellTexts)
  const found = route()
  const key = JSON.stringify([found, lang])
  if (key === shown && mounted?.query !== undefined) {
    mounted.query()
    return
  }
  turn += 1
  const mine = turn
  mounted?.unmount?.()
  mounted = undefined
  const isFirst = shown === ''
  shown = key
  tools.replaceChildren()
  place.replaceChildren()
  place.className = `view view-${found?.view ?? 'none'}`
  drawNavigation(found?.view === 'transaction' ? 'transactions' : (found?.view ?? ''))
  if (!isBack) scrollTo(0, 0)
  const toList = el('a', { class: 'button primary', href: app.href('') }, t('toList'))
  if (found === undefined) {
    setTitle(t('noPage'))
    place.append(note(t('noPage'), t('noPageText', { path: location.pathname }), toList))
  } else if (!views.includes(found.view)) {
    setTitle(found.view)
    place.append(note(t('missingView'), t('missingViewText'), toList))
  } else {
    try {
      /** @type {ViewModule} */
      const view = await import(`./views/${found.view}.js`)
      if (mine !== turn) return
      setTitle(view.title(app, found.params))
      const root = el('div', { class: 'view-root' })
      place.append(root)
      const made = await view.mount(root, app, found.params)
      if (mine !== turn) {
        made?.unmount?.()
        return
      }
      mounted = made
    } catch (error) {
      if (mine !== turn) return
      reportError(error)
      shown = ''
      const again = el('button', { class: 'button primary', type: 'button', onclick: retry }, t('again'))
      place.replaceChildren(note(t('failed'), error instanceof Error ? error.message : '', again))
    }
  }
  if (isBack && typeof history.state?.scroll === 'number') scrollTo(0, history.state.scroll)
  // A new page is read from its start; the first one is left to the browser.
  if (!isFirst && !isBack) main.focus({ preventScroll: true })
}

function retry() {
  signIn.reconsider()
  void show({ isBack: false })
}

const navGroups = el('div', { class: 'nav-groups' })
const moreButton = el('button', {
  class: 'nav-link nav-more',
  type: 'button',
  'aria-expanded': 'false',
  'data-testid': 'nav-more',
  onclick: () => openNavigation(navLabel.classList.contains('is-open') === false),
})
const navLabel = el(
  'nav',
  {
    class: 'nav',
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Escape' || !navLabel.classList.contains('is-open')) return
      openNavigation(false)
      moreButton.focus()
    },
  },
  navGroups,
)
/** Tenant and clock, where they are others than usual. */
const strip = el('div', { class: 'room-strip', 'data-testid': 'room', hidden: true })
const themeButton = el('button', { class: 'tool', type: 'button', 'data-testid': 'theme', onclick: () => nextTheme() })
const languageButton = el('button', {
  class: 'tool',
  type: 'button',
  'data-testid': 'language',
  onclick: () => nextLanguage(),
})
const stateMark = el('span', { class: 'stream', 'data-testid': 'stream' })
const skip = el('a', { class: 'skip', href: '#main' })
// Links without TLS are said aloud (SEC-TLS-6).
const openLinks =
  root.dataset.tls === 'off' ? [el('p', { class: 'open-links' }), el('p', { class: 'open-links is-below' })] : []
const foot = el('p', { class: 'foot' })
const shopLink = el('a', { class: 'tool', href: app.shopUrl, 'data-testid': 'to-shop' })

/** On a phone: all of it, or what is at hand. @param {boolean} isOpen */
function openNavigation(isOpen) {
  navLabel.classList.toggle('is-open', isOpen)
  moreButton.setAttribute('aria-expanded', String(isOpen))
  moreButton.lastElementChild?.replaceChildren(texts(shellTexts)(isOpen ? 'nav.less' : 'nav.more'))
}

/** @param {string} current */
function drawNavigation(current) {
  const t = texts(shellTexts)
  navLabel.setAttribute('aria-label', t('nav'))
  moreButton.replaceChildren(icon('more'), el('span', null, t('nav.more')))
  moreButton.classList.toggle('is-current', current !== '' && !atHand.has(current))
  navGroups.replaceChildren(
    ...groupNames.flatMap((group) => [
      el('p', { class: 'nav-title', id: `nav-${group}` }, t(`nav.${group}`)),
      el(
        'ul',
        { class: 'nav-list', 'aria-labelledby': `nav-${group}` },
        groups[group].map((name) =>
          el(
            'li',
            { class: atHand.has(name) && 'is-at-hand' },
            el(
              'a',
              {
                href: app.href(name === first ? '' : name),
                class: 'nav-link',
                'data-testid': `nav-${name}`,
                'aria-current': name === current ? 'page' : undefined,
              },
              icon(navigationIcons[name]),
              el('span', null, t(`nav.${name}`)),
            ),
          ),
        ),
      ),
    ]),
    moreButton,
  )
  openNavigation(false)
  // On a low screen the list is longer than its place.
  if (navLabel.scrollHeight > navLabel.clientHeight)
    navGroups.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
}

/** Which tenant this is and what time it is there: always in sight, unless both are as usual. */
function drawStrip() {
  const t = texts(shellTexts)
  const isOther = room.name !== 'default'
  strip.hidden = !isOther && !roomClock.isVirtual
  if (strip.hidden) return
  const hadFocus = strip.contains(document.activeElement) ? document.activeElement?.getAttribute('data-testid') : null
  strip.replaceChildren(
    el(
      'a',
      { class: 'room-name', href: app.href('tenants'), 'data-testid': 'room-tenant', title: room.name },
      icon('tenants'),
      el('span', null, t('tenant')),
      ' ',
      el('b', null, room.name),
    ),
    ...(roomClock.isVirtual
      ? [
          el(
            'button',
            {
              class: 'room-clock',
              type: 'button',
              'data-testid': 'room-clock',
              'aria-label': `${t('clock')}: ${clockWords(app)}`,
              onclick: () => void openClock(),
            },
            icon('clock'),
            el('span', null, clockWords(app)),
          ),
        ]
      : []),
  )
  if (hadFocus !== null) {
    const again = strip.querySelector(`[data-testid="${hadFocus}"]`)
    if (again instanceof HTMLElement) again.focus({ preventScroll: true })
  }
}

async function openClock() {
  const t = texts(shellTexts)
  const panel = clockPanel(app)
  await dialog({ title: t('clock'), body: panel.node, actions: [{ label: t('close'), value: '' }] })
  panel.unmount()
}

function drawChrome() {
  const t = texts(shellTexts)
  root.lang = lang
  skip.textContent = t('skip')
  const themeName = t('theme', { theme: t(`theme.${theme}`) })
  themeButton.replaceChildren(icon(themeIcons[theme]))
  themeButton.setAttribute('aria-label', themeName)
  themeButton.title = themeName
  languageButton.replaceChildren(
    icon('language'),
    el('span', { lang: lang === 'en' ? 'ja' : 'en' }, t('language.other')),
  )
  // Its name begins with what it shows, for people who speak to their browser.
  languageButton.setAttribute('aria-label', `${t('language.other')} – ${t('language')}`)
  shopLink.replaceChildren(icon('shop'), el('span', null, t('shop')))
  shopLink.setAttribute('aria-label', t('shop')) // on a phone there is the icon only
  for (const place of openLinks) {
    place.replaceChildren(el('b', null, 'http'), ` – ${t('notEncrypted')}`)
    place.title = t('notEncryptedText')
  }
  foot.replaceChildren(`${app.version} · ${t('simulator')}`)
  drawState()
  drawStrip()
}

function drawState() {
  const { state } = app.events
  const words = texts(shellTexts)(`state.${state}`)
  stateMark.className = `stream is-${state}`
  stateMark.replaceChildren(el('i', { 'aria-hidden': 'true' }), el('span', null, words))
  stateMark.title = words
}

function nextTheme() {
  theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto'
  if (theme === 'auto') delete root.dataset.theme
  else root.dataset.theme = theme
  keep('sekisho.theme', theme)
  drawChrome()
  app.announce(themeButton.title)
  for (const listener of [...themeListeners]) listener()
}

function nextLanguage() {
  lang = lang === 'en' ? 'ja' : 'en'
  keep('sekisho.lang', lang)
  format = createFormat(lang, roomClock.now)
  drawChrome()
  void show({ isBack: true })
}

/** A language asked for in the address is kept and leaves it, so that a link that is passed on carries the reader's own. */
function keepAskedLanguage() {
  const query = app.query()
  const asked = query.get('lang')
  if (asked === null) return
  if (asked === 'en' || asked === 'ja') keep('sekisho.lang', asked)
  query.delete('lang')
  app.setQuery(query, 'replace')
}

/** Links within the console change the view, not the page. @param {MouseEvent} event */
function follow(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (link === null || link.target !== '' || link.origin !== location.origin || link.hasAttribute('download')) return
  if (link.pathname !== home && !link.pathname.startsWith(`${home}/`)) return
  if (link.hash !== '' && link.pathname === location.pathname && link.search === location.search) return
  event.preventDefault()
  app.go(`${link.pathname}${link.search}`)
}

keepAskedLanguage()
history.scrollRestoration = 'manual'
document.body.append(
  skip,
  el(
    'header',
    { class: 'side' },
    el(
      'a',
      { class: 'crest', href: app.href(''), title: 'Sekisho' },
      mark(),
      el('b', null, 'Sekisho'),
      el('span', { lang: 'ja', 'aria-hidden': 'true' }, '関所'),
    ),
    strip,
    navLabel,
    el(
      'div',
      { class: 'side-end' },
      el('div', { class: 'side-line' }, stateMark, themeButton),
      el('div', { class: 'side-tools' }, shopLink, languageButton),
      ...openLinks.slice(0, 1),
      foot,
    ),
  ),
  main,
  announcer,
  probe,
)
main.append(el('div', { class: 'view-head' }, heading, tools), place, ...openLinks.slice(1))
skip.addEventListener('click', (event) => {
  event.preventDefault()
  main.focus()
})
drawChrome()
app.events.on('state', drawState)
app.events.on('reconnect', () => void app.askClock())
roomClock.on(drawStrip)
setInterval(() => {
  if (!document.hidden) void app.askClock()
}, clockEveryMs)
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void app.askClock()
})
document.addEventListener('click', follow)
addEventListener('popstate', () => void show({ isBack: true }))
darkness.addEventListener('change', () => {
  if (theme === 'auto') for (const listener of [...themeListeners]) listener()
})
await app.askClock()
await show({ isBack: true })
