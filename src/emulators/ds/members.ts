// Which elements a relayed message may hold. Spec: Annex A, [Req 209, 210]; FLOW-DS-4, FLOW-DS-7.
import type { MessageType } from '../../protocol/messages/types.ts'
import { elements } from '../../protocol/tables/elements.ts'
import type { ElementTable } from '../../protocol/tables/types.ts'

const versions = ['2.1.0', '2.2.0', '2.3.1']
const table: ElementTable = elements

/** Elements that the table gives the message in that version, in any channel and category. */
function belongs(element: string, messageType: MessageType, version: string): boolean {
  const group = table[element]?.presence?.[messageType]?.split(' ')[versions.indexOf(version)]
  return group !== undefined && /[RCO]/.test(group)
}

/** The message without elements that do not belong to it; unknown extensions are passed on unaltered. */
export const withoutStrangers = (
  message: Readonly<Record<string, unknown>>,
  messageType: MessageType,
  version: string,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(message).filter(([element]) => belongs(element, messageType, version)))
