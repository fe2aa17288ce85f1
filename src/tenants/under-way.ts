// The requests that a tenant is answering: a reset or an end waits for them.
import type { ServerResponse } from 'node:http'

export interface UnderWay {
  enter(res: ServerResponse): void
  /** Not to be waited for: the request that asked for the reset. */
  leave(res: ServerResponse): void
  /** Resolves when nothing is under way, at the latest after so many milliseconds. Live events are not waited for. */
  over(withinMs: number): Promise<void>
  /** Ends what is left. */
  cut(): void
}

const isStream = (res: ServerResponse): boolean =>
  String(res.getHeader('content-type') ?? '').startsWith('text/event-stream')

export function createUnderWay(): UnderWay {
  const answers = new Set<ServerResponse>()
  let hasEnded: (() => void) | undefined
  const isOver = (): boolean => ![...answers].some((res) => !isStream(res))
  return {
    enter(res) {
      if (answers.has(res)) return
      answers.add(res)
      res.once('close', () => {
        answers.delete(res)
        if (hasEnded !== undefined && isOver()) hasEnded()
      })
    },
    leave(res) {
      answers.delete(res)
      if (hasEnded !== undefined && isOver()) hasEnded()
    },
    over(withinMs) {
      if (isOver()) return Promise.resolve()
      return new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer)
          hasEnded = undefined
          resolve()
        }
        const timer = setTimeout(end, withinMs)
        hasEnded = end
      })
    },
    cut() {
      for (const res of answers) {
        if (res.headersSent) res.destroy()
        else {
          res.statusCode = 503
          res.setHeader('content-type', 'application/json')
          res.end('{"error":"the tenant was reset"}')
        }
      }
    },
  }
}
