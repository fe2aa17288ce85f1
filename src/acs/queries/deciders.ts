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

interface Spoken extends Partial<Outcome> {
  readonly by: DecidedBy
  readonly why: string
}

/** As `authenticate` has written them. */
interface Recorded {
  readonly decision?: Outcome & { readonly because?: readonly string[]; readonly band?: Band }
  readonly engine?: Recorded['decision']
  readonly selected?: Spoken
  readonly spoken?: readonly Spoken[]
  readonly scenario?: Partial<Outcome> & {
    readonly scenario: string
    readonly title?: string
    readonly titleJa?: string
  }
  readonly nearMiss?: { readonly scenario: string; readonly code: string }
  readonly overrideProblem?: string
  readonly mode?: 'scripted' | 'risk' | 'unlisted'
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

/** What somebody who spoke wanted, where that was an outcome. */
const wantedBy = (spoken: Partial<Outcome> | undefined): Outcome | undefined =>
  spoken?.transStatus === undefined ? undefined : outcomeOf({ ...spoken, transStatus: spoken.transStatus })

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

const isEnding = (name: string): boolean => /^[0-9]*(?:rr|cc)?$/.test(name)

function scenarioWords({ mode, nearMiss, scenario }: Recorded, row: string | undefined): Words {
  if (row !== undefined && !isEnding(row)) {
    return {
      en: `Row "${row}" of the scenario table fits.`,
      ja: `シナリオ表の「${scenario?.titleJa ?? row}」に一致します。`,
    }
  }
  if (row !== undefined) {
    return {
      en: `The card number ends as row ${row} of the scenario table.`,
      ja: `カード番号の末尾がシナリオ表の ${row} に一致します。`,
    }
  }
  if (nearMiss !== undefined) {
    const { scenario: name, code } = nearMiss
    return {
      en: `Row ${name} of the scenario table would fit, but a message of this version cannot have ${code} there.`,
      ja: `シナリオ表の ${name} に当てはまりますが、このバージョンのメッセージでは ${code} を使えません。`,
    }
  }
  return words[mode ?? 'scripted']
}

const words = {
  risk: {
    en: 'Cards of a risk range are never scripted.',
    ja: 'リスク判定用の番号帯のカードには、シナリオ表を使いません。',
  },
  scripted: { en: 'No row of the scenario table fits.', ja: 'シナリオ表に当てはまる行がありません。' },
  unlisted: {
    en: 'The card is outside of all ranges of this issuer, so that the engine decides.',
    ja: 'このカードはどの番号帯にも属さないため、リスクエンジンが判定します。',
  },
} as const satisfies Readonly<Record<NonNullable<Recorded['mode']>, Words>>

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

const left = { en: 'It leaves the outcome to the next.', ja: '結果は次の判定に任されています。' } as const

function stubWords(stub: Spoken | undefined): Words {
  if (stub === undefined) return { en: 'No stub was waiting for it.', ja: '該当するスタブはありませんでした。' }
  return {
    en: `Planned beforehand: ${stub.why}.`,
    ja: `事前に指定されていました（${stub.why.replace('stub ', 'スタブ ')}）。`,
  }
}

function overrideWords(override: Spoken | undefined, problem: string | undefined): Words {
  if (problem !== undefined)
    return {
      en: `The AReq asked for something, and it was not taken: ${problem}.`,
      ja: `AReqによる指定がありましたが、使われませんでした（${problem}）。`,
    }
  return override === undefined
    ? { en: 'The AReq carried none.', ja: 'AReqによる指定はありませんでした。' }
    : { en: 'The AReq asked for it.', ja: 'AReqで指定されていました。' }
}

export function decidersOf({ decidedBy, details, score }: Transaction): readonly Decider[] {
  const recorded = details as Recorded
  const { selected, decision, scenario } = recorded
  const spoken = recorded.spoken ?? (selected === undefined ? [] : [selected])
  const own = (by: DecidedBy) => spoken.find((one) => one.by === by)
  const stub = own('stub')
  const override = own('override')
  const row = own('scenario')?.why.replace(/^scenario /, '') ?? scenario?.scenario
  const engine = recorded.engine ?? decision
  const decider = (by: DecidedBy, spoke: Partial<Outcome> | undefined, words: Words): Decider => {
    const outcome = wantedBy(spoke)
    const isChosen = by === decidedBy
    const open = spoke !== undefined && outcome === undefined ? joined(words, left) : words
    return {
      by,
      isChosen,
      outcome: outcome ?? null,
      why: outcome !== undefined && isChosen && by !== 'engine' ? joined(words, bent(outcome, decision)) : open,
    }
  }
  return [
    decider('stub', stub, stubWords(stub)),
    decider('override', override, overrideWords(override, recorded.overrideProblem)),
    decider('scenario', own('scenario') ?? scenario, scenarioWords(recorded, row)),
    decider('engine', engine, engineWords(score, engine)),
  ]
}
