// Each look at the browser may be refused (sandbox, settings): what is refused is left out.
;(() => {
  const form = document.getElementById('notification')
  let notified = false
  const notify = () => {
    if (notified) return
    notified = true
    HTMLFormElement.prototype.submit.call(form)
  }
  setTimeout(notify, 3500) // whatever happens below

  const look = (read) => {
    try {
      return read()
    } catch {
      return undefined
    }
  }

  // FNV-1a over what a small drawing comes out as: fonts, anti-aliasing and colour handling differ from device to device
  const canvasHash = () => {
    const canvas = document.createElement('canvas')
    canvas.width = 220
    canvas.height = 40
    const pen = canvas.getContext('2d')
    pen.textBaseline = 'top'
    pen.fillStyle = '#26356b'
    pen.fillRect(90, 2, 70, 24)
    pen.font = '15px serif'
    pen.fillStyle = '#c5391f'
    pen.fillText('Sekisho 関所 \u{1f6c2}', 3, 6)
    pen.globalCompositeOperation = 'multiply'
    pen.arc(180, 20, 16, 0, Math.PI * 2)
    pen.fill()
    let hash = 0x811c9dc5
    for (const character of canvas.toDataURL()) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
    return (hash >>> 0).toString(16).padStart(8, '0')
  }

  const keptId = () => {
    const name = 'sekisho.device'
    const known = localStorage.getItem(name)
    if (known !== null && /^[0-9a-f]{32}$/.test(known)) return { deviceId: known, deviceIdIsNew: false }
    const fresh = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, '0')).join('')
    localStorage.setItem(name, fresh)
    return localStorage.getItem(name) === fresh ? { deviceId: fresh, deviceIdIsNew: true } : undefined
  }

  const data = {
    screenWidth: look(() => screen.width),
    screenHeight: look(() => screen.height),
    colorDepth: look(() => screen.colorDepth),
    timeZone: look(() => Intl.DateTimeFormat().resolvedOptions().timeZone),
    timeZoneOffset: look(() => new Date().getTimezoneOffset()),
    language: look(() => navigator.language),
    languages: look(() => navigator.languages.slice(0, 10).join()),
    platform: look(() => navigator.platform),
    hardwareConcurrency: look(() => navigator.hardwareConcurrency),
    deviceMemory: look(() => navigator.deviceMemory),
    maxTouchPoints: look(() => navigator.maxTouchPoints),
    canvasHash: look(canvasHash),
    webdriver: look(() => navigator.webdriver),
    clock: Date.now(), // no two runs have the same, so one that comes again is a copy
    ...look(keptId),
  }

  const told = look(() =>
    fetch(form.dataset.dataAction, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ threeDSServerTransID: form.dataset.transaction, data }),
      credentials: 'omit',
      keepalive: true, // may end after the page has gone on
    }),
  )
  setTimeout(notify, 1500)
  if (told === undefined) notify()
  else told.then(notify, notify)
})()
