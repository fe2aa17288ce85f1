// Policies over the API: what runs and ran, the draft, its publication, ways back, differences, and a draft over stored payments.
import express, { Router } from 'express'
import { z } from 'zod'
import { type BackTest, backTest } from '../../acs/policies/back-test.ts'
import { DeskProblem } from '../../acs/policies/desk.ts'
import { differencesOf } from '../../acs/policies/difference.ts'
import type { PolicyDraft, PolicyRelease } from '../../acs/policies/kept.ts'
import { withNumber } from '../../acs/policies/set-number.ts'
import { labelKinds } from '../../acs/ports.ts'
import type { Policy } from '../../risk/policy.ts'
import { mount, operation } from './operation.ts'
import { by, callerOf, hasGone, hash, note, problemSchema } from './policy-words.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest, instant, rowId } from './request.ts'
import { policySchema, shownPolicy } from './shown-policy.ts'

const tag = 'Policies'
const text = z.string().min(1).describe('the policy, YAML')

const releaseSchema = z
  .strictObject({
    id: z.int(),
    at: z.number(),
    hash,
    kind: z
      .enum(['start', 'file', 'published', 'rolledBack'])
      .describe('start: it was started with it; file: the file changed while it ran'),
    name: z.string(),
    version: z.int(),
    by,
    note: z.string().optional(),
    file: z.string().optional(),
    of: z.int().optional().describe('the release that was gone back to'),
    runs: z.boolean().describe('it decides now'),
  })
  .meta({ id: 'PolicyRelease' })

const draftSchema = z
  .strictObject({
    text: z.string(),
    basedOn: z.string().describe('hash of the policy that ran when it was begun'),
    revision: z.int().describe('counted with every change'),
    at: z.number(),
    by,
    problems: z.array(problemSchema).describe('none: it can be published'),
    isStale: z.boolean().describe('another policy runs by now than the one it was begun with'),
  })
  .meta({ id: 'PolicyDraft' })

const aboutSchema = z.strictObject({ en: z.string(), ja: z.string() })
const shippedSchema = z.strictObject({
  name: z.string(),
  version: z.int(),
  hash,
  about: aboutSchema.optional().describe('what it is for'),
})

const getPolicies = operation({
  id: 'getPolicies',
  method: 'get',
  path: '/policies',
  tag,
  summary: 'The policy that runs, the draft, and what is wrong with the file of --policy',
  answers: {
    200: {
      description: 'what there is',
      schema: z.strictObject({
        running: releaseSchema,
        text: z.string().describe('of the policy that runs'),
        draft: draftSchema.nullable(),
        fileProblem: z
          .strictObject({ file: z.string(), at: z.number(), problems: z.array(problemSchema) })
          .nullable()
          .describe('the file cannot be used as it is now; the policy before goes on'),
      }),
    },
  },
})

const page = z.object({
  before: rowId.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})
const listReleases = operation({
  id: 'listPolicyReleases',
  method: 'get',
  path: '/policies/releases',
  tag,
  summary: 'Which policies ran, newest first; the first one runs now',
  query: page,
  answers: {
    200: {
      description: 'the releases',
      schema: z.strictObject({ releases: z.array(releaseSchema), next: z.int().optional() }),
    },
  },
})

const oneText = z.strictObject({ hash, text: z.string(), policy: policySchema.optional() })
const getText = operation({
  id: 'getPolicyText',
  method: 'get',
  path: '/policies/texts/{hash}',
  tag,
  summary: 'A policy that ran, as it was written and, where it can still be read, with every check in words',
  params: z.object({ hash }),
  answers: { 200: { description: 'the policy', schema: oneText }, 404: { description: 'no such policy was kept' } },
})

const listShipped = operation({
  id: 'listShippedPolicies',
  method: 'get',
  path: '/policies/shipped',
  tag,
  summary: 'Policies that Sekisho comes with, to begin a draft with',
  answers: { 200: { description: 'the policies', schema: z.strictObject({ policies: z.array(shippedSchema) }) } },
})
const getShipped = operation({
  id: 'getShippedPolicy',
  method: 'get',
  path: '/policies/shipped/{name}',
  tag,
  summary: 'One of them, as it is written',
  params: z.object({ name: z.string() }),
  answers: {
    200: { description: 'the policy', schema: shippedSchema.extend({ text: z.string() }) },
    404: { description: 'no such policy' },
  },
})

const yamlOr = <S extends z.ZodRawShape>(shape: S) =>
  z.union([z.string().transform((yaml) => ({ text: yaml })), z.strictObject({ text, ...shape })], {
    error: 'YAML expected: as text/yaml, or in JSON as { "text": "…" }',
  })

