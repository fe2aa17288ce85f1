/** Ctrl-C: once, what runs is brought to an end that can be opened; twice, at once. */

export type Stopping = { readonly signal: AbortSignal; readonly end: () => void }

/** The exit code of a program that Ctrl-C ended. */
const interrupted = 130

export function stopOnInterrupt(tell: (line: string) => void): Stopping {
  const controller = new AbortController()
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(interrupted)
    controller.abort()
    tell('Stopping. What is finished is kept; once more stops at once.')
  }
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onInterrupt)
  return {
    signal: controller.signal,
    end: () => {
      process.off('SIGINT', onInterrupt)
      process.off('SIGTERM', onInterrupt)
    },
  }
}
