// The Directory Server: routes AReqs to the ACS of the card range and RReqs back to the 3DS Server. Spec: FLOW-DS.
import { Router } from 'express'
import { messageEndpoint } from '../message-endpoint.ts'
import { createMessageLog, messageLogRouter } from '../message-log.ts'
import { relayAReq } from './authentication.ts'
import type { DsOptions, DsSettings } from './options.ts'
import { relayRReq } from './results.ts'

/**
 * `POST /areq` for the 3DS Server, `POST /rreq` for the ACS, `GET /transactions/{threeDSServerTransID}/messages` for the
 * console; mounted where the operator likes.
 */
export function createDs(options: DsOptions): Router {
  const messages = createMessageLog({ party: 'DS', table: options.store.messages, clock: options.clock })
  const settings: DsSettings = { fetch, aresWithinMs: 10_000, rresWithinMs: 3_000, ...options, messages }
  const own = { component: 'D', to: 'DS', log: settings.log, messages } as const
  const router = Router()
  router.all('/areq', messageEndpoint({ ...own, from: '3DSS', limitBytes: 1_048_576, handle: relayAReq(settings) }))
  router.all('/rreq', messageEndpoint({ ...own, from: 'ACS', limitBytes: 131_072, handle: relayRReq(settings) }))
  if (options.mayReadMessages !== undefined) router.use(messageLogRouter(messages, options.mayReadMessages))
  return router
}
