// What is wrong with an assessment, or why there is none, in words. Data only.
import type { HookProblem } from './assessment.ts'

export const problemWords: Readonly<Record<HookProblem, { readonly en: string; readonly ja: string }>> = {
  timeout: { en: 'No answer before the deadline', ja: '期限までに回答がありませんでした' },
  unreachable: { en: 'No connection, or it broke off', ja: '接続できないか、途中で切断されました' },
  circuitOpen: { en: 'Not asked: it has failed too often lately', ja: '失敗が続いたため、問い合わせを休止しています' },
  badStatus: { en: 'It answered with an HTTP status other than 200 and 204', ja: 'HTTPステータスが200・204以外でした' },
  tooLarge: { en: 'Larger than what is taken', ja: '大きさが上限を超えています' },
  malformed: { en: 'No JSON, or no compact JWS', ja: 'JSONまたはJWSとして読み取れません' },
  schema: { en: 'Not an assessment by its schema', ja: '評価データの形式に合っていません' },
  unknownSource: {
    en: 'From a source that is not known here, or that may not come by this door or for this merchant',
    ja: '登録されていない送信元か、この経路・加盟店では許可されていない送信元です',
  },
  badSignature: { en: 'Not signed with the key of its source', ja: '送信元の鍵による署名ではありません' },
  replayed: { en: 'This message came before', ja: '同じメッセージを受信済みです' },
  expired: { en: 'Not valid any more', ja: '有効期限が切れています' },
  notYetValid: {
    en: 'From the future, by more than clocks differ',
    ja: '発行時刻が未来です（許容される時計の誤差を超えています）',
  },
  tooOld: { en: 'Signed or made too long ago', ja: '署名または評価の時刻が古すぎます' },
  otherTransaction: { en: 'About another transaction', ja: '別の取引についての評価です' },
  moduleFailed: { en: 'The module failed', ja: 'モジュールでエラーが発生しました' },
}
