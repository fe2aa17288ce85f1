// What a test asks most, in fewer words than the operations behind it.

import type { Api } from './api.ts'
import type { Fault, FaultRule, NewFaultRule, Operations, Plan } from './generated.ts'
import { SekishoError } from './http.ts'

/** Milliseconds, or a time such as 250ms, 4s, 10m, 2h, 7d. */
export type Duration = number | string

type Body<Id extends keyof Operations> = Operations[Id]['takes'] extends { readonly body: infer B } ? B : never
type Query<Id extends keyof Operations> = Operations[Id]['takes'] extends { readonly query?: infer Q } ? Q : never
type Gives<Id extends keyof Operations> = Operations[Id]['gives']

export type StubMatch = Body<'addStub'>['match']
export type StubOptions = Omit<Body<'addStub'>, 'match' | 'then'>
export type ClockState = Gives<'moveClock'>

/** Which messages are meant, how many, in what order; see docs/journal.md. */
export type Expectation = Body<'verifyJournal'>

/** The expectation was not met; the message says what was found in its place. */
export class UnmetExpectation extends Error {
  override readonly name = 'UnmetExpectation'
}

export interface Moves {
  /** Plans the answer of the next AReqs that match. */
  stub(match: StubMatch, then: Plan, options?: StubOptions): Promise<Gives<'addStub'>>
  readonly inbox: {
    /** The newest message with a code, of a transaction or of all; waits for it (5 s). */
    latest(about?: Omit<Query<'latestCode'>, 'wait'>, wait?: Duration): Promise<Gives<'latestCode'>>
    /** The code in it. */
    code(acsTransID: string, wait?: Duration): Promise<string>
  }
  readonly journal: {
    /** Resolves when it is met; otherwise an UnmetExpectation that says what was found. */
    verify(expectation: Expectation): Promise<void>
    /** Messages that fit, as `GET /journal` finds them. */
    search(query?: Query<'searchJournal'>): Promise<Gives<'searchJournal'>>
    /** Equal for equal seeds. */
    canonical(): Promise<string>
  }
  readonly clock: {
    state(): Promise<ClockState>
    /** What is due on the way is over when this resolves. */
    advance(by: Duration): Promise<ClockState>
    set(at: Date | string): Promise<ClockState>
    freeze(at?: Date | string): Promise<ClockState>
    run(): Promise<ClockState>
  }
  readonly scenarios: {
    /** The scenario table as it is written. */
    yaml(): Promise<string>
    replace(yaml: string): Promise<void>
    /** What is wrong with a table; empty: nothing. */
    check(yaml: string): Promise<readonly ScenarioProblem[]>
  }
  readonly faults: {
    /** `faults.add('ACS→DS', { kind: 'drop' }, { message: 'RReq', times: 2 })` */
    add(link: NewFaultRule['link'], fault: Fault, options?: Omit<NewFaultRule, 'link' | 'fault'>): Promise<FaultRule>
    clear(): Promise<void>
  }
  /** Forgets everything of the tenant; a seed begins anew. */
  reset(options?: Body<'resetTenant'>): Promise<Gives<'resetTenant'>>
}

export type ScenarioProblem = Gives<'checkScenarios'>['problems'][number]

const written = (at: Date | string): string => (at instanceof Date ? at.toISOString() : at)
const waiting = (wait: Duration): string => (typeof wait === 'number' ? `${wait}ms` : wait)

export function createMoves(api: Api): Moves {
  const latest: Moves['inbox']['latest'] = (about = {}, wait = '5s') =>
    api.latestCode({ query: { ...about, wait: waiting(wait) } })
  return {
    stub: (match, then, options) => api.addStub({ body: { match, then, ...options } }),
    inbox: {
      latest,
      async code(acsTransID, wait) {
        const { code, id } = await latest({ acsTransID }, wait)
        if (code === undefined) throw new SekishoError('inbox.code', 200, 'code', `message ${id} holds none`)
        return code
      },
    },
    journal: {
      async verify(expectation) {
        const { ok, difference, expected } = await api.verifyJournal({ body: expectation })
        if (!ok) throw new UnmetExpectation(difference ?? `not met: ${expected}`)
      },
      search: (query = {}) => api.searchJournal({ query }),
      canonical: () => api.exportJournal({ query: { form: 'canonical' } }),
    },
    clock: {
      state: () => api.readClock(),
      advance: (by) => api.moveClock({ body: { advance: by } }),
      set: (at) => api.moveClock({ body: { set: written(at) } }),
      freeze: (at) => api.moveClock({ body: { freeze: true, ...(at !== undefined && { at: written(at) }) } }),
      run: () => api.moveClock({ body: { run: true } }),
    },
    scenarios: {
      yaml: async () => (await api.getScenarios()).yaml,
      async replace(yaml) {
        await api.replaceScenarios({ body: { yaml } })
      },
      check: async (yaml) => (await api.checkScenarios({ body: { yaml } })).problems,
    },
    faults: {
      add: (link, fault, options) => api.addFault({ body: { link, fault, ...options } }),
      async clear() {
        await api.deleteFaults()
      },
    },
    reset: (body = {}) => api.resetTenant({ body }),
  }
}
