// What a CReq of the app channel may say, given the CRes it answers. Spec: Tables A.1, A.16, section 6.2.4; ACS-VAL-112…129,
// 163…165, TOL-6. The context holds `CRes` (the last one; none: this is the first CReq), `CReq` (the one before) and
// `sdkCounterStoA` (the number that the ACS expects).
import type { ErrorCode } from '../tables/errors.ts'
import type { Column } from './column.ts'
import { inContext, isContextPresent, isMissing, type JsonObject, type Surroundings } from './conditions.ts'
import type { Report, Step } from './steps.ts'

type Say = (step: Step | 'warnings', errorCode: ErrorCode, element: string, rule: string) => void

const isAtLeast22 = (version: string): boolean => version !== '2.1.0'
const is23 = (version: string): boolean => version === '2.3.1'

/** Native templates that wait for an answer: text, single select, multi select. */
const asksForAnswer: readonly unknown[] = ['01', '02', '03']

const isThere = (message: JsonObject, name: string): boolean => message[name] !== undefined

/** The names of the choices that the message makes, in template `uiType` (ACS-VAL-115, 116, 164). */
function choicesOf(
  message: JsonObject,
  { context }: Surroundings,
  version: string,
  uiType: unknown,
): readonly string[] {
  const isTwoOffered = uiType === '01' && isContextPresent(context, 'CRes.challengeEntryBoxTwo')
  const hasTwo = is23(version) && isTwoOffered && isThere(message, 'challengeDataEntryTwo')
  const entry = isThere(message, 'challengeDataEntry') ? 'challengeDataEntry' : 'challengeDataEntryTwo'
  return [
    ...(isThere(message, 'challengeDataEntry') || hasTwo ? [entry] : []),
    ...(isThere(message, 'challengeNoEntry') ? ['challengeNoEntry'] : []),
    ...(isThere(message, 'challengeCancel') ? ['challengeCancel'] : []),
    ...(uiType === '01' && message.resendChallenge === 'Y' ? ['resendChallenge'] : []),
    ...(is23(version) && isThere(message, 'challengeAddCode') && isContextPresent(context, 'CRes.challengeAddLabel')
      ? ['challengeAddCode']
      : []),
  ]
}

/** A stray `challengeNoEntry` beside another choice: an SDK in wide use sends it (MIS-VER-5, TOL-6). */
const isStray = (choices: readonly string[]): boolean =>
  choices.length === 2 &&
  choices.includes('challengeNoEntry') &&
  !choices.some((name) => name.startsWith('challengeData'))

/** Only a text can be sent again; before 2.3.1 the value is well-formed all the same (CHL-RSD-1). */
function reportResend(message: JsonObject, { context }: Surroundings, { version, profile }: Column, say: Say): void {
  const isElsewhere = ['02', '03', '04'].some((uiType) => uiType === inContext(context, 'CRes.acsUiType'))
  if (isElsewhere && message.resendChallenge === 'Y' && !is23(version))
    say(profile === 'strict' ? 'wrong' : 'warnings', '203', 'resendChallenge', 'ACS-VAL-115')
}

/** Exactly one choice for the templates 01–03 (ACS-VAL-115, ACS-VAL-117). */
function reportChoice(message: JsonObject, around: Surroundings, { version, profile }: Column, say: Say): void {
  const uiType = inContext(around.context, 'CRes.acsUiType')
  if (!asksForAnswer.includes(uiType) || !isAtLeast22(version)) return
  const choices = choicesOf(message, around, version, uiType)
  if (choices.length === 0) {
    for (const name of ['challengeDataEntry', 'challengeNoEntry'])
      if (is23(version)) say('wrong', '203', name, 'ACS-VAL-115')
      else say('missing', '201', name, 'ACS-VAL-115')
  } else if (choices.length > 1) {
    if (profile === 'lenient' && isStray(choices)) dropNoEntry(message, say)
    else for (const name of choices) say('wrong', '203', name, 'ACS-VAL-115')
  }
}

/** Beside what an out-of-band template waits for, `challengeNoEntry` says nothing (TOL-6). */
function reportStrayOutOfBand(message: JsonObject, around: Surroundings, { version, profile }: Column, say: Say): void {
  const isOutOfBand = ['04', '06'].some((uiType) => uiType === inContext(around.context, 'CRes.acsUiType'))
  if (!isOutOfBand || !isAtLeast22(version) || !isThere(message, 'challengeNoEntry')) return
  const others = ['challengeCancel', 'oobContinue'].filter((name) => isThere(message, name))
  if (others.length === 0) return
  if (profile === 'lenient') dropNoEntry(message, say)
  else for (const name of ['challengeNoEntry', ...others]) say('wrong', '203', name, 'ACS-VAL-115')
}

function dropNoEntry(message: JsonObject, say: Say): void {
  say('warnings', '203', 'challengeNoEntry', 'TOL-6')
  Reflect.deleteProperty(message, 'challengeNoEntry') // as absent; the message was parsed for this check
}

/** An answer to a prompt that the CRes showed; without one the lenient profile reads N (ACS-VAL-126). */
const prompts = [
  { element: 'whitelistingDataEntry', versions: ['2.2.0'], shownBy: 'CRes.whitelistingInfoText' },
  { element: 'trustListDataEntry', versions: ['2.3.1'], shownBy: 'CRes.trustListInfoText' },
  { element: 'deviceBindingDataEntry', versions: ['2.3.1'], shownBy: 'CRes.deviceBindingInfoText' },
] as const

function reportPrompts(message: JsonObject, { context }: Surroundings, { version, profile }: Column, say: Say): void {
  if (isThere(message, 'challengeCancel')) return
  for (const { element, versions, shownBy } of prompts) {
    if (!versions.some((one) => one === version) || !isContextPresent(context, shownBy)) continue
    if (message[element] === undefined)
      say(profile === 'strict' ? 'missing' : 'warnings', '201', element, 'ACS-VAL-126')
  }
}

/** The counter is the one expected, and never the last number (ACS-VAL-112, CHL-CTR-2). */
function reportCounter({ sdkCounterStoA: counter }: JsonObject, { context }: Surroundings, say: Say): void {
  const expected = context?.sdkCounterStoA
  if (typeof counter !== 'string' || !/^[0-9]{3}$/.test(counter)) return
  if (counter === '255' || (typeof expected === 'string' && counter !== expected))
    say('transaction', '302', 'sdkCounterStoA', 'ACS-VAL-112')
}

/** Adds to `report` what the rules of one element cannot say. */
export function reportCReq(message: JsonObject, around: Surroundings, column: Column, report: Report): void {
  const say: Say = (step, errorCode, element, rule) => {
    report[step].push({ errorCode, element, at: `$.${element}`, rule })
  }
  const isFirst = message.sdkCounterStoA === '000' && !isContextPresent(around.context, 'CRes.acsUiType')
  if (isFirst && message.challengeNoEntry === 'Y' && column.profile === 'lenient') dropNoEntry(message, say) // ACS-VAL-114
  reportResend(message, around, column, say)
  reportChoice(message, around, column, say)
  reportStrayOutOfBand(message, around, column, say)
  reportPrompts(message, around, column, say)
  reportCounter(message, around, say)
  const isUrlDropped =
    is23(column.version) &&
    isContextPresent(around.context, 'CReq.threeDSRequestorAppURL') &&
    isMissing(message.threeDSRequestorAppURL)
  if (isUrlDropped) say('missing', '201', 'threeDSRequestorAppURL', 'ACS-VAL-128')
}
