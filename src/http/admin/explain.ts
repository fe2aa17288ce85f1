// What the engine would decide about an AReq that nobody sent, and why. Nothing is kept.
import express, { type Router } from 'express'
import { z } from 'zod'
import { NotAnAReq, whatIf } from '../../acs/authenticate/what-if.ts'
import { keepInputs } from '../../acs/kept-inputs.ts'
import { longestPolicy } from '../../acs/policies/text.ts'
import { explainedOf } from '../../acs/queries/decision.ts'
import { maskDigitRuns } from '../../protocol/mask.ts'
import { assessmentSchema } from '../../risk/assessment.ts'
import { featureSet } from '../../risk/features.ts'
import { keepEvidence, keepFeatures } from '../../risk/kept.ts'
import type { Policy } from '../../risk/policy.ts'
import { evidenceOf } from '../../risk/score.ts'
import { signalsSchema } from '../../risk/signals.ts'
import { controllable, explainedShape } from './explained.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest, instant } from './request.ts'

const scalar = z.union([z.string().max(2_000), z.number(), z.boolean(), z.null()])

const explainAReq = operation({
  id: 'explainAReq',
  method: 'post',
  path: '/explain',
  tag: 'Decisions',
  summary: 'What the engine would decide about an AReq, and why; nothing is kept',
  description:
    'Only what it is about needs to be said; `acctNumber` always. Profiles are read as they are. The card number may be in the body: it is neither kept nor logged.',
  body: z.strictObject({
    areq: z.record(z.string(), z.json()).describe('elements as they are on the wire'),
    method: z
      .record(z.string().max(100), scalar)
      .refine((data) => Object.keys(data).length <= 100, 'at most 100 values')
      .optional()
      .describe('what the page of the 3DS Method would have told'),
    signals: signalsSchema.optional().describe('what a screening of the shop would have told'),
    assessments: z
      .array(assessmentSchema.omit({ issuedAt: true, expiresAt: true, about: true }))
      .max(8)
      .refine((all) => new Set(all.map(({ source }) => source)).size === all.length, 'one of each source')
      .optional()
      .describe('what screenings of shops would have said'),
    policy: z
      .string()
      .max(longestPolicy)
      .optional()
      .describe('YAML, the hash of a policy that was kept, or the name of a shipped one; the running one otherwise'),
    at: instant.optional().describe('when it is made; now otherwise'),
    controllable,
  }),
  answers: {
    200: {
      description: 'the decision explained',
      schema: z
        .strictObject({
          panMask: z.string(),
          at: z.number(),
          transStatus: z.string().describe('what the ARes would say'),
          transStatusReason: z.string().optional(),
          decidedBy: z.enum(['stub', 'override', 'scenario', 'engine']),
          ...explainedShape,
        })
        .meta({ id: 'ExplainedAReq' }),
    },
  },
})

export const explainOperations = [explainAReq] as const

const isHash = (text: string): boolean => /^[0-9a-f]{16}$/.test(text)

function policyFor({ policies, shipped }: AdminPorts, named: string | undefined): Policy | undefined {
  if (named === undefined) return undefined
  if (isHash(named)) {
    const kept = policies.byHash(named)
    if (kept === undefined) throw new BadRequest(404, 'policy', 'no such policy')
    return kept
  }
  if (/^[a-z0-9-]{1,40}$/.test(named)) {
    const found = shipped().find(({ policy }) => policy.name === named)
    if (found === undefined) throw new BadRequest(404, 'policy', 'no such policy')
    return found.policy
  }
  const { policy, problems } = policies.read(named)
  if (policy !== undefined) return policy
  const [first] = problems
  const where = first?.line === undefined ? '' : `line ${first.line}: `
  throw new BadRequest(
    400,
    ['policy', first?.path].filter(Boolean).join('.'),
    `${where}${first?.message ?? 'not valid'}`,
  )
}

export function mountExplain(router: Router, ports: AdminPorts): void {
  router.use('/explain', express.json({ limit: '1mb' }))
  mount(router, '', explainAReq, async ({ body }, _req, res) => {
    const { areq, method, signals, assessments, at } = body
    const hearing = assessments && {
      heard: assessments.map((one) => ({ door: 'ahead' as const, assessment: { ...one, issuedAt: '', about: {} } })),
      unheard: [],
    }
    const wanted = { areq, method, signals, hearing, at, policy: policyFor(ports, body.policy) }
    const supposed = await whatIf(ports, wanted).catch((error: unknown) => {
      if (!(error instanceof NotAnAReq)) throw error
      const [first = ''] = error.elements
      throw new BadRequest(400, maskDigitRuns(first === 'areq' ? first : `areq.${first}`), maskDigitRuns(error.message))
    })
    const { policy, facts, scored, engine, decision, basis, selection, panMask } = supposed
    const { areq: own, now } = basis
    res.json({
      ...{ panMask, at: supposed.at, transStatus: decision.transStatus },
      ...(decision.transStatusReason !== undefined && { transStatusReason: decision.transStatusReason }),
      decidedBy: selection.outcome?.by ?? 'engine',
      ...explainedOf({
        score: scored.score,
        details: {
          evidence: keepEvidence(evidenceOf(scored, scored.features, facts, policy, basis.opinions)),
          features: keepFeatures(scored.features),
          featureSet,
          facts,
          policy: policy.name,
          policyHash: policy.hash,
          terms: [policy.base, engine.thresholds.challenge, engine.thresholds.reject],
          inputs: keepInputs(basis),
          ...(supposed.without !== undefined && { without: supposed.without }),
        },
        engine,
        basis: { ...keepInputs(basis), facts, features: scored.features, areq: own, now },
        policy,
        isOfTheDay: true,
        controllable: body.controllable,
      }),
    })
  })
}
