// sekisho inbox: what cardholders were sent, and the code a test waits for.
import type { Command } from 'commander'
import { clientOf, count, orExit, print, printJson, type RemoteOptions, tableOf, withRemote } from './remote.ts'

interface Options extends RemoteOptions {
  readonly transaction?: string
  readonly wait?: string
  readonly code?: boolean
  readonly limit?: number
  readonly clear?: boolean
}

async function run({ transaction: acsTransID, wait, limit, ...options }: Options): Promise<void> {
  const { api } = clientOf(options)
  if (options.clear === true) {
    const { deleted } = await api.clearInbox()
    print(`${deleted} deleted.`)
    return
  }
  if (options.code === true) {
    const message = await api.latestCode({ query: { acsTransID, wait } })
    if (options.json) printJson(message)
    else print(message.code ?? '')
    return
  }
  const { messages } = await api.listInbox({ query: { acsTransID, wait, limit } })
  if (options.json) printJson(messages)
  else if (messages.length === 0) print('No messages.')
  else print(tableOf(messages.map(({ at, channel, to, code = '–', subject }) => [at, channel, to, code, subject])))
  if (messages.length === 0) process.exitCode = 1
}

export function addInbox(program: Command): void {
  withRemote(program.command('inbox'))
    .description('messages to cardholders, newest first; 1 when there is none')
    .option('--transaction <acsTransID>', 'only those of this transaction')
    .option('--wait <time>', 'wait for one so long, such as 5s')
    .option('--code', 'print the newest code and nothing else')
    .option('--limit <count>', 'at most so many', count)
    .option('--clear', 'delete all messages')
    .action((options: Options) => orExit(() => run(options)))
}
