/** Every key of an experiment file with what it takes and means, from the schema: for the documentation and for editors. */
import { z } from 'zod'
import { experimentSchema } from './schema.ts'

type Schema = z.core.JSONSchema.JSONSchema

export type Key = {
  /** `stream.preset`, `policies[].id`. */
  readonly path: string
  readonly takes: string
  /** As it is written in YAML; empty: none. */
  readonly usual: string
  readonly isRequired: boolean
  readonly about: string
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const sidesOf = (schema: Schema): readonly Schema[] =>
  schema.anyOf === undefined ? [schema] : schema.anyOf.filter(isSchema).flatMap(sidesOf)

export const experimentJsonSchema = (): Schema => ({
  title: 'Experiment of the lab of Sekisho',
  ...z.toJSONSchema(experimentSchema, { io: 'input', unrepresentable: 'any' }),
})

/** In a few words; what is nested has rows of its own. */
function takesOf(schema: Schema): string {
  const words = sidesOf(schema).map((side) => {
    if (side.const !== undefined) return `\`${String(side.const)}\``
    if (side.enum !== undefined) return side.enum.map((value) => `\`${String(value)}\``).join(', ')
    switch (side.type) {
      case 'array':
        return isSchema(side.items) ? `list of ${takesOf(side.items)}` : 'list'
      case 'object':
        return side.properties === undefined ? 'keys and values' : `{ ${Object.keys(side.properties).join(', ')} }`
      case 'integer':
        return 'whole number'
      case 'boolean':
        return '`true`, `false`'
      case 'string':
        return 'text'
      default:
        return String(side.type ?? 'anything')
    }
  })
  return [...new Set(words)].join(' or ')
}

const usualOf = ({ default: usual }: Schema): string => {
  if (usual === undefined) return ''
  const text = JSON.stringify(usual)
  return text === '{}' || text === '[]' ? '' : text.replaceAll('"', '')
}

function keysIn(schema: Schema, path: string): readonly Key[] {
  const found = sidesOf(schema).flatMap((side) => {
    if (side.type === 'array') return isSchema(side.items) ? keysIn(side.items, `${path}[]`) : []
    return Object.entries(side.properties ?? {}).flatMap(([name, member]) => {
      if (!isSchema(member)) return []
      const own = path === '' ? name : `${path}.${name}`
      const key: Key = {
        path: own,
        takes: takesOf(member),
        usual: usualOf(member),
        isRequired: side.required?.includes(name) === true,
        about: member.description ?? '',
      }
      return [key, ...keysIn(member, own)]
    })
  })
  // A union of several sides that know the same key tells it once.
  return found.filter(({ path: one }, i) => found.findIndex((other) => other.path === one) === i)
}

export const experimentKeys = (): readonly Key[] => keysIn(experimentJsonSchema(), '')
