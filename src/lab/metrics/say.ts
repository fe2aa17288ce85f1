/** A comparison in sentences. A difference that is not shown is said to be not shown: that is not the same as being equal. */
import type { Comparison, Difference, Interval } from './types.ts'
import { definitions, type Words, whyNotWords } from './words.ts'

const number = (value: number, digits: number): string => value.toFixed(digits).replace('-', '−')
const sign = (value: number, text: string): string => (value > 0 ? `+${text}` : text)

/** The value of a difference with its sign, and how its unit is said. */
function printed(key: Difference['key'], value: number, isSigned = true): Words {
  const { unit } = definitions[key]
  const signed = (text: string): string => (isSigned ? sign(value, text) : text)
  if (unit === 'share') {
    const points = signed(number(100 * value, 2))
    return { en: `${points} points`, ja: `${points} ポイント` }
  }
  if (unit === 'bps') return { en: `${signed(number(value, 2))} bps`, ja: `${signed(number(value, 2))} bps` }
  if (unit === 'money') return { en: signed(number(value, 0)), ja: signed(number(value, 0)) }
  const plain = signed(number(value, 4))
  return { en: plain, ja: plain }
}

function between(key: Difference['key'], { low, high }: Interval): Words {
  const [from, to] = [printed(key, low), printed(key, high)]
  return { en: `95 % interval ${from.en} to ${to.en}`, ja: `95 % 区間 ${from.ja} ～ ${to.ja}` }
}

const count = (n: number): string => n.toLocaleString('en-GB')

/** What the differences go over. */
function ground(over: Comparison['over'], comparison: Comparison): Words {
  const { a, b, mode, pairedEvents, decidedA, decidedB, deLong } = comparison
  if (mode === 'scores')
    return over === 'both'
      ? {
          en: `over the ${count(deLong.n)} events that both scored`,
          ja: `両方のスコアがある ${count(deLong.n)} 件`,
        }
      : { en: 'each over what it scored', ja: 'それぞれスコアのある件を対象とした' }
  if (over === 'both')
    return {
      en: `over the ${count(pairedEvents)} events that both decided`,
      ja: `両方が判定した ${count(pairedEvents)} 件`,
    }
  return {
    en: `each over what it decided (${a}: ${count(decidedA)}, ${b}: ${count(decidedB)})`,
    ja: `それぞれが判定した件数を分母とする（${a}：${count(decidedA)} 件、${b}：${count(decidedB)} 件）`,
  }
}

const pText = (p: number): string => (p < 0.0001 ? '< 0.0001' : `= ${number(p, 4)}`)

function sentence(comparison: Comparison, difference: Difference): Words {
  const { a, b } = comparison
  const over = ground(comparison.over, comparison)
  const { key, value, interval, holm, shown, why } = difference
  const { title } = definitions[key]
  if (value === null) {
    const reason = whyNotWords[why ?? 'noEvents']
    return {
      en: `${title.en}: no difference can be told (${reason.en}).`,
      ja: `${title.ja}：差を示せない（${reason.ja}）。`,
    }
  }
  const size = printed(key, value)
  if (interval === null) {
    const reason = whyNotWords[why ?? 'noSpread']
    return {
      en: `${title.en}: ${b} less ${a} is ${size.en} ${over.en}; no interval (${reason.en}), so nothing is claimed.`,
      ja: `${title.ja}：${b} − ${a} = ${size.ja}（${over.ja}）。区間なし（${reason.ja}）のため、何も主張しない。`,
    }
  }
  const range = between(key, interval)
  const p = holm === null ? '' : `; p ${pText(holm)} by Holm`
  const pJa = holm === null ? '' : `、Holm 補正後 p ${pText(holm)}`
  const head = {
    en: `${title.en}: ${b} less ${a} is ${size.en} ${over.en} (${range.en}${p}).`,
    ja: `${title.ja}：${b} − ${a} = ${size.ja}（${over.ja}、${range.ja}${pJa}）。`,
  }
  if (shown)
    return {
      en: `${head.en} ${value > 0 ? 'Higher' : 'Lower'} with ${b}.`,
      ja: `${head.ja}${b} の方が${value > 0 ? '高い' : '低い'}。`,
    }
  return {
    en: `${head.en} A difference is not shown; that is not to say that there is none: anything in the interval would fit.`,
    ja: `${head.ja}差は示されなかった。差がないという意味ではなく、区間内のどの値とも矛盾しない。`,
  }
}

/** The differences that are claimed, over the other events: no claim of their own, but what the choice has made of them. */
function besideWords(comparison: Comparison, claimed: readonly Difference[]): readonly Words[] {
  const { over, beside } = comparison
  const told = claimed.flatMap(({ key }) => {
    const value = beside.find((one) => one.key === key)?.value
    return typeof value === 'number' ? [{ title: definitions[key].title, size: printed(key, value) }] : []
  })
  if (told.length === 0) return []
  const other = ground(over === 'both' ? 'own' : 'both', comparison)
  return [
    {
      en: `The same, ${other.en}: ${told.map(({ title, size }) => `${title.en} ${size.en}`).join(', ')}. Nothing is claimed of these.`,
      ja: `${other.ja}場合：${told.map(({ title, size }) => `${title.ja} ${size.ja}`).join('、')}。これらについては何も主張しない。`,
    },
  ]
}

/** One sentence for each difference that is claimed, and what must be said of tests by event. */
export function comparisonWords(comparison: Comparison): readonly Words[] {
  const claimed = comparison.differences.filter((difference) => difference.claimed)
  const words = [...claimed.map((difference) => sentence(comparison, difference)), ...besideWords(comparison, claimed)]
  if (comparison.mode !== 'closedLoop') return words
  return [
    ...words,
    {
      en: 'In closed loop each policy met other events; tests by event go over the first attempts that both decided.',
      ja: '閉ループではポリシーごとに取引列が異なる。取引単位の検定は、両方が判定した最初の試行だけを対象とする。',
    },
  ]
}
