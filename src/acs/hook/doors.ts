// The four doors of the hook, opened for one AReq: what it carries, what was told ahead, who is asked, what the module says. The
// first that is heard of a source counts, in that order. Whatever comes, or does not, the AReq goes on.
import { maskMessage } from '../../protocol/mask.ts'
import type { AReq } from '../../protocol/messages/types.ts'
import {
  type Door,
  type Heard,
  type Hearing,
  type HookProblem,
  nothingHeard,
  type Unheard,
} from '../../risk/assessment.ts'
import type { Clock, Stopwatch } from '../ports.ts'
import { toldAhead } from './ahead.ts'
import { createAnswersSeen, isFailure, judgeAnswer, questionFor } from './asked.ts'
import type { Judged, PathProblem, Purchase } from './check.ts'
import { type Circuit, createCircuit } from './circuit.ts'
import type { HookContext, HookDoors, HookLink, HookModule, HookWitness } from './door-ports.ts'
import { carriedBy, readToken } from './extension.ts'
import { readReturned } from './module.ts'
import type { HookReads } from './ports.ts'
import type { Refusals } from './refusals.ts'
import { type HookSource, type HookSources, mayUse } from './sources.ts'

export interface DoorsPorts {
  readonly sources: () => HookSources
  readonly hook: Pick<HookReads, 'ahead'>
  readonly refusals: Refusals
  readonly clock: Pick<Clock, 'now'>
  /** Real time: somebody waits. */
  readonly stopwatch: Stopwatch
  readonly witness: HookWitness
  /** Absent: nobody is asked. */
  readonly link?: HookLink | undefined
  readonly module?: HookModule | undefined
  /** As modules know the tenant. */
  readonly tenantName: string
  /** Something of ours failed; the AReq goes on without the hook. */
  readonly onFailure: (error: unknown) => void
}

export interface OpenDoors extends HookDoors {
  /** Whether a source is left alone for a while. */
  isOpen(source: string): boolean
}

/** Something that was heard, or not, with what the log may know beside the record. */
type Found =
  | { readonly heard: Heard }
  | { readonly unheard: Unheard; readonly problems?: readonly PathProblem[] | undefined }

const foundOf = (
  door: Door,
  source: string | undefined,
  judged: Judged,
  more: { readonly ms?: number; readonly fault?: string | undefined } = {},
): Found => {
  const { ms, fault } = more
  const took = ms === undefined ? {} : { ms }
  return 'assessment' in judged
    ? { heard: { door, assessment: judged.assessment, ...took } }
    : {
        unheard: {
          door,
          ...(source !== undefined && { source }),
          problem: judged.problem,
          ...took,
          ...(fault !== undefined && { fault }),
        },
        problems: judged.problems,
      }
}

const rounded = (ms: number): number => Math.max(0, Math.round(ms * 10) / 10)

/** The module is a source of its own where circuits are concerned. */
const moduleCircuit = 'module\u0000'
const moduleTerms = { failures: 5, openFor: 10_000 }

