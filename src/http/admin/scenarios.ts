// The scenario table of a tenant: shown, checked, replaced while it runs, and asked about one card or AReq.
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { previewOf } from '../../acs/authenticate/preview.ts'
import { IssuerError, rangeOf } from '../../acs/issuer.ts'
import { decoupledSchema, matchSchema, planTemplateSchema, transStatuses } from '../../acs/plan.ts'
import type { Card } from '../../acs/ports.ts'
import { cardStateOf, isLocked } from '../../acs/register.ts'
import { aboutCard, type Scenario, type ScriptedOutcome, scenarioFor } from '../../acs/scenarios.ts'
import type { Problem } from '../../acs/yaml-problems.ts'
import { ProtocolError } from '../../protocol/errors.ts'
import { maskDigitRuns, maskPan } from '../../protocol/mask.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { acctNumber as acctNumberSchema, BadRequest } from './request.ts'

const rangeSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  scheme: z.string(),
  mode: z.enum(['scripted', 'risk']),
  issuer: z.string().optional(),
})

const shortForm = {
  endsWith: z
    .string()
    .optional()
    .describe('trailing digits of the card; rr stands for a reason, cc for a challengeCancel'),
  transStatus: z.enum(transStatuses).optional(),
  transStatusReason: z.string().optional(),
  decoupled: decoupledSchema.optional(),
}

const scenarioSchema = z
  .strictObject({
    title: z.string(),
    titleJa: z.string().optional(),
    match: matchSchema,
    // biome-ignore lint/suspicious/noThenProperty: its name in the API
    then: planTemplateSchema,
    ...shortForm,
  })
  .meta({ id: 'Scenario' })

const tableSchema = z.strictObject({
  ranges: z.array(rangeSchema),
  scenarios: z.array(scenarioSchema),
  cards: z.array(z.strictObject({ acctNumber: z.string(), what: z.string(), whatJa: z.string() })),
  yaml: z.string().describe('the table as it was written'),
  isReplaced: z.boolean().describe('whether it was put in the place of the one from the start'),
})

const problemSchema = z.strictObject({
  path: z.string(),
  message: z.string(),
  line: z.int().optional(),
  column: z.int().optional(),
})

const yamlBody = z.union([z.string(), z.strictObject({ yaml: z.string() }).transform(({ yaml }) => yaml)], {
  error: 'YAML expected: as text/yaml, or in JSON as { "yaml": "…" }',
})

const refused = {
  description: 'what is wrong with it, and where',
  schema: z.strictObject({ error: z.string(), path: z.string(), problems: z.array(problemSchema) }),
}

const table = { description: 'the table', schema: tableSchema }

const getScenarios = operation({
  id: 'getScenarios',
  method: 'get',
  path: '/scenarios',
  tag: 'Scenarios',
  summary: 'The scenario table with card ranges and cards to try',
  answers: { 200: table },
})
const getDefaultScenarios = operation({
  id: 'getDefaultScenarios',
  method: 'get',
  path: '/scenarios/default',
  tag: 'Scenarios',
  summary: 'The table from the start, whatever has been put in its place',
  answers: { 200: { description: 'as it was written', schema: z.strictObject({ yaml: z.string() }) } },
})
const replaceScenarios = operation({
  id: 'replaceScenarios',
  method: 'put',
  path: '/scenarios',
  tag: 'Scenarios',
  summary: 'Put another table in its place, from the next AReq on',
  description:
    'All or nothing. Parts that the text does not have (ranges, cards, habits, …) are those the program came with.',
  body: yamlBody,
  bodyType: 'text/yaml',
  answers: { 200: table, 400: refused },
})
const restoreScenarios = operation({
  id: 'restoreScenarios',
  method: 'delete',
  path: '/scenarios',
  tag: 'Scenarios',
  summary: 'Take the table from the start again',
  answers: { 200: table },
})
const checkScenarios = operation({
  id: 'checkScenarios',
  method: 'post',
  path: '/scenarios/check',
  tag: 'Scenarios',
  summary: 'What is wrong with a table; nothing is changed',
  body: yamlBody,
  bodyType: 'text/yaml',
  answers: {
    200: { description: 'no problems: it can be used', schema: z.strictObject({ problems: z.array(problemSchema) }) },
  },
})

