// Plays the browser and the cardholder of a challenge: posts the CReq, reads the page, takes the code out of the inbox,
// sends it, and prints the CRes. Give it an ARes, or the answer of the 3DS Server to /authenticate:
//   node examples/cardholder.mjs "$ares" [--cancel | --code 000000] [--api http://localhost:9440/api/v1]
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    api: { type: 'string', default: 'http://localhost:9440/api/v1' },
    token: { type: 'string', default: process.env.SEKISHO_ADMIN_TOKEN ?? '' },
    code: { type: 'string' },
    cancel: { type: 'boolean', default: false },
  },
})
const answer = JSON.parse(positionals[0] ?? '{}')
const { acsURL, acsTransID, threeDSServerTransID, messageVersion } = answer
const say = (line) => process.stdout.write(`${line}\n`)
if (acsURL === undefined) {
  say(`No challenge in this answer: ${JSON.stringify(answer)}`)
  process.exit(1)
}

const post = async (url, fields) => {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) })
  return { status: response.status, html: await response.text() }
}
const plain = (text) =>
  text.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'")
const input = (html, name) => {
  const tag = (html.match(/<input\b[^>]*>/g) ?? []).find((text) => text.includes(`name="${name}"`))
  return tag === undefined ? undefined : plain(/value="([^"]*)"/.exec(tag)?.[1] ?? '')
}
const shown = (html, testId) =>
  plain(new RegExp(`data-testid="${testId}"[^>]*>([^<]*)<`).exec(html)?.[1] ?? '(not shown)').trim()

// The CReq travels through the browser: JSON, base64url without padding, in a form field.
const creq = { messageType: 'CReq', messageVersion, threeDSServerTransID, acsTransID, challengeWindowSize: '02' }
say(`CReq posted to ${acsURL}`)
let page = await post(acsURL, {
  creq: answer.creq ?? Buffer.from(JSON.stringify(creq)).toString('base64url'),
  threeDSSessionData: answer.threeDSSessionData ?? 'b3JkZXItNDI',
})

const stepToken = input(page.html, 'stepToken')
if (stepToken !== undefined) {
  say(`The page asks: ${shown(page.html, 'merchant')}, ${shown(page.html, 'amount')}, card ${shown(page.html, 'card')}`)
  const headers = values.token === '' ? {} : { authorization: `Bearer ${values.token}` }
  const inbox = await fetch(`${values.api}/inbox?acsTransID=${acsTransID}`, { headers })
  const mail = (await inbox.json()).messages?.[0]
  const code = values.code ?? mail?.code ?? ''
  const action = values.cancel ? 'cancel' : 'verify'
  say(values.cancel ? 'The cardholder cancels' : `The cardholder enters ${code}`)
  const form = plain(/<form[^>]*action="([^"]*)"/.exec(page.html)?.[1] ?? '')
  page = await post(new URL(form, acsURL), { acsTransID, stepToken, action, otp: code })
}

const returned = input(page.html, 'cres')
if (returned === undefined) say(`No CRes yet; the page says: ${shown(page.html, 'hint')}`)
else {
  const action = plain(/<form[^>]*action="([^"]*)"/.exec(page.html)?.[1] ?? '')
  say(`CRes for ${action}`)
  say(Buffer.from(returned, 'base64url').toString('utf8'))
}
