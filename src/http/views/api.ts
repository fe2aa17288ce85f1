/** The admin API as a page to read: every operation with what it takes and answers. English only, as the document is. */
import { renderTemplate } from './page.ts'

type Json = unknown
const isObject = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A schema in a line or two, as people write types. */
function typeText(schema: Json, depth = 0): string {
  if (!isObject(schema)) return 'any'
  const { $ref, type, enum: values, const: only, anyOf, oneOf, items, properties, additionalProperties } = schema
  if (typeof $ref === 'string') return $ref.slice($ref.lastIndexOf('/') + 1)
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ')
  if (only !== undefined) return JSON.stringify(only)
  const choices = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : undefined
  if (choices !== undefined)
    return [...new Set(choices.map((choice: Json) => typeText(choice, depth)))].join(depth === 0 ? '\n| ' : ' | ')
  if (type === 'array') return `[${typeText(items, depth + 1)}, …]`
  if (type === 'object' || properties !== undefined) return objectText(schema, depth)
  if (additionalProperties !== undefined) return '{ … }'
  return Array.isArray(type) ? type.join(' | ') : typeof type === 'string' ? type : 'any'
}

function objectText(schema: Readonly<Record<string, Json>>, depth: number): string {
  const { properties, required, additionalProperties } = schema
  const needed = new Set(Array.isArray(required) ? required : [])
  const lines = Object.entries(isObject(properties) ? properties : {}).map(([name, property]) => {
    const about = isObject(property) && typeof property.description === 'string' ? `  // ${property.description}` : ''
    return { text: `${name}${needed.has(name) ? '' : '?'}: ${typeText(property, depth + 1)}`, about }
  })
  if (isObject(additionalProperties)) lines.push({ text: `…: ${typeText(additionalProperties, depth + 1)}`, about: '' })
  if (lines.length === 0) return '{ … }'
  const pad = '  '.repeat(depth + 1)
  return `{\n${lines.map(({ text, about }) => `${pad}${text},${about}`).join('\n')}\n${'  '.repeat(depth)}}`
}

interface Documented {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly description?: string
    readonly schema: Json
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Json }>> }
  readonly responses: Readonly<
    Record<
      string,
      { readonly description: string; readonly content?: Readonly<Record<string, { readonly schema?: Json }>> }
    >
  >
}

interface ApiDocument {
  readonly info: { readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Json>> }
}

const contentOf = (content: Readonly<Record<string, { readonly schema?: Json }>> = {}) =>
  Object.entries(content).map(([type, { schema }]) => ({ type, text: typeText(schema) }))

export function renderApiPage({ info, servers, tags, paths, components }: ApiDocument, nonce: string): string {
  const base = servers[0]?.url ?? ''
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({
      id: one.operationId,
      tag: one.tags[0],
      method: method.toUpperCase(),
      path,
      summary: one.summary,
      description: one.description ?? '',
      parameters: (one.parameters ?? []).map(({ schema, ...rest }) => ({ ...rest, type: typeText(schema, 1) })),
      body: contentOf(one.requestBody?.content),
      answers: Object.entries(one.responses).map(([status, { description, content }]) => ({
        status,
        description,
        content: contentOf(content),
      })),
    })),
  )
  return renderTemplate('./api', {
    nonce,
    version: info.version,
    intro: info.description.split('`'),
    base,
    home: base.replace(/\/api\/v1$/, '/'),
    groups: tags.map(({ name }) => ({ name, operations: all.filter(({ tag }) => tag === name) })),
    schemas: Object.entries(components.schemas).map(([name, schema]) => ({ name, text: typeText(schema) })),
  })
}
