/** A policy as JSON Schema, for editors: names of values, checks with their parameters in words, operators. */
import { z } from 'zod'
import { checks, reasonCodes } from '../checks.ts'
import { featureNames } from '../features.ts'
import { policySchema } from '../policy.ts'
import type { operators } from './conditions.ts'
import { listKinds } from './lists.ts'
import { assessmentNames, operandNames } from './operands.ts'
import { writtenRule } from './rules.ts'

type Schema = z.core.JSONSchema.JSONSchema
type Members = Record<string, Schema>

const convert = (schema: z.core.$ZodType): Schema => {
  const { $schema: _, ...converted } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return converted
}

const itself: Schema = { $ref: '#/$defs/condition' }
const some = (items: Schema): Schema => ({ type: 'array', items, minItems: 1 })
const object = (properties: Members, ...required: readonly string[]): Schema => ({
  type: 'object',
  properties,
  required: [...required],
  additionalProperties: false,
})

const scalar: Schema = { type: ['string', 'number', 'boolean'] } as Schema
const wanted: Readonly<Record<(typeof operators)[number], Schema>> = {
  eq: { ...scalar, description: 'is this' },
  ne: { ...scalar, description: 'is told, and is not this' },
  in: { ...some(scalar), description: 'is one of these' },
  notIn: { ...some(scalar), description: 'is told, and is none of these' },
  lt: { type: 'number', description: 'is less' },
  le: { type: 'number', description: 'is less or as much' },
  gt: { type: 'number', description: 'is more' },
  ge: { type: 'number', description: 'is more or as much' },
  between: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2, description: 'both belong to it' },
  matches: {
    type: 'string',
    maxLength: 500,
    description: 'a pattern is found in it; (?i) at its beginning: of either case',
  },
  startsWith: { type: 'string', minLength: 1 },
  exists: { const: true, description: 'was told' },
  absent: { const: true, description: 'was not told' },
}

const condition = (): Schema => ({
  description: 'What was not told fulfils absent and nothing else.',
  anyOf: [
    {
      ...object(
        {
          of: {
            anyOf: [{ enum: [...operandNames()] }, { type: 'string', pattern: assessmentNames }],
            description: 'a value',
          },
          ...wanted,
        },
        'of',
      ),
      minProperties: 2,
    },
    object({ all: some(itself) }, 'all'),
    object({ any: some(itself) }, 'any'),
    object({ not: itself }, 'not'),
    object({ reason: { enum: [...reasonCodes] } }, 'reason'),
    object({ listed: { enum: ['allow', 'deny'] }, kind: { enum: [...listKinds] } }, 'listed'),
  ],
})

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Parameters in words, by their path. */
function described(schema: Schema, words: Readonly<Record<string, string>>, path: readonly string[] = []): Schema {
  const text = words[path.join('.')]
  const properties = Object.entries(schema.properties ?? {}).map(([name, member]) => [
    name,
    isSchema(member) ? described(member, words, [...path, name]) : member,
  ])
  return {
    ...schema,
    ...(text !== undefined && { description: text }),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) as Members }),
  }
}

/** Rules of earlier releases, which are still read. */
const oldRule = (): Schema => ({
  ...object(
    {
      id: { type: 'string' },
      when: {
        anyOf: [
          object({ feature: { enum: [...featureNames] }, atLeast: { type: 'number' } }, 'feature', 'atLeast'),
          itself,
        ],
      },
      outcome: object(
        { action: { enum: ['challenge', 'deny', 'reject'] }, transStatusReason: { type: 'string' } },
        'action',
      ),
      cite: { type: 'string' },
    },
    'id',
    'when',
    'outcome',
  ),
  deprecated: true,
})

export function policyJsonSchema(): Schema {
  const { $defs: _, ...schema } = convert(policySchema)
  const { $defs: __, ...rule } = convert(writtenRule)
  const parts: Members = { ...(schema.properties as Members) }
  const byId = Object.fromEntries(
    checks.map(({ id, params, words: { en } }) => {
      const { $defs: ___, ...own } = convert(params)
      return [id, { ...described(own, en.params), title: en.title, description: en.about }]
    }),
  )
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Policy of Sekisho',
    ...schema,
    properties: {
      ...parts,
      checks: object(byId),
      rules: {
        type: 'array',
        items: { anyOf: [rule, oldRule()] },
        default: [],
        description: 'applied in their order, after the score',
      },
    },
    $defs: { condition: condition() },
  }
}
