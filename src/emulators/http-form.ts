// Form posts and JSON calls of browsers and requestors, read with a limit.
import type { Request, Response } from 'express'
import { BodyAborted, BodyTooLarge, mediaTypeOf, readBody } from '../web/body.ts'

/** A request that cannot be used, with the HTTP status that says so. */
export class BadRequest extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.name = 'BadRequest'
    this.status = status
  }
}

/** Fields of an `application/x-www-form-urlencoded` body. */
export async function readForm(req: Request, limitBytes: number): Promise<URLSearchParams> {
  if (mediaTypeOf(req) !== 'application/x-www-form-urlencoded') throw new BadRequest(415, 'a form is expected')
  return new URLSearchParams((await readBody(req, limitBytes)).toString('utf8'))
}

/** Deeper than any call needs; what is deeper could be read, but not written again. */
const deepest = 64

function isDeep(value: unknown, level = 1): boolean {
  if (typeof value !== 'object' || value === null) return false
  return level > deepest || Object.values(value).some((member) => isDeep(member, level + 1))
}

/** The value of a JSON body. */
export async function readJson(req: Request, limitBytes: number): Promise<unknown> {
  if (mediaTypeOf(req) !== 'application/json') throw new BadRequest(415, 'JSON is expected')
  const bytes = await readBody(req, limitBytes)
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new BadRequest(400, 'the body is not JSON')
  }
  if (isDeep(value)) throw new BadRequest(400, 'the body is nested too deeply')
  return value
}

/** What is told of a request that failed: what is wrong with it, and nothing of a failure of ours. */
export function answerProblem(error: unknown, res: Response, note: (fields: { readonly err: unknown }) => void): void {
  if (error instanceof BodyAborted) return
  const status = error instanceof BadRequest ? error.status : error instanceof BodyTooLarge ? 413 : 500
  if (status === 500) note({ err: error })
  const message = status === 500 || !(error instanceof Error) ? 'internal failure' : error.message
  res.status(status).json({ error: message })
}
