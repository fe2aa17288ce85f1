// Experiments of the lab over the API: started, watched, stopped and read. They run in a process of their own.
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { z } from 'zod'
import {
  ExperimentRefused,
  experimentFiles,
  experimentId,
  experimentLimits,
  experimentStates,
  type RefusedWhy,
} from '../../acs/experiments.ts'
import { maskDigitRuns } from '../../protocol/mask.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest } from './request.ts'

const tag = 'Experiments'
const id = z.string().regex(experimentId, 'the id of an experiment expected (GET /api/v1/experiments)')

const progressSchema = z.strictObject({
  phase: z.string().describe('events, tuning, decisions, measures, repeats, files'),
  variant: z.string().optional(),
  done: z.number(),
  of: z.number(),
  unit: z.string(),
  eventsPerSecond: z.number().optional(),
  secondsLeft: z.number().optional().describe('of this phase'),
})
const experimentSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    state: z
      .enum(experimentStates)
      .describe(
        'partial: it was stopped, and the report tells of what was through; stopped: there is nothing to show yet',
      ),
    mode: z.string().describe('replay or closedLoop'),
    preset: z.string(),
    events: z.int(),
    variants: z.int().optional(),
    startedAt: z.number().describe('milliseconds since 1970, by the clock of the machine'),
    endedAt: z.number().optional(),
    progress: progressSchema.optional(),
    problem: z.string().optional(),
    hasReport: z.boolean(),
    canResume: z.boolean().describe('it was stopped, and what is through is kept'),
  })
  .meta({ id: 'Experiment' })
const problemSchema = z.strictObject({ path: z.string(), message: z.string(), line: z.int().optional() })

const body = z.union([z.string(), z.strictObject({ yaml: z.string() }).transform(({ yaml }) => yaml)], {
  error: 'YAML expected: as text/yaml, or in JSON as { "yaml": "…" }',
})
const refused = {
  description: 'what is wrong with it, and where',
  schema: z.strictObject({ error: z.string(), path: z.string(), problems: z.array(problemSchema) }),
}
const experiment = { description: 'the experiment', schema: experimentSchema }
const missing = { description: 'no such experiment' }

const listExperiments = operation({
  id: 'listExperiments',
  method: 'get',
  path: '/experiments',
  tag,
  summary: 'Experiments of this tenant, newest first, and what one may hold',
  answers: {
    200: {
      description: 'the experiments',
      schema: z.strictObject({
        experiments: z.array(experimentSchema),
        presets: z.array(z.string()).describe('populations that there are'),
        limits: z.strictObject({ text: z.int(), events: z.int(), decisions: z.int(), kept: z.int() }),
      }),
    },
  },
})
const checkExperiment = operation({
  id: 'checkExperiment',
  method: 'post',
  path: '/experiments/check',
  tag,
  summary: 'What is wrong with an experiment; nothing is run',
  description: 'Its form and what the console may run. Whether policies and parts exist is said when it is started.',
  body,
  bodyType: 'text/yaml',
  answers: {
    200: {
      description: 'no problems: it can be started',
      schema: z.strictObject({ problems: z.array(problemSchema) }),
    },
  },
})
const startExperiment = operation({
  id: 'startExperiment',
  method: 'post',
  path: '/experiments',
  tag,
  summary: 'Start an experiment',
  description:
    'As docs/lab-experiment.md writes it, with a preset and policies that need no file of this machine. One runs at a time in a Sekisho; it runs in a process of its own, of low priority, on one thread.',
  body,
  bodyType: 'text/yaml',
  answers: {
    201: { description: 'it was read and planned, and runs', schema: experimentSchema },
    400: refused,
    409: { description: 'another one runs, or as many are kept as can be' },
  },
})
const getExperiment = operation({
  id: 'getExperiment',
  method: 'get',
  path: '/experiments/{id}',
  tag,
  summary: 'How far an experiment is',
  params: z.object({ id }),
  answers: { 200: experiment, 404: missing },
})
const getExperimentText = operation({
  id: 'getExperimentText',
  method: 'get',
  path: '/experiments/{id}/text',
  tag,
  summary: 'An experiment as it was written',
  params: z.object({ id }),
  answers: { 200: { description: 'the text', schema: z.strictObject({ yaml: z.string() }) }, 404: missing },
})
const stopExperiment = operation({
  id: 'stopExperiment',
  method: 'post',
  path: '/experiments/{id}/stop',
  tag,
  summary: 'Stop an experiment with what is through; asked again, at once',
  params: z.object({ id }),
  answers: { 200: experiment, 404: missing, 409: { description: 'it does not run' } },
})
const resumeExperiment = operation({
  id: 'resumeExperiment',
  method: 'post',
  path: '/experiments/{id}/resume',
  tag,
  summary: 'Go on with an experiment that was stopped',
  params: z.object({ id }),
  answers: {
    200: experiment,
    404: missing,
    409: { description: 'another one runs, or there is nothing to go on with' },
  },
})
const removeExperiment = operation({
  id: 'removeExperiment',
  method: 'delete',
  path: '/experiments/{id}',
  tag,
  summary: 'Remove an experiment with its results',
  params: z.object({ id }),
  answers: { 204: { description: 'gone' }, 404: missing, 409: { description: 'it runs' } },
})
const getExperimentFile = operation({
  id: 'getExperimentFile',
  method: 'get',
  path: '/experiments/{id}/files/{name}',
  tag,
  summary: 'The report of an experiment (HTML), or the numbers behind it (JSON)',
  params: z.object({ id, name: z.enum(experimentFiles) }),
  answers: { 200: { description: 'the file', contentType: 'text/html' }, 404: missing },
})

