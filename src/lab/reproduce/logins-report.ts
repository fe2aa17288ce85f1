/** What came out of the study of logins, in words and tables. Pure. */
import type { Both } from '../report/language.ts'
import { fixed, percent, whole } from '../report/numbers.ts'
import type { Document, Said } from './document.ts'
import type { Attacker, LoginResult, Reauthentication } from './logins.ts'
import { wilson } from './odds.ts'
import { logins2022 } from './published.ts'

const attackerWords: Readonly<Record<Attacker, Both>> = {
  naive: { en: 'naive (made up)', ja: '単純（架空）' },
  vpn: { en: 'VPN (made up)', ja: 'VPN（架空）' },
  targeted: { en: 'targeted (made up)', ja: '標的型（架空）' },
  attackIp: { en: 'known attack addresses', ja: '既知の攻撃元アドレス' },
  takeover: { en: 'account takeovers', ja: 'アカウント乗っ取り' },
}

const askedOf = ({ asked: { hits, n, low, high } }: Reauthentication): Said => {
  if (n === 0) return '–'
  const share = percent(hits / n, 2)
  if (low === null || high === null) return { en: `${share} (–)`, ja: `${share}（–）` }
  return {
    en: `${share} (${percent(low, 2)} to ${percent(high, 2)})`,
    ja: `${share}（${percent(low, 2)}～${percent(high, 2)}）`,
  }
}
const stoppedOf = ({ stopped: { hits, n } }: Reauthentication): Said => {
  const interval = wilson(hits, n)
  if (interval === null) return '–'
  const share = percent(hits / n, 1)
  return {
    en: `${share} (${percent(interval.low, 1)} to ${percent(interval.high, 1)})`,
    ja: `${share}（${percent(interval.low, 1)}～${percent(interval.high, 1)}）`,
  }
}
const dayOf = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 10)

