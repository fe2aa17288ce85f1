// What the result page shows of a purchase: the elements of 3-D Secure in words, what goes to authorisation for the card's
// scheme, what each acceptance policy makes of it, and the steps on the way.
import { authenticationValues } from '../../protocol/tables/authentication-values.ts'
import { schemes } from '../../protocol/tables/schemes.ts'
import { schemeOf } from '../cards.ts'
import type { Order } from '../store.ts'
import type { TransactionStatus } from '../threeds-server/api.ts'
import { isAtLeast } from '../versions.ts'
import { eciClassOf } from './acquirer.ts'
import { type Acceptance, acceptances, type Checkout } from './checkout.ts'
import { isPayment } from './follow-ups.ts'
import { type Step, stepsOf } from './order.ts'
import {
  cancelKey,
  type Ending,
  endingOf,
  headlineKey,
  type Outcome,
  outcomeOf,
  reasonKey,
  type Tone,
  toneOf,
  type Verdict,
  verdictOf,
} from './outcome.ts'
import type { TextKey } from './texts.ts'

export interface Row {
  readonly name: string
  readonly value: string
  readonly meaning?: TextKey
  /** Words of another party, as they came. */
  readonly text?: string
}

export interface ResultCard {
  readonly outcome: Outcome
  readonly ending: Ending
  readonly tone: Tone
  readonly headline: TextKey
  readonly rows: readonly Row[]
  readonly scheme: { readonly name: string; readonly program: string } | undefined
  /** Empty when nothing is sent. */
  readonly authorisation: readonly {
    readonly name: string
    readonly key?: TextKey
    readonly value: string | undefined
  }[]
  readonly verdicts: readonly {
    readonly acceptance: Acceptance
    readonly verdict: Verdict
    readonly isChosen: boolean
  }[]
  readonly steps: readonly Step[]
  readonly raw: string | undefined
}

const statusKeys = ['Y', 'A', 'N', 'U', 'R', 'I', 'C', 'D', 'S'] as const
const statusKey = (transStatus: string): TextKey | undefined => {
  const known = statusKeys.find((status) => status === transStatus)
  return known === undefined ? undefined : `transStatus.${known}`
}

const listCodes = ['Y', 'N', 'E', 'P', 'R', 'U'] as const
const deviceCodes = ['01', '02', '03', '04', '05', '11', '12', '13', '14', '15'] as const
const exemptions = ['05', '08', '10', '11', '79'] as const

/** The text of a code, where it is a known one. */
function keyOf<const Kind extends string, const Code extends string>(
  kind: Kind,
  codes: readonly Code[],
  code: string | undefined,
): `meaning.${Kind}.${Code}` | undefined {
  const known = codes.find((one) => one === code)
  return known === undefined ? undefined : `meaning.${kind}.${known}`
}

function rowsOf(order: Order, status: TransactionStatus | undefined, isWaiting: boolean): readonly Row[] {
  const rows: Row[] = []
  const add = (name: string, value: string | undefined, more: Omit<Row, 'name' | 'value'> = {}): void => {
    if (value !== undefined) rows.push({ name, value, ...more })
  }
  const { transStatus, transStatusReason, challengeCancel, eci, erro } = status ?? {}
  const meaning = (key: TextKey | undefined) => (key === undefined ? {} : { meaning: key })
  const claim = eciClassOf(schemeOf(order.card ?? '') ?? '', eci)
  add('card', order.card)
  if (!isWaiting && transStatus !== undefined) add('transStatus', transStatus, meaning(statusKey(transStatus)))
  if (transStatusReason !== undefined)
    add('transStatusReason', transStatusReason, meaning(reasonKey(transStatusReason)))
  if (challengeCancel !== undefined) add('challengeCancel', challengeCancel, meaning(cancelKey(challengeCancel)))
  const { messageVersion = '', trustListStatus, deviceBindingStatus, transChallengeExemption } = status ?? {}
  const listName = isAtLeast(messageVersion, '2.3.1') ? 'trustListStatus' : 'whiteListStatus'
  add(listName, trustListStatus, meaning(keyOf('trustList', listCodes, trustListStatus)))
  add('deviceBindingStatus', deviceBindingStatus, meaning(keyOf('device', deviceCodes, deviceBindingStatus)))
  add(
    'transChallengeExemption',
    transChallengeExemption,
    meaning(keyOf('exemption', exemptions, transChallengeExemption)),
  )
  add('eci', eci, meaning(claim === undefined ? undefined : `meaning.eci.${claim}`))
  add('authenticationValue', status?.authenticationValue)
  add('resultsStatus', status?.resultsStatus)
  add('errorCode', erro?.errorCode, erro?.errorDescription === undefined ? {} : { text: erro.errorDescription })
  add('errorComponent', erro?.errorComponent)
  add('errorDetail', erro?.errorDetail)
  add('threeDSServerTransID', status?.threeDSServerTransID)
  add('dsTransID', status?.dsTransID)
  add('acsTransID', status?.acsTransID)
  add('messageVersion', status?.messageVersion)
  add('failure', order.failure)
  return rows
}

export function resultCardOf(order: Order, checkout: Checkout, status: TransactionStatus | undefined): ResultCard {
  const outcome = outcomeOf(status)
  const steps = stepsOf(order)
  const paysNothing = checkout.followUp !== undefined && !isPayment(checkout.followUp)
  const ending = endingOf(outcome, steps, paysNothing)
  const isCharged = checkout.followUp !== undefined && ending === 'placed'
  const schemeId = schemeOf(order.card ?? '') ?? ''
  const scheme = schemes[schemeId]
  const verdicts = acceptances.toReversed().map((acceptance) => ({
    acceptance,
    verdict: verdictOf(outcome, acceptance),
    isChosen: acceptance === checkout.acceptance,
  }))
  const isSent = outcome !== 'waiting' && !paysNothing && verdicts.some(({ verdict }) => verdict !== 'stop')
  return {
    outcome,
    ending,
    tone: toneOf(outcome, ending),
    headline: isCharged ? 'followUp.charged' : headlineKey(outcome, ending),
    rows: rowsOf(order, status, outcome === 'waiting'),
    scheme: scheme === undefined ? undefined : { name: scheme.name, program: scheme.program },
    authorisation: isSent
      ? [
          { name: 'eci', key: 'result.send.eci', value: status?.eci },
          { name: authenticationValues[schemeId]?.name ?? 'authenticationValue', value: status?.authenticationValue },
          { name: 'dsTransID', key: 'result.send.dsTransID', value: status?.dsTransID },
          { name: 'messageVersion', key: 'result.send.version', value: status?.messageVersion },
        ]
      : [],
    verdicts: outcome === 'waiting' || paysNothing ? [] : verdicts,
    steps,
    raw: status === undefined ? undefined : JSON.stringify(status, null, 2),
  }
}
