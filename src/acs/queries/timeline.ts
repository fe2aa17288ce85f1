// A transaction step by step, made of its journal, effects, challenge and mails: what happened when, in words. Pure.
import { kindOf, rowOf, type ScreenName } from '../challenge/kinds.ts'
import type { Bent, Challenge, Verdict } from '../challenge/state.ts'
import type { Effect, InboxMessage, JournalEntry, Transaction } from '../ports.ts'
import type { Words } from './deciders.ts'
import {
  actionMoment,
  both,
  channelWords,
  consentWords,
  joined,
  pageMoment,
  pageOf,
  stepWords,
  type Told,
  viaWords,
  wasEntered,
  wrongAnswer,
} from './moments.ts'

export interface Moment {
  readonly at: number
  readonly kind: string
  readonly title: Words
  readonly detail?: Words
}

export interface TimelineInput {
  readonly transaction: Transaction
  readonly journal: readonly JournalEntry[]
  readonly effects: readonly (Effect & { readonly done: boolean })[]
  readonly mails: readonly Pick<InboxMessage, 'at' | 'codeNumber' | 'via' | 'channel'>[]
  readonly challenge?: Challenge | undefined
}

function read(masked: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(masked)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

const findingsOf = ({ findings = [] }: JournalEntry): Pick<Moment, 'detail'> => {
  const about = findings.map(({ errorCode, element }) => `${errorCode} ${element}`).join(', ')
  return about === '' ? {} : { detail: both(about, about) }
}

const timeouts: Readonly<Record<string, Words>> = {
  '03': both('Nobody confirmed in time', '時間内に確認されませんでした'),
  '04': both('No answer in time', '時間内に回答がありませんでした'),
  '05': both('No browser came in time', '時間内にブラウザーが来ませんでした'),
}

/** What a plan asked for and the version could not say. */
function bentWords(bent: readonly Bent[], { transStatus, transStatusReason, challengeCancel }: Verdict): Words {
  const said = { transStatus, transStatusReason, challengeCancel }
  const told = bent.map(({ element, asked }) => ({ element, asked, instead: said[element] }))
  return both(
    told
      .map(({ element, asked, instead }) =>
        instead === undefined
          ? `${element} ${asked} does not belong here: left out`
          : `${element} ${asked} does not belong here: ${instead} instead`,
      )
      .join('; '),
    told
      .map(({ element, asked, instead }) =>
        instead === undefined
          ? `${element} ${asked}はここでは使えないため省略`
          : `${element} ${asked}はここでは使えないため${instead}を使用`,
      )
      .join('、'),
  )
}

/** After which page, and of how many tries. */
interface Shown {
  readonly screen: ScreenName
  readonly of: number
}

function verdictMoments(verdict: Verdict, { screen, of }: Shown) {
  const { transStatus, transStatusReason, challengeCancel, interactionCounter, at, planned } = verdict
  const { consent, channel } = verdict
  const moments: Moment[] = []
  if (planned !== undefined) {
    const title = both('The plan ends the challenge', '計画によりチャレンジを終了')
    const { bent } = planned
    moments.push({ at, kind: 'plan', title, ...(bent !== undefined && { detail: bentWords(bent, verdict) }) })
  }
  if (planned === undefined && transStatusReason === '19' && challengeCancel === undefined && wasEntered(screen)) {
    const isLast = interactionCounter >= of
    moments.push({
      at,
      ...(isLast
        ? wrongAnswer(screen, interactionCounter, of)
        : {
            kind: 'wrongCode',
            title: both(
              'Refused: too many wrong codes with this card today',
              '拒否：このカードは本日の誤入力が上限に到達',
            ),
          }),
    })
  }
  const timeout = planned === undefined ? timeouts[challengeCancel ?? ''] : undefined
  if (timeout !== undefined) moments.push({ at, kind: 'timeout', title: timeout })
  const parts = [
    transStatus,
    transStatusReason,
    challengeCancel === undefined ? undefined : `cancel ${challengeCancel}`,
  ]
  const told = parts.filter((part) => part !== undefined).join(' ')
  const words = {
    Y: both('passed', '成功'),
    A: both('attempted', 'アテンプト'),
    D: both('goes on decoupled', '分離型認証へ移行'),
    N: both('not passed', '不成功'),
    U: both('could not be finished', '完了できず'),
    R: both('rejected', '拒否'),
  }[transStatus]
  moments.push({
    at,
    kind: 'verdict',
    title: both(`Verdict: ${words.en}`, `判定：${words.ja}`),
    ...joined(
      both(told, told.replace('cancel', '取消理由')),
      channel === undefined
        ? undefined
        : both(`the code went ${channelWords[channel].en}`, `コードの送付先：${channelWords[channel].ja}`),
      consent === undefined ? undefined : consentWords(consent),
    ),
  })
  return moments
}

/** What went wrong with the message on purpose. */
function faultDetail({ fault }: JournalEntry, detail: Words | undefined): Pick<Moment, 'detail'> {
  if (fault === undefined) return {}
  const told = both(`fault: ${fault}`, `障害：${fault}`)
  return { detail: detail === undefined ? told : both(`${detail.en}; ${told.en}`, `${detail.ja}、${told.ja}`) }
}

const creqMoment = (via: unknown): Told => ({
  kind: 'CReq',
  ...(viaWords(via) === undefined
    ? { title: both('CReq received: the browser has come', 'CReqを受信（ブラウザー到着）') }
    : { title: both('CReq received', 'CReqを受信'), ...joined(viaWords(via)) }),
})

function journalMoment(entry: JournalEntry, attempt: { count: number; readonly copies: number }): Told | undefined {
  const { link, messageType, masked, httpStatus } = entry
  const message = read(masked)
  switch (`${link} ${messageType ?? ''}`) {
    case 'DS→ACS AReq':
      return { kind: 'AReq', title: both('AReq received', 'AReqを受信'), ...findingsOf(entry) }
    case 'ACS→DS ARes': {
      const status = [message.transStatus, message.transStatusReason].filter((part) => part !== undefined).join(' ')
      return { kind: 'ARes', title: both(`ARes sent: ${status}`, `AResを送信：${status}`) }
    }
    case 'browser→ACS CReq':
      return (entry.findings ?? []).length > 0
        ? { kind: 'error', title: both('CReq refused', 'CReqを拒否'), ...findingsOf(entry) }
        : creqMoment(entry.headers?.via)
    case 'browser→ACS ':
      return actionMoment(message, entry.headers?.via ?? message.via) // of earlier releases in what was said
    case 'ACS→browser ':
      if (message.page === 'kept')
        return {
          kind: 'page',
          title: both(
            'A page that does not lead back to the shop, as planned',
            '計画によりショップへ戻らない画面を表示',
          ),
        }
      return message.page === 'challenge' ? pageMoment(pageOf(message)) : undefined
    case 'ACS→browser CRes':
      return {
        kind: 'CRes',
        title: both(
          `Browser sent back with the CRes: ${String(message.transStatus)}`,
          `CResとともにブラウザーを返送：${String(message.transStatus)}`,
        ),
      }
    case 'ACS→browser Erro':
      return {
        kind: 'error',
        title: both(
          `Browser sent back with an Erro: ${String(message.errorCode)}`,
          `Erroとともにブラウザーを返送：${String(message.errorCode)}`,
        ),
      }
    case 'ACS→DS RReq':
      attempt.count += 1
      return {
        kind: 'RReq',
        title: both(`RReq sent, attempt ${attempt.count}`, `RReqを送信（${attempt.count}回目）`),
        ...(attempt.copies > 1 && {
          detail: both(`the plan wants ${attempt.copies} copies`, `計画では同一内容を${attempt.copies}回送信`),
        }),
      }
    case 'DS→ACS RRes':
      return message.messageType === 'Erro'
        ? {
            kind: 'error',
            title: both(
              `The DS answered with an Erro: ${String(message.errorCode)}`,
              `DSがErroで応答：${String(message.errorCode)}`,
            ),
          }
        : {
            kind: 'RRes',
            title: both('RRes received', 'RResを受信'),
            ...(message.resultsStatus !== undefined && {
              detail: both(
                `resultsStatus ${String(message.resultsStatus)}`,
                `resultsStatus ${String(message.resultsStatus)}`,
              ),
            }),
          }
    case 'DS→ACS ':
      return {
        kind: 'failed',
        title: both('No RRes', 'RResなし'),
        detail: httpStatus === undefined ? both(masked, masked) : both(`HTTP ${httpStatus}`, `HTTP ${httpStatus}`),
      }
    case 'DS→ACS Erro':
      return {
        kind: 'error',
        title: both(
          `The DS reported an Erro: ${String(message.errorCode)}`,
          `DSからErro：${String(message.errorCode)}`,
        ),
      }
    case 'ACS→DS Erro':
      return {
        kind: 'error',
        title: both(
          `Erro sent to the DS: ${String(message.errorCode)}`,
          `DSにErroを送信：${String(message.errorCode)}`,
        ),
      }
    default:
      return undefined
  }
}

const timers = {
  ending: both('A plan ends it then', 'この時刻に計画により終了します'),
  firstCReq: both('Waits for the browser until then', 'この時刻までブラウザーを待ちます'),
  answer: both('Waits for an answer until then', 'この時刻まで回答を待ちます'),
  decoupled: both(
    'Waits for the cardholder until then, outside of the shop',
    'この時刻まで会員の確認を待ちます（分離型）',
  ),
  decoupledAnswer: both('The cardholder of the scenario acts', 'シナリオの会員が操作します'),
} as const

/** What an RReq that was planned waits for; the time is the latest. */
const waitsWords = {
  beforeCRes: both('The RReq leaves then, as planned', '計画によりこの時刻にRReqを送信します'),
  insteadOfCRes: both('The RReq leaves then, as planned', '計画によりこの時刻にRReqを送信します'),
  afterCRes: both(
    'The RReq follows the final CRes, or leaves then',
    'RReqは最終CResの後、遅くともこの時刻に送信します',
  ),
  afterReturn: both(
    'The RReq follows the return of the browser, or leaves then',
    'RReqはブラウザーの復帰後、遅くともこの時刻に送信します',
  ),
} as const

/** The next step of a plan's cardholder. */
function playWords({ details }: Transaction, step: number | 'return' | undefined): Words {
  const action = typeof step === 'number' ? details.plan?.challenge?.play?.[step]?.do : undefined
  return stepWords[action ?? ''] ?? both('The way back to the shop', 'ショップへ戻ります')
}

export function timelineOf({ transaction, journal, effects, mails, challenge }: TimelineInput): readonly Moment[] {
  const copies = Math.max(1, ...effects.map(({ payload }) => payload.rreq?.copies ?? 1))
  const attempt = { count: 0, copies }
  const told: Moment[] = []
  let shown: Shown = { screen: rowOf(kindOf(transaction)).screens[0], of: 0 }
  const verdict = challenge?.phase === 'ended' ? challenge.verdict : undefined
  let isVerdictTold = verdict === undefined
  for (const entry of journal) {
    const page = entry.link === 'ACS→browser' && entry.messageType === undefined ? read(entry.masked) : {}
    if (page.page === 'challenge') shown = pageOf(page)
    // The verdict precedes everything that tells of it.
    const isAfter = entry.messageType === 'RReq' || (entry.link === 'ACS→browser' && entry.messageType !== undefined)
    if (!isVerdictTold && verdict !== undefined && isAfter) {
      told.push(...verdictMoments(verdict, shown))
      isVerdictTold = true
    }
    const moment = journalMoment(entry, attempt)
    if (moment !== undefined) told.push({ at: entry.at, ...moment, ...faultDetail(entry, moment.detail) })
  }
  if (!isVerdictTold && verdict !== undefined) told.push(...verdictMoments(verdict, shown))
  for (const { at, codeNumber, via, channel } of mails) {
    const title =
      channel === 'push' && codeNumber === undefined
        ? both('Push note put into the inbox', 'プッシュ通知を受信箱に送信')
        : channel === 'sms'
          ? both(`Code ${codeNumber} sent by text message`, `コード${codeNumber}をSMSで送信`)
          : channel === 'push'
            ? both(`Code ${codeNumber} sent to the banking app`, `コード${codeNumber}をアプリに送信`)
            : via === 'smtp'
              ? both(`Code ${codeNumber} sent by mail`, `コード${codeNumber}をメールで送信`)
              : both(`Code ${codeNumber} put into the inbox`, `コード${codeNumber}を受信箱に送信`)
    // Before the page that speaks of it, which has the same time.
    const position = told.findIndex((moment) => moment.at === at && moment.kind === 'page')
    const kind = codeNumber === undefined ? 'push' : 'codeSent'
    told.splice(position < 0 ? told.length : position, 0, { at, kind, title })
  }
  for (const { kind, payload, dueAt, done, attempts } of effects) {
    if (done) continue
    if (kind === 'timer') told.push({ at: dueAt, kind: 'waits', title: timers[payload.timer ?? 'answer'] })
    else if (kind === 'play') told.push({ at: dueAt, kind: 'waits', title: playWords(transaction, payload.play) })
    else if (kind === 'sendOtp' && payload.note !== undefined)
      told.push({
        at: dueAt,
        kind: 'waits',
        title: both('The message to the cardholder, held up on purpose', '意図的に遅らせた通知'),
      })
    else if (kind === 'sendRReq' && attempts > 0)
      told.push({ at: dueAt, kind: 'waits', title: both('The next attempt of the RReq', 'RReqの次回送信予定') })
    else if (kind === 'sendRReq' && payload.rreq !== undefined)
      told.push({ at: dueAt, kind: 'waits', title: waitsWords[payload.rreq.when] })
  }
  if (transaction.delivery === 'lost') {
    const title = both('The RReq was lost, as planned: it is not sent', '計画によりRReqは失われ、送信されません')
    told.push({ at: verdict?.at ?? transaction.at, kind: 'plan', title })
  }
  if (transaction.delivery === 'gaveUp') {
    const last = told.at(-1)?.at ?? transaction.at
    told.push({ at: last, kind: 'failed', title: both('The RReq was given up', 'RReqの送信を断念') })
  }
  // A stable sort: what was written down at the same time stays in the order it was written in.
  return told.toSorted((a, b) => a.at - b.at)
}
