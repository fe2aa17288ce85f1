// Mutated messages, one by one: number `index` of a seed is always the same one.
import { sampleMessage } from '../../src/protocol/messages/sample.ts'
import type { JsonObject } from '../../src/protocol/rules/conditions.ts'
import { type Column, columns } from '../support/columns.ts'
import { type Chance, chanceOf } from './chance.ts'
import { byteSteps, memberSteps, textSteps } from './mutate.ts'

export interface Input {
  readonly index: number
  readonly bytes: Buffer
  /** The column the message was made for. */
  readonly about: Column
  /** What was done to it, in order. */
  readonly steps: readonly string[]
}

/** Seeds of sample messages; a message is made once and copied. */
const variants = 4

export interface Inputs {
  input(index: number): Input
}

/** `only`: the columns to make messages of; `change`: members that all of them get before they are spoiled. */
export function inputsOf(
  seed: number,
  {
    only = columns,
    change = () => ({}),
  }: { readonly only?: readonly Column[]; readonly change?: (chance: Chance) => JsonObject } = {},
): Inputs {
  const made = new Map<string, string>()
  const textOf = (about: Column, fill: 'minimal' | 'full', variant: number): string => {
    const key = `${only.indexOf(about)} ${fill} ${variant}`
    const text = made.get(key) ?? JSON.stringify(sampleMessage({ ...about, fill, seed: variant }))
    made.set(key, text)
    return text
  }
  return {
    input(index) {
      const chance = chanceOf(seed * 1_000_003 + index)
      const some = (): string => textOf(about, chance.pick(['minimal', 'full'] as const), chance.below(variants))
      const about = chance.pick(only)
      const steps: string[] = []
      const message = { ...(JSON.parse(some()) as JsonObject), ...change(chance) }
      const layer = chance.below(10)
      // Most are spoiled in their members, once or a few times: those get furthest.
      const times = layer < 7 ? 1 + chance.below(chance.pick([1, 2, 5])) : chance.below(2)
      for (let i = 0; i < times; i += 1) {
        if (Object.keys(message).length === 0) break
        const name = chance.pick(Object.keys(memberSteps))
        memberSteps[name]?.(message, chance)
        steps.push(name)
      }
      let text = JSON.stringify(message)
      if (layer === 7 || layer === 8) {
        const name = chance.pick(Object.keys(textSteps))
        const other = (): string => textOf(chance.pick(only), 'minimal', chance.below(variants))
        text = textSteps[name]?.(text, chance, other) ?? text
        steps.push(name)
      }
      let bytes = Buffer.from(text, 'utf8')
      if (layer === 9) {
        const name = chance.pick(Object.keys(byteSteps))
        bytes = Buffer.from(byteSteps[name]?.(bytes, chance) ?? bytes)
        steps.push(name)
      }
      return { index, bytes, about, steps }
    },
  }
}
