// One story of what several parties saw: each message once, in an order that no party would contradict. Pure.
import { sorted } from './values.ts'

/** One observation of a message: who saw it, when, and how long it had taken to answer. */
interface Sighting {
  readonly by: string
  readonly at: number
  readonly durationMs?: number | undefined
}

/** A message as the console gets it; the ACS's own and those of peers alike. */
export interface StoryMessage {
  readonly id: number | string
  readonly at: number
  readonly link: string
  readonly messageType?: string | undefined
  readonly message?: unknown
  /** Transport headers worth keeping. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Why there was no answer. */
  readonly problem?: string | undefined
  readonly findings?: readonly unknown[] | undefined
  readonly httpStatus?: number | undefined
  readonly durationMs?: number | undefined
  /** The fault that it met on purpose, and what left in its place; empty: nothing. */
  readonly fault?: string | undefined
  readonly sent?: unknown
  readonly seen?: readonly Sighting[]
}

/** What one party saw, in its own order. */
export interface Witness {
  readonly party: string
  readonly messages: readonly StoryMessage[]
}

const senderOf = (link: string): string => link.slice(0, link.indexOf('→'))

interface Node {
  message: StoryMessage
  /** Nodes that some party saw before this one. */
  readonly after: Set<Node>
  sightings: readonly Sighting[]
  /** Of all that was written down of it. */
  readonly ids: (number | string)[]
}

const findingsOf = (one: StoryMessage, other: StoryMessage): readonly unknown[] | undefined => {
  const all = [...(one.findings ?? []), ...(other.findings ?? [])]
  if (all.length === 0) return undefined
  return [...new Map(all.map((finding) => [sorted(finding), finding])).values()]
}

/** Both ends of an arrow: the sender's words, with what the receiver found. */
function joined(own: StoryMessage, theirs: StoryMessage, isSenders: boolean): StoryMessage {
  const [sent, received] = isSenders ? [theirs, own] : [own, theirs]
  const findings = findingsOf(sent, received)
  const said = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined))
  return { ...received, ...said, ...(findings !== undefined && { findings }) }
}

function nodesOf(witnesses: readonly Witness[]): readonly Node[] {
  const nodes: Node[] = []
  const known = new Map<string, Node>()
  for (const { party, messages } of witnesses) {
    const counts = new Map<string, number>()
    let before: Node | undefined
    for (const message of messages) {
      // By what was said, not by what it was taken for: an Erro may have come in the place of an RRes. What a fault made of
      // it is what the other end saw.
      const key = `${message.link} ${sorted(message.sent ?? message.message)}`
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      const sighting = { by: party, at: message.at, durationMs: message.durationMs }
      let node = known.get(`${count} ${key}`)
      if (node === undefined) {
        node = { message, after: new Set(), sightings: [sighting], ids: [message.id] }
        nodes.push(node)
        known.set(`${count} ${key}`, node)
      } else {
        node.message = joined(node.message, message, senderOf(message.link) === party)
        node.sightings = [...node.sightings, sighting]
        node.ids.push(message.id)
      }
      if (before !== undefined && before !== node) node.after.add(before)
      before = node
    }
  }
  return nodes
}

/** The place of each in the one list, by the id of whoever wrote it down. */
export function placesIn(witnesses: readonly Witness[]): ReadonlyMap<number | string, number> {
  return new Map(
    inOrder(nodesOf(witnesses)).flatMap(({ ids }, place) => ids.map((id): [number | string, number] => [id, place])),
  )
}

/**
 * One list of what all witnesses saw. A message that two of them saw is one entry; the n-th of several equal ones is the
 * n-th of the other party too. The order keeps that of every witness, and where nobody knows better the time's: clocks of
 * different machines need not agree.
 */
export function mergeMessages(witnesses: readonly Witness[]): readonly StoryMessage[] {
  return inOrder(nodesOf(witnesses)).map(({ message, sightings }) => ({
    ...message,
    seen: sightings.toSorted(
      (one, other) => Number(other.by === senderOf(message.link)) - Number(one.by === senderOf(message.link)),
    ),
  }))
}

const receiverOf = (link: string): string => link.slice(link.indexOf('→') + 1)

/**
 * Earliest first among those that nothing unsaid precedes, and of those of one moment whoever was spoken to last; should
 * witnesses contradict each other, time decides.
 */
function inOrder(nodes: readonly Node[]): readonly Node[] {
  const waiting = nodes.toSorted((one, other) => one.message.at - other.message.at)
  const said = new Set<Node>()
  const isFree = ({ after }: Node): boolean => [...after].every((node) => said.has(node))
  let spokenTo: string | undefined
  while (waiting.length > 0) {
    const first = Math.max(0, waiting.findIndex(isFree))
    const at = waiting[first]?.message.at
    let place = first
    for (let index = first; waiting[index]?.message.at === at; index += 1) {
      const node = waiting[index]
      if (node === undefined || senderOf(node.message.link) !== spokenTo || !isFree(node)) continue
      place = index
      break
    }
    const [next] = waiting.splice(place, 1)
    if (next === undefined) break
    said.add(next)
    spokenTo = receiverOf(next.message.link)
  }
  return [...said]
}
