// The OpenAPI document of the admin API, made of its operations. Pure.
import { z } from 'zod'
import { collectSchemas, type JsonSchema, type Schemas } from './json-schema.ts'
import type { Operation } from './operation.ts'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  readonly description?: string
  readonly schema: JsonSchema
}

type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>
export interface DocumentedAnswer {
  readonly description: string
  readonly content?: Content
}

export interface DocumentedOperation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required: true; readonly content: Content }
  readonly responses: Readonly<Record<string, DocumentedAnswer>>
}

export interface OpenApi {
  readonly openapi: '3.1.1'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string }[]
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>
    readonly securitySchemes: Readonly<Record<string, object>>
  }
}

const problemSchema = z
  .strictObject({
    error: z.string().describe('what is wrong'),
    path: z.string().optional().describe('the member it is about; never its value'),
  })
  .meta({ id: 'Problem' })

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query', schemas: Schemas): Parameter[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = schemas.of(schema, 'input')
  return Object.entries(properties).flatMap(([name, property]): Parameter[] => {
    if (typeof property === 'boolean') return []
    const { description, ...rest } = property
    return [
      {
        name,
        in: place,
        required: place === 'path' || required.includes(name),
        ...(description !== undefined && { description }),
        schema: rest,
      },
    ]
  })
}

function bodyOf({ body, bodyType = 'application/json', takesText }: Operation, schemas: Schemas) {
  if (body === undefined) return {}
  const schema = schemas.of(body, 'input')
  const choices = schema.anyOf ?? []
  const members = choices.filter((one) => one.type !== 'string')
  // A text of its own kind, or JSON that holds it.
  const isEither = bodyType !== 'application/json' && members.length > 0 && members.length < choices.length
  const text = { schema: { type: 'string' as const } }
  const content: Content = {
    ...(isEither
      ? {
          [bodyType]: text,
          'application/json': { schema: members.length === 1 ? (members[0] ?? {}) : { anyOf: members } },
        }
      : { [bodyType]: { schema } }),
    ...(takesText === true && { 'text/plain': text }),
  }
  return { requestBody: { required: true as const, content } }
}

function answersOf({ answers }: Operation, schemas: Schemas): DocumentedOperation['responses'] {
  const own = Object.entries(answers).map(([status, { description, schema, contentType }]) => {
    const content: Content | undefined =
      schema !== undefined
        ? { [contentType ?? 'application/json']: { schema: schemas.of(schema, 'output') } }
        : contentType === undefined
          ? undefined
          : { [contentType]: { schema: { type: 'string' } } }
    return [status, { description, ...(content !== undefined && { content }) }] as const
  })
  const problem = schemas.of(problemSchema, 'output')
  const refusal = { description: 'refused; says why', content: { 'application/json': { schema: problem } } }
  return { ...Object.fromEntries(own), '4XX': refusal }
}

/** Operations of one kind stand together, however it is written. */
export const tagOf = ({ tag }: Pick<Operation, 'tag'>): string => `${tag.slice(0, 1).toUpperCase()}${tag.slice(1)}`

const tagsOf = (operations: readonly Operation[]): OpenApi['tags'] =>
  [...new Set(operations.map(tagOf))].map((name) => ({ name }))

/** `base`: the address of the API, which may be a path. */
export function openApiOf(operations: readonly Operation[], base: string, version: string): OpenApi {
  const schemas = collectSchemas()
  // Requests first: a schema that is answered in another form is named after the one that is sent.
  const requests = operations.map((one) => ({
    parameters: [...parametersOf(one.params, 'path', schemas), ...parametersOf(one.query, 'query', schemas)],
    ...bodyOf(one, schemas),
  }))
  const paths: Record<string, Record<string, DocumentedOperation>> = {}
  for (const [position, one] of operations.entries()) {
    const { parameters = [], ...body } = requests[position] ?? {}
    const path = paths[one.path] ?? {}
    paths[one.path] = path
    path[one.method] = {
      operationId: one.id,
      tags: [tagOf(one)],
      summary: one.summary,
      ...(one.description !== undefined && { description: one.description }),
      ...(parameters.length > 0 && { parameters }),
      ...body,
      responses: answersOf(one, schemas),
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Admin API of Sekisho',
      version,
      description:
        'Plans what happens to the next payments, and tells what happened to the last ones. Every path exists for a tenant, too: `/t/{tenant}/api/v1/…`. On loopback no token is needed unless one is set.',
    },
    servers: [{ url: base }],
    tags: tagsOf(operations),
    security: [{}, { token: [] }],
    paths,
    components: {
      schemas: schemas.named,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'The admin token, or that of the tenant.' },
      },
    },
  }
}