const saveDraft = operation({
  id: 'savePolicyDraft',
  method: 'put',
  path: '/policies/draft',
  tag,
  summary: 'Keep a draft; it need not be valid',
  description: 'There is one draft. With `revision` it is not written over what somebody else has changed meanwhile.',
  body: yamlOr({
    basedOn: hash.optional().describe('otherwise as before, or the policy that runs'),
    revision: z.int().min(0).optional().describe('of the draft that was changed; 0: there was none'),
  }),
  bodyType: 'text/yaml',
  answers: {
    200: { description: 'the draft, with what is wrong with it', schema: draftSchema },
    400: { description: 'too long, or there is a card number in it' },
    409: { description: 'somebody else has changed it' },
  },
})
const discardDraft = operation({
  id: 'discardPolicyDraft',
  method: 'delete',
  path: '/policies/draft',
  tag,
  summary: 'Throw the draft away',
  answers: { 204: { description: 'gone' }, 404: { description: 'there is none' } },
})
const checkPolicy = operation({
  id: 'checkPolicy',
  method: 'post',
  path: '/policies/check',
  tag,
  summary: 'What is wrong with a policy; nothing is changed',
  body: yamlOr({}),
  bodyType: 'text/yaml',
  answers: {
    200: {
      description: 'no problems: it can be published',
      schema: z.strictObject({ problems: z.array(problemSchema), policy: policySchema.optional() }),
    },
  },
})

const editPolicy = operation({
  id: 'editPolicy',
  method: 'post',
  path: '/policies/edit',
  tag,
  summary: 'A text with one number changed; nothing is kept',
  description: 'Every other letter of it stays as it is.',
  body: z.strictObject({
    text,
    path: z.array(z.string().max(200)).min(1).max(20).describe('such as ["thresholds", "challenge"]'),
    value: z.number(),
  }),
  answers: {
    200: { description: 'the text', schema: z.strictObject({ text: z.string() }) },
    404: { description: 'there is no number' },
  },
})

const refused = {
  description: 'what is wrong with it, and where',
  schema: z.strictObject({ error: z.string(), path: z.string(), problems: z.array(problemSchema) }),
}
const publishPolicy = operation({
  id: 'publishPolicy',
  method: 'post',
  path: '/policies/publish',
  tag,
  summary: 'Let the draft, or another text, decide from the next AReq on',
  body: z.strictObject({
    text: text.optional().describe('otherwise the draft'),
    basedOn: hash.describe('of the policy that it is to take the place of'),
    note: note.optional(),
  }),
  answers: {
    201: { description: 'the release', schema: releaseSchema },
    400: refused,
    404: { description: 'there is no draft' },
    409: { description: 'another policy runs by now, or this one does already' },
  },
})
const rollBack = operation({
  id: 'rollBackPolicy',
  method: 'post',
  path: '/policies/releases/{id}/roll-back',
  tag,
  summary: 'Let the policy of an earlier release decide again',
  description: 'It is published once more: the history stays as it is.',
  params: z.object({ id: rowId }),
  body: z.strictObject({ basedOn: hash.optional().describe('of the policy that runs'), note: note.optional() }),
  answers: {
    201: { description: 'the new release', schema: releaseSchema },
    400: refused,
    404: { description: 'no such release' },
    409: { description: 'another policy runs by now, or this one does already' },
  },
})

const side = z
  .strictObject({ text: text.optional(), hash: hash.optional(), shipped: z.string().optional() })
  .refine(
    (one) => Object.values(one).filter((value) => value !== undefined).length <= 1,
    'one of text, hash and shipped',
  )
type Side = z.output<typeof side>

const comparePolicies = operation({
  id: 'comparePolicies',
  method: 'post',
  path: '/policies/diff',
  tag,
  summary: 'What changes from one policy to another, by name',
  body: z.strictObject({
    from: side.optional().describe('otherwise the policy that runs'),
    to: side.optional().describe('otherwise the draft'),
  }),
  answers: {
    200: {
      description: 'the changes; rules and segments count in their order, so that they may be moved',
      schema: z.strictObject({
        changes: z.array(
          z.strictObject({
            part: z.string(),
            path: z.string(),
            what: z.enum(['added', 'removed', 'changed', 'moved']),
            from: z.json().optional(),
            to: z.json().optional(),
          }),
        ),
      }),
    },
    400: refused,
    404: { description: 'no such policy' },
  },
})

