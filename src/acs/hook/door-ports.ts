// What the doors of the hook ask of the world.
import type { AReq } from '../../protocol/messages/types.ts'
import type { Door, Hearing, HookProblem, ScreeningVerdict } from '../../risk/assessment.ts'

export interface HookContext {
  readonly tenant: number
}

/** All four doors. */
export interface HookDoors {
  /** What merchant-side sources say of the purchase. Never rejects, holds nothing, and is there before the longest deadline of those who are asked is over. */
  hear(areq: AReq, context: HookContext): Promise<Hearing>
}

/** A question to a source, ready to be posted. */
export interface Question {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** By which faults on purpose know it; a question where nothing is said. */
  readonly message?: 'webhook' | undefined
  readonly threeDSServerTransID: string
  /** When nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

export type HookAnswer =
  | {
      readonly kind: 'body'
      readonly bytes: Uint8Array
      readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
    }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'unreachable' }

/** Posts questions; never rejects. Redirects are not followed. */
export interface HookLink {
  /** `onFault`: the question meets a fault on purpose. */
  ask(question: Question, onFault: (fault: string) => void): Promise<HookAnswer>
}

/** What the module of the operator is given: the AReq as it may be kept, without card number and secrets. */
export interface ModuleQuestion {
  readonly tenant: string
  readonly at: string
  readonly areq: unknown
}

export interface HookModule {
  /** Milliseconds. */
  readonly deadline: number
  /** What the module returned; rejects when it failed. Settles when the signal says so, whatever the module does. */
  ask(question: ModuleQuestion, signal: AbortSignal): Promise<unknown>
}

/** What came of a door, for the log and the counters; no secrets, no bodies. */
export interface HookWitness {
  heard(event: {
    readonly door: Door
    readonly source: string
    readonly verdict: ScreeningVerdict
    readonly ms?: number | undefined
    readonly threeDSServerTransID: string
  }): void
  unheard(event: {
    /** A door, or what else of the hook it was meant for. */
    readonly door: string
    /** Undefined: nobody that is known. */
    readonly source?: string | undefined
    readonly problem: HookProblem
    readonly ms?: number | undefined
    readonly threeDSServerTransID?: string | undefined
    /** Of what does not fit the schema. */
    readonly paths?: readonly string[] | undefined
  }): void
  /** A message was not taken, since there have been too many of this source; undefined: of an address that nobody knows. */
  limited(event: { readonly source?: string | undefined }): void
  /** Asked, and the source had nothing to say. */
  silent(event: { readonly door: Door; readonly source: string; readonly ms: number }): void
  /** A source is not asked for a while, or is asked again. */
  circuit(event: { readonly source: string; readonly isOpen: boolean }): void
}
