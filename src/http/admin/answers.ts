// Whether the admin API answers as its document says. Switched on by tests: an answer of another form becomes a failure.
import type { NextFunction, Request, Response } from 'express'
import type { Operation } from './operation.ts'

const isProblem = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string'

/** What is wrong with an answer; undefined: it is as its operation says. */
export function answerProblem(one: Operation, status: number, body: unknown): string | undefined {
  if (status >= 400 && isProblem(body)) return undefined // every operation may refuse
  const answer = one.answers[status]
  if (answer === undefined) return `${one.id}: no answer ${status} is described`
  if (answer.schema === undefined) return undefined
  const result = answer.schema.safeParse(JSON.parse(JSON.stringify(body)))
  if (result.success) return undefined
  const [issue] = result.error.issues
  return `${one.id}: the answer ${status} is not as described: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`
}

/** Every JSON answer that leaves is held against its schema. */
export function checkAnswers(_req: Request, res: Response, next: NextFunction): void {
  const send = res.json.bind(res)
  res.json = (body: unknown) => {
    const one = res.locals.operation as Operation | undefined
    const problem = one === undefined ? undefined : answerProblem(one, res.statusCode, body)
    res.json = send
    if (problem !== undefined) throw new Error(problem)
    return send(body)
  }
  next()
}
