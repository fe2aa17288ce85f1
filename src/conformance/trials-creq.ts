// The CReq fixtures in a browser, and the RRes fixtures, each in a transaction of its own. Spec: 5.9.6, 5.9.12; ACS-VAL-92…97, 134…144.

import { type Challenge, challenged, openPage, resultsOf, resultWithinMs, sendCReq } from './challenge.ts'
import {
  aboutOf,
  type FixtureCase,
  type FixtureFolder,
  fixtureFiles,
  fixtureFolders,
  fixtureMessage,
  isAsExpected,
  samplesOf,
} from './fixtures.ts'
import { objectIn } from './json.ts'
import { returnedBy } from './pages.ts'
import { decoded, encoded } from './requests.ts'
import { expectErroAndRReq } from './trials-challenge.ts'
import { Failed, type Members, NotRun, short, spreadOver, type Trial, type World } from './world.ts'

/** The ids of the fixture's transaction give way to those of this one. */
function withIds(text: string, base: Members, ids: Members): string {
  let result = text
  for (const [name, value] of Object.entries(ids))
    if (typeof base[name] === 'string') result = result.replaceAll(JSON.stringify(base[name]), JSON.stringify(value))
  return result
}

/** Whether the message names the transaction: with ids of its own it is about another one, or about none. */
function names(text: string, ids: Members): boolean {
  const message = objectIn(text)
  return message !== undefined && Object.entries(ids).every(([name, id]) => sameId(message[name], id))
}

const sameId = (one: unknown, other: unknown): boolean =>
  typeof one === 'string' && typeof other === 'string' && one.toLowerCase() === other.toLowerCase()

async function tryCReq(world: World, folder: FixtureFolder, one: FixtureCase, id: string, bytes: Uint8Array) {
  const challenge = await challenged(world, aboutOf(folder).version, `${folder} ${id}`)
  const base = one.base === undefined ? {} : fixtureMessage(folder, one.base)
  const raw = Buffer.from(bytes)
  const ids = { acsTransID: challenge.acsTransID, threeDSServerTransID: challenge.areq.threeDSServerTransID }
  const text = one.base === undefined ? undefined : withIds(raw.toString('utf8'), base, ids)
  const answer = await sendCReq(world, challenge, text === undefined ? raw.toString('base64url') : encoded(text))
  const back = returnedBy(answer.text, challenge.acsURL)
  // A CReq that does not name the transaction cannot be told to its notificationURL (ACS-VAL-91, 95, 105).
  const isOurs = text !== undefined && names(text, ids)
  if (one.expect === 'accepted') {
    if (!isOurs) throw new NotRun('names another transaction than the one that is challenged')
    if (back !== undefined) {
      const { errorCode, errorDetail } = decoded(back.cres)
      throw new Failed(`${id}: Erro ${short(errorCode)} ${short(errorDetail)} instead of a page`)
    }
    openPage(answer, challenge)
    return
  }
  if (back === undefined && !isOurs) return
  if (back === undefined) throw new Failed(`${id}: no Erro comes back`)
  const erro = decoded(back.cres)
  if (erro.messageType !== 'Erro') throw new Failed(`${id}: ${short(erro.messageType)} instead of an Erro`)
  const got = { errorCode: String(erro.errorCode), errorDetail: String(erro.errorDetail) }
  if (!isAsExpected(got, one.expect))
    throw new Failed(`${id}: Erro ${got.errorCode} ${short(got.errorDetail)} instead of ${short(one.expect)}`)
  await expectErroAndRReq(world, challenge, erro)
}

/** Ends a challenge at once by a CReq that cannot be taken, so that its RReq comes. */
const brokenCReq = ({ areq, acsTransID, version }: Challenge): string =>
  encoded({
    messageType: 'CReq',
    messageVersion: version,
    threeDSServerTransID: areq.threeDSServerTransID,
    acsTransID,
    challengeWindowSize: '99',
  })

async function tryRRes(world: World, folder: FixtureFolder, one: FixtureCase, id: string, bytes: Uint8Array) {
  const results = resultsOf(world)
  const challenge = await challenged(world, aboutOf(folder).version, `${folder} ${id}`)
  const base = one.base === undefined ? {} : fixtureMessage(folder, one.base)
  let isOurs = false
  results.answerWith(challenge.acsTransID, ({ threeDSServerTransID, acsTransID, dsTransID }) => {
    const ids = { threeDSServerTransID, acsTransID, dsTransID }
    const body = withIds(Buffer.from(bytes).toString('utf8'), base, ids)
    isOurs = names(body, ids)
    return { body }
  })
  await sendCReq(world, challenge, brokenCReq(challenge))
  if ((await results.next(challenge.acsTransID, 'RReq', resultWithinMs)) === undefined) throw new Failed('no RReq came')
  if (one.expect === 'accepted' && !isOurs) throw new NotRun('names another transaction than that of the RReq')
  const erro = await results.next(challenge.acsTransID, 'Erro', one.expect === 'accepted' ? 300 : resultWithinMs)
  if (one.expect === 'accepted') {
    if (erro !== undefined)
      throw new Failed(`${id}: Erro ${short(erro.message.errorCode)} ${short(erro.message.errorDetail)}`)
    return
  }
  if (erro === undefined) throw new Failed(`${id}: no Erro came to the dsURL`)
  const got = { errorCode: String(erro.message.errorCode), errorDetail: String(erro.message.errorDetail) }
  if (!isAsExpected(got, one.expect))
    throw new Failed(`${id}: Erro ${got.errorCode} ${short(got.errorDetail)} instead of ${short(one.expect)}`)
}

const kinds = [
  { start: 'creq-browser-', tries: tryCReq },
  { start: 'rres-browser-', tries: tryRRes },
] as const

/** `rres-220` is the browser's, too. */
const startOf = (folder: FixtureFolder): string => folder.replace(/^rres-(?=\d)/, 'rres-browser-').replace(/\d+$/, '')

export const exchangeTrials = ({ profile, versions }: Pick<World, 'profile' | 'versions'>): readonly Trial[] =>
  fixtureFolders
    .filter((folder) => versions.includes(aboutOf(folder).version))
    .flatMap((folder) => {
      const kind = kinds.find(({ start }) => startOf(folder) === start)
      if (kind === undefined) return []
      return fixtureFiles(folder).flatMap(({ name, cases }) =>
        cases
          .filter((one) => one.layer === undefined && (one.profile ?? profile) === profile)
          .map(
            (one): Trial => ({
              rule: one.rule,
              id: `${folder}/${name} ${one.id}`,
              title: one.title,
              async run(world) {
                if (one.settings !== undefined || one.context !== undefined)
                  throw new NotRun('needs a switch or another state of the reader')
                for (const { id, bytes } of spreadOver(samplesOf(folder, one), world.valuesPerCase))
                  await kind.tries(world, folder, one, id, bytes)
              },
            }),
          ),
      )
    })
