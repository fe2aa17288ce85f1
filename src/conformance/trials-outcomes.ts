// The outcomes of the ARes, each by a card of the map. What an ARes must hold with each is judged in judge.ts. Spec: RES-MX.
import type { Version } from '../protocol/tables/types.ts'
import type { CardName } from './cards.ts'
import { areqFor, aresTo } from './requests.ts'
import { Failed, type Members, short, type Trial, type World } from './world.ts'

interface Outcome {
  readonly rule: string
  readonly card: CardName
  readonly transStatus: string
  readonly since?: Version
  readonly asking?: (version: Version) => Members
}

const wish = (code: string) => (version: Version) => ({
  threeDSRequestorChallengeInd: version === '2.3.1' ? [code] : code,
})

const outcomes: readonly Outcome[] = [
  { rule: 'RES-MX-1', card: 'frictionless', transStatus: 'Y' },
  { rule: 'RES-MX-2', card: 'attempt', transStatus: 'A' },
  { rule: 'RES-MX-3', card: 'denied', transStatus: 'N' },
  { rule: 'RES-MX-4', card: 'unavailable', transStatus: 'U' },
  { rule: 'RES-MX-5', card: 'rejected', transStatus: 'R' },
  { rule: 'RES-MX-6', card: 'information', transStatus: 'I', since: '2.2.0', asking: wish('05') },
  { rule: 'RES-CM-1', card: 'challenge', transStatus: 'C' },
  {
    rule: 'RES-DEC-2',
    card: 'decoupled',
    transStatus: 'D',
    since: '2.2.0',
    asking: () => ({ threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00010' }),
  },
]

const outcomeTrial = ({ rule, card, transStatus, asking }: Outcome, version: Version): Trial => ({
  rule,
  id: `outcome ${card} ${version}`,
  title: `a payment in a browser with the card "${card}" ends in ${transStatus} (${version})`,
  async run(world) {
    const areq = areqFor(world, { version, card, set: asking?.(version) ?? {} })
    const ares = await aresTo(world, areq, `outcome ${card}`)
    if (ares.transStatus !== transStatus) throw new Failed(`transStatus ${short(ares.transStatus)}`)
    const hasValue = ares.authenticationValue !== undefined
    if ((transStatus === 'Y' || transStatus === 'A') !== hasValue)
      throw new Failed(hasValue ? 'an authenticationValue with it' : 'no authenticationValue with it')
  },
})

/** Requests of a merchant without a cardholder, of an app, and without a payment: never an Erro, never what they cannot have. */
const neverIn = (start: string, rule: string, statuses: readonly string[], version: Version): Trial => ({
  rule,
  id: `outcome ${start} ${version}`,
  title: `${start.replace('areq-', '')} in ${version} is answered, and never with ${statuses.join(' or ')}`,
  async run(world) {
    for (const card of ['frictionless', 'challenge'] as const) {
      if (world.cards[card] === undefined) continue
      const ares = await aresTo(world, areqFor(world, { version, card, start }), `outcome ${start}`)
      if (statuses.includes(String(ares.transStatus))) throw new Failed(`transStatus ${short(ares.transStatus)}`)
    }
  },
})

const isSince = (version: Version, since: Version = '2.1.0'): boolean => version >= since

export const outcomeTrials = ({ versions }: Pick<World, 'versions'>): readonly Trial[] =>
  versions.flatMap((version) => [
    ...outcomes.filter(({ since }) => isSince(version, since)).map((outcome) => outcomeTrial(outcome, version)),
    ...(isSince(version, '2.2.0') ? [neverIn('areq-3ri', 'RES-TS-1', ['C', 'S', 'D'], version)] : []),
    neverIn('areq-3ri-npa', 'RES-3RI-2', ['C', 'S', 'D'], version),
    neverIn('areq-browser-npa', 'RES-TS-7', ['undefined', 'D'], version),
    neverIn('areq-app', 'RES-DEC-1', ['D', 'S'], version),
  ])
