// A decision with somebody left out whom the engine had heard.
import type { Decision } from '../../risk/decide.ts'

/** What the engine would have decided without a source that was heard; without a name: had nobody been. */
export interface Without extends Pick<Decision, 'transStatus' | 'transStatusReason' | 'action' | 'band'> {
  readonly source?: string | undefined
  readonly score: number
}
