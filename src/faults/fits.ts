// Which faults a link can have. What would do nothing is refused rather than waited for in vain.
import type { Fault, FaultLink, PlannedFault } from './rule.ts'

type Kind = Fault['kind']

/** What befalls the connection or the time. */
const transport = ['delay', 'hang', 'drop', 'reset', 'status', 'truncate', 'drip'] as const satisfies readonly Kind[]
/** What befalls the body, whatever it is. */
const bytes = ['malformed', 'html'] as const satisfies readonly Kind[]
/** What befalls a message as such. */
const message = ['wrongIds', 'wrongVersion', 'missing', 'extra', 'set'] as const satisfies readonly Kind[]
const all: readonly Kind[] = [...transport, ...bytes, ...message, 'badSignature', 'erro']

export const kindsOf: Readonly<Record<FaultLink, readonly Kind[]>> = {
  'Requestor→3DSS': [...transport, ...bytes, ...message],
  '3DSS→Requestor': [...transport, ...bytes, ...message],
  '3DSS→DS': all,
  'DS→3DSS': all,
  'DS→ACS': all,
  'ACS→DS': all,
  'browser→ACS': [...transport, ...bytes, ...message, 'erro'],
  'ACS→browser': [...transport, ...bytes, ...message, 'erro'],
  'browser→3DSS': [...transport, ...bytes, ...message, 'erro'],
  '3DSS→browser': [...transport, ...bytes],
  'ACS→mail': ['delay', 'hang', 'drop', 'reset', 'status'],
  'ACS→hook': [...transport, ...bytes, ...message, 'badSignature'],
}

/** What each link carries, by the names that faults know. */
export const messagesOf: Readonly<Record<FaultLink, readonly string[]>> = {
  'Requestor→3DSS': ['versioning', 'authenticate', 'status', 'giveUp'],
  '3DSS→Requestor': ['versioning', 'authenticate', 'status', 'giveUp'],
  '3DSS→DS': ['AReq', 'PReq', 'RRes', 'ORes', 'Erro'],
  'DS→3DSS': ['ARes', 'PRes', 'RReq', 'OReq', 'Erro'],
  'DS→ACS': ['AReq', 'RRes', 'OReq', 'Erro'],
  'ACS→DS': ['ARes', 'RReq', 'ORes', 'Erro'],
  'browser→ACS': ['method', 'methodData', 'CReq', 'answer'],
  'ACS→browser': ['method', 'page', 'CRes'],
  'browser→3DSS': ['threeDSMethod', 'CRes', 'Erro'],
  '3DSS→browser': ['threeDSMethod', 'CRes'],
  'ACS→mail': ['email', 'sms', 'push'],
  'ACS→hook': ['ask', 'webhook'],
}

export interface Misfit {
  /** Of the rule. */
  readonly path: 'link' | 'message' | 'fault.kind'
  readonly message: string
}

/** Why such a rule would never do anything. */
export function misfitOf({
  link,
  message: named,
  fault,
}: Pick<PlannedFault, 'link' | 'message' | 'fault'>): Misfit | undefined {
  const names = messagesOf[link]
  if (named !== undefined && !names.some((name) => name.toLowerCase() === named.toLowerCase())) {
    return { path: 'message', message: `${link} carries ${names.join(', ')}` }
  }
  if (!kindsOf[link].includes(fault.kind)) {
    return { path: 'fault.kind', message: `${link} can have ${kindsOf[link].join(', ')}` }
  }
  const isOfMessage = [...message, 'erro'].includes(fault.kind)
  if (link === 'ACS→browser' && isOfMessage && named?.toLowerCase() !== 'cres') {
    return {
      path: 'message',
      message: 'pages have no elements: of what goes to the browser only the CRes has (message: CRes)',
    }
  }
  return undefined
}
