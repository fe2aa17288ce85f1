// What the emulated parties ask of the world: time, ids, a log and a way out.

/** Milliseconds since the epoch. */
export type Clock = () => number

/** A new random UUID in lower case. */
export type Uuid = () => string

/** Structured log; a pino logger fits. Only ids, types, statuses and codes may be handed to it (SEC-LOG-1). */
export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

export type Fetch = typeof fetch
