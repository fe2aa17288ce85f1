// What is asked beside a challenge: the trust list, the binding of the device. Spec: CHL-TL-1, CHL-TL-5; Table A.1
// (threeDSRequestorChallengeInd 09, 12).
import type { Plan } from '../plan.ts'
import type { Prompt } from './state.ts'

export interface PromptsAbout {
  readonly messageVersion: string
  readonly challengeInds: readonly string[]
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
  { messageVersion, challengeInds }: PromptsAbout,
  plan: Pick<Plan, 'challenge'> | undefined,
): readonly Prompt[] | undefined {
  const planned = plan?.challenge?.prompts ?? []
  const asked = all.filter(
    (prompt) =>
      since[prompt].includes(messageVersion) &&
      (challengeInds.includes(indicators[prompt]) || planned.includes(prompt)),
  )
  return asked.length === 0 ? undefined : asked
}
