// What sources tell after the payment, and beside it: POST /hook/feedback, /hook/events, /hook/mail-check. Signed as assessments are; each
// report and each event has an id of its own, so that a message that comes twice changes nothing.
import { type Request, type Response, Router } from 'express'
import type { z } from 'zod'
import { pathsOf } from '../acs/hook/check.ts'
import {
  type FeedbackAnswer,
  FeedbackConflict,
  type FeedbackPorts,
  feedbackSchema,
  matchAwaited,
  readFeedbackCsv,
  type TellerOf,
  takeFeedback,
  takeFeedbackRows,
} from '../acs/hook/feedback.ts'
import { EventProblem, eventSchema, type JourneyPorts, takeEvent } from '../acs/hook/journey.ts'
import { checkMail, type MailCheckPorts, mailCheckSchema } from '../acs/hook/mail-check.ts'
import type { Opening } from '../acs/hook/sources.ts'
import { nestsDeeper } from '../acs/nesting.ts'
import { answerRefusal } from './hook.ts'
import {
  HookRefusal,
  noteRefusal,
  receiveSigned,
  type Signed,
  type SignedOptions,
  type SignedPorts,
} from './hook-signed.ts'

export interface HookFeedbackPorts {
  readonly signed: SignedPorts
  readonly feedback: FeedbackPorts
  readonly journey: JourneyPorts
  readonly tellerOf: TellerOf
  readonly mail: MailCheckPorts
}

/** A table of reports; with 2,000 rows it has some 300 KB. */
const longestTable = 1_048_576

/** As the answer has it: nothing of the payment that the source did not know. */
const shown = ({ record, isRepeat, label }: FeedbackAnswer) => ({
  id: record.id,
  outcome: record.outcome,
  isRepeat,
  ...(record.acsTransID !== undefined && { acsTransID: record.acsTransID }),
  ...(label !== undefined && { label: { kind: label.kind } }),
  listed: (record.listed ?? []).map(({ kind, until }) => ({ kind, until })),
})

function bodyOf<T>(schema: z.ZodType<T>, json: unknown): T {
  if (nestsDeeper(json, 16)) throw new HookRefusal('malformed')
  const result = schema.safeParse(json)
  if (result.success) return result.data
  throw new HookRefusal('schema', { words: 'Not valid by its schema', problems: pathsOf(result.error) })
}

export function hookFeedbackRouter(ports: HookFeedbackPorts): Router {
  const { signed, feedback, journey, mail, tellerOf } = ports
  const router = Router()
  router.use((_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    next()
  })

  const mount = (
    path: string,
    opening: Opening,
    options: SignedOptions,
    answer: (message: Signed, res: Response) => Promise<unknown>,
  ): void => {
    const handle = async (req: Request, res: Response): Promise<void> => {
      const message = await receiveSigned(signed, req, opening, options)
      try {
        await answer(message, res)
      } catch (error) {
        if (error instanceof HookRefusal)
          noteRefusal(signed, opening, error, { source: message.source.name, json: message.json })
        throw error
      }
    }
    router
      .route(path)
      .post((req, res, next) => {
        handle(req, res).catch((error: unknown) => answerRefusal(error, res, next))
      })
      .all((_req, res) => {
        res.status(405).set('allow', 'POST').json({ error: 'POST expected' })
      })
  }

  mount('/feedback', 'feedback', {}, async ({ source, json }, res) => {
    const { source: _source, ...told } = bodyOf(feedbackSchema, json)
    try {
      res.json(shown(await takeFeedback(feedback, source, told)))
    } catch (error) {
      if (!(error instanceof FeedbackConflict)) throw error
      throw new HookRefusal('schema', {
        status: 409,
        words: error.message,
        problems: [{ path: 'id', message: 'used before' }],
      })
    }
  })

  mount(
    '/feedback/csv',
    'feedback',
    { types: ['text/csv'], limitBytes: longestTable },
    async ({ source, bytes }, res) => {
      let text: string
      try {
        text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
      } catch {
        throw new HookRefusal('malformed', { words: 'UTF-8 expected' })
      }
      const read = readFeedbackCsv(text)
      const done = 'problems' in read ? read : await takeFeedbackRows(feedback, source, read.rows)
      if ('problems' in done) {
        const [first] = done.problems
        throw new HookRefusal('schema', {
          words: first === undefined ? 'not valid' : `line ${first.line}: ${first.message}`,
          problems: done.problems.map(({ line, message }) => ({ path: `line ${line}`, message })),
        })
      }
      const countOf = (outcome: FeedbackAnswer['record']['outcome']): number =>
        done.filter(({ record, isRepeat }) => !isRepeat && record.outcome === outcome).length
      res.json({
        rows: done.length,
        labelled: countOf('labelled'),
        kept: countOf('kept'),
        unmatched: countOf('unmatched'),
        repeats: done.filter(({ isRepeat }) => isRepeat).length,
        answers: done.map(shown),
      })
    },
  )

  mount('/events', 'events', {}, async ({ source, json }, res) => {
    const told = bodyOf(eventSchema, json)
    try {
      const { isNew } = await takeEvent(journey, source, told)
      const payment = told.kind === 'order' ? told.threeDSServerTransID : undefined
      if (isNew && payment !== undefined)
        await matchAwaited({ ...feedback, tellerOf }, () => ({ threeDSServerTransID: payment }))
      res.status(isNew ? 201 : 200).json({ id: told.id, isRepeat: !isNew })
    } catch (error) {
      if (!(error instanceof EventProblem)) throw error
      throw new HookRefusal('schema', { problems: [{ path: error.path, message: error.message }] })
    }
  })

  mount('/mail-check', 'mail-check', {}, async ({ json }, res) => {
    res.json(checkMail(bodyOf(mailCheckSchema, json).email, mail))
  })
  return router
}