const rowSchema = z.strictObject({
  scenario: z.string().describe('name of the row: its ending, or its title'),
  title: z.string(),
  titleJa: z.string().optional(),
  transStatus: z.enum(transStatuses).optional(),
  transStatusReason: z.string().optional(),
  // biome-ignore lint/suspicious/noThenProperty: its name in the API
  then: planTemplateSchema,
})
const matchScenario = operation({
  id: 'matchScenario',
  method: 'post',
  path: '/scenarios/match',
  tag: 'Scenarios',
  summary: 'Who would decide about a card, or about an AReq',
  description:
    'Nothing is kept or used up. With an AReq the answer says which stub would be used, and what the engine thinks.',
  body: z
    .strictObject({
      acctNumber: acctNumberSchema.optional(),
      areq: z.record(z.string(), z.json()).optional(),
      messageVersion: z.enum(['2.1.0', '2.2.0', '2.3.1']).optional().describe('of a card by itself; 2.2.0'),
    })
    .refine(
      ({ acctNumber, areq }) => (acctNumber === undefined) !== (areq === undefined),
      'acctNumber or areq expected',
    ),
  answers: {
    200: {
      description: 'range, row and state of the card',
      schema: z.strictObject({
        panMask: z.string(),
        range: rangeSchema.nullable(),
        scenario: rowSchema.nullable(),
        nearMiss: z.strictObject({ scenario: z.string(), code: z.string() }).optional(),
        card: z
          .strictObject({
            id: z.string(),
            isRegistered: z.boolean(),
            state: z.enum(['active', 'expired', 'stolen', 'blocked']),
            locked: z.boolean(),
          })
          .nullable(),
        stub: z.string().optional().describe('id of the stub that would be used'),
        transStatus: z.string().optional().describe('what would be answered'),
        transStatusReason: z.string().optional(),
        engine: z
          .strictObject({
            transStatus: z.string(),
            transStatusReason: z.string().optional(),
            band: z.enum(['low', 'medium', 'high']),
            score: z.number(),
            because: z.array(z.string()),
          })
          .optional(),
      }),
    },
  },
})

export const scenariosOperations = [
  getScenarios,
  getDefaultScenarios,
  replaceScenarios,
  restoreScenarios,
  checkScenarios,
  matchScenario,
] as const

/** What the register says of a card before anybody decides. */
const stateOf = (card: Card | undefined, at: number) => ({
  isRegistered: card?.isRegistered ?? false,
  state: card === undefined ? 'active' : cardStateOf(card, at, false).status,
  locked: card !== undefined && isLocked(card, at),
})

/** A row in full, and short where that says it all. */
function shownRow({ title, titleJa, match, plan }: Scenario) {
  const { transStatus, transStatusReason, decoupled } = plan
  return {
    title,
    ...(titleJa !== undefined && { titleJa }),
    match,
    // biome-ignore lint/suspicious/noThenProperty: its name in the API
    then: plan,
    ...(match.endsWith !== undefined && { endsWith: match.endsWith }),
    ...(transStatus !== undefined && { transStatus }),
    ...(transStatusReason !== undefined && { transStatusReason }),
    ...(decoupled !== undefined && { decoupled }),
  }
}

const shownOutcome = ({ scenario, title, titleJa, plan }: ScriptedOutcome) => ({
  scenario,
  title,
  ...(titleJa !== undefined && { titleJa }),
  ...(plan.transStatus !== undefined && { transStatus: plan.transStatus }),
  ...(plan.transStatusReason !== undefined && { transStatusReason: plan.transStatusReason }),
  // biome-ignore lint/suspicious/noThenProperty: its name in the API
  then: plan,
})

