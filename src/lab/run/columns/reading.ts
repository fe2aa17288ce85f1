/** A part of what a row tells: its columns are bound together. */
import { numberOf } from '../../../risk/facts.ts'
import type { EntityKind } from '../../../risk/profile.ts'
import type { EventColumn } from '../../stream/schema.ts'
import { type Known, Numbered } from './entities.ts'
import { type Columns, Numbers, Texts } from './texts.ts'
import { Tuples } from './tuples.ts'

const numberColumns: ReadonlySet<string> = new Set([
  'browserTZ',
  'browserScreenWidth',
  'browserScreenHeight',
] satisfies EventColumn[])

/** Gives out slots of a kind; undefined: nobody wants them. */
export type SlotsOf = (kind: EntityKind) => ((hash: number) => number) | undefined

export class Reading {
  readonly #bound: { bind(columns: Columns): void }[] = []
  bind(columns: Columns): void {
    for (const one of this.#bound) one.bind(columns)
  }
  protected also<T extends { bind(columns: Columns): void }>(one: T): T {
    this.#bound.push(one)
    return one
  }
  protected texts<T>(name: EventColumn, make: (text: string) => T, absent: T): Texts<T> {
    return this.also(new Texts(name, make, absent))
  }
  /** The text itself. */
  protected plain(name: EventColumn): Texts<string | undefined> {
    return this.texts<string | undefined>(name, (text) => text, undefined)
  }
  /** Entities of a source, which is bound before. */
  protected numbered<T>(
    source: { readonly generation: number; of(place: number): T },
    knownBy: (value: T) => Known | undefined,
    slotOf: ((hash: number) => number) | undefined,
  ): Numbered {
    const entities = {
      get generation() {
        return source.generation
      },
      of: (place: number) => knownBy(source.of(place)),
    }
    return this.also(new Numbered(entities, slotOf))
  }
  /** Marks alone. */
  protected marked<T>(
    source: { readonly generation: number; of(place: number): T },
    markOf: (value: T) => number | undefined,
  ): Numbered {
    const known = (value: T): Known | undefined => {
      const mark = markOf(value)
      return mark === undefined ? undefined : { hash: 0, mark }
    }
    return this.numbered(source, known, undefined)
  }
  /** A text of digits. */
  protected numeric(name: EventColumn): Texts<number | undefined> {
    return this.texts<number | undefined>(name, (text) => numberOf(text), undefined)
  }
  protected flag(name: EventColumn, yes: string): Texts<boolean | undefined> {
    return this.texts<boolean | undefined>(name, (text) => text === yes, undefined)
  }
  protected numbers(name: EventColumn): Numbers {
    return this.also(new Numbers(name))
  }
  /** What follows from several columns; the first is the one that tells most. */
  protected tuples<T>(names: readonly EventColumn[], make: (row: number) => T): Tuples<T> {
    const columns = names.map((name) => ({
      name,
      kind: numberColumns.has(name) ? ('number' as const) : ('text' as const),
    }))
    return this.also(new Tuples(columns, make))
  }
}

const isWhole = (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER
/** A whole number as the wire carries it; anything else was not told. */
export const wholeOf = (value: number): number | undefined => (isWhole(value) ? value + 0 : undefined)
