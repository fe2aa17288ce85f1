// The page keeps itself up to date: it asks for itself again from time to time. Without script there is a link for it.
;(() => {
  const everyMs = 2000
  const longestMs = 30000
  let failures = 0

  /** @param {Document} next */
  function take(next) {
    const live = document.getElementById('live')
    const fresh = next.getElementById('live')
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
    document.title = next.title
    const heading = document.querySelector('h1')
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
    take(new DOMParser().parseFromString(await response.text(), 'text/html'))
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