export const labOperations = [
  listExperiments,
  checkExperiment,
  startExperiment,
  getExperiment,
  getExperimentText,
  stopExperiment,
  resumeExperiment,
  removeExperiment,
  getExperimentFile,
] as const

const statuses: Readonly<Record<RefusedWhy, number>> = {
  notValid: 400,
  missing: 404,
  busy: 409,
  full: 409,
  running: 409,
  nothingToStop: 409,
  notResumable: 409,
  off: 503,
}

/** A report is a page of somebody's text: whatever may be in it, it runs nothing and reaches nothing (SEC-CSP-1). */
const pageHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
} as const

export function labRouter({ experiments }: Pick<AdminPorts, 'experiments'>): Router {
  const router = Router()
  const base = '/experiments'
  const limit = `${Math.ceil((experimentLimits.text * 4) / 1_024)}kb` // a character may be four bytes
  router.use(express.text({ type: ['text/yaml', 'application/yaml', 'text/plain'], limit }), express.json({ limit }))
  mount(router, base, listExperiments, async (_given, _req, res) => {
    const { text, events, decisions, kept } = experimentLimits
    res.json({
      experiments: await experiments.list(),
      presets: await experiments.presets(),
      limits: { text, events, decisions, kept },
    })
  })
  mount(router, base, checkExperiment, async ({ body: text }, _req, res) => {
    res.json({ problems: (await experiments.check(text)).map(masked) })
  })
  mount(router, base, startExperiment, async ({ body: text }, _req, res) => {
    res.status(201).json(await experiments.start(text))
  })
  mount(router, base, getExperiment, async ({ params }, _req, res) => {
    res.json(await experiments.one(params.id))
  })
  mount(router, base, getExperimentText, async ({ params }, _req, res) => {
    res.json({ yaml: await experiments.text(params.id) })
  })
  mount(router, base, stopExperiment, async ({ params }, _req, res) => {
    res.json(await experiments.stop(params.id))
  })
  mount(router, base, resumeExperiment, async ({ params }, _req, res) => {
    res.json(await experiments.resume(params.id))
  })
  mount(router, base, removeExperiment, async ({ params }, _req, res) => {
    await experiments.remove(params.id)
    res.status(204).end()
  })
  mount(router, base, getExperimentFile, async ({ params }, _req, res) => {
    const bytes = await experiments.file(params.id, params.name)
    if (params.name.endsWith('.html')) res.set(pageHeaders).type('html')
    else res.set('Content-Disposition', `attachment; filename="${params.id}.${params.name}"`).type('json')
    res.send(Buffer.from(bytes))
  })
  router.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (!(error instanceof ExperimentRefused)) return next(error)
    const { why, problems } = error
    const [first] = problems
    if (why !== 'notValid') return next(new BadRequest(statuses[why], '', error.message))
    return res.status(400).json({
      error: maskDigitRuns(first?.message ?? error.message),
      path: maskDigitRuns(first?.path ?? ''),
      problems: problems.map(masked),
    })
  })
  return router
}

/** Names and values of the text may be repeated, card numbers not. */
const masked = <T extends { readonly path: string; readonly message: string }>(problem: T): T => ({
  ...problem,
  path: maskDigitRuns(problem.path),
  message: maskDigitRuns(problem.message),
})