/** Names and values of the table may be repeated, card numbers not. */
const told = ({ path, message, ...where }: Problem): Problem => ({
  path: maskDigitRuns(path),
  message: maskDigitRuns(message),
  ...where,
})

export function scenariosRouter(ports: AdminPorts): Router {
  const { store, secrets, tenant, issuer, clock } = ports
  const router = Router()
  // Longer than what the others are sent.
  router.use(
    express.text({ type: ['text/yaml', 'application/yaml', 'text/plain'], limit: '1mb' }),
    express.json({ limit: '1mb' }),
  )

  const shown = (res: Response): void => {
    const { ranges, scenarios, try: cards } = issuer
    const yaml = issuer.text()
    res.json({ ranges, scenarios: scenarios.map(shownRow), cards, yaml, isReplaced: issuer.isReplaced() })
  }
  const problemsIn = (text: string): readonly Problem[] => {
    try {
      issuer.check(text)
      return []
    } catch (error) {
      if (error instanceof IssuerError) return error.problems.map(told)
      throw error
    }
  }

  mount(router, '/scenarios', getScenarios, (_given, _req, res) => shown(res))
  mount(router, '/scenarios', getDefaultScenarios, (_given, _req, res) => res.json({ yaml: issuer.usual() }))
  mount(router, '/scenarios', checkScenarios, ({ body }, _req, res) => res.json({ problems: problemsIn(body) }))
  mount(router, '/scenarios', replaceScenarios, ({ body }, _req, res) => {
    const problems = problemsIn(body)
    const [first] = problems
    if (first !== undefined) {
      const { path, message, line, column } = first
      const error = line === undefined ? message : `line ${line}, column ${column ?? 1}: ${message}`
      return res.status(400).json({ error, path, problems })
    }
    issuer.replace(body)
    return shown(res)
  })
  mount(router, '/scenarios', restoreScenarios, (_given, _req, res) => {
    issuer.restore()
    shown(res)
  })

  mount(router, '/scenarios', matchScenario, async ({ body }, _req, res) => {
    if (body.areq !== undefined) {
      const { card, range, scenario, ...rest } = await previewed(ports, body.areq)
      return res.json({
        ...rest,
        range: range ?? null,
        scenario: scenario === undefined ? null : shownOutcome(scenario),
        card: { id: card.panHash, ...stateOf(card.row, clock.now()) },
      })
    }
    const acctNumber = body.acctNumber ?? ''
    const range = rangeOf(issuer.ranges, acctNumber)
    const id = secrets.panHash(acctNumber)
    const card = await store.card(tenant, id)
    const { outcome, nearMiss } =
      range?.mode === 'scripted'
        ? scenarioFor(issuer.scenarios, aboutCard(acctNumber, range.scheme), body.messageVersion)
        : {}
    return res.json({
      panMask: maskPan(acctNumber),
      range: range ?? null,
      scenario: outcome === undefined ? null : shownOutcome(outcome),
      ...(nearMiss !== undefined && { nearMiss }),
      card: range === undefined ? null : { id, ...stateOf(card, clock.now()) },
    })
  })

  router.use((error: unknown, _req: Request, _res: Response, next: NextFunction) =>
    next(error instanceof IssuerError ? new BadRequest(400, '', maskDigitRuns(error.message)) : error),
  )
  return router
}

async function previewed(ports: AdminPorts, areq: Readonly<Record<string, unknown>>) {
  try {
    return await previewOf(ports, Buffer.from(JSON.stringify(areq)))
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const { errorCode, errorDetail } = error
    throw new BadRequest(
      400,
      'areq',
      maskDigitRuns(`the AReq would be answered with Erro ${errorCode}: ${errorDetail}`),
    )
  }
}
