// Comfort only: without this script the form works the same.
;(() => {
  const form = document.getElementById('challenge')
  const otp = document.getElementById('otp')
  const timeLeft = document.getElementById('time-left')
  const spoken = document.getElementById('spoken')
  const veil = document.getElementById('veil')
  const opened = Date.now()
  const answerWithin = Number(form.dataset.answerWithin)
  const codeLife = Math.min(Number(form.dataset.codeLife), answerWithin)
  let sent = false
  let last = codeLife

  const busy = (on) => {
    sent = on
    veil.hidden = !on
    form.setAttribute('aria-busy', String(on))
  }

  // Buttons are never disabled: a disabled one would not send its value.
  form.addEventListener('submit', (event) => {
    if (sent) {
      event.preventDefault()
      return
    }
    otp.value = otp.value.normalize('NFKC') // full-width digits from an input method
    busy(true)
    setTimeout(busy, 20_000, false) // the answer never came, or loading was stopped
  })
  window.addEventListener('pageshow', (event) => event.persisted && busy(false))

  const expire = () => {
    const action = document.createElement('input')
    action.type = 'hidden'
    action.name = 'action'
    action.value = 'expired'
    otp.disabled = true
    form.append(action)
    busy(true)
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
    const left = Math.max(0, Math.ceil(codeLife - passed))
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
    timeLeft.textContent = left > 0 ? timeLeft.dataset.running.replace('{}', clock) : timeLeft.dataset.over
    timeLeft.classList.toggle('urgent', left <= 30)
    speak(left)
    if (passed < answerWithin + 1) return // one second more, so that the server's own timer is through
    clearInterval(ticking)
    if (!sent) expire()
  }
  const ticking = setInterval(tick, 1000)
  tick()
  otp.focus({ preventScroll: true })
})()
