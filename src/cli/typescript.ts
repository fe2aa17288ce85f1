// JSON Schema as TypeScript types, as far as zod writes it. For the client, whose users need neither zod nor our sources.
type Json = unknown
type Members = Readonly<Record<string, Json>>
const isMembers = (value: Json): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const words = (text: string): string => text.replaceAll('*/', '* /')
export const comment = (text: Json, pad: string): string =>
  typeof text === 'string' && text !== '' ? `${pad}/** ${words(text)} */\n` : ''

const memberName = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name))

const isCompound = (type: string): boolean => / [|&] /.test(type)

function objectType(schema: Members, pad: string): string {
  const { properties, required, additionalProperties: others } = schema
  const needed = new Set(Array.isArray(required) ? required : [])
  const inner = `${pad}  `
  const members = Object.entries(isMembers(properties) ? properties : {}).map(([name, property]) => {
    const about = comment(isMembers(property) ? property.description : undefined, inner)
    const type = typeOf(property, inner)
    return `${about}${inner}readonly ${memberName(name)}${needed.has(name) ? `: ${type}` : `?: ${type} | undefined`}\n`
  })
  if (isMembers(others)) {
    const type = members.length === 0 ? typeOf(others, inner) : 'unknown'
    if (members.length === 0) return `{ readonly [name: string]: ${type} }`
    members.push(`${inner}readonly [name: string]: ${type}\n`)
  }
  if (members.length === 0) return others === false ? 'Record<string, never>' : '{ readonly [name: string]: unknown }'
  return `{\n${members.join('')}${pad}}`
}

const union = (types: readonly string[]): string => [...new Set(types)].join(' | ')

/** The type, written at this depth. Throws for what zod has not written so far. */
export function typeOf(schema: Json, pad = ''): string {
  if (!isMembers(schema)) return schema === false ? 'never' : 'unknown'
  const { $ref, type, enum: values, const: only, anyOf, oneOf, allOf, items, prefixItems, properties } = schema
  const all = (schemas: readonly Json[]): readonly string[] => schemas.map((one) => typeOf(one, pad))
  if (typeof $ref === 'string') return $ref.slice($ref.lastIndexOf('/') + 1)
  if (Array.isArray(values)) return union(values.map((value) => JSON.stringify(value)))
  if (only !== undefined) return JSON.stringify(only)
  if (Array.isArray(anyOf)) return union(all(anyOf))
  if (Array.isArray(oneOf)) return union(all(oneOf))
  if (Array.isArray(allOf))
    return all(allOf)
      .map((one) => (isCompound(one) ? `(${one})` : one))
      .join(' & ')
  if (Array.isArray(prefixItems)) return `readonly [${all(prefixItems).join(', ')}]`
  if (type === 'array') {
    const entry = typeOf(items, pad)
    return `readonly ${isCompound(entry) ? `(${entry})` : entry}[]`
  }
  if (type === 'object' || properties !== undefined) return objectType(schema, pad)
  if (Array.isArray(type)) return union(type.map((one) => typeOf({ ...schema, type: one }, pad)))
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type
    case 'number':
    case 'integer':
      return 'number'
    case undefined:
      return 'unknown'
    default:
      throw new Error(`no TypeScript for ${JSON.stringify(schema)}`)
  }
}
