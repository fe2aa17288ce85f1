// JSON Schema of the zod schemas that check requests and describe answers, with the named ones apart from the others.
import { z } from 'zod'

export type JsonSchema = z.core.JSONSchema.JSONSchema
type Direction = 'input' | 'output'

/** Where named schemas are in the document. */
const home = '#/components/schemas/'

const convert = (schema: z.core.$ZodType, io: Direction): JsonSchema =>
  z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      const { def } = zodSchema._zod
      if (io === 'input') return
      // What was transformed when it was read is answered in a form that could be read again.
      if (isPipe(def) && def.out._zod.def.type === 'transform') {
        const { $schema: _, ...taken } = convert(def.in, 'input')
        Object.assign(jsonSchema, taken)
      }
      // An object that says nothing of other members may have some.
      if (isObject(def) && def.catchall === undefined) delete jsonSchema.additionalProperties
    },
  })

const isPipe = (def: z.core.$ZodTypeDef): def is z.core.$ZodPipeDef => def.type === 'pipe'
const isObject = (def: z.core.$ZodTypeDef): def is z.core.$ZodObjectDef => def.type === 'object'

/** z.json() refers to itself, so it gets a name; it is the only schema that may without having one. */
const isAnyJson = (name: string): boolean => /^__schema[0-9]+$/.test(name)
const anyJson: JsonSchema = { description: 'any JSON' }

/** The same with every reference led to where the schema is in the document. */
function relocated(value: unknown, nameOf: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((entry: unknown) => relocated(entry, nameOf))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) =>
      name === '$ref' && typeof member === 'string'
        ? [name, `${home}${nameOf(member.slice(member.lastIndexOf('/') + 1))}`]
        : [name, relocated(member, nameOf)],
    ),
  )
}

export interface Schemas {
  /** The schema of what is sent or answered; what it refers to goes into `named`. */
  of(schema: z.core.$ZodType, io: Direction): JsonSchema
  readonly named: Readonly<Record<string, JsonSchema>>
}

/** Collects the schemas of one document. A named schema that is answered otherwise than it is sent has two names. */
export function collectSchemas(): Schemas {
  const named: Record<string, JsonSchema> = {}
  const texts = new Map<string, string>()
  return {
    named,
    of(schema, io) {
      const { $schema: _, $defs = {}, ...whole } = convert(schema, io)
      const same = (name: string, value: JsonSchema): boolean => {
        const text = JSON.stringify(value)
        const known = texts.get(`${io} ${name}`) ?? text
        texts.set(`${io} ${name}`, known)
        return known === text
      }
      const nameOf = (name: string): string =>
        isAnyJson(name) ? 'Json' : io === 'output' && texts.has(`input ${name}`) ? `${name}Answer` : name
      for (const [name, value] of Object.entries($defs)) {
        const moved = isAnyJson(name) ? anyJson : (relocated(value, nameOf) as JsonSchema)
        if (!isAnyJson(name) && !same(name, moved)) throw new Error(`two schemas have the name ${name}`)
        named[nameOf(name)] = moved
      }
      return relocated(whole, nameOf) as JsonSchema
    },
  }
}
