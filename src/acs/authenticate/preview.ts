// What would become of an AReq: nothing is kept, nothing is used up.
import { maskPan } from '../../protocol/mask.ts'
import { ownElements } from '../../protocol/messages/own.ts'
import { parseMessage } from '../../protocol/messages/parse.ts'
import type { AReq } from '../../protocol/messages/types.ts'
import { rangeOf } from '../issuer.ts'
import type { Card, CardRange, Clock, Store } from '../ports.ts'
import type { NearMiss, ScriptedOutcome } from '../scenarios.ts'
import { requestOf } from './request.ts'
import { type WeighPorts, weigh } from './weigh.ts'

export interface PreviewPorts extends WeighPorts {
  readonly store: Store
  readonly clock: Clock
  readonly tenant: number
}

export interface Preview {
  readonly panMask: string
  readonly range?: CardRange | undefined
  readonly scenario?: ScriptedOutcome | undefined
  readonly nearMiss?: NearMiss
  readonly card: { readonly panHash: string; readonly row: Card | undefined }
  /** Id of the stub that would be used. */
  readonly stub?: string
  readonly transStatus: string
  readonly transStatusReason?: string
  readonly engine: {
    readonly transStatus: string
    readonly transStatusReason?: string
    readonly band: 'low' | 'medium' | 'high'
    readonly score: number
    readonly because: readonly string[]
  }
}

/** Throws ProtocolError for what is no AReq. */
export async function previewOf(ports: PreviewPorts, bytes: Uint8Array): Promise<Preview> {
  const { store, clock, secrets, issuer, tenant } = ports
  const { message } = parseMessage(bytes, { expects: ['AReq'], leg: 'DS-ACS', profile: 'lenient' })
  const own = ownElements(message as typeof message & AReq)
  const request = requestOf(own, own)
  const pan = request.acctNumber
  const panHash = secrets.panHash(pan)
  const { row, weighed } = await store.unit((unit) => ({
    row: unit.card(tenant, panHash),
    weighed: weigh(unit, ports, { tenant, own, request, panHash, at: clock.now() }),
  }))
  const { selection, stub, engine, decision, scored } = weighed
  return {
    panMask: maskPan(pan),
    range: rangeOf(issuer.ranges, pan),
    scenario: selection.scenario,
    ...(selection.nearMiss !== undefined && { nearMiss: selection.nearMiss }),
    card: { panHash, row },
    ...(stub !== undefined && { stub: String(stub.id) }),
    transStatus: decision.transStatus,
    ...(decision.transStatusReason !== undefined && { transStatusReason: decision.transStatusReason }),
    engine: {
      transStatus: engine.transStatus,
      ...(engine.transStatusReason !== undefined && { transStatusReason: engine.transStatusReason }),
      band: engine.band,
      score: scored.score,
      because: engine.because,
    },
  }
}
