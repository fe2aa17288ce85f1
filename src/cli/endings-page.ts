// docs/endings.md, made of spec-fixtures/challenge-endings.json: how every challenge ends, and what is sent then. The test of the endings
// (test/http/challenge-endings.test.ts) plays the same rows. Run by `npm run docs`.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

export const endingVersions = ['2.1.0', '2.2.0', '2.3.1'] as const
export type EndingVersion = (typeof endingVersions)[number]

const rreqSchema = z.strictObject({
  transStatus: z.enum(['Y', 'N', 'U', 'D']),
  transStatusReason: z.string().optional(),
  challengeCancel: z.string().optional(),
  /** Null: absent. */
  interactionCounter: z.string().nullable(),
  authenticationValue: z.boolean().default(false),
  /** errorCode of the Erro in it (CHL-CAN-9). */
  challengeErrorReporting: z.string().optional(),
})
const outcome = {
  /** The last one that was sent; null: none was. */
  rreq: rreqSchema.nullable(),
  /** The last answer to it. */
  browser: z.string(),
  /** What became of the RReq. */
  delivery: z.enum(['delivered', 'late', 'refused', 'gaveUp']),
  /** What the DS gets beside the RReq. */
  ds: z.string().optional(),
  /** How often the RReq was sent. */
  times: z.int(),
}
const { delivery, times } = outcome
const outcomeSchema = z.strictObject({ ...outcome, delivery: delivery.default('delivered'), times: times.default(1) })
export type EndingOutcome = z.output<typeof outcomeSchema>

/** What the DS answers to the RReq. */
const dsAnswers = ['RRes', 'slow', 'silent', 'Erro', 'other ids', 'no JSON', '503 twice', 'not there'] as const

const endingSchema = z.strictObject({
  id: z.string(),
  rules: z.string(),
  /** Last digits of the card. */
  card: z.string(),
  /** Members of the AReq. */
  areq: z.record(z.string(), z.string()).default({}),
  versions: z.array(z.enum(endingVersions)).default([...endingVersions]),
  ds: z.enum(dsAnswers).default('RRes'),
  notificationURL: z.literal('down').optional(),
  steps: z.array(z.string()).min(1),
  /** `but`: what differs, by version, by `strict`, or by both. */
  expect: z.looseObject({ but: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) }),
})
export type ChallengeEnding = z.output<typeof endingSchema>

const fileSchema = z.strictObject({
  spec: z.string(),
  groups: z.array(z.strictObject({ title: z.string(), endings: z.array(endingSchema) })),
})

export const challengeEndings = fileSchema.parse(
  JSON.parse(readFileSync(new URL('../../spec-fixtures/challenge-endings.json', import.meta.url), 'utf8')),
).groups

/** Where a strict ACS ends it in another way. */
export const differsStrictly = ({ expect: { but } }: ChallengeEnding): boolean =>
  Object.keys(but).some((key) => key.endsWith('strict'))

