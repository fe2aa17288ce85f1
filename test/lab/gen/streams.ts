/** Streams of the tests, and rows of them as objects. */
import { configOf, type PresetName } from '../../../src/lab/gen/config.ts'
import { partsIn } from '../../../src/lab/gen/generate.ts'
import { sceneOf } from '../../../src/lab/gen/scene.ts'
import { type Part, textIn } from '../../../src/lab/stream/table.ts'

export type Row = Readonly<Record<string, string | number | undefined>>

export const partsFor = (
  changes: Readonly<Record<string, unknown>> = {},
  seed = '1',
  preset: PresetName = 'japan',
): readonly Part[] => [...partsIn(sceneOf(configOf(preset, { events: 20_000, ...changes }), seed))]

/** What was not sent is undefined. */
export function rowsOf(parts: readonly Part[]): readonly Row[] {
  return parts.flatMap(({ n, columns }) =>
    Array.from({ length: n }, (_, row) => {
      const told: Record<string, string | number | undefined> = {}
      for (const [name, column] of columns) {
        if (column.kind === 'text') told[name] = textIn(column, row)
        else told[name] = Number.isNaN(column.values[row]) ? undefined : column.values[row]
      }
      return told
    }),
  )
}

export const rowsFor = (changes: Readonly<Record<string, unknown>> = {}, seed = '1'): readonly Row[] =>
  rowsOf(partsFor(changes, seed))

export const share = (rows: readonly Row[], is: (row: Row) => boolean): number => rows.filter(is).length / rows.length
export const isGenuine = ({ kind }: Row): boolean => kind === undefined
export const isFraud = ({ isFraud: fraud }: Row): boolean => fraud === 1
