// What is kept of a tenant besides its stores: a small file in its folder.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const keptSchema = z.object({
  createdAt: z.number(),
  seed: z.string().optional(),
  nextSeed: z.string().nullable().optional(),
  overrides: z.boolean().optional(),
  /** A risk policy of its own, YAML. */
  policy: z.string().optional(),
  /** SHA-256, hexadecimal. */
  tokenDigest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  clock: z.object({ mode: z.enum(['run', 'frozen']), now: z.number(), offsetMs: z.number() }).optional(),
})
export type Kept = z.output<typeof keptSchema>

const fileName = 'tenant.json'

/** A file that cannot be read. */
export class KeptProblem extends Error {}

/** Undefined: there is none. */
export function readKept(folder: string): Kept | undefined {
  const file = path.join(folder, fileName)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    return keptSchema.parse(JSON.parse(text))
  } catch {
    throw new KeptProblem(`${file} does not hold the settings of a tenant.`)
  }
}

/** Whole or not at all. */
export function writeKept(folder: string, kept: Kept): void {
  const file = path.join(folder, fileName)
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(kept)}\n`, { mode: 0o600, flush: true })
  renameSync(draft, file)
}
