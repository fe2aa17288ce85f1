import type { ColumnKind, EventColumn, TruthColumn } from '../stream/schema.ts'
import { eventColumns, truthColumns } from '../stream/schema.ts'
import { type Column, Dictionary, type Part } from '../stream/table.ts'

export type Row = { readonly [C in EventColumn | TruthColumn]?: string | number }

const kinds: Readonly<Record<string, ColumnKind>> = { ...eventColumns, ...truthColumns }

/** A few rows as one part of a stream. */
export function partOf(rows: readonly Row[]): Part {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))] as (keyof Row)[]
  const columns = new Map<string, Column>()
  for (const name of names) {
    if (kinds[name] === 'number') {
      columns.set(name, { kind: 'number', values: Float64Array.from(rows, (row) => Number(row[name] ?? Number.NaN)) })
      continue
    }
    const dictionary = new Dictionary()
    const ids = Uint32Array.from(rows, (row) => {
      const value = row[name]
      return value === undefined ? 0 : dictionary.idOf(String(value))
    })
    columns.set(name, { kind: 'text', dictionary, ids })
  }
  return { n: rows.length, first: 0, columns }
}
