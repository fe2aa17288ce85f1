// The Directory Server: routes AReqs to the ACS of the card range and RReqs back to the 3DS Server, tells of its card ranges,
// and sends what operators want sent. Spec: FLOW-DS, FLOW-PRE, FLOW-OP.
import { Router } from 'express'
import { faultlessBook } from '../../faults/registry.ts'
import { messageEndpoint } from '../message-endpoint.ts'
import { createMessageLog, messageLogRouter } from '../message-log.ts'
import { typeIn } from '../receive.ts'
import { supportedVersions } from '../versions.ts'
import { relayAReq } from './authentication.ts'
import { createDeviceReader } from './device-info.ts'
import { operatorRouter } from './operator.ts'
import type { DsOptions, DsSettings } from './options.ts'
import { createRangeBook } from './range-book.ts'
import { answerPReq } from './ranges.ts'
import { relayRReq } from './results.ts'

/**
 * `POST /areq` for AReqs and PReqs of the 3DS Server, `POST /rreq` for the ACS, `GET /sdk-key` for SDKs,
 * `GET /transactions/{threeDSServerTransID}/messages` for the console, `/card-ranges` and `/operations` for operators; mounted
 * where the operator likes.
 */
export function createDs(options: DsOptions): Router {
  const { store, clock, uuid, log, routes, versions = supportedVersions } = options
  const messages = createMessageLog({ party: 'DS', table: store.messages, clock })
  const device = createDeviceReader()
  const settings: DsSettings = {
    fetch,
    faults: faultlessBook(),
    aresWithinMs: 10_000,
    rresWithinMs: 3_000,
    ...options,
    versions,
    messages,
    book: createRangeBook({ table: store.telling, configured: routes, versions, uuid }),
    readDevice: device.read,
  }
  const { faults } = settings
  const own = { component: 'D', to: 'DS', log, messages, faults } as const
  const relay = relayAReq(settings)
  const tellRanges = answerPReq(settings)
  const router = Router()
  router.all(
    '/areq',
    messageEndpoint({
      ...own,
      from: '3DSS',
      limitBytes: 1_048_576,
      handle: (bytes, entry, passed) =>
        typeIn(bytes) === 'PReq' ? tellRanges(bytes, entry) : relay(bytes, entry, passed),
    }),
  )
  router.all('/rreq', messageEndpoint({ ...own, from: 'ACS', limitBytes: 131_072, handle: relayRReq(settings) }))
  router.get('/sdk-key', (_req, res) => void res.json(device.publicKey))
  if (options.mayReadMessages !== undefined) router.use(messageLogRouter(messages, options.mayReadMessages))
  if (options.mayOperate !== undefined) router.use(operatorRouter(settings, options.mayOperate))
  return router
}
