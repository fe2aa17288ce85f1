// Experiments that are started from the console: each in a process of its own, so that AReqs do not wait for it; what there is of them
// lies in the data folder. The lab itself is loaded when somebody asks for it.
import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { z } from 'zod'
import {
  type Experiment,
  type ExperimentFile,
  type ExperimentProblem,
  type ExperimentProgress,
  ExperimentRefused,
  type Experiments,
  experimentId,
  experimentLimits,
  experimentStates,
} from '../acs/experiments.ts'
import type { FromRunner, ToRunner } from '../lab/console/words.ts'

/** One experiment at a time in this process, whichever tenant it belongs to. */
export class LabTurn {
  #holder: string | undefined
  get holder(): string | undefined {
    return this.#holder
  }
  /** Whether it was free. */
  take(id: string): boolean {
    if (this.#holder !== undefined) return false
    this.#holder = id
    return true
  }
  give(): void {
    this.#holder = undefined
  }
}

export interface LabOptions {
  /** Of the tenant; undefined: nothing is kept beyond this process. */
  readonly folder: string | undefined
  readonly turn: LabTurn
  readonly now: () => number
  /** Something that the operator should know: an experiment that broke down. */
  readonly onFailure: (about: { readonly experiment: string; readonly reason: string }) => void
  /** In the place of the process of the lab, for tests. */
  readonly launch?: () => ChildProcess
}

/** Reading and planning takes a second or two; on a busy machine longer. */
const plannedWithinMs = 120_000
/** After a stop the variants that run are measured and a report is written. */
const stoppedWithinMs = 120_000
/** Megabytes: 1 million events need far less. */
const mostMemory = 2_048
const mostTold = 4_096

const keptSchema = z.object({
  name: z.string(),
  state: z.enum(experimentStates),
  mode: z.string(),
  preset: z.string(),
  events: z.number(),
  variants: z.number().optional(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  problem: z.string().optional(),
})
type Kept = z.output<typeof keptSchema>

const stateFile = 'state.json'
const textFile = 'experiment.yaml'

/** Node reads no TypeScript by itself: in development the process first takes what does. */
function launchRunner(): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts')
  const entry = fileURLToPath(new URL(`../lab/console/runner.${isSource ? 'ts' : 'js'}`, import.meta.url))
  const loader = isSource
    ? [
        '--import',
        new URL('dist/loader.mjs', pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'))).href,
      ]
    : []
  // Few helper threads, and nothing of the environment that it does not need: settings of the server hold tokens.
  const env = Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'TZ'].flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  return fork(entry, {
    execArgv: [...loader, `--max-old-space-size=${mostMemory}`, '--v8-pool-size=1'],
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
}

interface Run {
  readonly id: string
  readonly child: ChildProcess
  kept: Kept
  progress: ExperimentProgress | undefined
  /** Once it has been stopped: when it is ended by force. */
  timer: NodeJS.Timeout | undefined
  readonly ended: Promise<void>
}

export interface OpenExperiments extends Experiments {
  close(): Promise<void>
}

export function openExperiments({ folder, turn, now, onFailure, launch = launchRunner }: LabOptions): OpenExperiments {
  let made: string | undefined = folder === undefined ? undefined : path.join(folder, 'lab')
  /** The one that runs here. */
  let run: Run | undefined
  let isClosed = false
  /** Starts and removals come one after the other: each counts what is there. */
  let line: Promise<unknown> = Promise.resolve()

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = line.then(work, work)
    line = next.catch(() => undefined)
    return next
  }
  async function home(): Promise<string> {
    made ??= await mkdtemp(path.join(tmpdir(), 'sekisho-lab-'))
    return made
  }
  const placeOf = async (id: string): Promise<string> => {
    if (!experimentId.test(id)) throw new ExperimentRefused('missing', 'no such experiment')
    return path.join(await home(), id)
  }
  const resultOf = (place: string): string => path.join(place, 'result')

  async function keep(place: string, kept: Kept): Promise<void> {
    const file = path.join(place, stateFile)
    await writeFile(`${file}.new`, `${JSON.stringify(kept, null, 2)}\n`)
    await rename(`${file}.new`, file)
  }
  /** Undefined: it is none of ours, or half of one. One that nobody runs any more was stopped by the end of its server. */
  async function read(id: string): Promise<Kept | undefined> {
    if (run?.id === id) return run.kept
    try {
      const kept = keptSchema.parse(JSON.parse(await readFile(path.join(await placeOf(id), stateFile), 'utf8')))
      return isGoing(kept) ? { ...kept, state: 'stopped' } : kept
    } catch {
      return undefined
    }
  }
  const isGoing = ({ state }: Pick<Kept, 'state'>): boolean => state === 'running' || state === 'stopping'
  async function told(id: string, kept: Kept): Promise<Experiment> {
    const result = resultOf(await placeOf(id))
    return {
      id,
      ...kept,
      ...(run?.id === id && run.progress !== undefined && { progress: run.progress }),
      // Written a moment before the process is through: until then it is nobody's.
      hasReport: !isGoing(kept) && existsSync(path.join(result, 'manifest.json')),
      canResume: !isGoing(kept) && kept.state !== 'done' && existsSync(path.join(result, '.work')),
    }
  }
  async function ids(): Promise<readonly string[]> {
    if (made === undefined) return []
    const entries = await readdir(made, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    return entries
      .filter((entry) => entry.isDirectory() && experimentId.test(entry.name))
      .map(({ name }) => name)
      .sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10) || (a < b ? 1 : -1))
  }
  async function one(id: string): Promise<Experiment> {
    const kept = await read(id)
    if (kept === undefined) throw new ExperimentRefused('missing', 'no such experiment')
    return told(id, kept)
  }
  const lab = () => import('../lab/console/check.ts')

  async function launchIn(id: string, place: string, kept: Kept, text: string, resume: boolean): Promise<Experiment> {
    if (isClosed) throw new ExperimentRefused('off', 'Sekisho is stopping')
    if (!turn.take(id)) throw new ExperimentRefused('busy', 'an experiment runs already; wait for its end, or stop it')
    let own: Run | undefined
    try {
      await mkdir(path.join(place, 'base'), { recursive: true })
      await writeFile(path.join(place, textFile), text)
      await keep(place, kept)
      const child = launch()
      let lines = ''
      child.stderr?.on('data', (chunk: Buffer) => {
        lines = `${lines}${chunk.toString('utf8')}`.slice(-mostTold)
      })
      let tellPlanned: (problem: ExperimentRefused | undefined) => void = () => undefined
      const planned = new Promise<ExperimentRefused | undefined>((resolve) => {
        tellPlanned = resolve
      })
      let settle: () => void = () => undefined
      own = {
        id,
        child,
        kept,
        progress: undefined,
        timer: undefined,
        ended: new Promise((resolve) => {
          settle = resolve
        }),
      }
      const mine = own
      run = mine
      const change = (changes: Partial<Kept>): void => {
        mine.kept = { ...mine.kept, ...changes }
      }
      // Told when the process is gone: until then nobody else has the turn, and no file is read half written.
      let refusal: ExperimentRefused | undefined
      let outcome: Pick<Kept, 'state' | 'problem'> | undefined
      const fail = (problem: string): void => {
        outcome = { state: 'failed', problem }
      }
      child.on('message', (word: FromRunner) => {
        if (word.is === 'planned') {
          change({ variants: word.variants })
          tellPlanned(undefined)
        } else if (word.is === 'progress') mine.progress = word.progress
        else if (word.is === 'ended') outcome = { state: word.state }
        else if (word.is === 'refused') {
          fail(word.message)
          refusal = new ExperimentRefused('notValid', word.message, word.problems)
        } else fail(word.message)
      })
      let isOver = false
      const over = (reason: string): void => {
        if (isOver) return
        isOver = true
        clearTimeout(mine.timer)
        if (outcome === undefined) {
          if (mine.kept.state === 'stopping') outcome = { state: 'stopped' }
          else fail(`it ended before its time (${reason}); the log may say more`)
        }
        const last: Kept = { ...mine.kept, ...outcome, endedAt: now() }
        const failure = last.state === 'failed' ? (last.problem ?? 'it failed') : undefined
        if (failure !== undefined) onFailure({ experiment: id, reason: lines.trim() || failure })
        keep(place, last)
          .catch((error: unknown) =>
            onFailure({ experiment: id, reason: error instanceof Error ? error.message : 'unknown reason' }),
          )
          .finally(() => {
            run = undefined // now the file says the same
            turn.give()
            tellPlanned(failure === undefined ? undefined : (refusal ?? new ExperimentRefused('notValid', failure)))
            settle()
          })
      }
      // Its last words may come behind the news of its end: it is over when both have come, the end and the end of its words.
      let end: string | undefined
      const overIfBoth = (): void => {
        if (end !== undefined && !child.connected) over(end)
      }
      child.on('error', (error) => over(error.message))
      child.on('exit', (code, signal) => {
        end = signal ?? `code ${code ?? ''}`
        overIfBoth()
      })
      child.on('disconnect', overIfBoth)
      child.send({ do: 'run', text, base: path.join(place, 'base'), out: resultOf(place), resume } satisfies ToRunner)
      const timer = setTimeout(() => {
        fail('it took too long to be read')
        child.kill('SIGKILL')
      }, plannedWithinMs)
      const problem = await planned
      clearTimeout(timer)
      if (problem !== undefined) {
        await mine.ended
        throw problem
      }
      return await one(id)
    } catch (error) {
      if (own === undefined) turn.give()
      throw error
    }
  }

  const numberOf = (all: readonly string[]): string =>
    String(Math.max(0, ...all.map((id) => Number.parseInt(id, 10))) + 1).padStart(4, '0')

  return {
    list: async () => {
      const found: Experiment[] = []
      for (const id of await ids()) {
        const kept = await read(id)
        if (kept !== undefined) found.push(await told(id, kept))
      }
      return found
    },
    one,
    async text(id) {
      await one(id)
      return readFile(path.join(await placeOf(id), textFile), 'utf8')
    },
    presets: async () => (await lab()).presets,
    async check(text): Promise<readonly ExperimentProblem[]> {
      const found = (await lab()).checked(text)
      return 'problems' in found ? found.problems : []
    },
    start: (text) =>
      inTurn(async () => {
        const found = (await lab()).checked(text)
        if ('problems' in found) {
          const [first] = found.problems
          throw new ExperimentRefused('notValid', first?.message ?? 'not valid', found.problems)
        }
        const all = await ids()
        if (all.length >= experimentLimits.kept)
          throw new ExperimentRefused(
            'full',
            `${experimentLimits.kept} experiments are kept; remove one that is not needed any more`,
          )
        const { experiment, preset, events } = found
        const id = `${numberOf(all)}-${experiment.name}`
        const place = await placeOf(id)
        const { name, mode } = experiment
        try {
          return await launchIn(
            id,
            place,
            { name, state: 'running', mode, preset, events, startedAt: now() },
            text,
            false,
          )
        } catch (error) {
          // What was never planned has nothing to show.
          if (error instanceof ExperimentRefused) await rm(place, { recursive: true, force: true })
          throw error
        }
      }),
    async stop(id) {
      await one(id)
      if (run?.id !== id) throw new ExperimentRefused('nothingToStop', 'it does not run')
      const mine = run
      if (mine.kept.state === 'stopping') {
        mine.child.kill('SIGKILL')
        await mine.ended
        return one(id)
      }
      mine.kept = { ...mine.kept, state: 'stopping' }
      if (mine.child.connected) mine.child.send({ do: 'stop' } satisfies ToRunner)
      mine.timer = setTimeout(() => mine.child.kill('SIGKILL'), stoppedWithinMs)
      mine.timer.unref()
      return one(id)
    },
    resume: (id) =>
      inTurn(async () => {
        const found = await one(id)
        if (isGoing(found)) throw new ExperimentRefused('running', 'it runs')
        const place = await placeOf(id)
        const kept = await read(id)
        if (kept === undefined || !found.canResume)
          throw new ExperimentRefused('notResumable', 'there is nothing to go on with; start it anew')
        const text = await readFile(path.join(place, textFile), 'utf8')
        const { endedAt: _, problem: __, ...rest } = kept
        return launchIn(id, place, { ...rest, state: 'running', startedAt: now() }, text, true)
      }),
    remove: (id) =>
      inTurn(async () => {
        if (isGoing(await one(id))) throw new ExperimentRefused('running', 'it runs; stop it first')
        await rm(await placeOf(id), { recursive: true, force: true })
      }),
    async file(id, name: ExperimentFile) {
      const { hasReport } = await one(id)
      const found = hasReport
        ? await readFile(path.join(resultOf(await placeOf(id)), name)).catch(() => undefined)
        : undefined
      if (found === undefined) throw new ExperimentRefused('missing', 'there is no such file yet')
      return found
    },
    async close() {
      isClosed = true
      const mine = run
      if (mine !== undefined) {
        mine.kept = { ...mine.kept, state: 'stopping' }
        mine.child.kill('SIGKILL')
        await mine.ended
      }
      await line
      if (folder === undefined && made !== undefined) await rm(made, { recursive: true, force: true })
    },
  }
}
