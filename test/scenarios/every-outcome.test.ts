// The promise of the control plane, kept as a table: every transStatus, transStatusReason and challengeCancel that a version has is
// reached by a card, by a stub and by what the request says of itself. Over HTTP, without a browser.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { elements } from '../../src/protocol/tables/elements.ts'
import type { Version } from '../../src/protocol/tables/types.ts'
import { areqOf, cardEnding } from '../http/any-areq.ts'
import { put, rreqsOf, until } from '../http/support.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'

const versions = ['2.1.0', '2.2.0', '2.3.1'] as const satisfies readonly Version[]
const codesOf = (codes: Readonly<Record<Version, string>>, version: Version): readonly string[] =>
  codes[version].split(' ')

interface Outcome {
  readonly transStatus: string
  readonly transStatusReason?: string
  readonly challengeCancel?: string
}

/** What is to come of it: the ARes, and after a C the RReq. */
interface Case {
  readonly ending: string
  readonly ares: Outcome
  readonly rreq?: Outcome
  /** What the AReq has to say for it. */
  readonly areq?: Members
}

/** Belong to the RReq: with a cancel for lost time (CHL-TMR-4), and with D (RES-TS-5). */
const ofRReq = new Set(['14', '29', '30'])
const rowsOfReasons = { N: ['2', '7'], U: ['3', '9'], R: ['4', '6'] } as const

