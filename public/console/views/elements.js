// Every element of the messages: search, filters, and one with all its facts. The address names it, so others can link to it.
import { elementsTexts } from '../texts/elements.js'
import { elementDetail } from './elements/detail.js'

/** @typedef {import('./elements/detail.js').Facts} Facts */
/** @typedef {{ versions: readonly string[], messages: readonly string[], channels: readonly ('app' | 'browser' | '3RI')[], elements: readonly Facts[] }} Reference */

/** The same for every visit; the browser asks whether it has changed. @type {Reference | undefined} */
let kept

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(elementsTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(elementsTexts)
  let isOver = false
  let isFirst = true
  let shown = ''

  try {
    kept ??= await app.api.get('/elements', { cache: 'default' })
  } catch {
    const again = el(
      'button',
      {
        class: 'button',
        type: 'button',
        onclick: () => {
          root.replaceChildren()
          void mount(root, app)
        },
      },
      t('again'),
    )
    root.append(el('p', { class: 'pane-problem', role: 'alert' }, t('loadFailed'), ' ', again))
    return {}
  }
  if (kept === undefined) return {}
  const { versions, messages, channels, elements } = kept
  const byPath = new Map(elements.map((one) => [one.path, one]))

  /** Presence counts of the member of the message that holds the element. @param {Facts} one @param {string} version @param {string} message @param {string} channel */
  const stands = (one, version, message, channel) =>
    (version === '' || one.versions.includes(version)) &&
    (message === '' || one.messages.includes(message)) &&
    (byPath.get(one.path.split('.')[0] ?? '')?.presence ?? []).some(
      (row) =>
        (message === '' || row.message === message) &&
        Object.entries(row.in).some(
          ([of, presence]) =>
            (version === '' ? one.versions.includes(of) : of === version) &&
            (channel === '' || 'all' in presence || channel in presence),
        ),
    )

  const search = el('input', {
    class: 'input pane-search',
    type: 'search',
    placeholder: t('placeholder'),
    'aria-label': t('search'),
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    'data-testid': 'search',
    oninput: () => filtered(),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'ArrowDown') return
      event.preventDefault()
      list.querySelector('a')?.focus()
    },
  })
  /** @param {'version' | 'message' | 'channel'} name @param {readonly (readonly [string, string])[]} options */
  const choice = (name, options) =>
    el(
      'select',
      { class: 'input', 'aria-label': t(name), 'data-testid': `filter-${name}`, onchange: () => filtered() },
      el('option', { value: '' }, t(name)),
      options.map(([value, text]) => el('option', { value }, text)),
    )
  const filters = {
    version: choice(
      'version',
      versions.map((version) => [version, version]),
    ),
    message: choice(
      'message',
      messages.map((message) => [message, message]),
    ),
    channel: choice(
      'channel',
      channels.map((channel) => [channel, t(`channel.${channel}`)]),
    ),
  }
  const names = /** @type {const} */ (['version', 'message', 'channel'])
  const count = el('p', { class: 'pane-count', role: 'status', 'data-testid': 'elements-count' })
  const list = el('ul', {
    class: 'element-lines',
    'data-testid': 'elements',
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const step =
        event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0
      if (step === 0 || event.metaKey || event.ctrlKey || event.altKey) return
      event.preventDefault()
      const links = [...list.querySelectorAll('a')]
      const position = links.findIndex((one) => one.matches(':focus')) + step
      if (position < 0) search.focus()
      else links[position]?.focus()
    },
  })
  const none = el('div')
  const detail = el('div', { class: 'element-detail' })
  const layout = el(
    'div',
    { class: 'elements-layout' },
    el(
      'div',
      { class: 'elements-side' },
      el('div', { class: 'elements-filters' }, search, filters.version, filters.message, filters.channel),
      count,
      list,
      none,
    ),
    detail,
  )

  /** @param {string} path */
  const addressOf = (path) => {
    const query = app.query()
    if (path === '') query.delete('element')
    else query.set('element', path)
    const text = query.toString()
    return app.href(`elements${text === '' ? '' : `?${text}`}`)
  }

  function filtered() {
    const query = app.query()
    for (const [name, control] of /** @type {const} */ ([
      ['q', search],
      ...names.map((one) => /** @type {const} */ ([one, filters[one]])),
    ])) {
      const value = control.value.trim()
      if (value === '') query.delete(name)
      else query.set(name, value)
    }
    app.setQuery(query, 'replace')
    draw()
  }

  function draw() {
    const words = search.value.trim().toLowerCase().split(/\s+/)
    const { version, message, channel } = filters
    const visible = elements.filter((one) => {
      const text = `${one.path}\n${one.title}`.toLowerCase()
      return words.every((word) => text.includes(word)) && stands(one, version.value, message.value, channel.value)
    })
    list.replaceChildren(
      ...visible.map(({ path, title: name, parent, versions: of }) =>
        el(
          'li',
          null,
          el(
            'a',
            {
              class: ['element-line', parent !== undefined && 'is-member'],
              href: addressOf(path),
              'data-testid': `element-${path}`,
              'aria-current': path === shown ? 'true' : undefined,
            },
            el('code', null, path),
            of.length < versions.length && el('span', { class: 'element-only' }, of.join(', ')),
            el('span', { class: 'element-line-title quiet', lang: 'en' }, name),
          ),
        ),
      ),
    )
    list.hidden = visible.length === 0
    const all = app.format.number(elements.length)
    count.textContent =
      visible.length === elements.length
        ? t('count', { n: all })
        : t('found', { n: app.format.number(visible.length), of: all })
    none.replaceChildren()
    if (visible.length > 0) return
    none.append(
      el(
        'div',
        { class: 'note', 'data-testid': 'elements-none' },
        el('h2', null, t('noMatch')),
        el('p', null, t('noMatchText')),
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
                for (const name of names) filters[name].value = ''
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

  /** Shows the element that the address names. */
  function follow() {
    const query = app.query()
    search.value = query.get('q') ?? ''
    for (const name of names) filters[name].value = query.get(name) ?? ''
    const path = query.get('element') ?? ''
    const isOther = path !== shown || isFirst
    shown = path
    layout.classList.toggle('has-element', path !== '')
    draw()
    if (!isOther) return
    const facts = byPath.get(path)
    const back = el('a', { class: 'element-back', href: addressOf('') }, t('back'))
    detail.replaceChildren(
      ...(facts === undefined
        ? [
            el(
              'div',
              { class: 'note', 'data-testid': 'element-none' },
              el('h2', { tabindex: '-1' }, t(path === '' ? 'choose' : 'unknown')),
              el('p', null, path === '' ? t('chooseText') : t('unknownText', { path })),
              path !== '' && el('p', null, el('a', { href: addressOf('') }, t('back'))),
            ),
          ]
        : [back, elementDetail(app, facts, addressOf)]),
    )
    if (!isFirst && path !== '') {
      const heading = detail.querySelector('h2')
      heading?.focus({ preventScroll: true })
      if (detail.getBoundingClientRect().top < 0) detail.scrollIntoView({ block: 'start' })
    }
    const line = list.querySelector('[aria-current]')
    // The list alone moves, not the page.
    if (line instanceof HTMLElement && isFirst) list.scrollTop = line.offsetTop - list.clientHeight / 3
    isFirst = false
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key !== '/' || event.metaKey || event.ctrlKey || event.altKey) return
    if (event.target instanceof Element && event.target.closest('input, select, textarea') !== null) return
    event.preventDefault()
    search.focus()
  }

  root.append(el('p', { class: 'view-about' }, t('about'), app.lang === 'ja' && ` ${t('english')}`), layout)
  document.addEventListener('keydown', onKey)
  follow()

  return {
    unmount() {
      isOver = true
      document.removeEventListener('keydown', onKey)
    },
    query() {
      if (!isOver) follow()
    },
  }
}