const opinion = z.strictObject({
  transStatus: z.string(),
  transStatusReason: z.string().optional(),
  score: z.number(),
})
const named = z.strictObject({ name: z.string(), version: z.int(), hash })
const backTestSchema = z
  .strictObject({
    running: named,
    draft: named,
    from: z.number().optional().describe('time of the oldest payment that was looked at'),
    until: z.number().optional(),
    searched: z.int(),
    replayed: z.int().describe('payments that could be decided again'),
    notReplayed: z.strictObject({
      older: z.int().describe('kept by a release that did not keep enough'),
      features: z.int().describe('of another set of features'),
    }),
    withoutCounts: z
      .int()
      .describe('decided again, but the draft counts networks and browsers, which was not done for them'),
    notWeighed: z
      .array(z.enum(['issuer', 'tables']))
      .describe(
        'what the draft changes and what is not asked again: the issuer’s home and rates, forwarding and networks',
      ),
    isComplete: z.boolean().describe('false: there are more payments of that time'),
    outcomes: z
      .array(z.strictObject({ transStatus: z.string(), stored: z.int(), running: z.int(), draft: z.int() }))
      .describe('counts; stored: what the engine decided then, whoever was asked'),
    moves: z.array(z.strictObject({ from: z.string(), to: z.string(), count: z.int() })),
    labels: z
      .array(
        z.strictObject({
          kind: z.enum(labelKinds),
          count: z.int(),
          running: z.int().describe('let pass without a challenge'),
          draft: z.int(),
        }),
      )
      .describe('of payments with a label'),
    changed: z.int(),
    payments: z
      .array(
        z.strictObject({
          acsTransID: z.string(),
          at: z.number(),
          panMask: z.string(),
          merchantName: z.string().optional(),
          purchaseAmount: z.string().optional(),
          purchaseCurrency: z.string().optional(),
          purchaseExponent: z.string().optional(),
          label: z.enum(labelKinds).optional(),
          stored: opinion,
          running: opinion,
          draft: opinion,
          why: z.strictObject({
            weights: z.array(z.strictObject({ part: z.string(), from: z.number(), to: z.number() })),
            applied: z.array(z.string()).describe('by the draft only'),
            noLonger: z.array(z.string()).describe('by the running policy only'),
            thresholds: z
              .strictObject({ from: z.array(z.number()).length(2), to: z.array(z.number()).length(2) })
              .optional(),
          }),
        }),
      )
      .describe('newest first; at most 200 of those that change'),
  })
  .meta({ id: 'BackTest' })

const runBackTest = operation({
  id: 'backTestPolicy',
  method: 'post',
  path: '/policies/backtest',
  tag,
  summary: 'What a policy would have decided about the stored payments',
  description:
    'Every payment is decided again from what was kept of it, by the policy that runs and by this one. Nothing is changed, nothing is learnt. What a challenge would have led to is not played: decisions are compared, not consequences.',
  body: z.strictObject({
    text: text.optional().describe('otherwise the draft'),
    hash: hash.optional(),
    shipped: z.string().optional(),
    from: instant.optional(),
    until: instant.optional(),
    limit: z.int().min(1).max(100_000).default(10_000).describe('payments at most, newest first'),
  }),
  answers: {
    200: { description: 'decisions side by side', schema: backTestSchema },
    400: refused,
    404: { description: 'no such policy' },
    429: { description: 'one is under way' },
  },
})

export const policiesOperations = [
  getPolicies,
  listReleases,
  getText,
  listShipped,
  getShipped,
  saveDraft,
  discardDraft,
  checkPolicy,
  editPolicy,
  publishPolicy,
  rollBack,
  comparePolicies,
  runBackTest,
] as const

const statuses = { notFound: 404, notValid: 400, stale: 409, nothing: 409, tooLong: 400, cardNumber: 400 } as const

const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
/** Facts are made by these, and facts are not made again. */
const notWeighed = (running: Policy, draft: Policy): ('issuer' | 'tables')[] => [
  ...(sameValue(running.issuer, draft.issuer) ? [] : ['issuer' as const]),
  ...(sameValue(
    [running.lists.forwarding, running.lists.ipCountries],
    [draft.lists.forwarding, draft.lists.ipCountries],
  )
    ? []
    : ['tables' as const]),
]

const namedOf = ({ name, version, hash: own }: Policy) => ({ name, version, hash: own })

