// Challenges in a browser and their results. Spec: sections 3.3, 5.5, 5.9.6; FLOW-BRW, CHL, RES-MX-7…11, ACS-VAL-90…105.
import type { Version } from '../protocol/tables/types.ts'
import {
  type Challenge,
  cancel,
  challenged,
  creqOf,
  enter,
  finalCRes,
  openPage,
  resultsOf,
  resultWithinMs,
  returned,
  rreqOf,
  sendCReq,
  sessionData,
} from './challenge.ts'
import { returnedBy } from './pages.ts'
import { areqFor, aresTo, encoded, notificationURL } from './requests.ts'
import { Failed, type Members, NotRun, short, type Trial, type World } from './world.ts'

type Flow = (world: World, version: Version, trial: string) => Promise<void>

const expectMembers = (message: Members, expected: Members): void => {
  for (const [name, value] of Object.entries(expected))
    if (message[name] !== value) throw new Failed(`${name} ${short(message[name])} instead of ${short(value)}`)
}

async function codeOf({ otp }: World, { acsTransID }: Challenge): Promise<string> {
  if (otp === undefined) throw new NotRun('needs --otp')
  const code = await otp(acsTransID)
  if (code === undefined) throw new NotRun('--otp gave no code for this transaction')
  return code
}

async function passed(world: World, version: Version, trial: string) {
  resultsOf(world)
  const challenge = await challenged(world, version, trial)
  const page = openPage(await sendCReq(world, challenge), challenge)
  const last = await enter(world, page, await codeOf(world, challenge))
  return { challenge, last }
}

/** An ACS that gets this CReq tells nobody's notificationURL and changes nothing. */
async function refusedPage(world: World, fields: Readonly<Record<string, string>>, acsURL: string): Promise<number> {
  const answer = await world.target.form(acsURL, fields)
  if (answer.status >= 500) throw new Failed(`HTTP ${answer.status}`)
  if (!/^text\/html\b/i.test(answer.contentType)) throw new Failed('no page in HTML')
  if (returnedBy(answer.text, acsURL) !== undefined) throw new Failed('a cres is brought back to somebody')
  return answer.status
}

