// What an operator may do with a running DS: look at its card ranges, change them, and send OReqs.
import { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import { ownRange, ownRanges, routesFor, whatIsWrong } from '../card-ranges.ts'
import { answerProblem, BadRequest, readJson } from '../http-form.ts'
import { operationsRequest, sendOperations } from './operations.ts'
import type { DsRoute, DsSettings } from './options.ts'

/** A hundred thousand ranges and more. */
const limitBytes = 64 * 1_048_576

const changes = z.array(z.strictObject({ actionInd: z.enum(['A', 'M', 'D']), range: ownRange })).min(1)

const sameSpan = (one: Pick<DsRoute, 'from' | 'to'>, other: Pick<DsRoute, 'from' | 'to'>): boolean =>
  one.from === other.from && one.to === other.to

async function readAs<Schema extends z.ZodType>(req: Request, schema: Schema): Promise<z.output<Schema>> {
  const result = schema.safeParse(await readJson(req, limitBytes))
  if (result.success) return result.data
  throw new BadRequest(400, `not valid: ${whatIsWrong(result.error)}`)
}

/** `GET`, `PUT`, `POST` and `DELETE /card-ranges`, `POST /operations`. */
export function operatorRouter(settings: DsSettings, mayOperate: RequestHandler): Router {
  const { book, home, log } = settings
  const router = Router()

  const handled =
    (handler: (req: Request, res: Response) => Promise<void> | void): RequestHandler =>
    async (req, res) => {
      res.set('cache-control', 'no-store')
      try {
        await handler(req, res)
      } catch (error) {
        answerProblem(error, res, (fields) => log.error(fields, 'DS: an operator could not be answered'))
      }
    }

  const routesOf = (ranges: readonly z.output<typeof ownRange>[]): readonly DsRoute[] => {
    const foreign = ranges.findIndex(({ acsUrl }) => acsUrl === undefined)
    if (home === undefined && foreign >= 0) throw new BadRequest(400, `not valid: ${foreign}.acsUrl is missing`)
    return routesFor(ranges, home ?? { acsUrl: '', methodUrl: '' })
  }

  function show(res: Response): void {
    const routes = book.routes()
    res.json({ serialNum: book.serialNum(), count: routes.length, ranges: routes.slice(0, 1_000) })
  }

  router.use(['/card-ranges', '/operations'], mayOperate)
  router.get(
    '/card-ranges',
    handled((_req, res) => show(res)),
  )
  router.put(
    '/card-ranges',
    handled(async (req, res) => {
      const wanted = await readAs(req, ownRanges)
      book.replace(routesOf('ranges' in wanted ? wanted.ranges : wanted))
      show(res)
    }),
  )
  router.post(
    '/card-ranges',
    handled(async (req, res) => {
      const wanted = await readAs(req, changes)
      let routes = book.routes()
      for (const [index, { actionInd, range }] of wanted.entries()) {
        const isThere = routes.some((route) => sameSpan(route, range))
        if (isThere === (actionInd === 'A'))
          throw new BadRequest(409, `${index}.range is ${isThere ? 'there already' : 'not there'}`)
        const [route] = actionInd === 'D' ? [] : routesOf([range])
        if (route === undefined) routes = routes.filter((one) => !sameSpan(one, range))
        else if (actionInd === 'A') routes = [...routes, route]
        else routes = routes.map((one) => (sameSpan(one, range) ? route : one))
      }
      book.replace(routes)
      show(res)
    }),
  )
  router.delete(
    '/card-ranges',
    handled((_req, res) => {
      book.replace(undefined)
      show(res)
    }),
  )
  router.post(
    '/operations',
    handled(async (req, res) => {
      const request = await readAs(req, operationsRequest)
      res.json({ answers: await sendOperations(settings, request) })
    }),
  )
  return router
}
