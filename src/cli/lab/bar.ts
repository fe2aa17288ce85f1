// A progress bar with the time left, on a terminal only.
import { Presets, SingleBar } from 'cli-progress'

export type Bar = {
  /** `done`: 0 to 1. */
  at(done: number, words: string): void
  end(): void
}

const steps = 1000
const betweenMs = 100

export function barOf(isQuiet: boolean): Bar {
  if (isQuiet || !process.stderr.isTTY) return { at: () => undefined, end: () => undefined }
  const format = '{bar} {percentage}% | {words} | {eta_formatted} left'
  const bar = new SingleBar(
    { format, hideCursor: true, clearOnComplete: true, stream: process.stderr },
    Presets.shades_classic,
  )
  let isThere = false
  let last = 0
  return {
    at(done, words) {
      const now = performance.now()
      if (isThere && now - last < betweenMs) return
      last = now
      if (!isThere) bar.start(steps, 0, { words })
      isThere = true
      bar.update(Math.min(steps, Math.round(done * steps)), { words })
    },
    end() {
      if (isThere) bar.stop()
      isThere = false
    },
  }
}
