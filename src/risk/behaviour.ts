/**
 * How something was entered: counts and times, never what. From the challenge page, or from a shop by the risk hook.
 * It comes from a browser and may be made up, so it is read carefully and weighed lightly; without a script there is none.
 */
import { z } from 'zod'

const count = z.int().min(0).max(9_999)
/** Milliseconds, at most a day. */
const ms = z.number().min(0).max(86_400_000)

/** What is sent. `unseen`: the field was filled, and nothing was seen that filled it. */
export const behaviourSchema = z.object({
  keys: count,
  pastes: count.default(0),
  /** Filled in by the browser or the keyboard: a code taken from a text message, a password from a manager. */
  fills: count.default(0),
  corrections: count.default(0),
  /** Presses of a mouse, a finger or a pen. */
  taps: count.default(0),
  /** Keys, presses and pastes that a script made. */
  scripted: count.default(0),
  unseen: z.boolean().default(false),
  /** From the moment that the page is there to the first key, paste or fill, and to the end. */
  toFirst: ms.optional(),
  total: ms,
  /** Mean time between two keys, and the standard deviation of it. */
  gapMean: ms.optional(),
  gapSpread: ms.optional(),
})

export type BehaviourFacts = {
  readonly keys: number
  readonly pastes: number
  readonly fills: number
  readonly corrections: number
  readonly taps: number
  readonly scripted: number
  readonly isUnseen: boolean
  readonly msToFirst: number | undefined
  readonly msTotal: number
  /** 1: every key after the same time, as a machine does; 0: people. Undefined: too few keys to say. */
  readonly evenness: number | undefined
}

/** Of an honest script it has about 200 characters. */
export const longestBehaviour = 512

/** An object, or its JSON text; undefined for whatever is not what it should be. */
export function behaviourOf(data: unknown): BehaviourFacts | undefined {
  const { success, data: said } = behaviourSchema.safeParse(typeof data === 'string' ? parsed(data) : data)
  if (!success || (said.toFirst !== undefined && said.toFirst > said.total)) return undefined
  const { keys, pastes, fills, corrections, taps, scripted, unseen, toFirst, total } = said
  return {
    keys,
    pastes,
    fills,
    corrections,
    taps,
    scripted,
    isUnseen: unseen,
    msToFirst: toFirst === undefined ? undefined : Math.round(toFirst),
    msTotal: Math.round(total),
    evenness: evennessOf(said),
  }
}

function parsed(text: string): unknown {
  if (text === '' || text.length > longestBehaviour) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Three gaps are the fewest that can be even by anything but chance. */
const fewestKeys = 4

/** People's gaps spread by half their mean and more; one that is ten times smaller is a machine's. */
function evennessOf({ keys, gapMean, gapSpread }: z.output<typeof behaviourSchema>): number | undefined {
  if (keys < fewestKeys || gapMean === undefined || gapSpread === undefined) return undefined
  if (gapMean === 0) return 1
  return Math.round(Math.max(0, 1 - (2 * gapSpread) / gapMean) * 100) / 100
}

/** From 0 at the first number to 1 at the second. */
const along = (value: number, from: number, to: number): number =>
  Math.min(1, Math.max(0, (value - from) / (to - from)))

/** Events that a script made, or none at all where something was entered, are no hands. */
export const isScripted = ({ scripted, isUnseen }: BehaviourFacts): boolean => scripted > 0 || isUnseen

/** Options are tapped in no time; what is typed, pasted or filled in was read somewhere before. */
export const hasEntered = ({ keys, pastes, fills }: BehaviourFacts): boolean => keys + pastes + fills > 0

/**
 * How the code of a challenge was entered. 0: as people do; 1: as no person does. A code has to be looked up and read:
 * whoever answers within a second of seeing the page has not.
 */
export function machineLikeness(behaviour: BehaviourFacts): number {
  if (isScripted(behaviour)) return 1
  const { msTotal, evenness = 0 } = behaviour
  const hurry = hasEntered(behaviour) ? 1 - along(msTotal, 1_000, 3_000) : 0
  return Math.max(hurry, along(evenness, 0.8, 0.95))
}

/** More like a machine than like a person. */
export const isMachine = (behaviour: BehaviourFacts): boolean => machineLikeness(behaviour) > 0.5
