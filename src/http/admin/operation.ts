// An operation of the admin API: what it takes and answers, said once, for the check of requests and for the OpenAPI document.
import type { NextFunction, Request, RequestHandler, Response, Router } from 'express'
import type { z } from 'zod'
import { parse, withoutEmpty } from './request.ts'

export interface Answer {
  readonly description: string
  /** Of a JSON body; absent: no body, or one that is not JSON. */
  readonly schema?: z.ZodType
  readonly contentType?: string
}

export interface Operation {
  /** camelCase, unique: the name of the method of the client. */
  readonly id: string
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Below /api/v1, with {names}. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** Media type of the body where it is not JSON. */
  readonly bodyType?: string
  /** The body may come as text/plain, too: it is the member `text`, and the other members are in the query. */
  readonly takesText?: true
  readonly answers: Readonly<Record<number, Answer>>
}

type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined

export interface Given<O extends Operation> {
  readonly params: OutputOf<O['params']>
  readonly query: OutputOf<O['query']>
  readonly body: OutputOf<O['body']>
}

/** Keeps the types of the schemas. */
export const operation = <const O extends Operation>(one: O): O => one

const pathFor = (path: string, base: string): string => {
  const own = path.slice(base.length).replace(/\{([A-Za-z]+)\}/g, ':$1')
  return own === '' ? '/' : own
}

/**
 * Mounts the operation on the router of `base` (such as `/stubs`); the handler gets what was checked. What is wrong is a
 * BadRequest with the path of it.
 */
export function mount<const O extends Operation>(
  router: Router,
  base: string,
  one: O,
  handle: (given: Given<O>, req: Request, res: Response, next: NextFunction) => unknown,
): void {
  const handler: RequestHandler = async (req, res, next) => {
    res.locals.operation = one // what a check of answers needs to know
    const given = {
      params: one.params === undefined ? undefined : parse(one.params, req.params),
      query: one.query === undefined ? undefined : parse(one.query, withoutEmpty(req.query)),
      body: one.body === undefined ? undefined : parse(one.body, req.body),
    } as Given<O>
    await handle(given, req, res, next)
  }
  router[one.method](pathFor(one.path, base), handler)
}
