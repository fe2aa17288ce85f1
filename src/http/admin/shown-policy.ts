// The running policy as the admin API shows it: every check with its parameters, and both in words.
import { checkWords } from '../../risk/check-words.ts'
import type { Policy, Rule } from '../../risk/policy.ts'
import { reasons } from '../../risk/reasons.ts'

interface Parameter {
  readonly path: string
  readonly value: unknown
}

/** Members of members are named by their path; a list is one parameter. */
const parametersOf = (value: unknown, path: readonly string[] = []): readonly Parameter[] => {
  if (value instanceof Set) return [{ path: path.join('.'), value: [...value] }]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ path: path.join('.'), value }]
  return Object.entries(value).flatMap(([name, member]) => parametersOf(member, [...path, name]))
}

/** A sentence about nothing in particular: its parameters are left open. */
const open = (template: string): string => template.replace(/\{[^}]*\}/g, '…')

const shownRule = (rule: Rule) => {
  if (!('reason' in rule.when)) return rule
  const { en, ja } = reasons[rule.when.reason]
  return { ...rule, words: { en: open(en), ja: open(ja) } }
}

const shownCheck = ({ id, paths, span, params }: Policy['checks'][number]) => {
  const words = checkWords[id]
  return {
    id,
    paths,
    span,
    ...(words !== undefined && {
      words: {
        en: { title: words.en.title, about: words.en.about },
        ja: { title: words.ja.title, about: words.ja.about },
      },
    }),
    params: parametersOf(params).map(({ path, value }) => ({
      path,
      value,
      ...(words?.en.params[path] !== undefined && {
        words: { en: words.en.params[path], ja: words.ja.params[path] ?? '' },
      }),
    })),
  }
}

export const shownPolicy = (policy: Policy, file: string | undefined) => ({
  name: policy.name,
  version: policy.version,
  ...(file !== undefined && { file }),
  base: policy.base,
  thresholds: policy.thresholds,
  issuer: policy.issuer,
  lists: policy.lists,
  checks: policy.checks.map(shownCheck),
  // No cap is no number in JSON.
  scorecard: policy.scorecard.map(({ feature, weight, cap }) => ({
    feature,
    weight,
    ...(Number.isFinite(cap) && { cap }),
  })),
  rules: policy.rules.map(shownRule),
  exemptions: policy.exemptions,
})
