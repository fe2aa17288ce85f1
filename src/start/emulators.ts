// The other parties: DS, 3DS Server and shop, put together on their ports.
import type { IRouter, Router } from 'express'
import { schemeOf } from '../emulators/cards.ts'
import { createDs } from '../emulators/ds/ds.ts'
import type { DsRoute } from '../emulators/ds/options.ts'
import { createScreening } from '../emulators/screening/screening.ts'
import { openScreeningStore } from '../emulators/screening/store.ts'
import { createShop } from '../emulators/shop/shop.ts'
import { type EmulatorStore, openEmulatorStore } from '../emulators/store.ts'
import { createThreeDSServer } from '../emulators/threeds-server/threeds-server.ts'
import { access } from '../http/admin/access.ts'
import { messageLogToken } from '../http/admin/peer-messages.ts'
import { isAllowed } from '../outbound/ds-link.ts'
import { databaseFile, storeProblem } from './files.ts'
import type { Doors, House } from './house.ts'
import { tryCards } from './try-cards.ts'
import { takesUnlisted } from './unlisted.ts'

function opened<Store extends { close(): void }>(
  { config, closers }: House,
  file: string,
  open: (path: string) => Store,
): Store {
  try {
    const store = open(databaseFile(config, file))
    closers.push(() => store.close())
    return store
  } catch (error) {
    throw storeProblem(config, error)
  }
}

/** Made when it is asked for the first time. */
function onFirstUse<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** `isLazy`: a tenant that has its own 3DS Server and DS elsewhere need not pay for ours. */
/** Cards that the ACS takes though they are in no range reach it, too. */
const fallbackOf =
  ({ config, addresses }: House) =>
  (acctNumber: string): DsRoute | undefined => {
    if (!takesUnlisted(config, acctNumber)) return undefined
    return { from: '', to: '', scheme: schemeOf(acctNumber) ?? '', acsUrl: addresses.acs.areq }
  }

export function openEmulators(house: House, doors: Doors, { isLazy = false } = {}): void {
  const { config, issuer, addresses, routes, links } = house
  const { publicUrl, shopUrl } = addresses
  const within = house.overrides.answersWithinMs
  const storeOf = onFirstUse((): EmulatorStore => opened(house, 'emulators.sqlite', openEmulatorStore))
  const needsStore = config.only.some((party) => party === 'ds' || party === '3ds-server' || party === 'shop')
  if (!isLazy && needsStore) storeOf() // a folder that cannot be used is said at the start
  const mount = (at: string, on: readonly IRouter[], make: () => Router): void => {
    const router = onFirstUse(make)
    if (!isLazy) router()
    for (const door of new Set(on)) door.use(at, (req, res, next) => router()(req, res, next))
  }
  const world = {
    get store() {
      return storeOf()
    },
    clock: house.clock.now,
    uuid: house.emulatorRandom.uuid,
    log: house.log,
    faults: house.faults,
    profile: config.validation,
    versions: config.versions,
    ...(within !== undefined && { aresWithinMs: within, rresWithinMs: within }),
  } as const
  const known = { ownDigest: house.room.tokenDigest, publicUrls: [publicUrl, shopUrl], limits: house.limits }
  const mayOperate = access({ token: config.adminToken, ...known })
  const mayReadMessages = (party: 'DS' | '3DSS') =>
    access({ token: messageLogToken(config.adminToken, party), publicUrls: [publicUrl, shopUrl] })
  if (config.only.includes('ds')) {
    const origins = [addresses.threeDSServer.results, addresses.threeDSServer.publicUrl, addresses.servers]
    const allowed = [...origins.map((url) => new URL(url).origin), ...config['3dsServerOrigins']]
    const ds = (): Router =>
      createDs({
        ...world,
        routes,
        // Who names ranges of his own decides about all cards.
        ...(config.cardRanges === undefined && { fallback: fallbackOf(house) }),
        dsUrl: addresses.ds.rreq,
        referenceNumber: 'SEKISHO_DS_EMULATOR',
        fetch: links.fetchOf('ds'),
        tls: links.optionsOf('ds'),
        mayReadMessages: mayReadMessages('DS'),
        mayOperate,
        home: { acsUrl: addresses.acs.areq, methodUrl: addresses.acs.method },
        threeDSServerUrl: addresses.threeDSServer.results,
        mayCall: (url) => isAllowed(url, allowed),
      })
    mount('/ds', [doors.acsServers, doors.acs], ds)
  }
  if (config.only.includes('3ds-server')) {
    const { publicUrl: threeDSServerUrl, results } = addresses.threeDSServer
    const threeDSServer = (): Router =>
      createThreeDSServer({
        ...world,
        ranges: routes,
        // Ranges that an operator named for somebody else's DS are not asked for.
        asksForRanges: config.cardRanges === undefined || config.only.includes('ds'),
        dsUrl: addresses.ds.areq,
        publicUrl: threeDSServerUrl,
        resultsUrl: results,
        fetch: links.fetchOf('3ds-server'),
        tls: links.optionsOf('3ds-server'),
        mayReadMessages: mayReadMessages('3DSS'),
        mayOperate,
      })
    mount('/3ds-server', [doors.shopServers, doors.shop], threeDSServer)
  }
  if (config.only.includes('screening')) {
    const screening = (): Router =>
      createScreening({
        store: opened(house, 'screening.sqlite', openScreeningStore),
        secret: house.screeningSecret,
        hookUrl: addresses.hook,
        consoleUrl: config.only.includes('acs') ? `${publicUrl}/console` : undefined,
        tables: house.tables,
        clock: world.clock,
        uuid: world.uuid,
        log: world.log,
        fetch: links.fetchOf('3ds-server'),
        mayOperate: access({ token: config.adminToken, ...known, realm: 'Sekisho screening', takesForms: true }),
      })
    mount('/screening', [doors.shop], screening)
  }
  if (config.only.includes('shop')) {
    const shop = (): Router =>
      createShop({
        ...world,
        ...house.overrides.shop,
        threeDSServerUrl: addresses.threeDSServer.api,
        fetch: links.fetchOf('3ds-server'),
        publicUrl: `${shopUrl}/shop`,
        acsPublicOrigin: addresses.acs.origin,
        inboxUrl: `${publicUrl}/inbox`,
        consoleUrl: `${publicUrl}/console`,
        acquirerUrl: addresses.acquirer,
        cards: tryCards(issuer),
        ...(addresses.screening !== undefined && {
          screening: {
            api: addresses.screening.api,
            publicUrl: addresses.screening.publicUrl,
            secret: house.screeningSecret,
          },
        }),
        // What decided is the operator's to see: asked for where no token keeps others away.
        ...(config.adminToken === undefined && { adminApi: addresses.adminApi }),
        softDeclines: issuer.cards.filter(({ softDeclines }) => softDeclines).map(({ acctNumber }) => acctNumber),
      })
    mount('/shop', [doors.shop], shop)
    const home = `${addresses.shopBase}/shop`
    // On one port the ACS has its own page here, if it runs.
    if (!config.singlePort || !config.only.includes('acs')) doors.shop.get('/', (_req, res) => res.redirect(302, home))
  }
}