export function policiesRouter(ports: AdminPorts): Router {
  const { policies, shipped, store, tenant } = ports
  const router = Router()
  // Longer than what the others are sent.
  router.use(
    express.text({ type: ['text/yaml', 'application/yaml', 'text/x-yaml'], limit: '1mb' }),
    express.json({ limit: '1mb' }),
  )
  const shownRelease = (release: PolicyRelease) => ({ ...release, runs: release.id === policies.release().id })
  const shownDraft = (draft: PolicyDraft) => ({
    ...draft,
    problems: policies.read(draft.text).problems,
    isStale: draft.basedOn !== policies.release().hash,
  })
  const textOf = (one: Side | undefined, otherwise: string | undefined, path: string): string => {
    const found =
      one?.text ??
      (one?.hash !== undefined
        ? policies.textOf(one.hash)
        : one?.shipped !== undefined
          ? shipped().find(({ policy }) => policy.name === one.shipped)?.text
          : otherwise)
    if (found === undefined) throw new BadRequest(404, path, 'no such policy')
    return found
  }
  const policyOf = (wanted: string): Policy => {
    const { policy, problems } = policies.read(wanted)
    if (policy === undefined) throw new DeskProblem('notValid', problems[0]?.message ?? 'not valid', problems)
    return policy
  }

  mount(router, '/policies', getPolicies, (_given, _req, res) => {
    const draft = policies.draft()
    res.json({
      running: shownRelease(policies.release()),
      text: policies.text(),
      draft: draft === undefined ? null : shownDraft(draft),
      fileProblem: ports.policyProblem?.() ?? null,
    })
  })
  mount(router, '/policies', listReleases, ({ query }, _req, res) => {
    const releases = policies.releases(query)
    const last = releases.length === query.limit ? releases.at(-1)?.id : undefined
    res.json({ releases: releases.map(shownRelease), ...(last !== undefined && last > 1 && { next: last }) })
  })
  mount(router, '/policies', getText, ({ params }, _req, res) => {
    const own = policies.textOf(params.hash)
    if (own === undefined) throw new BadRequest(404, 'hash', 'no such policy was kept')
    const { policy } = policies.read(own)
    res.json({ hash: params.hash, text: own, ...(policy !== undefined && { policy: shownPolicy(policy, undefined) }) })
  })
  const shownShipped = ({ policy }: ReturnType<AdminPorts['shipped']>[number]) => ({
    ...namedOf(policy),
    ...(policy.about !== undefined && { about: policy.about }),
  })
  mount(router, '/policies', listShipped, (_given, _req, res) => res.json({ policies: shipped().map(shownShipped) }))
  mount(router, '/policies', getShipped, ({ params }, _req, res) => {
    const found = shipped().find(({ policy }) => policy.name === params.name)
    if (found === undefined) throw new BadRequest(404, 'name', 'no such policy')
    res.json({ ...shownShipped(found), text: found.text })
  })
  mount(router, '/policies', saveDraft, async ({ body }, _req, res) => {
    res.json(shownDraft(await policies.saveDraft({ ...body, by: callerOf(res) })))
  })
  mount(router, '/policies', discardDraft, async (_given, _req, res) => {
    if (!(await policies.discardDraft())) throw new BadRequest(404, '', 'there is no draft')
    res.status(204).end()
  })
  mount(router, '/policies', checkPolicy, ({ body }, _req, res) => {
    const { policy, problems } = policies.read(body.text)
    res.json({ problems, ...(policy !== undefined && { policy: shownPolicy(policy, undefined) }) })
  })
  mount(router, '/policies', editPolicy, ({ body }, _req, res) => {
    const changed = withNumber(body.text, body.path, body.value)
    if (changed === undefined) throw new BadRequest(404, 'path', 'there is no number')
    res.json({ text: changed })
  })
  mount(router, '/policies', publishPolicy, async ({ body }, _req, res) => {
    res.status(201).json(shownRelease(await policies.publish({ ...body, by: callerOf(res) })))
  })
  mount(router, '/policies', rollBack, async ({ params, body }, _req, res) => {
    res.status(201).json(shownRelease(await policies.rollBack({ ...body, release: params.id, by: callerOf(res) })))
  })
  mount(router, '/policies', comparePolicies, ({ body }, _req, res) => {
    const from = textOf(body.from, policies.text(), 'from')
    const to = textOf(body.to, policies.draft()?.text, 'to')
    for (const one of [from, to]) policyOf(one)
    res.json({ changes: differencesOf(from, to) })
  })

  // One after the other: each takes a processor for a while.
  let isUnderWay = false
  mount(router, '/policies', runBackTest, async ({ body }, req, res) => {
    const draft = policyOf(textOf(body, policies.draft()?.text, 'text'))
    const running = policies.running()
    if (isUnderWay) throw new BadRequest(429, '', 'another one is under way')
    isUnderWay = true
    let result: BackTest
    try {
      const { from, until, limit } = body
      const isOver = hasGone(req, res)
      result = await backTest(store, { tenant, running, draft, lists: policies.lists(), from, until, limit, isOver })
    } finally {
      isUnderWay = false
    }
    res.json({
      running: namedOf(running),
      draft: namedOf(draft),
      notWeighed: notWeighed(running, draft),
      ...result,
    })
  })

  router.use((error: unknown, _req: express.Request, res: express.Response, next: express.NextFunction) => {
    if (!(error instanceof DeskProblem)) return next(error)
    const { kind, message, problems } = error
    if (kind !== 'notValid') return next(new BadRequest(statuses[kind], '', message))
    const [first] = problems
    return res.status(400).json({
      error: first?.line === undefined ? message : `line ${first.line}, column ${first.column ?? 1}: ${message}`,
      path: first?.path ?? '',
      problems,
    })
  })
  return router
}