const flows: readonly { readonly rule: string; readonly title: string; readonly run: Flow }[] = [
  {
    rule: 'RES-MX-7',
    title: 'a challenge that is passed: RReq Y with value and ECI, CRes Y',
    async run(world, version, trial) {
      const { challenge, last } = await passed(world, version, trial)
      const rreq = await rreqOf(world, challenge)
      expectMembers(rreq, { transStatus: 'Y' })
      if (rreq.authenticationValue === undefined) throw new Failed('no authenticationValue in the RReq')
      finalCRes(last, challenge, 'Y')
      if (last.text.includes(String(rreq.authenticationValue)))
        throw new Failed('the value stands in a page (RES-AV-8)')
    },
  },
  {
    rule: 'RES-RR-8',
    title: 'the RReq has gone out, and is answered, before the final CRes is sent',
    async run(world, version, trial) {
      const { challenge } = await passed(world, version, trial)
      if (resultsOf(world).arrivedFor(challenge.acsTransID).length === 0) throw new Failed('the CRes came first')
    },
  },
  {
    rule: 'FLOW-GEN-5',
    title: 'threeDSSessionData come back byte for byte',
    async run(world, version, trial) {
      const { challenge, last } = await passed(world, version, trial)
      if (returned(last, challenge).threeDSSessionData !== sessionData) throw new Failed('they are not the same')
    },
  },
  {
    rule: 'CHL-ATT-4',
    title: 'a wrong code is no error: the page comes again, and no RReq is sent',
    async run(world, version, trial) {
      const results = resultsOf(world)
      const challenge = await challenged(world, version, trial)
      const page = openPage(await sendCReq(world, challenge), challenge)
      const code = await codeOf(world, challenge)
      const wrong = code.replaceAll(/[0-9]/g, (digit) => String((Number(digit) + 1) % 10))
      openPage(await enter(world, page, wrong), challenge)
      if (results.arrivedFor(challenge.acsTransID).length > 0) throw new Failed('an RReq came')
    },
  },
  {
    rule: 'RES-MX-9',
    title: 'a challenge that the cardholder cancels: RReq N with cancel 01, CRes N',
    async run(world, version, trial) {
      resultsOf(world)
      const challenge = await challenged(world, version, trial)
      const last = await cancel(world, openPage(await sendCReq(world, challenge), challenge))
      expectMembers(await rreqOf(world, challenge), { transStatus: 'N', challengeCancel: '01' })
      finalCRes(last, challenge, 'N')
    },
  },
  {
    rule: 'RES-MX-10',
    title: 'no CReq within 30 s: RReq N, reason 14, cancel 05',
    async run(world, version, trial) {
      const results = resultsOf(world)
      if (!world.isPatient) throw new NotRun('needs --patient: it waits for half a minute')
      const challenge = await challenged(world, version, trial)
      await results.next(challenge.acsTransID, 'RReq', 90_000)
      expectMembers(await rreqOf(world, challenge), {
        transStatus: 'N',
        transStatusReason: '14',
        challengeCancel: '05',
      })
    },
  },
  {
    rule: 'CHL-REP-4',
    title: 'a CReq after the end brings no second RReq',
    async run(world, version, trial) {
      const { challenge } = await passed(world, version, trial)
      await rreqOf(world, challenge)
      await sendCReq(world, challenge)
      const count = resultsOf(world)
        .arrivedFor(challenge.acsTransID)
        .filter(({ message }) => message.messageType === 'RReq').length
      if (count !== 1) throw new Failed(`${count} RReqs`)
    },
  },
  {
    rule: 'FLOW-GEN-4',
    title: 'a creq with padding opens the challenge, too',
    async run(world, version, trial) {
      const challenge = await challenged(world, version, trial)
      for (const size of ['02', '02 ', '02  ']) {
        // One of three lengths in a row needs padding whatever the ids are.
        const text = JSON.stringify(creqOf(challenge)).replace('"02"', `"02"${size.slice(2)}`)
        const padded = Buffer.from(text).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
        if (!padded.endsWith('=')) continue
        openPage(await sendCReq(world, challenge, padded), challenge)
        return
      }
    },
  },
  {
    rule: 'ACS-VAL-98',
    title: 'a CReq for a transaction that was not challenged ends nothing and opens nothing',
    async run(world, version, trial) {
      const challenge = await challenged(world, version, trial)
      const areq = areqFor(world, { version, card: 'frictionless' })
      const ares = await aresTo(world, areq, trial)
      if (ares.transStatus === 'C') throw new NotRun('the card "frictionless" was challenged')
      const other: Challenge = { ...challenge, areq, ares, acsTransID: String(ares.acsTransID) }
      const answer = await sendCReq(world, other)
      const back = returnedBy(answer.text, other.acsURL)
      if (back === undefined) return
      const { message } = returned(answer, other)
      expectMembers(message, { messageType: 'Erro', errorCode: '305' })
    },
  },
  {
    rule: 'ACS-VAL-90',
    title: 'a post without creq is answered with a page and HTTP 400',
    async run(world, version, trial) {
      const { acsURL } = await challenged(world, version, trial)
      const status = await refusedPage(world, { threeDSSessionData: sessionData }, acsURL)
      if (status !== 400) throw new Failed(`HTTP ${status}`)
    },
  },
  {
    rule: 'ACS-VAL-91',
    title: 'a creq that is no message is answered with a page, and nobody is notified',
    async run(world, version, trial) {
      const { acsURL } = await challenged(world, version, trial)
      for (const creq of ['!!', encoded('no JSON'), encoded('[]'), '']) await refusedPage(world, { creq }, acsURL)
    },
  },
  {
    rule: 'ACS-VAL-105',
    title: 'a CReq of nobody touches no transaction',
    async run(world, version, trial) {
      const challenge = await challenged(world, version, trial)
      const stranger = creqOf(challenge, { acsTransID: world.uuid(), threeDSServerTransID: world.uuid() })
      await refusedPage(world, { creq: encoded(stranger) }, challenge.acsURL)
      openPage(await sendCReq(world, challenge), challenge)
    },
  },
  {
    rule: 'FLOW-BRW-6',
    title: 'the way back is a form that posts to the notificationURL, query and all',
    async run(world, version, trial) {
      const challenge = await challenged(world, version, trial)
      const last = await cancel(world, openPage(await sendCReq(world, challenge), challenge))
      if (returned(last, challenge).action !== notificationURL) throw new Failed('another address')
    },
  },
  {
    rule: 'RES-RR-5',
    title: 'an RReq that the DS answers with HTTP 503 is sent again, the same',
    async run(world, version, trial) {
      const results = resultsOf(world)
      if (!world.isPatient) throw new NotRun('needs --patient: the second try comes later')
      const challenge = await challenged(world, version, trial)
      let count = 0
      results.answerWith(challenge.acsTransID, () => {
        count += 1
        return { status: 503 }
      })
      await cancel(world, openPage(await sendCReq(world, challenge), challenge))
      for (let waited = 0; waited < 40_000 && count < 2; waited += 500) await world.wait(500)
      const [first, second] = results.arrivedFor(challenge.acsTransID)
      if (second === undefined) throw new Failed('it came once')
      if (first?.text !== second.text) throw new Failed('the second is not the same')
    },
  },
]

/** A broken CReq of a known transaction ends it: the Erro goes back by the browser, the RReq says U (ACS-VAL-104). */
export async function expectErroAndRReq(world: World, challenge: Challenge, answer: Members): Promise<void> {
  if (answer.acsTransID !== undefined && String(answer.acsTransID).toLowerCase() !== challenge.acsTransID.toLowerCase())
    throw new Failed('acsTransID of the Erro is not that of the transaction')
  if (world.results === undefined) return
  const rreq = await world.results.next(challenge.acsTransID, 'RReq', resultWithinMs)
  if (rreq === undefined) throw new Failed('no RReq after the Erro (ACS-VAL-104)')
  expectMembers(rreq.message, {
    transStatus: 'U',
    challengeCancel: challenge.version === '2.3.1' ? '10' : '06',
  })
}

export const challengeTrials = ({ versions }: Pick<World, 'versions'>): readonly Trial[] =>
  versions.flatMap((version) =>
    flows.map(({ rule, title, run }): Trial => {
      const id = `challenge ${rule} ${version}`
      return { rule, id, title: `${title} (${version})`, run: (world) => run(world, version, id) }
    }),
  )
