// The types and routes of the client, made of the OpenAPI document: the same facts, usable without zod and in a browser.
import { z } from 'zod'
import { matchSchema, planSchema } from '../acs/plan.ts'
import { configSchema } from '../config.ts'
import { collectSchemas } from '../http/admin/json-schema.ts'
import { type DocumentedAnswer, type DocumentedOperation, openApiOf } from '../http/admin/openapi.ts'
import { allOperations } from '../http/admin/operations.ts'
import { comment, typeOf } from './typescript.ts'

const head = (from: string): string => `// Made from ${from} by \`npm run docs\`. Edit those, not this file.\n\n`

/** How an answer is handed on. */
type Kind = 'json' | 'text' | 'stream' | 'none'

interface Answered {
  readonly kind: Kind
  readonly type: string
}

function answered({ content }: DocumentedAnswer): Answered {
  const [media, body] = Object.entries(content ?? {})[0] ?? []
  if (media === undefined) return { kind: 'none', type: 'undefined' }
  if (media === 'application/json') return { kind: 'json', type: typeOf(body?.schema, '    ') }
  return media === 'text/event-stream' ? { kind: 'stream', type: 'Response' } : { kind: 'text', type: 'string' }
}

function takes({ parameters = [], requestBody }: DocumentedOperation): string {
  const of = (place: 'path' | 'query') => {
    const own = parameters.filter((parameter) => parameter.in === place)
    if (own.length === 0) return undefined
    const required = own.filter((parameter) => parameter.required).map(({ name }) => name)
    const properties = Object.fromEntries(
      own.map(({ name, description, schema: { type, ...schema } }) => {
        // Ids are text in some answers and numbers in others; in an address they are the same.
        const written = place === 'path' && type === 'integer' ? ['string', 'number'] : type
        return [name, { ...schema, type: written, description }]
      }),
    )
    const type = typeOf({ type: 'object', properties, required }, '      ')
    return { type, isNeeded: required.length > 0 }
  }
  const bodies = Object.entries(requestBody?.content ?? {})
    // Text with its options in the query is for people at a terminal.
    .filter(([media]) => media !== 'text/plain')
    .map(([, { schema }]) => schema)
  const body = bodies.length === 0 ? undefined : { schema: bodies.length === 1 ? bodies[0] : { anyOf: bodies } }
  const parts = [
    ['params', of('path')],
    ['query', of('query')],
    ['body', body === undefined ? undefined : { type: typeOf(body.schema, '      '), isNeeded: true }],
  ] as const
  const members = parts.flatMap(([name, part]) =>
    part === undefined ? [] : [`      readonly ${name}${part.isNeeded ? '' : '?'}: ${part.type}\n`],
  )
  return members.length === 0 ? '{ readonly body?: never }' : `{\n${members.join('')}    }`
}

export function clientTypes(): string {
  const document = openApiOf(allOperations, '', '')
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => {
      const answers = Object.entries(one.responses)
        .filter(([status]) => status.startsWith('2'))
        .map(([, answer]) => answered(answer))
      return { path, method: method.toUpperCase(), one, answers }
    }),
  )
  // What plans are made of has its names whichever operations there are.
  const more = collectSchemas()
  more.of(z.strictObject({ match: matchSchema, plan: planSchema }), 'input')
  const schemas = Object.entries({ ...more.named, ...document.components.schemas }).map(([name, schema]) => {
    const { description, ...rest } = schema
    const type =
      name === 'Json'
        ? 'string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }'
        : typeOf(rest)
    return `${comment(description, '')}export type ${name} = ${type}\n\n`
  })
  const operations = all.map(({ one, answers }) => {
    const gives = [...new Set(answers.map(({ type }) => type))].join(' | ')
    return `${comment(one.summary, '  ')}  readonly ${one.operationId}: {\n    readonly takes: ${takes(one)}\n    readonly gives: ${gives}\n  }\n`
  })
  const routes = all.map(({ path, method, one, answers }) => {
    const kind = answers.find((answer) => answer.kind !== 'none')?.kind ?? 'none'
    const type = Object.keys(one.requestBody?.content ?? {})[0] ?? ''
    return `  ${one.operationId}: ['${method}', '${path}', '${kind}', '${type}'],\n`
  })
  return [
    head('the operations in src/http/admin'),
    ...schemas,
    `/** What each operation takes and gives. */\nexport interface Operations {\n${operations.join('')}}\n\n`,
    `/** Method, path, kind of answer and media type of the body. */\nexport const routes = {\n${routes.join('')}} as const\n`,
  ].join('')
}

/** Settings for who starts Sekisho from a program. */
export function settingsType(): string {
  const { $schema: _, ...schema } = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' })
  return `${head('src/config.ts')}/** The settings of docs/configuration.md, by name. */\nexport interface Settings ${typeOf(schema)}\n`
}
