// Asks the API which messages there are; when that has changed, takes the list from the page itself, so that there is one way to draw it.
;(() => {
  const { api, page } = document.currentScript.dataset
  const live = document.getElementById('live')
  const say = (text) => {
    if (live.textContent !== text) live.textContent = text
  }
  live.hidden = false
  say(live.dataset.live)

  const newest = async () => {
    const response = await fetch(api, { headers: { accept: 'application/json' }, cache: 'no-store' })
    if (!response.ok) throw new Error(String(response.status))
    const body = await response.json()
    return (Array.isArray(body) ? body : body.messages).map((message) => String(message.id))
  }

  const renew = async () => {
    const response = await fetch(page, { cache: 'no-store' })
    if (!response.ok) throw new Error(String(response.status))
    // Without its head: the nonce of the style there is not ours, and the policy of this page would refuse it aloud.
    const text = await response.text()
    const html = text.slice(text.indexOf('</head>'))
    const fresh = new DOMParser().parseFromString(html, 'text/html').getElementById('messages')
    document.getElementById('messages').replaceWith(document.adoptNode(fresh))
  }

  // The page may show more than the API lists, so: the same newest message, and none that is not shown yet.
  const same = (ids) => {
    const shown = document.getElementById('messages').dataset.ids.split(' ')
    return (ids[0] ?? '') === shown[0] && ids.every((id) => shown.includes(id))
  }

  const turn = async () => {
    try {
      if (document.visibilityState === 'visible' && !same(await newest())) await renew()
      say(live.dataset.live)
    } catch {
      say(live.dataset.offline)
    }
    setTimeout(turn, 2000)
  }
  setTimeout(turn, 2000)
})()
