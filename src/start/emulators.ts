// The other parties: DS, 3DS Server and shop, put together on their ports.
import type { Express } from 'express'
import { createDs } from '../emulators/ds/ds.ts'
import { createShop } from '../emulators/shop/shop.ts'
import { type EmulatorStore, openEmulatorStore } from '../emulators/store.ts'
import { createThreeDSServer } from '../emulators/threeds-server/threeds-server.ts'
import { access } from '../http/admin/access.ts'
import { databaseFile, storeProblem } from './files.ts'
import type { House } from './house.ts'

export function openEmulators(house: House, acsApp: Express, shopApp: Express): void {
  const { config, issuer, publicUrl, shopUrl, acsBase, dsBase, closers } = house
  let store: EmulatorStore
  try {
    store = openEmulatorStore(databaseFile(config, 'emulators.sqlite'))
  } catch (error) {
    throw storeProblem(config, error)
  }
  closers.push(() => store.close())
  const at = { acsUrl: `${acsBase}/areq`, methodUrl: `${acsBase}/method` }
  const ranges = issuer.ranges.map(({ from, to, scheme }) => ({ from, to, scheme, ...at }))
  const world = {
    store,
    clock: house.clock.now,
    uuid: house.emulatorRandom.uuid,
    log: house.log,
    profile: config.validation,
    mayReadMessages: access({
      token: config.adminToken,
      hosts: [publicUrl, shopUrl].map((url) => new URL(url).hostname),
    }),
  } as const
  if (config.only.includes('ds')) {
    const referenceNumber = 'SEKISHO_DS_EMULATOR'
    acsApp.use('/ds', createDs({ ...world, routes: () => ranges, dsUrl: `${dsBase}/rreq`, referenceNumber }))
  }
  const threeDSServerUrl = `${shopUrl}/3ds-server`
  if (config.only.includes('3ds-server')) {
    const dsUrl = `${dsBase}/areq`
    shopApp.use(
      '/3ds-server',
      createThreeDSServer({ ...world, ranges: () => ranges, dsUrl, publicUrl: threeDSServerUrl }),
    )
  }
  if (config.only.includes('shop')) {
    const shop = createShop({
      ...world,
      ...house.overrides.shop,
      threeDSServerUrl,
      publicUrl: `${shopUrl}/shop`,
      acsPublicOrigin: new URL(acsBase).origin,
      inboxUrl: `${publicUrl}/inbox`,
      cards: issuer.try.map(({ acctNumber, what, whatJa }) => ({ acctNumber, about: { en: what, ja: whatJa } })),
    })
    shopApp.use('/shop', shop)
    shopApp.get('/', (_req, res) => res.redirect(302, '/shop'))
  }
}
