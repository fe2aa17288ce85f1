// What is asked beside a challenge: the trust list, the binding of the device. Spec: CHL-TL-1, CHL-TL-5; Table A.1
// (threeDSRequestorChallengeInd 09, 12).
import type { Decision } from '../../risk/decide.ts'
import type { Plan } from '../plan.ts'
import type { Prompt } from './state.ts'

export interface PromptsAbout {
  readonly messageVersion: string
  readonly challengeInds: readonly string[]
  /** Whether there is a shop, or a device, that could be kept; absent: yes. */
  readonly canKeep?: Readonly<Partial<Record<Prompt, boolean>>> | undefined
  /** What was agreed to before: a shop that asks is spared the answer, a plan asks all the same. */
  readonly isKept?: Readonly<Partial<Record<Prompt, boolean>>> | undefined
}

/** Since which version a prompt has a name in the messages. */
const since: Readonly<Record<Prompt, readonly string[]>> = {
  trustList: ['2.2.0', '2.3.1'],
  deviceBinding: ['2.3.1'],
}
const indicators: Readonly<Record<Prompt, string>> = { trustList: '09', deviceBinding: '12' }
const all: readonly Prompt[] = ['trustList', 'deviceBinding']

/** Undefined: nothing. */
export function promptsFor(
  { messageVersion, challengeInds, canKeep = {}, isKept = {} }: PromptsAbout,
  plan: Pick<Plan, 'challenge'> | undefined,
): readonly Prompt[] | undefined {
  const planned = plan?.challenge?.prompts ?? []
  const asked = all.filter(
    (prompt) =>
      since[prompt].includes(messageVersion) &&
      canKeep[prompt] !== false &&
      ((challengeInds.includes(indicators[prompt]) && isKept[prompt] !== true) || planned.includes(prompt)),
  )
  return asked.length === 0 ? undefined : asked
}

/** The decision, with what now waits for the cardholder's word: P and 03 (CHL-TL-3, CHL-TL-4). */
export function waitingFor(
  decision: Decision,
  prompts: readonly Prompt[] | undefined,
  isKept: PromptsAbout['isKept'],
): Decision {
  if (prompts === undefined) return decision
  const waits = (prompt: Prompt): boolean => prompts.includes(prompt) && isKept?.[prompt] !== true
  return {
    ...decision,
    ...(prompts.includes('trustList') && { trustListStatus: waits('trustList') ? 'P' : 'Y' }),
    ...(prompts.includes('deviceBinding') && { deviceBindingStatus: waits('deviceBinding') ? '03' : '14' }),
  }
}
