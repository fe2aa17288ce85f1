// How a plan lets a challenge end, in what the version of the transaction can say; what it cannot becomes what is nearest, and the
// record says so. Spec: Table A.1; CHL-CAN-1, CHL-TMR-4, RES-TR-1, RES-TR-2, RES-TS-5, RES-AV-2, VER-23-34.
import { elements } from '../../protocol/tables/elements.ts'
import { reasonFor } from '../../protocol/tables/reasons.ts'
import type { Ending as PlannedEnding } from '../plan.ts'
import type { Transaction } from '../ports.ts'
import { rulesOf } from './limits.ts'
import type { Bent, Ending, Limits, Verdict } from './state.ts'

export type EndingAbout = Pick<Transaction, 'messageVersion' | 'deviceChannel' | 'transStatus'> & {
  readonly details: Pick<Transaction['details'], 'decReqInd'>
}

/** Codes of the payment systems (80 to 99) are known to no DS of ours; what leaves is checked by the table (ACS-VAL-36). */
const codesOf = (codes: Readonly<Record<string, string>>, version: string): readonly string[] =>
  (codes[version] ?? '').split(' ')

const isReason = (version: string, code: string): boolean =>
  codesOf(elements.transStatusReason.codes, version).includes(code)

const isCancel = (version: string, code: string): boolean =>
  codesOf(elements.challengeCancel.codes, version).includes(code)

/** [2.3.1] D hands over to a decoupled authentication that the requestor has offered (RES-TS-5). */
const canHandOver = ({ messageVersion, transStatus, details: { decReqInd } }: EndingAbout): boolean =>
  messageVersion === '2.3.1' && transStatus === 'C' && (decReqInd === 'F' || decReqInd === 'B')

/** Decoupled time that ran out was a timeout of the ACS, and an Erro that was told a transaction error, before they had names. */
const olderCancels: Readonly<Record<string, string>> = { '03': '04', '09': '06', '10': '06' }

/** An abandoned challenge has neither been passed nor attempted, and no authentication value (RES-AV-2). */
function cancelFor(about: EndingAbout, status: string, asked: string | undefined): string | undefined {
  if (asked === undefined || !['N', 'U', 'R'].includes(status)) return undefined
  const { messageVersion, deviceChannel } = about
  // The Erro that 09 and 10 report has no place in 3RI.
  const isTold = deviceChannel !== '03' || !['09', '10'].includes(asked)
  if (isTold && isCancel(messageVersion, asked)) return asked
  return olderCancels[asked] ?? '07'
}

function reasonOf(
  { messageVersion: version }: EndingAbout,
  status: Verdict['transStatus'],
  asked: string | undefined,
  cancel: string | undefined,
  usualCancelReason: string,
): string | undefined {
  const isTimeout = cancel === '04' || cancel === '05'
  if (status === 'D') return asked === '29' || asked === '30' ? asked : '29'
  if (status === 'Y' || status === 'A') return undefined
  if (asked === '14') return isTimeout ? '14' : reasonFor(version, status)
  const older = asked === undefined ? undefined : reasonFor(version, status, asked)
  if (older !== undefined && isReason(version, older)) return older
  if (isTimeout) return '14' // CHL-TMR-4
  if (cancel === '01') return usualCancelReason
  return reasonFor(version, status, cancel === '03' ? '24' : undefined)
}

/** The Erro that 09 says came from the client, and 10 that it was answered with (CHL-CAN-9). */
const erroOf = (cancel: string | undefined): Verdict['erro'] =>
  cancel === '09' || cancel === '10'
    ? { errorCode: '403', errorDetail: 'planned', ...(cancel === '09' && { by: 'C' as const }) }
    : undefined

/** Undefined: the plan leaves the end to the cardholder. */
export function fitEnding(planned: PlannedEnding | undefined, about: EndingAbout, limits: Limits): Ending | undefined {
  if (planned === undefined) return undefined
  const transStatus = planned.transStatus === 'D' && !canHandOver(about) ? 'U' : planned.transStatus
  const isTimeout = planned.transStatusReason === '14' && ['N', 'U', 'R'].includes(transStatus)
  // A decoupled authentication shows no page: what waits for one begins with the ARes.
  const on = about.transStatus === 'D' && planned.on === 'page' ? 'start' : planned.on
  // Reason 14 comes with one of two codes, and says nothing without them (CHL-TMR-4).
  const timeout = on === 'start' && about.transStatus !== 'D' ? '05' : '04'
  const asked = planned.challengeCancel ?? (isTimeout ? timeout : undefined)
  const fitted = cancelFor(about, transStatus, asked)
  const challengeCancel = isTimeout && fitted !== '04' && fitted !== '05' ? timeout : fitted
  const { cancelReason = limits.cancelReason } = rulesOf(limits, about.messageVersion)
  const transStatusReason = reasonOf(about, transStatus, planned.transStatusReason, challengeCancel, cancelReason)
  const erro = erroOf(challengeCancel)
  const given = { transStatus, transStatusReason, challengeCancel }
  const bent = (['transStatus', 'transStatusReason', 'challengeCancel'] as const).flatMap((element): Bent[] => {
    const wanted = planned[element]
    return wanted === undefined || wanted === given[element] ? [] : [{ element, asked: wanted }]
  })
  return {
    transStatus,
    ...(transStatusReason !== undefined && { transStatusReason }),
    ...(challengeCancel !== undefined && { challengeCancel }),
    ...(erro !== undefined && { erro }),
    ...(bent.length > 0 && { bent }),
    on,
    ...(planned.after !== undefined && { after: planned.after }),
  }
}