/** What is sent in a version; a member that is null there is absent. */
export function outcomeOf({ expect }: ChallengeEnding, version: EndingVersion, isStrict: boolean): EndingOutcome {
  const { but, rreq, ...rest } = expect
  const keys = [version, ...(isStrict ? ['strict', `${version} strict`] : [])]
  const changes = keys.map((key) => but[key] ?? {})
  return outcomeSchema.parse({
    ...Object.assign({}, rest, ...changes),
    rreq: rreq === null ? null : Object.assign({}, rreq, ...changes.map((change) => change.rreq ?? {})),
  })
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

const dsWords: Readonly<Record<ChallengeEnding['ds'], string>> = {
  RRes: '',
  slow: 'RRes late, but within 5 s',
  silent: 'no answer to the RReq for 5 s',
  Erro: 'the answer to the RReq is an Erro',
  'other ids': 'an RRes with other ids',
  'no JSON': 'the answer to the RReq is no JSON',
  '503 twice': 'the answer to the RReq is HTTP 503, twice',
  'not there': 'no connection to the DS',
}

const browserWords = (browser: string): string =>
  browser === 'challenge page' ? 'nothing; its page stays' : browser === 'nothing' ? '–' : browser

const deliveryWords: Readonly<Record<EndingOutcome['delivery'], string>> = {
  delivered: '',
  late: 'not sent again',
  refused: 'not sent again',
  gaveUp: 'given up',
}

/** Equal ones stand in one row. */
function rowsOf(ending: ChallengeEnding): readonly (readonly [columns: string, outcome: EndingOutcome])[] {
  const columns = ending.versions.flatMap((version) => [
    [version, outcomeOf(ending, version, false)] as const,
    ...(differsStrictly(ending) ? [[`${version} strict`, outcomeOf(ending, version, true)] as const] : []),
  ])
  const rows = new Map<string, { readonly names: string[]; readonly outcome: EndingOutcome }>()
  for (const [name, outcome] of columns) {
    const key = JSON.stringify(outcome)
    const row = rows.get(key)
    if (row === undefined) rows.set(key, { names: [name], outcome })
    else row.names.push(name)
  }
  return [...rows.values()].map(({ names, outcome }) => [
    names.length === 3 && columns.length === 3 ? 'all' : names.join(', '),
    outcome,
  ])
}

function lineOf(ending: ChallengeEnding, versions: string, outcome: EndingOutcome, isFirst: boolean): string {
  const { rreq, browser, times, ds } = outcome
  const played = [
    `\`${ending.card}\`: ${ending.steps.join(', ')}`,
    ...(ending.areq.threeDSRequestorDecReqInd === undefined
      ? []
      : [`DecReqInd ${ending.areq.threeDSRequestorDecReqInd}`]),
    ...(ending.ds === 'RRes' ? [] : [dsWords[ending.ds]]),
    ...(ending.notificationURL === undefined ? [] : ['the notificationURL does not answer']),
  ].join('; ')
  const more = [
    ...(times > 1 ? [`sent ${times} times`] : []),
    ...(deliveryWords[outcome.delivery] === '' ? [] : [deliveryWords[outcome.delivery]]),
    ...(ds === undefined ? [] : [`${ds} to the DS`]),
    ...(rreq?.challengeErrorReporting === undefined
      ? []
      : [`challengeErrorReporting: Erro ${rreq.challengeErrorReporting}`]),
  ].join('; ')
  const cells = [
    isFirst ? ending.id : '',
    isFirst ? played : '',
    versions,
    rreq === null ? 'none' : `**${rreq.transStatus}**`,
    rreq?.transStatusReason ?? '–',
    rreq?.challengeCancel ?? '–',
    rreq?.interactionCounter ?? '–',
    rreq?.authenticationValue === true ? 'yes' : '–',
    browserWords(browser),
    more,
  ]
  return `| ${cells.map(cell).join(' | ')} |`
}

const head = [
  'Ending',
  'Card and steps',
  'Version',
  'RReq transStatus',
  'Reason',
  'challengeCancel',
  'interactionCounter',
  'authenticationValue',
  'To the browser',
  'Besides',
]

export function endingsPage(): string {
  const sections = challengeEndings.map(({ title, endings }) =>
    [
      `## ${title}`,
      '',
      `| ${head.join(' | ')} |`,
      `|${head.map(() => ' --- |').join('')}`,
      ...endings.flatMap((ending) =>
        rowsOf(ending).map(([versions, outcome], index) => lineOf(ending, versions, outcome, index === 0)),
      ),
      '',
    ].join('\n'),
  )
  return `# Every ending of a challenge

<!-- Made from spec-fixtures/challenge-endings.json by \`npm run docs\`. Edit the rows, not this page. -->

What is sent when a challenge ends: the RReq to the DS, and what the browser brings back to the shop. Every row is played over HTTP by
[challenge-endings.test.ts](../test/http/challenge-endings.test.ts), in each version, with a DS that answers as the row says and
[a clock that is moved](tenants.md).

The first column after the name says how to get there: the last digits of [a card](test-cards.md), such as \`4000 0000 0000 0001\` for \`001\`, and what the
cardholder does. *open* is the first CReq, and a CReq that comes again. *right* and *wrong* are answers to what the page asks, *continue* is its button where there
is nothing to enter, *approve* and *refuse* happen in the banking app, *wait* is time that passes, *expired* is what a page posts when its time is over.

*strict* is an ACS that was started with \`--validation strict\`; it stands there where it does something else. A value that is not there is not sent:
only an RReq with Y (or A) carries an authentication value. A DS that cannot be reached is tried again every ten seconds for ten minutes; by the letter of 2.3.1 the
result becomes U after two tries, and the browser is told N before anybody could be told Y (\`--rreq-retries same\` leaves it as it was). \`--creq-repeats taken\` makes
2.3.1 take repeated CReqs as 2.1.0 and 2.2.0 do.

Ends of your own, with any code, by plan: [Challenges](challenge-page.md). The RReq late, twice or never: [order](order.md).

${sections.join('\n')}`
}
