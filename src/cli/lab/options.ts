// What the commands of the lab share: options, and what a person is told when something cannot be done.
import { InvalidArgumentError } from 'commander'

/** More threads than this would only wait for each other. */
const mostWorkers = 64

export function workersOf(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > mostWorkers)
    throw new InvalidArgumentError(`a whole number from 1 to ${mostWorkers} expected.`)
  return count
}

/** Errors that a person can do something about carry these names; anything else is ours and keeps its trace. */
const isForPeople = (error: unknown): error is Error =>
  error instanceof Error &&
  !(error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError) &&
  (('problems' in error && Array.isArray(error.problems)) || 'code' in error || error.name.startsWith('Lab'))

/** The exit code of the work, or one line and 1. */
export async function refusedBy(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (!isForPeople(error)) throw error
    process.stderr.write(`sekisho: ${error.message.trim()}\n`)
    return 1
  }
}
