// Form posts and JSON calls of browsers and requestors, read with a limit.
import type { Request } from 'express'
import { mediaTypeOf, readBody } from '../web/body.ts'

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

/** The value of a JSON body. */
export async function readJson(req: Request, limitBytes: number): Promise<unknown> {
  if (mediaTypeOf(req) !== 'application/json') throw new BadRequest(415, 'JSON is expected')
  const bytes = await readBody(req, limitBytes)
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new BadRequest(400, 'the body is not JSON')
  }
}
