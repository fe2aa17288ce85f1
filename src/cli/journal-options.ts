// What the commands about the journal share: which messages are meant.
import { type Command, InvalidArgumentError } from 'commander'

export interface MatchOptions {
  readonly transaction?: string
  readonly server?: string
  readonly type?: string
  readonly link?: string
  readonly event?: string
  readonly errorCode?: string
  readonly text?: string
  readonly fault?: string
  readonly where?: readonly string[]
}

function collected(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^[^=]+=/.test(text)) throw new InvalidArgumentError('path=value expected.')
  return [...before, text]
}

export const withMatch = (command: Command): Command =>
  command
    .option('--transaction <acsTransID>', 'of this transaction')
    .option('--server <threeDSServerTransID>', 'of the transaction with this threeDSServerTransID')
    .option('--type <messageType>', 'AReq, ARes, CReq, CRes, RReq, RRes, Erro, …')
    .option('--link <link>', 'sender and receiver, such as ACS-DS')
    .option('--event <name>', 'a page, an action of the cardholder, or a mail')
    .option('--error-code <code>', 'of an Erro, or of a finding')
    .option('--text <text>', 'part of the masked message')
    .option('--fault <name>', 'that met a fault; any: whatever it was')
    .option('--where <path=value>', 'an element; may be given several times', collected)

const given = (members: object): Record<string, string> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

const namesOf = ({ transaction, server, type, link, event, errorCode, text, fault }: MatchOptions) =>
  given({
    acsTransID: transaction,
    threeDSServerTransID: server,
    messageType: type,
    link,
    event,
    errorCode,
    text,
    fault,
  })

/** As a query of the API. */
export function queryOf(options: MatchOptions, more: object = {}): URLSearchParams {
  const query = new URLSearchParams({ ...namesOf(options), ...given(more) })
  for (const element of options.where ?? []) query.append('element', element)
  return query
}

/** As an assertion has it. */
export function matchOf(options: MatchOptions) {
  const where = (options.where ?? []).map((text) => {
    const cut = text.indexOf('=')
    return [text.slice(0, cut), text.slice(cut + 1)] as const
  })
  return { ...namesOf(options), ...(where.length > 0 && { where: Object.fromEntries(where) }) }
}
