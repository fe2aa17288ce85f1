// What nobody can say without the other messages of the transaction. Spec: Annex A, conditions that look at another message.
import type { Finding } from '../protocol/errors.ts'
import { messageTypes } from '../protocol/messages/head.ts'
import { applies } from '../protocol/rules/checker.ts'
import { contextsOf, type JsonObject } from '../protocol/rules/conditions.ts'
import { elements } from '../protocol/tables/elements.ts'
import type { Element, ElementTable } from '../protocol/tables/types.ts'

export interface Where {
  readonly version: string
  readonly message: string
  readonly channel: string
  readonly category: string
}

const table: ElementTable = elements
const isMessage = (name: string): boolean => messageTypes.some((type) => type === name)

/** Whether the element's presence hangs on a message that the input does not hold. */
export function isUncertain({ errorCode, element }: Finding, where: Where, context: JsonObject): boolean {
  const row: Element | undefined = Object.hasOwn(table, element) ? table[element] : undefined
  if (errorCode !== '201' || row === undefined) return false
  return (row.conditions ?? [])
    .filter(
      ({ effect, versions, messages, channels, categories }) =>
        effect !== 'allowed-if' &&
        applies(versions, where.version) &&
        applies(messages, where.message) &&
        applies(channels, where.channel) &&
        applies(categories, where.category),
    )
    .flatMap(({ when }) => contextsOf(when))
    .some((name) => isMessage(name) && context[name] === undefined)
}
