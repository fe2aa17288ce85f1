// A difference in words, for terminals. Pure.
import type { Change, Diff, MessageDiff, TransactionDiff } from './diff.ts'

export interface Paint {
  readonly a: (text: string) => string
  readonly b: (text: string) => string
  readonly strong: (text: string) => string
}

const same = (text: string): string => text
export const plain: Paint = { a: same, b: same, strong: same }
const ansi =
  (code: number) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[0m`
export const coloured: Paint = { a: ansi(31), b: ansi(32), strong: ansi(1) }

const longest = 300
const shown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

const changeLines = ({ path, a, b }: Change, indent: string, paint: Paint): readonly string[] => [
  `${indent}${path}`,
  paint.a(`${indent}  - ${shown(a)}`),
  paint.b(`${indent}  + ${shown(b)}`),
]

const nameOf = ({ link, messageType, message }: MessageDiff): string => {
  const event =
    typeof message === 'object' && message !== null && 'event' in message ? String(message.event) : undefined
  return [link, messageType ?? event].filter((word) => word !== undefined).join(' ')
}

function messageLines(diff: MessageDiff, paint: Paint): readonly string[] {
  const name = `message ${diff.position}, ${nameOf(diff)}`
  if (diff.kind === 'onlyInA') return [paint.a(`  - ${name}: ${shown(diff.message)}`)]
  if (diff.kind === 'onlyInB') return [paint.b(`  + ${name}: ${shown(diff.message)}`)]
  return [`  ${paint.strong(name)}`, ...diff.changes.flatMap((change) => changeLines(change, '    ', paint))]
}

function transactionLines(diff: TransactionDiff, paint: Paint): readonly string[] {
  const id = diff.acsTransID === undefined ? '' : ` (acsTransID ${diff.acsTransID})`
  const name = `transaction ${diff.position}${id}`
  if (diff.kind === 'onlyInA') return [paint.a(`- ${name}, ${diff.messages.length} messages`)]
  if (diff.kind === 'onlyInB') return [paint.b(`+ ${name}, ${diff.messages.length} messages`)]
  return [
    paint.strong(name),
    ...diff.changes.flatMap((change) => changeLines(change, '  ', paint)),
    ...diff.messages.flatMap((message) => messageLines(message, paint)),
  ]
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** - is A, + is B. */
export function diffText(diff: Diff, paint: Paint = plain): string {
  const { a, b } = diff.transactions
  if (diff.isEqual) return `No difference: ${counted(a, 'transaction')}.\n`
  const of = a === b ? counted(a, 'transaction') : `${counted(a, 'transaction')} in A, ${b} in B`
  return `${[
    ...diff.differences.flatMap((one) => [...transactionLines(one, paint), '']),
    `${diff.differences.length} of ${of} differ${diff.differences.length === 1 ? 's' : ''}.`,
  ].join('\n')}\n`
}
