// sekisho stub: planned answers for the next AReqs that match.
import { type Command, InvalidArgumentError } from 'commander'
import type { Plan, Stub, StubMatch, StubOptions } from '../client/client.ts'
import { clientOf, count, json, orExit, print, printJson, type RemoteOptions, tableOf, withRemote } from './remote.ts'

interface AddOptions extends RemoteOptions {
  readonly card?: string
  readonly merchant?: string
  readonly amount?: string
  readonly currency?: string
  readonly name?: string
  readonly email?: string
  readonly device?: string
  readonly match?: object
  readonly then?: object
  readonly reason?: string
  readonly eci?: string
  readonly info?: string
  readonly delay?: string
  readonly kind?: string
  readonly pageDelay?: string
  readonly ending?: object
  readonly rreq?: string
  readonly copies?: number
  readonly times?: number
  readonly priority?: number
  readonly expires?: string
}

const object = (text: string): object => {
  const value = json(text)
  if (typeof value !== 'object' || value === null) throw new InvalidArgumentError('a JSON object expected.')
  return value
}

/** `C`, `N/11`, or a whole plan as JSON. */
function outcome(text: string): object {
  const [, transStatus, transStatusReason] = /^([A-Z])(?:\/([0-9]{2}))?$/.exec(text.trim()) ?? []
  if (transStatus === undefined) return object(text)
  return { transStatus, ...(transStatusReason !== undefined && { transStatusReason }) }
}

const given = <T extends object>(members: T): Partial<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>

/** A member, where there is anything in it. */
const orAbsent = <T extends object>(members: T): Partial<T> | undefined => {
  const kept = given(members)
  return Object.keys(kept).length === 0 ? undefined : kept
}

// What is sent is checked by the server, which names the member that is wrong.
const matchOf = ({ card, merchant, amount, currency, name, email, device, match }: AddOptions): StubMatch => ({
  ...match,
  ...given({ acctNumber: card, merchant, amount, currency, cardholderName: name, email, device }),
})

const planOf = ({ then, reason, eci, info, delay, kind, pageDelay, ending, rreq, copies }: AddOptions): Plan =>
  ({
    ...then,
    ...given({
      transStatusReason: reason,
      eci,
      cardholderInfo: info,
      delay,
      challenge: orAbsent({ kind, pageDelay, ending }),
      rreq: orAbsent({ when: rreq, copies }),
    }),
  }) as Plan

async function add(options: AddOptions): Promise<void> {
  const { times, priority, expires: expiresIn } = options
  const more: StubOptions = given({ times, priority, expiresIn })
  const stub = await clientOf(options).stub(matchOf(options), planOf(options), more)
  if (options.json) printJson(stub)
  else print(`Stub ${stub.id}: ${line(stub).slice(1).join(', ')}`)
}

/** Members as people write them, without quotes and braces. */
function told(value: unknown): string {
  if (Array.isArray(value)) return value.map(told).join(' ')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, member]) => `${name}=${typeof member === 'object' ? `(${told(member)})` : String(member)}`)
    .join(' ')
}

const line = ({ id, match, then: plan, left, times, priority }: Stub): readonly string[] => {
  const { card, panMask, ...rest } = match
  const seen = told({ ...(card !== undefined && { card: panMask ?? card }), ...rest })
  return [id, seen === '' ? 'every AReq' : seen, told(plan), `${left} of ${times} left`, `priority ${priority}`]
}

async function list(options: RemoteOptions): Promise<void> {
  const { stubs } = await clientOf(options).api.listStubs()
  if (options.json) printJson(stubs)
  else if (stubs.length === 0) print('No stubs are waiting.')
  else print(tableOf(stubs.map(line)))
}

async function remove(ids: readonly string[], options: RemoteOptions & { readonly all?: boolean }): Promise<void> {
  const client = clientOf(options)
  if (options.all === true) {
    const { deleted } = await client.api.deleteStubs()
    print(`${deleted} deleted.`)
    return
  }
  for (const id of ids) {
    await client.api.deleteStub({ params: { id } })
    print(`Stub ${id} deleted.`)
  }
}

export function addStub(program: Command): void {
  const stub = program.command('stub').description('plan what happens to the next AReqs')
  withRemote(stub.command('add'))
    .description('plan an answer: --card 4000000000007700 --then C --times 2')
    .option('--card <number>', 'card number')
    .option('--merchant <text>', 'part of the merchant’s name')
    .option('--amount <minor>', 'purchaseAmount, in minor units')
    .option('--currency <code>', 'ISO 4217, letters or digits')
    .option('--name <text>', 'part of the cardholder’s name')
    .option('--email <text>', 'whole address, or a domain with its @')
    .option('--device <text>', 'part of user agent or device id')
    .option('--match <json>', 'anything else of the AReq, such as {"paths":{"acctInfo.chAccAgeInd":"01"}}', object)
    .option('--then <outcome>', 'C, N/11 (with reason), or a whole plan as JSON', outcome)
    .option('--reason <digits>', 'transStatusReason')
    .option('--eci <digits>', 'ECI')
    .option('--info <text>', 'cardholderInfo')
    .option('--delay <time>', 'before the ARes leaves, such as 4s')
    .option('--kind <kind>', 'of the challenge: emailOtp, smsOtp')
    .option('--page-delay <time>', 'before each challenge page')
    .option('--ending <outcome>', 'how the challenge ends whatever is typed: N/19, or JSON', outcome)
    .option('--rreq <when>', 'beforeCRes, afterCRes, insteadOfCRes, afterReturn, never')
    .option('--copies <count>', 'how often the RReq is sent', count)
    .option('--times <count>', 'how many AReqs are answered (1)', count)
    .option('--priority <number>', 'the higher goes first (0)', count)
    .option('--expires <time>', 'after so long, such as 10m')
    .action((options: AddOptions) => orExit(() => add(options)))
  withRemote(stub.command('list'))
    .description('those that wait')
    .action((options: RemoteOptions) => orExit(() => list(options)))
  withRemote(stub.command('delete'))
    .description('take some back, or all')
    .argument('[ids...]')
    .option('--all', 'every one')
    .action((ids: readonly string[], options: RemoteOptions & { readonly all?: boolean }, command: Command) => {
      if (ids.length === 0 && options.all !== true) command.error('error: an id expected, or --all')
      return orExit(() => remove(ids, options))
    })
}
