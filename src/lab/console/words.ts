// What the server and the process that runs an experiment say to each other.
import type { ExperimentProblem, ExperimentProgress } from '../../acs/experiments.ts'

export type ToRunner =
  | {
      readonly do: 'run'
      readonly text: string
      /** Empty folder that paths would be relative to. */
      readonly base: string
      readonly out: string
      readonly resume: boolean
    }
  | { readonly do: 'stop' }

export type FromRunner =
  | { readonly is: 'planned'; readonly variants: number }
  | { readonly is: 'progress'; readonly progress: ExperimentProgress }
  | { readonly is: 'ended'; readonly state: 'done' | 'partial' | 'stopped' }
  | { readonly is: 'refused'; readonly message: string; readonly problems: readonly ExperimentProblem[] }
  | { readonly is: 'failed'; readonly message: string }
