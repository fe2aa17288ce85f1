// How far a run of the lab is: a bar on a terminal, plain lines elsewhere. On standard error, so that results can be piped.
import type { SingleBar } from 'cli-progress'
import type { OnProgress, Progress } from '../../lab/experiment/progress.ts'

const words: Readonly<Record<Progress['phase'], string>> = {
  events: 'events',
  tuning: 'tuning thresholds',
  decisions: 'decisions',
  measures: 'metrics',
  repeats: 'other seeds',
  files: 'files',
}

/** Where nobody looks at a bar, a line every so often is enough. */
const linesEveryMs = 10_000

export function lengthOf(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`
}

const count = new Intl.NumberFormat('en')

/** What is known of rate and time left; nothing, as long as it is not. */
export function restOf({ eventsPerSecond, secondsLeft, done, of }: Progress): string {
  const parts: string[] = []
  if (eventsPerSecond !== undefined) parts.push(`${count.format(Math.round(eventsPerSecond))} events/s`)
  if (secondsLeft !== undefined && done < of) parts.push(`${lengthOf(secondsLeft)} left`)
  return parts.join(', ')
}

const headOf = ({ phase, variant }: Progress): string => words[phase] + (variant === undefined ? '' : ` (${variant})`)

export type Shown = { readonly tell: OnProgress; readonly end: () => void }

/** `now` in milliseconds of a clock that only goes forward. */
export function shownAsLines(write: (line: string) => void, now: () => number = () => performance.now()): Shown {
  let head = ''
  let last = Number.NEGATIVE_INFINITY
  let isDone = false
  return {
    tell: (progress) => {
      const { done, of, unit } = progress
      const next = headOf(progress)
      const isNew = next !== head
      const ends = done >= of
      if (isNew) isDone = false
      if (isDone || !(isNew || ends || now() - last >= linesEveryMs)) return
      head = next
      last = now()
      isDone = ends
      const rest = restOf(progress)
      write(`${next}: ${count.format(done)} of ${count.format(of)} ${unit}${rest === '' ? '' : `, ${rest}`}\n`)
    },
    end: () => undefined,
  }
}

function shownAsBar(bar: SingleBar): Shown {
  let head = ''
  return {
    tell: (progress) => {
      const next = headOf(progress)
      const payload = {
        head: next,
        rest: restOf(progress),
        counted: `${count.format(progress.done)} of ${count.format(progress.of)} ${progress.unit}`,
      }
      if (next === head) {
        bar.update(progress.done, payload)
        return
      }
      if (head !== '') bar.stop()
      head = next
      bar.start(progress.of, progress.done, payload)
    },
    end: () => bar.stop(),
  }
}

/** A bar on a terminal, lines elsewhere, nothing where it is not wanted. */
export async function progressShown(isWanted: boolean): Promise<Shown> {
  if (!isWanted) return { tell: () => undefined, end: () => undefined }
  if (!process.stderr.isTTY) return shownAsLines((line) => void process.stderr.write(line))
  const { default: progress } = await import('cli-progress')
  return shownAsBar(
    new progress.SingleBar({
      format: '{head} [{bar}] {percentage}% · {counted} · {rest}',
      barsize: 30,
      hideCursor: true,
      stream: process.stderr,
      fps: 5,
    }),
  )
}
