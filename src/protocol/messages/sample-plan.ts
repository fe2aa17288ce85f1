// What a made-up message is about, so that its members fit each other. Spec: RES-TS, RES-TR, RES-AV, RES-DEC, RES-CM-1.
import type { JsonObject } from '../rules/conditions.ts'
import type { Place } from './sample-rows.ts'
import { pick } from './seeded.ts'

/** transStatus that an ARes of the column may have (RES-TS-1, RES-TS-4, RES-TS-8). */
function aresStatuses({ version, channel }: Place): readonly string[] {
  const since22 = version === '2.1.0' ? [] : ['D', 'I']
  const challenge = channel === '03' ? [] : ['C']
  return ['Y', 'N', 'U', 'A', 'R', ...challenge, ...since22, ...(version === '2.3.1' && channel === '02' ? ['S'] : [])]
}

const reasons: Readonly<Record<string, readonly string[]>> = {
  N: ['01', '12'],
  U: ['03', '07'],
  R: ['10', '11'],
  D: ['29', '30'],
}

const ecis: Readonly<Record<string, string>> = { Y: '05', A: '06' }

/** The members that all of an outcome hangs on. */
function outcome(place: Place, seed: number, transStatus: string): JsonObject {
  const { message, version } = place
  const reason = reasons[transStatus]
  const isReasonDue = reason !== undefined && (message === 'RReq' || transStatus !== 'D') // RES-TR-1
  const method = transStatus === 'D' ? '12' : pick(seed, 'authenticationMethod', ['02', '07'])
  const isMethodDue = (message === 'ARes' ? ['C', 'D'] : ['Y', 'N']).includes(transStatus)
  return {
    transStatus,
    ...(isReasonDue && { transStatusReason: pick(seed, 'transStatusReason', reason) }),
    ...(isMethodDue && version === '2.3.1' && { authenticationMethod: [method] }),
    ...(isMethodDue && version !== '2.3.1' && { authenticationType: transStatus === 'D' ? '04' : '02' }), // RES-DEC-2
    ...(message === 'ARes' && transStatus === 'D' && { acsDecConInd: 'Y' }),
    eci: ecis[transStatus] ?? '07',
  }
}

const threeRIInds = ({ version, category }: Place): readonly string[] => {
  if (version === '2.1.0') return ['03', '04', '05']
  return category === '01' ? ['01', '02', '06', '11'] : ['03', '04', '05', '10']
}

/** The members that decide about others; the seed chooses what is not given. */
export function steering(place: Place, seed: number, given: JsonObject, context: JsonObject | undefined): JsonObject {
  const { version, message, channel, category } = place
  const status = (list: readonly string[]): string =>
    typeof given.transStatus === 'string' ? given.transStatus : pick(seed, `${message}.transStatus`, list)
  switch (message) {
    case 'AReq':
      return channel === '03'
        ? { threeRIInd: pick(seed, 'threeRIInd', threeRIInds(place)) }
        : {
            threeDSRequestorAuthenticationInd: pick(
              seed,
              'threeDSRequestorAuthenticationInd',
              category === '01' ? ['01', '02', '03'] : ['04', '05', '06'],
            ),
          }
    case 'ARes':
      return outcome(place, seed, status(aresStatuses(place)))
    case 'RReq': {
      const fallback = version === '2.3.1' && channel !== '03' ? ['D'] : [] // RES-TS-5
      return outcome(place, seed, status(['Y', 'N', 'U', 'A', 'R', ...fallback]))
    }
    case 'CRes':
      return context?.final === true
        ? { challengeCompletionInd: 'Y', transStatus: status(['Y', 'N']) }
        : { challengeCompletionInd: 'N' }
    default:
      return {}
  }
}

/** Statuses with which an element makes sense; the table's conditions do not say it. */
const fitting: Readonly<Record<string, string>> = {
  authenticationValue: 'YA', // RES-AV-2
  transStatusReason: 'NUR', // RES-TR-1
  transStatusReasonInfo: 'NUR',
  acsChallengeMandated: 'CD', // RES-CM-1
  acsDecConInd: 'D', // RES-DEC-3
  transChallengeExemption: 'YI', // RES-EX-4
  acsURL: 'C',
  acsSignedContent: 'C',
}

/** A CReq says one thing (ACS-VAL-115). */
const answers = [
  'challengeDataEntry',
  'challengeNoEntry',
  'challengeCancel',
  'resendChallenge',
  'challengeAddCode',
  'oobContinue',
]

/** Whether an allowed element makes sense beside the others. */
export function belongs(path: string, members: JsonObject, place: Place, context: JsonObject | undefined): boolean {
  if (path.includes('.') || path === 'messageExtension') return true
  const { message, category } = place
  if (path === 'challengeCancel') return context?.cancelled === true
  if (message === 'CReq') return !(answers.includes(path) && answers.some((other) => other in members))
  if (message !== 'ARes' && message !== 'RReq') return true
  if (path === 'authenticationValue' && category === '02') return false // RES-AV-3
  const { transStatus } = members
  // Given where due; until 2.3 the DS is told the method of an RReq as well.
  if (path === 'authenticationType') return false
  if (path === 'authenticationMethod') return message === 'RReq' && (transStatus === 'Y' || transStatus === 'N')
  if (path === 'acsRenderingType' && message === 'ARes') return transStatus === 'C'
  return fitting[path]?.includes(String(transStatus)) ?? true
}
