// Reads a request body once, with a limit, before anybody parses it (SEC-LIM-2).
import type { IncomingMessage } from 'node:http'

/** The body passed its limit; the rest is discarded. */
export class BodyTooLarge extends Error {
  constructor(limitBytes: number) {
    super(`body larger than ${limitBytes} bytes`)
    this.name = 'BodyTooLarge'
  }
}

/** The sender went away before the body was complete. */
export class BodyAborted extends Error {
  constructor() {
    super('body incomplete')
    this.name = 'BodyAborted'
  }
}

/** All bytes of the body. Throws BodyTooLarge as soon as it is known, by the header or by counting. */
export function readBody(req: IncomingMessage, limitBytes: number): Promise<Buffer> {
  // Somebody has read it before, and left it where Express has bodies.
  if ('body' in req && Buffer.isBuffer(req.body)) {
    return req.body.length > limitBytes ? Promise.reject(new BodyTooLarge(limitBytes)) : Promise.resolve(req.body)
  }
  return new Promise((resolve, reject) => {
    const announced = Number(req.headers['content-length'] ?? 0)
    if (announced > limitBytes) {
      req.resume()
      reject(new BodyTooLarge(limitBytes))
      return
    }
    let first: Buffer | undefined
    let chunks: Buffer[] | undefined
    let size = 0
    let isOver = false
    req.on('data', (chunk: Buffer) => {
      if (isOver) return
      size += chunk.length
      if (size > limitBytes) {
        isOver = true
        chunks = undefined
        reject(new BodyTooLarge(limitBytes))
      } else if (first === undefined) first = chunk
      else if (chunks === undefined) chunks = [first, chunk]
      else chunks.push(chunk)
    })
    req.on('end', () => {
      if (!isOver) resolve(chunks === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(chunks, size))
    })
    req.on('error', () => reject(new BodyAborted()))
    req.on('close', () => {
      if (!req.complete) reject(new BodyAborted())
    })
  })
}

/** Media type without parameters, lower case (FLOW-GEN-1, TOL-10). */
export function mediaTypeOf(req: IncomingMessage): string {
  const header = req.headers['content-type'] ?? ''
  const end = header.indexOf(';')
  return (end === -1 ? header : header.slice(0, end)).trim().toLowerCase()
}

/** A body that says it is compressed. None is taken: what a few bytes unpack to is not for the sender to say (SEC-LIM-2). */
export function isEncoded(req: IncomingMessage): boolean {
  const encoding = req.headers['content-encoding']?.trim().toLowerCase() ?? ''
  return encoding !== '' && encoding !== 'identity'
}
