// The page keeps itself up to date: it asks for itself again from time to time. Without script there is a link for it.
;(() => {
  const everyMs = 2000
  const longestMs = 30000
  let failures = 0

  /** @param {string} page */
  function take(page) {
    const live = document.getElementById('live')
    // Only that part: the policy of this page refuses the style of the next one.
    const part = page.slice(page.indexOf('<main'), page.lastIndexOf('</main>'))
    const fresh = new DOMParser().parseFromString(part, 'text/html').getElementById('live')
    if (live === null || fresh === null) return
    if (live.dataset.key === fresh.dataset.key) {
      // Only the time has gone on; what was ticked stays.
      const lefts = fresh.querySelectorAll('[data-left]')
      live.querySelectorAll('[data-left]').forEach((left, index) => {
        left.textContent = lefts[index]?.textContent ?? left.textContent
      })
      return
    }
    const hadFocus = live.contains(document.activeElement)
    live.replaceWith(document.adoptNode(fresh))
    const heading = document.querySelector('h1')
    document.title = document.title.replace(/^.*(?= – )/, heading?.textContent ?? '')
    const spoken = document.getElementById('spoken')
    if (spoken !== null) spoken.textContent = `${spoken.dataset.news}: ${heading?.textContent ?? ''}`
    if (hadFocus && heading !== null) {
      heading.tabIndex = -1
      heading.focus({ preventScroll: true })
    }
  }

  async function look() {
    const field = document.activeElement
    // Nobody's typing is interrupted, and nobody is asked for a page that is not seen.
    if (document.hidden || (field instanceof HTMLInputElement && field.type === 'text')) return
    const response = await fetch(location.href, { cache: 'no-store' })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    take(await response.text())
  }

  function plan() {
    setTimeout(
      () =>
        look().then(
          () => {
            failures = 0
            plan()
          },
          () => {
            failures += 1
            plan()
          },
        ),
      Math.min(everyMs * 2 ** failures, longestMs),
    )
  }
  plan()
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) look().catch(() => {})
  })
  // An answer is on its way: a second tap is none.
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || form.method !== 'post') return
    if (form.dataset.sent === 'yes') event.preventDefault()
    form.dataset.sent = 'yes'
    form.setAttribute('aria-busy', 'true')
  })
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload()
  })
})()