function casesOf(version: Version): readonly Case[] {
  const statuses = codesOf(elements.transStatus.codes, version)
  const reasons = codesOf(elements.transStatusReason.codes, version).filter((code) => !ofRReq.has(code))
  const has = (transStatus: string): boolean => statuses.includes(transStatus)
  const challenged = { transStatus: 'C' }
  const frictionless: readonly Case[] = [
    { ending: '100', ares: { transStatus: 'Y' } },
    { ending: '500', ares: { transStatus: 'A' } },
    { ending: '700', ares: challenged },
    ...(has('I')
      ? [
          {
            ending: '600',
            ares: { transStatus: 'I' },
            areq: { threeDSRequestorChallengeInd: version === '2.3.1' ? ['05'] : '05' },
          },
        ]
      : []),
    ...(has('D')
      ? [
          {
            ending: '800',
            ares: { transStatus: 'D' },
            areq: { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00060' },
          },
        ]
      : []),
  ]
  const refused = (['N', 'U', 'R'] as const).flatMap((transStatus) =>
    reasons.flatMap((transStatusReason): Case[] => {
      const [first, ending] = rowsOfReasons[transStatus]
      const outcome = { transStatus, transStatusReason }
      return [
        { ending: `${first}${transStatusReason}`, ares: outcome },
        { ending: `${ending}${transStatusReason}`, ares: challenged, rreq: outcome },
      ]
    }),
  )
  const ended: readonly Case[] = [
    { ending: '101', ares: challenged, rreq: { transStatus: 'Y' } },
    { ending: '102', ares: challenged, rreq: { transStatus: 'A' } },
    ...(version === '2.3.1'
      ? ['29', '30'].map((transStatusReason) => ({
          ending: `1${transStatusReason}`,
          ares: challenged,
          rreq: { transStatus: 'D', transStatusReason },
          areq: { threeDSRequestorDecReqInd: 'F', threeDSRequestorDecMaxTime: '00060' },
        }))
      : []),
  ]
  const cancelled = codesOf(elements.challengeCancel.codes, version).map((challengeCancel): Case => {
    const isTimeout = challengeCancel === '04' || challengeCancel === '05'
    return {
      ending: `5${challengeCancel}`,
      ares: challenged,
      rreq: {
        transStatus: isTimeout || challengeCancel === '01' ? 'N' : 'U',
        ...(isTimeout && { transStatusReason: '14' }),
        challengeCancel,
      },
    }
  })
  return [...frictionless, ...refused, ...ended, ...cancelled]
}

let ds: ListeningDs
let clock: ManualClock
let sekisho: Running

beforeAll(async () => {
  ds = await listeningDs()
  clock = manualClock(Date.UTC(2026, 0, 15, 10, 30))
  sekisho = await running({ only: ['acs'], overrides: true }, { clock })
})
afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

/** A card whose own row says something else than any case does: it reaches the engine. */
const neutral = (): string => cardEnding('000')

const planOf = ({ ares, rreq }: Case): Members => ({
  ...ares,
  ...(rreq !== undefined && { challenge: { ending: { ...rreq, on: 'start' } } }),
})

const send = async (areq: Members, headers: Record<string, string> = {}): Promise<Members> =>
  (await post(`${sekisho.acs}/acs/areq`, areq, headers)).body

const requestFor = ({ areq = {} }: Case, version: Version, change: Members): Members =>
  areqOf(`browser-${version.replaceAll('.', '')}`, { dsURL: ds.url, ...areq, ...change })

type Way = 'card' | 'stub' | 'override by header' | 'override by message extension'

/** The AReq goes out, planned in this way; returns its ARes. */
const ways: Readonly<Record<Way, (one: Case, version: Version) => Promise<Members>>> = {
  async card(one, version) {
    const ares = await send(requestFor(one, version, { acctNumber: cardEnding(one.ending) }))
    if (one.rreq === undefined || ares.transStatus !== 'C') return ares
    const path = `/transactions/${String(ares.acsTransID)}/challenge`
    // Two seconds after the ARes one of them ends by itself; all others with the first answer, which is never asked for a code.
    if (one.rreq.challengeCancel === '05') clock.advance(2_000)
    else for (const action of ['open', 'verify']) await put(sekisho, path, { action, otp: '000000' }, 'POST')
    return ares
  },
  async stub(one, version) {
    const areq = requestFor(one, version, { acctNumber: neutral() })
    const { threeDSServerTransID } = areq
    // biome-ignore lint/suspicious/noThenProperty: its name in the API
    const stub = { match: { threeDSServerTransID }, then: planOf(one) }
    const { status, body } = await put(sekisho, '/stubs', stub, 'POST')
    if (status !== 201) throw new Error(JSON.stringify(body))
    return send(areq)
  },
  'override by header': (one, version) =>
    send(requestFor(one, version, { acctNumber: neutral() }), { 'sekisho-override': JSON.stringify(planOf(one)) }),
  'override by message extension': (one, version) =>
    send(
      requestFor(one, version, {
        acctNumber: neutral(),
        messageExtension: [
          {
            name: 'Sekisho override',
            id: 'sekisho.override',
            criticalityIndicator: false,
            // biome-ignore lint/suspicious/noThenProperty: its name in the extension
            data: { then: planOf(one) },
          },
        ],
      }),
    ),
}

const partOf = (message: Members | undefined, { transStatusReason, challengeCancel }: Outcome): Members => ({
  transStatus: message?.transStatus,
  ...((transStatusReason !== undefined || challengeCancel === undefined) && {
    transStatusReason: message?.transStatusReason,
  }),
  challengeCancel: message?.challengeCancel,
})

/** Undefined: it came as it was asked for. */
async function differenceOf(one: Case, version: Version, way: Way): Promise<unknown> {
  const ares = await ways[way](one, version)
  const said: Members[] = [partOf(ares, one.ares)]
  if (one.rreq !== undefined && ares.transStatus === 'C') {
    const acsTransID = String(ares.acsTransID)
    await until(() => rreqsOf(ds, acsTransID).length > 0)
    said.push(partOf(rreqsOf(ds, acsTransID)[0], one.rreq))
  }
  const wanted = [one.ares, one.rreq].filter((outcome) => outcome !== undefined)
  const isSame = JSON.stringify(said) === JSON.stringify(wanted.map((outcome) => partOf({ ...outcome }, outcome)))
  return isSame ? undefined : { ending: one.ending, wanted, said, ...(ares.messageType === 'Erro' && { ares }) }
}

/** At a time. */
const abreast = 8

describe.each(versions)('every transStatus, reason and cancel code of %s', (version) => {
  const cases = casesOf(version)

  test('is in the table', () => {
    const outcomes = cases.flatMap(({ ares, rreq }) => [ares, ...(rreq === undefined ? [] : [rreq])])
    const said = (name: keyof Outcome): readonly string[] => [
      ...new Set(outcomes.flatMap((outcome) => outcome[name] ?? [])),
    ]
    // S asks for a payment confirmation in the browser (SPC), which this ACS does not offer.
    const statuses = codesOf(elements.transStatus.codes, version).filter((code) => code !== 'S')
    expect(said('transStatus').toSorted()).toEqual(statuses.toSorted())
    expect(said('transStatusReason').toSorted()).toEqual(codesOf(elements.transStatusReason.codes, version))
    expect(said('challengeCancel').toSorted()).toEqual(codesOf(elements.challengeCancel.codes, version))
  })

  test.each(Object.keys(ways) as Way[])(
    'is reached by %s',
    async (way) => {
      const differences: unknown[] = []
      for (let i = 0; i < cases.length; i += abreast) {
        const group = cases.slice(i, i + abreast)
        differences.push(...(await Promise.all(group.map((one) => differenceOf(one, version, way)))))
      }
      expect(differences).toHaveLength(cases.length)
      expect(differences.filter((difference) => difference !== undefined)).toEqual([])
    },
    120_000,
  )
})
