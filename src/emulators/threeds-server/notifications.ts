// What comes back through the browser: the end of the 3DS Method and the end of the challenge. Both are signals and prove
// nothing. Spec: [Req 138–140, 263, 324]; FLOW-MTH-3…6, FLOW-BRW-7, 8, FLOW-S-5…7, SEC-B64-2, MIS-B64-3.
import { decodeBase64url } from '../../protocol/base64url.ts'
import { sameId } from '../ids.ts'
import type { ThreeDSServerTransaction } from '../store.ts'
import type { ThreeDSServerSettings } from './options.ts'
import { asOf } from './transaction.ts'

type Fields = Readonly<Record<string, unknown>>

/** The JSON object in a base64url form field, padded or not; nothing if there is none. */
function readField(field: string | null): Fields | undefined {
  const bytes = field === null ? undefined : decodeBase64url(field)
  if (bytes === undefined) return undefined
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined
  } catch {
    return undefined
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The 3DS Method has run. Unknown ids and notifications after the AReq are ignored (FLOW-MTH-4, FLOW-MTH-6). */
export function noteMethodEnd({ store, log, messages }: ThreeDSServerSettings, threeDSMethodData: string | null): void {
  const data = readField(threeDSMethodData)
  const threeDSServerTransID = text(data?.threeDSServerTransID)
  const transaction = threeDSServerTransID === undefined ? undefined : store.threeDSServer.find(threeDSServerTransID)
  if (data !== undefined && transaction !== undefined) {
    messages.note({ from: 'browser', to: '3DSS', body: data, messageType: 'threeDSMethod' })
  }
  if (transaction?.phase !== 'prepared' || transaction.threeDSMethod !== 'pending') return
  store.threeDSServer.save({ ...transaction, threeDSMethod: 'completed' })
  log.info({ threeDSServerTransID }, '3DS Server: 3DS Method completed')
}

/**
 * The browser is back from the challenge: with a CRes or an Erro in `cres` (FLOW-S-7), or with something unreadable, when
 * the session data still tells the transaction (FLOW-S-6). Returns the transaction the browser came back for.
 */
export function noteChallengeEnd(
  settings: ThreeDSServerSettings,
  form: URLSearchParams,
): ThreeDSServerTransaction | undefined {
  const { store, messages, clock, log } = settings
  const cres = readField(form.get('cres'))
  const named = text(cres?.threeDSServerTransID)
  const sessionData = form.get('threeDSSessionData')
  const found =
    (named === undefined ? undefined : store.threeDSServer.find(named)) ??
    (sessionData === null ? undefined : store.threeDSServer.findBySession(sessionData))
  if (found === undefined) return undefined
  const acsTransID = text(cres?.acsTransID)
  if (acsTransID !== undefined && !sameId(acsTransID, found.acsTransID)) return undefined
  if (cres !== undefined) {
    const { threeDSServerTransID } = found
    messages.note({ from: 'browser', to: '3DSS', body: cres, threeDSServerTransID })
  }
  const transaction = asOf(found, clock(), settings)
  log.info(
    {
      threeDSServerTransID: found.threeDSServerTransID,
      isCRes: cres?.messageType === 'CRes',
      isErro: cres?.messageType === 'Erro',
    },
    '3DS Server: the browser is back from the challenge',
  )
  if (transaction.returnedAt !== undefined) return transaction
  const returned = { ...transaction, returnedAt: clock() }
  store.threeDSServer.save(returned)
  return returned
}
