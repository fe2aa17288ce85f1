// The Directory Server: routes AReqs to the ACS of the card range and RReqs back to the 3DS Server. Spec: FLOW-DS.
import { Router } from 'express'
import { messageEndpoint } from '../message-endpoint.ts'
import { relayAReq } from './authentication.ts'
import type { DsOptions, DsSettings } from './options.ts'
import { relayRReq } from './results.ts'

/** `POST /areq` for the 3DS Server, `POST /rreq` for the ACS; mounted where the operator likes. */
export function createDs(options: DsOptions): Router {
  const settings: DsSettings = { fetch, aresWithinMs: 10_000, rresWithinMs: 3_000, ...options }
  const { log } = settings
  const router = Router()
  router.all('/areq', messageEndpoint({ component: 'D', limitBytes: 1_048_576, log, handle: relayAReq(settings) }))
  router.all('/rreq', messageEndpoint({ component: 'D', limitBytes: 131_072, log, handle: relayRReq(settings) }))
  return router
}
