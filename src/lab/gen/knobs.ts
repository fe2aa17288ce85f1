/** Every knob as a row: what docs/lab-population.md shows, and what somebody who turns one wants to know. */
import { z } from 'zod'
import { type GenConfig, genConfigSchema } from './config.ts'

type Knob = {
  /** As `--set` takes it: `holders.vpn`. */
  readonly path: string
  readonly description: string
  readonly unit: string
  readonly source: string
}

type Described = { readonly description?: string; readonly unit?: unknown; readonly source?: unknown }

function knobsIn(schema: z.ZodType, path: readonly string[]): readonly Knob[] {
  const meta = schema.meta() as Described | undefined
  if (meta?.unit !== undefined)
    return [
      {
        path: path.join('.'),
        description: meta.description ?? '',
        unit: String(meta.unit),
        source: String(meta.source ?? ''),
      },
    ]
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape as Readonly<Record<string, z.ZodType>>).flatMap(([name, inner]) =>
    knobsIn(inner, [...path, name]),
  )
}
export const knobs: readonly Knob[] = knobsIn(genConfigSchema, [])

export function valueAt(config: GenConfig, path: string): unknown {
  let at: unknown = config
  for (const step of path.split('.')) at = (at as Readonly<Record<string, unknown>> | undefined)?.[step]
  return at
}
