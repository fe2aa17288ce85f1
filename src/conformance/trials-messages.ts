// The AReq fixtures, each against the ACS under test: the Erro that the handbook asks for, or an ARes.
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
import { localised } from './requests.ts'
import { Failed, NotRun, short, spreadOver, type Trial, type World } from './world.ts'

/** Elements whose value, when a case brings its own, an ACS may refuse for reasons of its own. */
const ownReasons: Readonly<Record<string, readonly string[]>> = {
  acctNumber: ['305'], // no card of its ranges (ACS-VAL-59)
  threeDSServerTransID: ['301', '312'], // it came before (SEC-RPL-1)
  dsTransID: ['301', '312'],
}

async function trySample(world: World, folder: FixtureFolder, one: FixtureCase, bytes: Uint8Array, id: string) {
  const base = one.base === undefined ? {} : fixtureMessage(folder, one.base)
  const text = one.base === undefined ? undefined : localised(Buffer.from(bytes).toString('utf8'), base, world)
  const answer = await world.target.post(text ?? bytes)
  const areq = text === undefined ? undefined : objectIn(text)
  world.judge(answer, areq, `${folder} ${id}`)
  const { message } = answer
  if (message?.messageType === 'ARes') {
    if (one.expect !== 'accepted') throw new Failed(`${id}: ARes ${short(message.transStatus)} instead of an Erro`)
    return
  }
  if (message?.messageType !== 'Erro') throw new Failed(`${id}: HTTP ${answer.status}, neither ARes nor Erro`)
  const got = { errorCode: String(message.errorCode), errorDetail: String(message.errorDetail) }
  if (one.expect === 'accepted') {
    const isOwnReason = ownReasons[got.errorDetail]?.includes(got.errorCode) === true
    if (isOwnReason) throw new NotRun(`the ACS refuses this value for a reason of its own (${got.errorCode})`)
    throw new Failed(`${id}: Erro ${got.errorCode} ${short(got.errorDetail)} instead of an ARes`)
  }
  if (!isAsExpected(got, one.expect))
    throw new Failed(
      `${id}: Erro ${got.errorCode} ${short(got.errorDetail)} instead of ${one.expect.errorCode} ${short(one.expect.errorDetail ?? '')}`,
    )
}

const trialOf = (folder: FixtureFolder, file: string, one: FixtureCase): Trial => ({
  rule: one.rule,
  id: `${folder}/${file} ${one.id}`,
  title: one.title,
  async run(world) {
    if (one.settings !== undefined) throw new NotRun('needs a switch of the reader')
    if (one.leg !== undefined) throw new NotRun('is about another hop than that from the DS')
    for (const { id, bytes } of spreadOver(samplesOf(folder, one), world.valuesPerCase))
      await trySample(world, folder, one, bytes, id)
  },
})

/** The cases about AReqs that the profile judges, in the versions that are asked for. */
export const messageTrials = ({ profile, versions }: Pick<World, 'profile' | 'versions'>): readonly Trial[] =>
  fixtureFolders
    .filter((folder) => aboutOf(folder).message === 'AReq' && versions.includes(aboutOf(folder).version))
    .flatMap((folder) =>
      fixtureFiles(folder).flatMap(({ name, cases }) =>
        cases
          .filter((one) => one.layer === undefined && (one.profile ?? profile) === profile)
          .map((one) => trialOf(folder, name, one)),
      ),
    )
