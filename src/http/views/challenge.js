// Comfort, and how the answer is entered: without this script the form works the same.
;(() => {
  const form = document.getElementById('challenge')
  const otp = document.getElementById('otp')
  const timeLeft = document.getElementById('time-left')
  const waiting = document.getElementById('waiting')
  const spoken = document.getElementById('spoken')
  const veil = document.getElementById('veil')
  const { status } = form.dataset
  const opened = Date.now()
  const answerWithin = Number(form.dataset.answerWithin)
  const codeLife = Math.min(Number(timeLeft?.dataset.life ?? answerWithin), answerWithin)
  let sent = false
  let isOver = false
  let last = codeLife

  const busy = (on) => {
    sent = on
    veil.hidden = !on
    form.setAttribute('aria-busy', String(on))
  }

  // How it is entered, never what: counts and times. See docs/device-data.md.
  const entry = { keys: 0, pastes: 0, fills: 0, corrections: 0, taps: 0, scripted: 0 }
  const gaps = { n: 0, mean: 0, squares: 0 }
  const shown = performance.now()
  let first
  let lastKey
  const fields = [...form.querySelectorAll('#otp, #password')]

  const noteKey = (at) => {
    entry.keys++
    const gap = at - (lastKey ?? at)
    if (lastKey !== undefined && gap < 5_000) {
      gaps.n++ // longer ones are pauses
      const off = gap - gaps.mean
      gaps.mean += off / gaps.n
      gaps.squares += off * (gap - gaps.mean)
    }
    lastKey = at
  }

  for (const field of fields) {
    field.addEventListener('input', (event) => {
      const at = performance.now()
      const { inputType: type = '', data } = event
      if (!event.isTrusted) entry.scripted++
      else if (type.startsWith('delete')) entry.corrections++
      else if (type === 'insertFromPaste' || type === 'insertFromDrop') entry.pastes++
      else if (type === 'insertCompositionText' || (type === 'insertText' && data?.length === 1)) noteKey(at)
      else entry.fills++ // by the browser or the keyboard: a code from a text message, a password from a manager
      first ??= at
    })
  }
  document.addEventListener('pointerdown', (event) => {
    if (event.isTrusted) entry.taps++
    else entry.scripted++
  })

  const noteEntry = () => {
    const told = {
      ...entry,
      unseen: first === undefined && fields.some(({ value }) => value !== ''),
      total: Math.round(performance.now() - shown),
      ...(first !== undefined && { toFirst: Math.round(first - shown) }),
      ...(gaps.n > 1 && { gapMean: Math.round(gaps.mean), gapSpread: Math.round(Math.sqrt(gaps.squares / gaps.n)) }),
    }
    const kept = form.elements.behaviour ?? document.createElement('input')
    kept.type = 'hidden'
    kept.name = 'behaviour'
    kept.value = JSON.stringify(told)
    form.append(kept)
  }

  // Buttons are never disabled: a disabled one would not send its value.
  form.addEventListener('submit', (event) => {
    if (sent) {
      event.preventDefault()
      return
    }
    if (otp !== null) otp.value = otp.value.normalize('NFKC') // full-width digits from an input method
    if ((event.submitter?.value ?? 'verify') === 'verify') noteEntry()
    busy(true)
    setTimeout(busy, 20_000, false) // the answer never came, or loading was stopped
  })
  window.addEventListener('pageshow', (event) => event.persisted && busy(false))

  /** Says something by itself, and nothing of what was entered. */
  const say = (value) => {
    const action = document.createElement('input')
    action.type = 'hidden'
    action.name = 'action'
    action.value = value
    for (const input of form.querySelectorAll('input:not([type=hidden])')) input.disabled = true
    form.append(action)
    busy(true)
    isOver = true
    HTMLFormElement.prototype.submit.call(form)
  }

  const speak = (seconds) => {
    const marks = [0, 10, 30, ...Array.from({ length: 60 }, (_, minute) => (minute + 1) * 60)]
    const mark = marks.find((at) => seconds <= at && at < last)
    last = Math.min(last, seconds)
    if (mark === undefined) return
    if (mark === 0) spoken.textContent = spoken.dataset.over
    else if (mark < 60) spoken.textContent = spoken.dataset.seconds.replace('{}', mark)
    else spoken.textContent = spoken.dataset.minute.replace('{}', mark / 60)
  }

  const tick = () => {
    const passed = (Date.now() - opened) / 1000
    if (timeLeft !== null) {
      const left = Math.max(0, Math.ceil(codeLife - passed))
      const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
      timeLeft.textContent = left > 0 ? timeLeft.dataset.running.replace('{}', clock) : timeLeft.dataset.over
      timeLeft.classList.toggle('urgent', left <= 30)
      speak(left)
    }
    if (passed < answerWithin + 1) return // one second more, so that the server's own timer is through
    clearInterval(ticking)
    isOver = true
    if (!sent) say('expired')
  }
  const ticking = setInterval(tick, 1000)
  tick()
  form.querySelector('input:not([type=hidden])')?.focus({ preventScroll: true })

  if (status === undefined) return

  // Somebody else may go on: the banking app, say. The page asks, less and less often, until its time is over.
  const soonest = 1_000
  const latest = 10_000
  let wait = soonest
  let asking
  const about = new URLSearchParams(['acsTransID', 'stepToken'].map((name) => [name, form.elements[name].value]))

  /** Undefined: nobody knows this page any more. */
  const hasMoved = async () => {
    const answer = await fetch(status, {
      method: 'POST',
      body: about,
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(8_000),
    })
    if (answer.status === 400) return undefined
    if (!answer.ok) throw new Error(String(answer.status))
    return (await answer.json()).moved === true
  }

  const ask = async () => {
    if (isOver) return
    let moved = false
    try {
      moved = await hasMoved()
      wait = Math.min(wait * 1.25, latest)
    } catch {
      wait = Math.min(wait * 2, 3 * latest) // no answer, or too many questions: later
    }
    if (moved === undefined || isOver) return
    if (moved && !sent) say('refresh')
    else asking = setTimeout(ask, wait)
  }
  asking = setTimeout(ask, wait)
  // Back from the banking app: at once.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || isOver) return
    clearTimeout(asking)
    wait = soonest
    asking = setTimeout(ask, 0)
  })
  if (waiting !== null) waiting.hidden = false
})()
