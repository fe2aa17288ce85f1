// npm run bench -- --only score: what the engine costs for one AReq whose profiles are loaded: features, checks and the
// decision, without sentences. Rounds are interleaved with JSON.parse of the same AReqs, so that a busy machine hits both.

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { nextAReq } from './corpus.ts'
import { madeUpTrees } from './made-up-trees.ts'

/** As it is shipped: what runs the sources directly wraps functions, which costs. */
const shipped = async <Module>(path: string): Promise<Module> =>
  (await import(new URL(`../dist/${path}`, import.meta.url).href)) as Module

const events = 4_000
const rounds = 31
const budget = 20 // µs: score with 40 checks and decide

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN

/** Microseconds of processor time for each of `n`. */
function timed(n: number, work: (i: number) => unknown): number {
  const start = process.cpuUsage()
  let kept: unknown
  for (let i = 0; i < n; i += 1) kept = work(i)
  if (kept === undefined) throw new Error('nothing was done')
  const { user, system } = process.cpuUsage(start)
  return (user + system) / n
}

/** Prints what scoring and deciding cost by the largest policy that is shipped. */
export async function benchScore(): Promise<void> {
  const { loadPolicy, shippedPolicy } = await shipped<typeof import('../src/risk/policy.ts')>('risk/policy.js')
  const { factsOf } = await shipped<typeof import('../src/risk/facts.ts')>('risk/facts.js')
  const features = await shipped<typeof import('../src/risk/features.ts')>('risk/features.js')
  const engine = await shipped<typeof import('../src/risk/score.ts')>('risk/score.js')
  const { decide } = await shipped<typeof import('../src/risk/decide.ts')>('risk/decide.js')
  const { entityKinds } = await shipped<typeof import('../src/risk/profile.ts')>('risk/profile.js')
  const codec = await shipped<typeof import('../src/risk/profile-codec.ts')>('risk/profile-codec.js')
  const { createSecrets } = await shipped<typeof import('../src/acs/secrets.ts')>('acs/secrets.js')
  const { shippedTables } = await shipped<typeof import('../src/start/tables.ts')>('start/tables.js')
  const tables = shippedTables()
  type Profiles = import('../src/risk/profile.ts').Profiles
  type Profile = import('../src/risk/profile.ts').Profile
  const key = (): Buffer => randomBytes(32)
  const secrets = createSecrets({
    panHash: key(),
    entity: key(),
    otp: key(),
    stepToken: key(),
    authenticationValue: key(),
  })

  const { readScorer } = await shipped<typeof import('../src/risk/scorers/read.ts')>('risk/scorers/read.js')
  const shippedAs = (name: Parameters<typeof shippedPolicy>[0]) => loadPolicy(readFileSync(shippedPolicy(name), 'utf8'))
  const trees = readScorer(
    { kind: 'gbdt', name: 'trees', version: '1' },
    JSON.stringify(madeUpTrees(200, 6, features.featureNames)),
    features.featureNames,
  )
  const policies = {
    default: shippedAs('default'),
    'rules-jp': shippedAs('rules-jp'),
    'rules-jp with 200 trees': {
      ...shippedAs('rules-jp'),
      scorers: [{ id: 'trees', scorer: trees, weight: 1, cap: 4, code: 'scorer.model' }],
    },
    freeman: shippedAs('freeman'),
  }
  for (const [name, policy] of Object.entries(policies)) {
    const stored = new Map<string, Profile>()
    const texts = Array.from({ length: events }, () => nextAReq())
    const start = Date.UTC(2026, 10, 22)
    // Every event as it stood when it came: facts, profiles, moment.
    const cases = texts.map((text, i) => {
      const areq = JSON.parse(text) as Parameters<typeof factsOf>[0]
      const now = start + i * 900
      const accountKey = secrets.panHash(areq.acctNumber ?? '')
      const facts = factsOf(areq, { accountKey, keyOf: secrets.keyOf, now, policy, tables })
      const profiles: { -readonly [K in keyof Profiles]: Profiles[K] } = {}
      for (const kind of entityKinds) profiles[kind] = stored.get(`${kind}:${facts.keys[kind]}`)
      const { nextProfiles } = engine.score(profiles, facts, [], policy, now)
      for (const kind of entityKinds) {
        const next = nextProfiles[kind]
        if (next !== undefined) stored.set(`${kind}:${facts.keys[kind]}`, next)
      }
      return { text, areq, accountKey, facts, profiles, now }
    })
    const asked = {
      messageVersion: '2.2.0',
      deviceChannel: '02',
      messageCategory: '01',
      challengeInds: ['01'],
      decReqInd: 'N',
    } as const
    const card = { status: 'active', usableMethods: 1 } as const
    const first = cases[0]
    if (first === undefined) throw new Error('no events')
    const out = features.newFeatures()
    const scratch = engine.newScratch(policy, first.facts, out)
    const at = (i: number) => cases[i % events] ?? first
    const work = {
      'JSON.parse of the AReq': (i: number) => JSON.parse(at(i).text) as unknown,
      facts: (i: number) => {
        const { areq, accountKey, now } = at(i)
        return factsOf(areq, { accountKey, keyOf: secrets.keyOf, now, policy, tables })
      },
      features: (i: number) => {
        const { profiles, facts, now } = at(i)
        return features.featuresInto(out, profiles, facts, Math.floor(now / 1_000))
      },
      checks: (i: number) => engine.weighInto(scratch, out, at(i).facts, policy),
      'score and decide': (i: number) => {
        const { profiles, facts, now } = at(i)
        features.featuresInto(out, profiles, facts, Math.floor(now / 1_000))
        engine.weighInto(scratch, out, facts, policy)
        const { score, reasons } = scratch
        return decide({ score, reasons, features: out, facts, policy, card, asked, now })
      },
      'score with the next profiles': (i: number) => {
        const { profiles, facts, now } = at(i)
        return engine.score(profiles, facts, [], policy, now)
      },
      'profile to bytes': (i: number) =>
        codec.encodeProfile(at(i).profiles.account ?? first.profiles.account ?? empty()),
    }
    const empty = (): Profile => engine.score({}, first.facts, [], policy, first.now).nextProfiles.account as Profile
    const costs = new Map<string, number[]>(Object.keys(work).map((what) => [what, []]))
    for (let round = -6; round < rounds; round += 1) {
      for (const [what, run] of Object.entries(work)) {
        const cost = timed(events, run)
        if (round >= 0) costs.get(what)?.push(cost)
      }
    }
    const parts = `${policy.checks.length} checks, ${policy.scorers.length} scorers, ${features.featureNames.length} features, ${policy.rules.length} rules`
    process.stdout.write(`\n${name}: ${parts}\n`)
    const parse = median(costs.get('JSON.parse of the AReq') ?? [])
    for (const [what, list] of costs) {
      const cost = median(list)
      process.stdout.write(
        `  ${what.padEnd(30)} ${cost.toFixed(2).padStart(7)} µs  ${(cost / parse).toFixed(2)}× JSON.parse\n`,
      )
    }
  }
  process.stdout.write(
    `Goal: score and decide with 40 checks in at most ${budget} µs (median of rounds, profiles loaded).\n`,
  )
}
