// The shop's pages in the browser: fills the form from a test card, runs the 3DS Method, asks for the authentication, opens
// the challenge and watches for its end. Spec: FLOW-MTH-1…6, FLOW-BRW-2, 4, 8, 12, FLOW-S-5.

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const pollMs = 700

/** How the order stands; nothing while the shop cannot be reached. */
async function status(orderUrl) {
  try {
    const answer = await fetch(`${orderUrl}/status`, { cache: 'no-store' })
    return answer.ok ? await answer.json() : undefined
  } catch {
    return undefined
  }
}

const checkoutForm = () => document.getElementById('checkout')

function fillFromTestCard(button) {
  const { elements } = checkoutForm()
  const { acctNumber, cardExpiryDate, cardholderName, email } = button.dataset
  elements.acctNumber.value = acctNumber
  elements.cardExpiryDate.value = cardExpiryDate
  if (cardholderName) elements.cardholderName.value = cardholderName
  if (email) elements.email.value = email
  for (const other of document.querySelectorAll('.test-card')) {
    other.setAttribute('aria-pressed', String(other === button))
  }
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  elements.acctNumber.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' })
}

/** What a persona brings along: mail box and delivery address. */
function fillFromPersona(radio) {
  const { elements } = checkoutForm()
  const { email, shipsElsewhere, shipping } = JSON.parse(radio.dataset.fills)
  elements.email.value = email
  elements.shipsElsewhere.checked = shipsElsewhere
  for (const [part, name] of [
    ['line1', 'Line1'],
    ['city', 'City'],
    ['state', 'State'],
    ['postCode', 'PostCode'],
    ['country', 'Country'],
  ]) {
    elements[`shipAddr${name}`].value = shipping[part]
  }
  elements.filledPersona.value = radio.value
}

/** The fields of a new card are wanted only where no saved one pays. */
function followSavedCard() {
  const { elements } = checkoutForm()
  const pays = document.querySelector('[name="savedCard"]:checked')
  const isNew = pays === null || pays.value === ''
  elements.acctNumber.required = isNew
  elements.cardExpiryDate.required = isNew
}

function prepareCheckout() {
  for (const button of document.querySelectorAll('.test-card')) {
    button.setAttribute('aria-pressed', 'false')
    button.addEventListener('click', (event) => {
      event.preventDefault()
      fillFromTestCard(button)
    })
  }
  for (const radio of document.querySelectorAll('[name="persona"]')) {
    radio.addEventListener('change', () => fillFromPersona(radio))
  }
  for (const radio of document.querySelectorAll('[name="savedCard"]')) radio.addEventListener('change', followSavedCard)
  followSavedCard()
}

/** A button behind every value that somebody may want elsewhere. */
function offerCopies() {
  if (navigator.clipboard === undefined) return
  const { copy, copied } = document.body.dataset
  for (const place of document.querySelectorAll('[data-value]')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'copy'
    button.textContent = copy
    const name = place.parentElement?.querySelector('dt')?.textContent ?? ''
    button.setAttribute('aria-label', `${copy}: ${name}`)
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(place.dataset.value)
      button.textContent = copied
      section('copied').textContent = `${copied}: ${name}`
      setTimeout(() => {
        button.textContent = copy
      }, 2_000)
    })
    place.append(button)
  }
}

/** Posts the 3DS Method request in an invisible frame and waits for the notification, at most the limit (FLOW-MTH-5). */
async function runMethod({ orderUrl, methodUrl, methodData, methodMs }) {
  const frame = document.createElement('iframe')
  frame.name = 'threeDSMethod'
  frame.className = 'method'
  frame.title = '3DS Method'
  frame.tabIndex = -1
  frame.setAttribute('aria-hidden', 'true')
  const form = document.createElement('form')
  form.method = 'post'
  form.action = methodUrl
  form.target = frame.name
  form.hidden = true
  const field = document.createElement('input')
  field.name = 'threeDSMethodData'
  field.value = methodData
  form.append(field)
  document.body.append(frame, form)
  form.submit()
  const end = Date.now() + Number(methodMs)
  let isPending = true
  while (isPending && Date.now() < end) {
    await pause(200)
    isPending = (await status(orderUrl))?.isMethodPending ?? true
  }
  frame.remove()
  form.remove()
}

const browserReport = () => ({
  browserJavaEnabled: navigator.javaEnabled?.() === true,
  browserLanguage: navigator.language,
  browserColorDepth: String(screen.colorDepth),
  browserScreenHeight: String(screen.height),
  browserScreenWidth: String(screen.width),
  browserTZ: String(new Date().getTimezoneOffset()),
})

async function process(data) {
  const { orderUrl, hasToAsk, methodUrl, screenMs } = data
  const shownLongEnough = pause(Number(screenMs))
  if (hasToAsk === 'Y') {
    if (methodUrl) await runMethod(data)
    try {
      await fetch(`${orderUrl}/authenticate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(browserReport()),
      })
    } catch {
      // The order's status tells what became of it.
    }
  }
  await shownLongEnough
  let phase
  do {
    phase = (await status(orderUrl))?.phase
    if (phase === undefined || phase === 'authenticating') await pause(pollMs)
  } while (phase === undefined || phase === 'authenticating')
  location.replace(phase === 'cart' || phase === 'prepared' ? `${orderUrl}/processing` : `${orderUrl}/challenge`)
}

/** The frame cannot move this page, so this page watches: for the browser's return, or for a result without one. */
async function watchChallenge({ orderUrl, returnMs }) {
  let settledAt
  for (;;) {
    await pause(pollMs)
    const { phase, isReturned } = (await status(orderUrl)) ?? {}
    if (phase === 'settled') settledAt ??= Date.now()
    const hasWaited = settledAt !== undefined && Date.now() - settledAt >= Number(returnMs)
    if (isReturned || hasWaited) break
  }
  location.replace(`${orderUrl}/result`)
}

async function watchResult({ orderUrl }) {
  while ((await status(orderUrl))?.phase !== 'settled') await pause(pollMs)
  location.reload()
}

const section = (name) => document.querySelector(`[data-testid="${name}"]`)

/** Who comes back to this page by the browser's button is not sent away again. */
function openInFullWindow() {
  const [visit] = performance.getEntriesByType('navigation')
  if (visit?.type !== 'back_forward') document.getElementById('creq').submit()
}

switch (document.body.dataset.page) {
  case 'checkout':
    prepareCheckout()
    break
  case 'processing':
    void process(section('processing').dataset)
    break
  case 'challenge':
    document.getElementById('creq').submit()
    void watchChallenge(section('challenge').dataset)
    break
  case 'challenge-full':
    openInFullWindow()
    break
  case 'result':
    offerCopies()
    if (section('result').dataset.outcome === 'waiting') void watchResult(section('result').dataset)
    break
}
