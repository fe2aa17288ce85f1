// What a moment of a challenge is called: the page that was shown, what the cardholder did there or in the banking app, and what
// they agreed to. Pure.
import type { BehaviourFacts } from '../../risk/behaviour.ts'
import { isInApp, type OtpChannel, type ScreenName } from '../challenge/kinds.ts'
import type { Consent, Hint } from '../challenge/state.ts'
import type { Words } from './deciders.ts'

/** What happened, without its time. */
export interface Told {
  readonly kind: string
  readonly title: Words
  readonly detail?: Words
}

export const both = (en: string, ja: string): Words => ({ en, ja })

/** One after the other; those that are not there are left out. */
export function joined(...parts: readonly (Words | undefined)[]): { readonly detail?: Words } {
  const told = parts.filter((part) => part !== undefined)
  if (told.length === 0) return {}
  return { detail: both(told.map(({ en }) => en).join('; '), told.map(({ ja }) => ja).join('、')) }
}

const screens: Readonly<Record<ScreenName, Words>> = {
  code: both('Page shown: enter the code', '画面を表示：コードの入力'),
  choose: both('Page shown: choose where the code goes', '画面を表示：コードの送付先の選択'),
  question: both('Page shown: a question with one answer', '画面を表示：1つ選ぶ質問'),
  pictures: both('Page shown: pick the right ones', '画面を表示：複数選ぶ質問'),
  app: both('Page shown: confirm in the banking app', '画面を表示：アプリで承認'),
  appMatch: both('Page shown: find this number in the banking app', '画面を表示：アプリで番号を照合'),
  entries: both('Page shown: enter the password and the code', '画面を表示：パスワードとコードの入力'),
  info: both('Page shown: something to read', '画面を表示：お知らせ'),
}

/** What was wrong, by what was asked for. */
const wrongWords = (screen: ScreenName): Words => {
  if (screen === 'question' || screen === 'pictures') return both('Wrong choice', '選択の誤り')
  if (screen === 'entries') return both('Wrong password or code', 'パスワードまたはコードの誤り')
  return both('Wrong code', 'コードの誤り')
}

const counted = ({ en, ja }: Words, n: number, of: number): Words =>
  both(`${en}, ${n} of ${of}`, `${ja}（${of}回中${n}回目）`)

/** A page as `advance` writes it down; those of earlier releases ask for a code. */
export interface Page {
  readonly screen: ScreenName
  readonly interactions: number
  readonly of: number
  readonly hint: Hint | undefined
}

export function pageOf({ screen, interactions, of, hint }: Readonly<Record<string, unknown>>): Page {
  const known = typeof screen === 'string' && screen in screens ? (screen as ScreenName) : 'code'
  return { screen: known, interactions: Number(interactions), of: Number(of), hint: hint as Hint | undefined }
}

/** The answer that was not taken, whether on a page or with the verdict. */
export const wrongAnswer = (screen: ScreenName, n: number, of: number): Told => ({
  kind: 'wrongCode',
  title: counted(wrongWords(screen), n, of),
})

/** What a page that was shown says about the answer before it. */
export function pageMoment({ screen, interactions, of, hint }: Page): Told {
  const page = (en: string, ja: string): Told => ({ kind: 'page', title: both(en, ja) })
  switch (hint) {
    case 'wrong':
      return wrongAnswer(screen, interactions, of)
    case 'expired':
      return {
        kind: 'wrongCode',
        title: counted(both('The code had expired', 'コードの有効期限切れ'), interactions, of),
      }
    case 'empty':
      return screen === 'code' || screen === 'entries'
        ? page('Nothing was entered; asked again', '未入力のため再表示')
        : page('Nothing was chosen; asked again', '未選択のため再表示')
    case 'resent':
      return page('Page shown with a new code', '新しいコードで画面を再表示')
    case 'resendTooSoon':
      return page('New code refused: too soon', 'コードの再送を拒否（間隔が短い）')
    case 'resendLimit':
      return page('New code refused: limit reached', 'コードの再送を拒否（上限に到達）')
    case 'checking':
      return page('Shown that the issuer is still checking', '確認中の画面を表示')
    case 'stale':
      return page('An old page was posted; the current one shown', '古い画面からの送信。現在の画面を表示')
    case 'appOpen':
      return page('Shown again: it knows of no answer of the banking app', '再表示：アプリの回答は画面に届いていません')
    case undefined:
      return { kind: 'page', title: screens[screen] }
  }
}

export const channelWords: Readonly<Record<OtpChannel, Words>> = {
  email: both('by e-mail', 'メール'),
  sms: both('by text message', 'SMS'),
  push: both('in the banking app', 'アプリ通知'),
}

const isChannel = (key: unknown): key is OtpChannel => typeof key === 'string' && key in channelWords

/** What was said to the prompts. */
export function consentWords({ trustList, deviceBinding }: Consent): Words | undefined {
  const said = (isYes: boolean): Words => (isYes ? both('yes', 'はい') : both('no', 'いいえ'))
  const parts: Words[] = []
  if (trustList !== undefined)
    parts.push(both(`trust this shop: ${said(trustList).en}`, `この店を信頼する：${said(trustList).ja}`))
  if (deviceBinding !== undefined)
    parts.push(both(`remember this device: ${said(deviceBinding).en}`, `この端末を記憶する：${said(deviceBinding).ja}`))
  return joined(...parts).detail
}

