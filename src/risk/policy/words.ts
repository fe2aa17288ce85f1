/** Rules in words, for people who read a policy or a decision. Values keep their names: a policy is written with them. */
import type { Language } from '../check.ts'
import { sentenceFor } from '../checks.ts'
import type { Comparison, ConditionSource } from './conditions.ts'
import type { Outcome, Rule } from './rules.ts'

type Operator = Exclude<keyof Comparison, 'of'>
/** `{of}` is the value, `{to}` what it is held against. */
const phrases: Readonly<Record<Language, Readonly<Record<Operator, string>>>> = {
  en: {
    eq: '{of} is {to}',
    ne: '{of} is not {to}',
    in: '{of} is one of {to}',
    notIn: '{of} is none of {to}',
    lt: '{of} is below {to}',
    le: '{of} is at most {to}',
    gt: '{of} is above {to}',
    ge: '{of} is at least {to}',
    between: '{of} lies between {to}',
    matches: '{of} matches {to}',
    startsWith: '{of} begins with {to}',
    exists: '{of} is told',
    absent: '{of} is not told',
  },
  ja: {
    eq: '{of} が {to}',
    ne: '{of} が {to} 以外',
    in: '{of} が {to} のいずれか',
    notIn: '{of} が {to} のいずれでもない',
    lt: '{of} が {to} 未満',
    le: '{of} が {to} 以下',
    gt: '{of} が {to} 超',
    ge: '{of} が {to} 以上',
    between: '{of} が {to} の範囲',
    matches: '{of} がパターン {to} に一致',
    startsWith: '{of} が {to} で始まる',
    exists: '{of} が示されている',
    absent: '{of} が示されていない',
  },
}

const words = {
  en: {
    and: ' and ',
    or: ' or ',
    not: 'not: {part}',
    reason: 'a check says “{sentence}”',
    listed: { allow: 'something is on the allow list', deny: 'something is on the deny list' },
    listedKind: { allow: '{kind} is on the allow list', deny: '{kind} is on the deny list' },
    atLeast: { challenge: 'at least a challenge', reject: 'a rejection' },
    atMost: { frictionless: 'passes without a challenge', challenge: 'at most a challenge' },
    answer: 'the answer is {status}',
    reasoned: ' with reason {reason}',
    kind: ' ({kind})',
    rule: 'If {when}: {outcome}.',
  },
  ja: {
    and: ' かつ ',
    or: ' または ',
    not: '「{part}」でない',
    reason: 'チェックが「{sentence}」と判断',
    listed: { allow: '許可リストに該当', deny: '拒否リストに該当' },
    listedKind: { allow: '{kind} が許可リストに該当', deny: '{kind} が拒否リストに該当' },
    atLeast: { challenge: '少なくともチャレンジ', reject: '拒否' },
    atMost: { frictionless: 'チャレンジなしで承認', challenge: '最大でもチャレンジ' },
    answer: '回答は {status}',
    reasoned: '（理由 {reason}）',
    kind: '（{kind}）',
    rule: '{when}なら、{outcome}。',
  },
} as const satisfies Readonly<Record<Language, unknown>>

const shown = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(', ') : String(value))
/** A sentence about nothing in particular: its numbers are left open. */
const open = (template: string): string => template.replace(/\{[^}]*\}/g, '…').replace(/[.。]$/, '')
const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')

function grouped(parts: readonly ConditionSource[], between: string, lang: Language): string {
  return parts
    .map((part) => {
      const text = conditionWords(part, lang)
      return 'all' in part || 'any' in part ? (lang === 'ja' ? `（${text}）` : `(${text})`) : text
    })
    .join(between)
}

export function conditionWords(source: ConditionSource, lang: Language): string {
  const own = words[lang]
  if ('all' in source) return grouped(source.all, own.and, lang)
  if ('any' in source) return grouped(source.any, own.or, lang)
  if ('not' in source) return filled(own.not, { part: conditionWords(source.not, lang) })
  if ('reason' in source)
    return filled(own.reason, { sentence: open(sentenceFor(source.reason)?.[lang] ?? source.reason) })
  if ('listed' in source)
    return source.kind === undefined
      ? own.listed[source.listed]
      : filled(own.listedKind[source.listed], { kind: source.kind })
  const { of, ...asked } = source
  return Object.entries(asked)
    .map(([operator, to]) => filled(phrases[lang][operator as Operator], { of, to: shown(to) }))
    .join(own.and)
}

export function outcomeWords({ answer, atLeast, atMost, transStatusReason, kind }: Outcome, lang: Language): string {
  const own = words[lang]
  const status = answer === 'challenge' ? 'C' : answer === 'decoupled' ? 'D' : answer
  const what =
    status !== undefined
      ? filled(own.answer, { status })
      : atLeast !== undefined
        ? own.atLeast[atLeast]
        : own.atMost[atMost ?? 'challenge']
  const reason = transStatusReason === undefined ? '' : filled(own.reasoned, { reason: transStatusReason })
  return `${what}${reason}${kind === undefined ? '' : filled(own.kind, { kind })}`
}

export const ruleWords = ({ when, outcome }: Pick<Rule, 'when' | 'outcome'>, lang: Language): string =>
  filled(words[lang].rule, { when: conditionWords(when.source, lang), outcome: outcomeWords(outcome, lang) })
