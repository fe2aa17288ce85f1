// Who was asked for a decision, in order, and what each said or would have said; made of what was recorded. Pure.
import type { Band } from '../../risk/challenge-indicator.ts'
import type { DecidedBy, Transaction } from '../ports.ts'

export interface Outcome {
  readonly transStatus: string
  readonly transStatusReason?: string | undefined
}

export interface Words {
  readonly en: string
  readonly ja: string
}

export interface Decider {
  readonly by: DecidedBy
  readonly isChosen: boolean
  /** null: had nothing to say. */
  readonly outcome: Outcome | null
  readonly why: Words
}

/** As `authenticate` has written them. */
interface Recorded {
  readonly decision?: Outcome & { readonly because?: readonly string[]; readonly band?: Band }
  readonly engine?: Recorded['decision']
  readonly selected?: Outcome & { readonly by: DecidedBy; readonly why: string }
  readonly scenario?: Outcome & { readonly scenario: string }
  readonly mode?: 'scripted' | 'risk'
}

const outcomeOf = ({ transStatus, transStatusReason }: Outcome): Outcome => ({
  transStatus,
  ...(transStatusReason !== undefined && { transStatusReason }),
})

const written = ({ transStatus, transStatusReason }: Outcome): string =>
  transStatusReason === undefined ? transStatus : `${transStatus}/${transStatusReason}`

const bands = {
  low: { en: 'low', ja: '低' },
  medium: { en: 'medium', ja: '中' },
  high: { en: 'high', ja: '高' },
} as const satisfies Readonly<Record<Band, Words>>

const cardStates: Readonly<Record<string, Words>> = {
  'card:blocked': { en: 'the card is blocked', ja: 'カードが利用停止中' },
  'card:stolen': { en: 'the card is reported stolen', ja: 'カードが盗難届済み' },
  'card:expired': { en: 'the card is expired', ja: 'カードが有効期限切れ' },
}

/** Why another answer than the wanted one went out: the card's state goes first, and the protocol allows not everything. */
function bent(wanted: Outcome, decision: Recorded['decision']): Words | undefined {
  if (decision === undefined || written(wanted) === written(decision)) return undefined
  const { because = [] } = decision
  const state = because.map((rule) => cardStates[rule]).find((words) => words !== undefined)
  const rules = because.filter((rule) => /^[A-Z]+-/.test(rule)).join(', ')
  const sent = written(decision)
  if (state !== undefined)
    return { en: `${sent} was answered: ${state.en}.`, ja: `${state.ja}のため、${sent} を返しました。` }
  // A refusal that came without a reason gets the usual one; nothing was bent.
  if (wanted.transStatus === decision.transStatus && wanted.transStatusReason === undefined) return undefined
  return {
    en: `The protocol did not allow it here; ${sent} was answered (${rules}).`,
    ja: `この取引ではプロトコル上許されないため、${sent} を返しました（${rules}）。`,
  }
}

const joined = (words: Words, more: Words | undefined): Words =>
  more === undefined ? words : { en: `${words.en} ${more.en}`, ja: `${words.ja}${more.ja}` }

function scenarioWords({ mode }: Recorded, row: string | undefined): Words {
  if (row !== undefined) {
    return {
      en: `The card number ends as row ${row} of the scenario table.`,
      ja: `カード番号の末尾がシナリオ表の ${row} に一致します。`,
    }
  }
  return mode === 'risk'
    ? {
        en: 'Cards of a risk range are never scripted.',
        ja: 'リスク判定用の番号帯のカードには、シナリオ表を使いません。',
      }
    : { en: 'No row of the scenario table has this ending.', ja: 'この末尾の番号はシナリオ表にありません。' }
}

function engineWords(score: number, engine: Recorded['decision']): Words {
  const band = bands[engine?.band ?? 'low']
  const shown = score.toFixed(2).replace('-', '−')
  const rules = (engine?.because ?? []).filter((part) => part.startsWith('rule:')).map((part) => part.slice(5))
  const state = (engine?.because ?? []).map((rule) => cardStates[rule]).find((words) => words !== undefined)
  return {
    en: [
      `Risk is ${band.en} (score ${shown}).`,
      ...(rules.length > 0 ? [`Rules applied: ${rules.join(', ')}.`] : []),
      ...(state === undefined ? [] : [`The answer follows from the card: ${state.en}.`]),
    ].join(' '),
    ja: [
      `リスクは「${band.ja}」（スコア ${shown}）です。`,
      ...(rules.length > 0 ? [`適用したルール：${rules.join('、')}。`] : []),
      ...(state === undefined ? [] : [`${state.ja}のため、この結果になります。`]),
    ].join(''),
  }
}

export function decidersOf({ decidedBy, details, score }: Transaction): readonly Decider[] {
  const recorded = details as Recorded
  const { selected, decision } = recorded
  const own = (by: DecidedBy) => (selected?.by === by ? selected : undefined)
  const stub = own('stub')
  const override = own('override')
  const scenario = own('scenario')
  const row = scenario?.why.replace(/^scenario /, '') ?? recorded.scenario?.scenario
  const scripted = scenario ?? recorded.scenario
  const engine = recorded.engine ?? decision
  const decider = (by: DecidedBy, outcome: Outcome | undefined, words: Words): Decider => ({
    by,
    isChosen: by === decidedBy,
    outcome: outcome === undefined ? null : outcomeOf(outcome),
    why: outcome !== undefined && by === decidedBy && by !== 'engine' ? joined(words, bent(outcome, decision)) : words,
  })
  return [
    decider(
      'stub',
      stub,
      stub === undefined
        ? { en: 'No stub was waiting for it.', ja: '該当するスタブはありませんでした。' }
        : {
            en: `Planned beforehand: ${stub.why}.`,
            ja: `事前に指定されていました（${stub.why.replace('stub ', 'スタブ ')}）。`,
          },
    ),
    decider(
      'override',
      override,
      override === undefined
        ? { en: 'The AReq carried none.', ja: 'AReqによる指定はありませんでした。' }
        : { en: 'The AReq asked for it.', ja: 'AReqで指定されていました。' },
    ),
    decider('scenario', scripted, scenarioWords(recorded, row)),
    decider('engine', engine, engineWords(score, engine)),
  ]
}