export function openDoors(ports: DoorsPorts): OpenDoors {
  const { witness } = ports
  const circuits = new Map<string, Circuit>()
  const seen = createAnswersSeen()
  const circuitOf = (name: string): Circuit => {
    const found = circuits.get(name) ?? createCircuit()
    circuits.set(name, found)
    return found
  }

  /** Runs `work` as long as somebody waits for it; 'timeout' when it is over. */
  async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T | 'timeout'> {
    const over = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<'timeout'>((resolve) => {
      timer = setTimeout(() => resolve('timeout'), ms)
    })
    try {
      return await Promise.race([work(over.signal), limit])
    } finally {
      clearTimeout(timer)
      over.abort()
    }
  }

  function settle(name: string, shown: string, hasFailed: boolean, terms: { failures: number; openFor: number }): void {
    const change = circuitOf(name).ended(hasFailed, ports.stopwatch(), terms)
    if (change !== undefined) witness.circuit({ source: shown, isOpen: change === 'opened' })
  }

  async function ask(
    source: HookSource,
    purchase: Purchase,
    masked: () => Readonly<Record<string, unknown>>,
  ): Promise<readonly Found[]> {
    const { ask: terms } = source
    const { link } = ports
    if (terms === undefined || link === undefined) return []
    const door = 'asked'
    const from = ports.stopwatch()
    if (!circuitOf(source.name).mayAsk(from)) return [foundOf(door, source.name, { problem: 'circuitOpen' })]
    let fault: string | undefined
    let judged: Judged | undefined
    try {
      const question = questionFor(source, purchase, masked(), ports.clock.now())
      const answer = await within(terms.deadline, (signal) =>
        link.ask({ ...question, signal }, (met) => {
          fault = met
        }),
      )
      judged =
        answer === 'timeout'
          ? { problem: 'timeout' }
          : judgeAnswer(answer, { source, purchase, now: ports.clock.now(), seen })
    } catch (error) {
      ports.onFailure(error)
      judged = { problem: 'unreachable' }
    }
    const ms = rounded(ports.stopwatch() - from)
    settle(source.name, source.name, judged !== undefined && 'problem' in judged && isFailure(judged), terms)
    if (judged === undefined) {
      witness.silent({ door, source: source.name, ms })
      return []
    }
    return [foundOf(door, source.name, judged, { ms, fault })]
  }

  async function askModule(
    module: HookModule,
    sources: HookSources,
    purchase: Purchase,
    masked: () => Readonly<Record<string, unknown>>,
  ): Promise<readonly Found[]> {
    const door = 'module'
    const speakers = sources.list.filter((source) => mayUse(source, door, purchase.acquirerMerchantID))
    const [one, ...others] = speakers
    if (one === undefined) return []
    const speaker = others.length === 0 ? one.name : undefined
    const from = ports.stopwatch()
    if (!circuitOf(moduleCircuit).mayAsk(from)) return [foundOf(door, speaker, { problem: 'circuitOpen' })]
    const now = ports.clock.now()
    const question = { tenant: ports.tenantName, at: new Date(now).toISOString(), areq: masked() }
    let problem: HookProblem | undefined
    let returned: unknown
    try {
      // What it returns may be the word itself.
      const answer = await within(module.deadline, async (signal) => ({ value: await module.ask(question, signal) }))
      if (answer === 'timeout') problem = 'timeout'
      else returned = answer.value
    } catch {
      problem = 'moduleFailed'
    }
    const ms = rounded(ports.stopwatch() - from)
    settle(moduleCircuit, speaker ?? 'module', problem !== undefined, moduleTerms)
    if (problem !== undefined) return [foundOf(door, speaker, { problem }, { ms })]
    const said = readReturned(returned, { sources, purchase, now })
    if (said.length === 0 && speaker !== undefined) witness.silent({ door, source: speaker, ms })
    return said.map(({ source, judged }) => foundOf(door, source ?? speaker, judged, { ms }))
  }

  async function listen(areq: AReq, { tenant }: HookContext, sources: HookSources): Promise<Hearing> {
    const { threeDSServerTransID, acquirerMerchantID } = areq
    const purchase: Purchase = { threeDSServerTransID, acquirerMerchantID }
    const now = ports.clock.now()
    let kept: Readonly<Record<string, unknown>> | undefined
    const masked = (): Readonly<Record<string, unknown>> => {
      kept ??= JSON.parse(maskMessage(areq)) as Readonly<Record<string, unknown>>
      return kept
    }
    const heard = new Map<string, Heard>()
    const unheard: Unheard[] = []
    const take = (found: Found): void => {
      if ('unheard' in found) {
        const { source, ...rest } = found.unheard
        unheard.push(found.unheard)
        const paths = found.problems?.map(({ path }) => path)
        const known = source === undefined ? undefined : sources.get(source)?.name
        witness.unheard({ ...rest, source: known, threeDSServerTransID, ...(paths !== undefined && { paths }) })
        return
      }
      const { assessment, door, ms } = found.heard
      const { source, verdict } = assessment
      if (heard.has(source)) return
      heard.set(source, found.heard)
      witness.heard({ door, source, verdict, ms, threeDSServerTransID })
    }

    const carried = carriedBy(areq.messageExtension)
    for (const token of carried.tokens) {
      const read = await readToken(token, { sources, purchase, now })
      take('judged' in read ? foundOf('areq', read.source.name, read.judged) : { unheard: read })
    }
    for (const read of toldAhead(ports, { tenant, sources, purchase, now }))
      if ('judged' in read) take(foundOf('ahead', read.source.name, read.judged))
      else unheard.push(read) // counted when it was refused

    for (const name of carried.ask)
      if (!mayBeAsked(sources.get(name), acquirerMerchantID))
        take({ unheard: { door: 'asked', problem: 'unknownSource' } })
    const wanted = sources.list.filter(
      (source) =>
        !heard.has(source.name) &&
        mayBeAsked(source, acquirerMerchantID) &&
        (source.ask?.when === 'always' || carried.ask.includes(source.name)),
    )
    const { module } = ports
    const found = await Promise.all([
      ...wanted.map((source) => ask(source, purchase, masked)),
      ...(module === undefined ? [] : [askModule(module, sources, purchase, masked)]),
    ])
    for (const one of found.flat()) take(one)
    return heard.size === 0 && unheard.length === 0 ? nothingHeard : { heard: [...heard.values()], unheard }
  }

  return {
    async hear(areq, context) {
      const sources = ports.sources()
      if (sources.list.length === 0) return nothingHeard
      try {
        return await listen(areq, context, sources)
      } catch (error) {
        ports.onFailure(error)
        return nothingHeard
      }
    },
    isOpen: (source) => circuits.get(source)?.isOpen(ports.stopwatch()) ?? false,
  }
}

const mayBeAsked = (source: HookSource | undefined, merchant: string | undefined): boolean =>
  source?.ask !== undefined && mayUse(source, 'asked', merchant)
