// The running policy as the admin API shows it: every check with its parameters, and both in words.
import type { Router } from 'express'
import { z } from 'zod'
import { checkOf } from '../../risk/checks.ts'
import type { Rule } from '../../risk/policy/rules.ts'
import type { Policy } from '../../risk/policy.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'

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

/** As it was written. */
const shownRule = ({ id, when, outcome, cite, note }: Rule) => ({
  id,
  when: when.source,
  outcome,
  ...(cite !== undefined && { cite }),
  ...(note !== undefined && { note }),
})

const shownCheck = ({ id, paths, span, params }: Policy['checks'][number]) => {
  const words = checkOf(id)?.words
  return {
    id,
    paths,
    span: span.map((end) => Number(end.toFixed(6))), // without the grain of weights
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
  lists: {
    forwarding: policy.lists.forwarding,
    ipCountries: policy.lists.ipCountries,
    // How many: what is listed belongs to persons.
    deny: policy.lists.deny.size,
    allow: policy.lists.allow.size,
  },
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

const words = z.strictObject({ en: z.string(), ja: z.string() })
const titled = z.strictObject({ title: z.string(), about: z.string() })
export const policySchema = z.strictObject({
  name: z.string(),
  version: z.int(),
  file: z.string().optional(),
  base: z.number().describe('log-odds before anything is known of a purchase'),
  thresholds: z.strictObject({ challenge: z.number(), reject: z.number() }),
  issuer: z.looseObject({ country: z.string() }),
  lists: z.looseObject({}),
  checks: z.array(
    z.strictObject({
      id: z.string(),
      paths: z.array(z.string()),
      span: z.json().optional(),
      words: z.strictObject({ en: titled, ja: titled }).optional(),
      params: z.array(z.strictObject({ path: z.string(), value: z.json().optional(), words: words.optional() })),
    }),
  ),
  scorecard: z.array(z.strictObject({ feature: z.string(), weight: z.number(), cap: z.number().optional() })),
  rules: z.array(
    z.strictObject({
      id: z.string(),
      when: z.looseObject({}),
      outcome: z.looseObject({}),
      cite: z.string().optional(),
      note: z.string().optional(),
    }),
  ),
  exemptions: z.looseObject({}),
})

const getPolicy = operation({
  id: 'getPolicy',
  method: 'get',
  path: '/policy',
  tag: 'Decisions',
  summary: 'The running policy of the risk engine, with every check in words',
  answers: { 200: { description: 'the policy', schema: policySchema } },
})

export const policyOperations = [getPolicy] as const

export function mountPolicy(router: Router, { policies }: AdminPorts): void {
  mount(router, '', getPolicy, (_given, _req, res) => {
    res.json(shownPolicy(policies.running(), policies.release().file))
  })
}
