// What the engine would make of an AReq that nobody sent: profiles are read, nothing is kept and nothing is used up.
import { maskPan } from '../../protocol/mask.ts'
import { ownElements } from '../../protocol/messages/own.ts'
import { judgeMessage } from '../../protocol/messages/parse.ts'
import type { AReq } from '../../protocol/messages/types.ts'
import type { Hearing } from '../../risk/assessment.ts'
import type { MethodData } from '../../risk/facts.ts'
import type { Policy } from '../../risk/policy.ts'
import type { Signals } from '../../risk/signals.ts'
import type { Clock, Policies, Store } from '../ports.ts'
import { requestOf } from './request.ts'
import { type Weighed, type WeighPorts, weigh } from './weigh.ts'

export interface WhatIfPorts extends WeighPorts {
  readonly store: Store
  readonly clock: Clock
  readonly tenant: number
}

export interface WhatIf {
  readonly areq: Readonly<Record<string, unknown>>
  readonly method?: MethodData | undefined
  readonly signals?: Signals | undefined
  /** What screenings would have said. */
  readonly hearing?: Hearing | undefined
  /** Absent: the running one. */
  readonly policy?: Policy | undefined
  /** Absent: now. */
  readonly at?: number | undefined
}

/** What of an AReq cannot be taken: elements by their paths, never values. */
export class NotAnAReq extends Error {
  readonly elements: readonly string[]
  constructor(elements: readonly string[]) {
    super(`not valid: ${elements.join(', ')}`)
    this.elements = elements
  }
}

const nobodys = '00000000-0000-0000-0000-000000000000'

/** An AReq in which only what it is about needs to be said. What is said has the form that the protocol asks for. */
function read(given: WhatIf['areq']): AReq {
  const areq = {
    messageType: 'AReq',
    messageVersion: '2.2.0',
    deviceChannel: '02',
    messageCategory: '01',
    threeDSServerTransID: nobodys, // device data are looked for by it
    ...given,
  }
  const { message, findings } = judgeMessage(Buffer.from(JSON.stringify(areq)), {
    expects: ['AReq'],
    leg: 'DS-ACS',
    profile: 'lenient',
  })
  // 201: an element that is required and not there.
  const wrong = findings.filter(({ errorCode, element }) => errorCode !== '201' || element === 'acctNumber')
  if (message === undefined || wrong.length > 0)
    throw new NotAnAReq([...new Set(wrong.map(({ element }) => (element === '' ? 'areq' : element)))])
  return ownElements(message as unknown as AReq)
}

export interface Supposed extends Weighed {
  readonly panMask: string
  readonly at: number
}

const running = (policy: Policy, { byHash, lists }: Policies): Policies => ({ running: () => policy, byHash, lists })

/** Throws NotAnAReq. */
export async function whatIf(ports: WhatIfPorts, given: WhatIf): Promise<Supposed> {
  const { store, clock, secrets, tenant } = ports
  const { policy, method, signals, hearing, at = clock.now() } = given
  const own = read(given.areq)
  const request = requestOf(own, own)
  const pan = request.acctNumber
  const weighed = await store.unit((unit) =>
    weigh(unit, policy === undefined ? ports : { ...ports, policies: running(policy, ports.policies) }, {
      tenant,
      own,
      request,
      panHash: secrets.panHash(pan),
      at,
      method,
      signals,
      hearing,
    }),
  )
  return { ...weighed, panMask: maskPan(pan), at }
}