export function loginsDocument(result: LoginResult): Document {
  const { rows, isWhole, users, successful, scored, scoredUsers, withoutHistory, outOfOrder, from, to, seed } = result
  const { attackers } = result
  const told = attackers.filter(({ at }) => at.length > 0)
  const shares = told[0]?.at.map(({ share }) => share ?? 0) ?? []
  const { riskScoreRelation: published } = logins2022
  return {
    title: {
      en: 'Logins: how often users are asked again, at a share of attackers that are stopped',
      ja: 'ログイン：攻撃者を止める割合と、利用者に再認証を求める割合',
    },
    about: [
      {
        en: `Source: ${logins2022.source.title} (${logins2022.source.where}), open data set. Read: ${whole(rows)} rows${isWhole ? ', the whole file' : ', the first of the file'}, ${dayOf(from)} to ${dayOf(to)} (UTC); ${whole(users)} accounts, ${whole(successful)} successful logins${outOfOrder > 0 ? `; ${whole(outOfOrder)} rows stand behind one of a later time and were taken as they stand` : ''}. Seed ${seed}.`,
        ja: `出典：${logins2022.source.title}（${logins2022.source.where}）の公開データ。読み込み ${whole(rows)} 行（${isWhole ? 'ファイル全体' : 'ファイルの先頭'}）、${dayOf(from)}～${dayOf(to)}（UTC）。アカウント ${whole(users)}、成功したログイン ${whole(successful)}${outOfOrder > 0 ? `。時刻順でない ${whole(outOfOrder)} 行はそのままの順で扱った` : ''}。シード ${seed}。`,
      },
      {
        en: `Scored are ${whole(scored)} logins of ${whole(scoredUsers)} users: successful, no takeover, not from a known attack address, with an earlier login (${whole(withoutHistory)} had none). Learnt are successful logins without the takeovers. The score is the likelihood ratio of the freeman scorer; weights and smoothing of the study are other ones.`,
        ja: `採点したのは利用者 ${whole(scoredUsers)} 人のログイン ${whole(scored)} 件：成功、乗っ取りでない、既知の攻撃元でない、以前のログインあり（なしは ${whole(withoutHistory)} 件）。学習は乗っ取りを除く成功したログイン。スコアは freeman の尤度比で、調査とは重みと平滑化が異なる。`,
      },
      {
        en: `The study prints its re-authentication rates as pictures only, so that no number of it stands beside these. The one table that it prints (risk score relation: naive ${published.naive}, VPN ${published.vpn}, targeted ${published.targeted}) is of its own weights and cannot be held against them.`,
        ja: `調査の再認証率は図でのみ公表されているため、並べられる数値がない。公表された唯一の表（リスクスコア比：単純 ${published.naive}、VPN ${published.vpn}、標的型 ${published.targeted}）は調査独自の重みによるもので、比較できない。`,
      },
    ],
    chapters: [
      {
        id: 'asked',
        title: { en: 'Asked again, by share of attackers stopped', ja: '止める割合ごとの再認証率' },
        says: [
          {
            en: 'Naive: a network from another country (of known attacks, where there are any), a browser of anybody’s. VPN: a network from the user’s country. Targeted: a network of the user’s provider there, the user’s last browser. Each is made up of what others had sent before, for each login that is scored.',
            ja: '単純：他国のネットワーク（既知の攻撃元があればそこから）と他人のブラウザー。VPN：利用者と同じ国のネットワーク。標的型：同じ国・同じ事業者のネットワークと利用者の直近のブラウザー。いずれも採点するログインごとに、以前に他者が送った値から作る。',
          },
        ],
        tables: [
          {
            id: 'reauthentication',
            caption: {
              en: `Share of ${whole(scored)} logins of users that would be asked again, 95 % interval over users (–: fewer than two; exact where nobody or everybody is asked), at the highest threshold that stops at least the share of the attempts; the threshold is taken as given.`,
              ja: `利用者のログイン ${whole(scored)} 件のうち再認証を求められる割合、利用者単位の 95 % 区間（–：利用者が 2 人未満。全員が求められない、または求められる場合は正確な限界）。しきい値は試行の指定割合以上を止める最も高いもの（与えられたものとして扱う）。`,
            },
            heads: [
              { en: 'attacker', ja: '攻撃者' },
              { en: 'attempts', ja: '試行' },
              { en: 'not scored', ja: '採点外' },
              'AUC',
              ...shares.map((share) => ({ en: `${percent(share, 1)} stopped`, ja: `${percent(share, 1)} を阻止` })),
            ],
            rows: attackers.map(({ attacker, attempts, left, auc, at }) => [
              attackerWords[attacker],
              whole(attempts),
              whole(left),
              auc === null ? '–' : fixed(auc, 4),
              ...(at.length > 0 ? at.map(askedOf) : shares.map((): Said => '–')),
            ]),
          },
          {
            id: 'natural',
            caption: {
              en: 'At ln S = 0, where anybody and the user are as likely. Stopped: Wilson’s 95 % interval; asked again: as above.',
              ja: 'ln S = 0（本人と他人が同程度）での結果。阻止：Wilson の 95 % 区間。再認証：上と同じ。',
            },
            heads: [
              { en: 'attacker', ja: '攻撃者' },
              { en: 'stopped', ja: '阻止' },
              { en: 'users asked again', ja: '利用者の再認証' },
            ],
            rows: told.map(({ attacker, natural }) => [
              attackerWords[attacker],
              natural === null ? '–' : stoppedOf(natural),
              natural === null ? '–' : askedOf(natural),
            ]),
          },
          {
            id: 'ages',
            caption: {
              en: 'Share of users’ logins asked again at the threshold that stops 98 % of the attempts, by how many logins of the user had been learnt.',
              ja: '試行の 98 % を止めるしきい値で再認証を求められる割合。学習済みの利用者のログイン数別。',
            },
            heads: [
              { en: 'attacker', ja: '攻撃者' },
              ...(told[0]?.byAge ?? []).map(({ from: first, to: last }) =>
                last === null ? `${first}+` : first === last ? String(first) : `${first}–${last}`,
              ),
            ],
            rows: told.map(({ attacker, byAge }) => [
              attackerWords[attacker],
              ...byAge.map(({ hits, n }) => (n === 0 ? '–' : `${percent(hits / n, 1)} (${whole(hits)} / ${whole(n)})`)),
            ]),
          },
        ],
      },
    ],
  }
}
