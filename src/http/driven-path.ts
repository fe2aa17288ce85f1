// The way of a browser that is not there: the same faults befall its posts and its pages, as far as they do more than break a connection.
import type { BrowserPath, Fields } from '../acs/challenge/drive.ts'
import type { Transaction } from '../acs/ports.ts'
import { alterForm, nameOf } from '../faults/alter.ts'
import type { Fault } from '../faults/rule.ts'
import { encodeBase64url } from '../protocol/base64url.ts'
import { type BrowserFaultPorts, cresThrough, noteIn, pageFault } from './page-faults.ts'

/** Nothing readable comes out at the other end. */
const isLost = ({ kind }: Fault): boolean => ['hang', 'drop', 'reset', 'status', 'truncate', 'html'].includes(kind)

/** How long a fault holds up what it lets through; what never ends is not waited for. */
function waitOf(fault: Fault, bytes: number): number {
  const drips = fault.kind === 'drip' ? (bytes / fault.bytesPerSecond) * 1_000 : 0
  return (fault.delay ?? 0) + drips
}

export function drivenPath(ports: BrowserFaultPorts): BrowserPath {
  const { faults, store } = ports
  const { exchanges } = faults

  async function post(
    { tenant, acsTransID, threeDSServerTransID }: Transaction,
    message: 'CReq' | 'answer',
    fields: Fields,
  ): ReturnType<BrowserPath['post']> {
    const about = { link: 'browser→ACS', message, acsTransID, threeDSServerTransID } as const
    const fault = faults.isIdle() ? undefined : faults.take(about)
    if (fault === undefined) return { fields }
    const bytes = Buffer.from(new URLSearchParams({ ...fields }).toString())
    const altered = alterForm(fault, bytes, 'browser→ACS')
    noteIn({ ...ports, tenant }, message, fault, bytes, altered)
    const isCut = altered.announced !== altered.body.length
    if (isCut || (isLost(fault) && altered.body.equals(bytes)) || altered.contentType !== undefined)
      return { lost: nameOf(fault) }
    await exchanges.wait(waitOf(fault, bytes.length))
    const form = new URLSearchParams(altered.body.toString('utf8'))
    return { fields: Object.fromEntries(form), fault: nameOf(fault), isWhole: altered.body.equals(bytes) }
  }

  async function page(
    { tenant, acsTransID, threeDSServerTransID }: Transaction,
    message?: Parameters<BrowserPath['page']>[1],
  ): ReturnType<BrowserPath['page']> {
    const name = message === undefined ? 'page' : 'CRes'
    const fault = pageFault({ ...ports, tenant }, { page: name, acsTransID, threeDSServerTransID })
    if (fault === undefined) return { cres: message === undefined ? '' : encodeBase64url(JSON.stringify(message)) }
    const cres =
      message === undefined ? '' : await cresThrough({ faults, store, tenant }, fault, { message, acsTransID })
    await exchanges.wait(waitOf(fault, cres.length))
    return isLost(fault) ? { lost: nameOf(fault) } : { cres }
  }

  return { post, page }
}
