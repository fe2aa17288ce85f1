// sekisho tail: messages as they come, one line each; goes on after a break where it was.
import { setTimeout as wait } from 'node:timers/promises'
import type { Command } from 'commander'
import { SekishoError } from '../client/client.ts'
import { type Entry, entrySchema } from '../journal/entry.ts'
import { colouredLine, lineOf, plainLine } from '../journal/line.ts'
import { type MatchOptions, queryOf, withMatch } from './journal-options.ts'
import { clientOf, count, orExit, print, type RemoteOptions, tokenOf, withRemote } from './remote.ts'

interface Options extends RemoteOptions, MatchOptions {
  readonly last?: number
  readonly count?: number
}

interface ServerEvent {
  readonly id?: string | undefined
  readonly name: string
  readonly data: string
}

/** Events of a stream, as its lines say. */
export async function* eventsIn(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    const blocks = text.split(/\r?\n\r?\n/)
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map<string, string>()
      for (const line of block.split(/\r?\n/)) {
        const [, name = '', value = ''] = /^([a-z]+): ?(.*)$/.exec(line) ?? []
        if (name !== '') fields.set(name, fields.has(name) ? `${fields.get(name)}\n${value}` : value)
      }
      const data = fields.get('data')
      if (data !== undefined) yield { id: fields.get('id'), name: fields.get('event') ?? 'message', data }
    }
  }
}

/** How long a tail waits before it asks again. */
const againAfterMs = 1_000

async function run(options: Options): Promise<void> {
  const client = clientOf(options)
  const token = tokenOf(options)
  const paint = process.stdout.isTTY === true && process.env.NO_COLOR === undefined ? colouredLine : plainLine
  const most = options.count ?? Number.POSITIVE_INFINITY
  let seen = 0
  let position: string | undefined
  let isLost = false
  const show = (entry: Entry): void => print(options.json === true ? JSON.stringify(entry) : lineOf(entry, paint))

  /** Resolves when the stream is at its end. */
  async function follow(): Promise<void> {
    const query = queryOf(options, { last: options.last === undefined ? undefined : String(options.last) })
    const response = await fetch(`${client.url}/journal/tail?${query.toString()}`, {
      headers: {
        accept: 'text/event-stream',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(position !== undefined && { 'last-event-id': position }),
      },
    })
    if (!response.ok || response.body === null) {
      const said = (await response.text()).slice(0, 300)
      // Too many tails, or a server that stops: later perhaps. Anything else does not change by asking again.
      if (response.status >= 500) throw new Error(said)
      throw new SekishoError('tail', response.status, '', said)
    }
    if (isLost) process.stderr.write('sekisho: connected again\n')
    isLost = false
    for await (const { id, name, data } of eventsIn(response.body)) {
      position = id ?? position
      if (name !== 'message') continue
      show(entrySchema.parse(JSON.parse(data)))
      seen += 1
      if (seen >= most) return
    }
  }

  while (seen < most) {
    try {
      await follow()
    } catch (error) {
      if (error instanceof SekishoError) throw error
      if (position === undefined && !isLost)
        throw new SekishoError('tail', 0, '', `no answer from ${client.url}`, { cause: error })
    }
    if (seen >= most) break
    if (!isLost) process.stderr.write('sekisho: the connection was lost; trying again\n')
    isLost = true
    await wait(againAfterMs)
  }
  if (Number.isFinite(most)) process.exit(0) // the stream is still open
}

export function addTail(program: Command): void {
  withMatch(withRemote(program.command('tail')))
    .description('messages of a running Sekisho as they come, one line each')
    .option('--last <count>', 'the newest so many first', count)
    .option('--count <count>', 'end after so many', count)
    .action((options: Options) => orExit(() => run(options)))
}