const actions: Readonly<Record<string, Told>> = {
  open: { kind: 'CReq', title: both('The challenge was opened', 'チャレンジを開始') },
  approve: { kind: 'answer', title: both('The cardholder confirmed', 'カード会員が承認') },
  refuse: { kind: 'answer', title: both('The cardholder refused', 'カード会員が拒否') },
  expire: { kind: 'timeout', title: both('Its time was said to be over', '時間切れを指定') },
  verify: { kind: 'answer', title: both('A code was entered', 'コードを入力') },
  continue: { kind: 'answer', title: both('The cardholder went on', 'カード会員が続行') },
  otherWay: { kind: 'choice', title: both('Another way was asked for', '別の方法を要求') },
  refresh: { kind: 'page', title: both('The page looked for news', '画面が状況を確認') },
  resend: { kind: 'resend', title: both('A new code was asked for', 'コードの再送を要求') },
  cancel: { kind: 'cancelled', title: both('The cardholder cancelled', 'カード会員が取り消し') },
  expired: { kind: 'page', title: both('The page said that its time is over', '画面の有効時間が終了') },
}

/** An answer by what was in the form; that it was there is all that is kept of it (SEC-LOG-1), but for where a code is to go. */
function answerWords({ otp, password, selected }: Readonly<Record<string, unknown>>): Told | undefined {
  if (Array.isArray(selected)) {
    const [first] = selected as readonly unknown[]
    if (isChannel(first)) {
      const { en, ja } = channelWords[first]
      return { kind: 'choice', title: both(`Chosen: the code goes ${en}`, `選択：コードの送付先は${ja}`) }
    }
    const count = selected.length
    return {
      kind: 'answer',
      title:
        count === 1 ? both('An answer was chosen', '回答を選択') : both(`${count} were picked`, `${count}件を選択`),
    }
  }
  if (password !== undefined)
    return {
      kind: 'answer',
      title:
        otp === undefined
          ? both('A password was entered', 'パスワードを入力')
          : both('A password and a code were entered', 'パスワードとコードを入力'),
    }
  return undefined
}

/** How an answer was entered, as far as a script told of it. */
function behaviourWords(behaviour: Partial<BehaviourFacts>): Words | undefined {
  const { keys = 0, pastes = 0, fills = 0, corrections = 0, scripted = 0, isUnseen = false, msTotal } = behaviour
  if (typeof msTotal !== 'number') return undefined
  const seconds = (msTotal / 1_000).toFixed(1)
  const parts: readonly (Words | false)[] = [
    scripted > 0 && both('by a script', 'スクリプトによる入力'),
    isUnseen && both('nothing was seen that entered it', '入力の操作は観測されず'),
    keys > 0 && both(keys === 1 ? '1 key' : `${keys} keys`, `キー入力${keys}回`),
    pastes > 0 && both('pasted', '貼り付け'),
    fills > 0 && both('filled in by the browser', 'ブラウザーによる自動入力'),
    corrections > 0 && both(corrections === 1 ? '1 correction' : `${corrections} corrections`, `訂正${corrections}回`),
    both(`${seconds} s after the page was there`, `画面の表示から${seconds}秒`),
  ]
  const said = parts.filter((part) => part !== false)
  return both(said.map(({ en }) => en).join(', '), said.map(({ ja }) => ja).join('、'))
}

const vias: Readonly<Record<string, Words>> = {
  api: both('by API, without a browser', 'API経由（ブラウザーなし）'),
  plan: both('by its plan, without a browser', '計画による（ブラウザーなし）'),
  bank: both('in the banking app', 'バンキングアプリで操作'),
}

/** `via`: where a browser would have its headers. */
export const viaWords = (via: unknown): Words | undefined => (typeof via === 'string' ? vias[via] : undefined)

/** What somebody did on a page or in the banking app; undefined: nothing that is known. */
export function actionMoment(said: Readonly<Record<string, unknown>>, via: unknown): Told | undefined {
  const { action, consent, isLate, number, behaviour } = said
  const moment = (action === 'verify' ? answerWords(said) : undefined) ?? actions[String(action)]
  if (moment === undefined) return undefined
  const isWrongNumber = number === 'wrong'
  return {
    ...(isWrongNumber
      ? { kind: 'wrongCode', title: both('A wrong number was chosen in the banking app', 'アプリで誤った番号を選択') }
      : moment),
    ...joined(
      viaWords(via),
      isLate === true ? both('too late: it was over already', '手遅れ：すでに終了していました') : undefined,
      typeof consent === 'object' && consent !== null ? consentWords(consent as Consent) : undefined,
      typeof behaviour === 'object' && behaviour !== null ? behaviourWords(behaviour) : undefined,
    ),
  }
}

/** Whether a verdict N after this screen says that what was entered is wrong; the banking app has said no by itself. */
export const wasEntered = (screen: ScreenName): boolean => !isInApp(screen) && screen !== 'choose' && screen !== 'info'

/** What waits for its time in a plan's play, by what the step does. */
export const stepWords: Readonly<Record<string, Words>> = {
  open: both('The plan opens the page', '計画により画面を開きます'),
  submit: both('The plan answers rightly', '計画により正しく回答します'),
  wrong: both('The plan answers wrongly', '計画により誤って回答します'),
  select: both('The plan chooses', '計画により選択します'),
  resend: both('The plan asks for a new code', '計画によりコードの再送を要求します'),
  otherWay: both('The plan asks for another way', '計画により別の方法を要求します'),
  continue: both('The plan goes on', '計画により続行します'),
  cancel: both('The plan cancels', '計画により取り消します'),
  approve: both('The plan approves in the banking app', '計画によりアプリで承認します'),
  refuse: both('The plan refuses in the banking app', '計画によりアプリで拒否します'),
  trust: both('The plan answers rightly and agrees to all', '計画により正しく回答し、すべてに同意します'),
  abandon: both('The plan leaves it alone', '計画により放置します'),
}
