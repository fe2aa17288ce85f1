// A tenant, put together: its settings, its clock, its ACS and the other parties, behind doors of its own.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { type IRouter, Router } from 'express'
import type { Logger } from 'pino'
import type { HookModule } from '../acs/hook/door-ports.ts'
import type { Random } from '../acs/ports.ts'
import { createSecrets } from '../acs/secrets.ts'
import { systemClock, virtualClock } from '../clock.ts'
import { type Config, isReachable } from '../config.ts'
import { type OwnRange, routesFor } from '../emulators/card-ranges.ts'
import { createFaults } from '../faults/registry.ts'
import type { AccessLimits } from '../http/admin/access.ts'
import { createObserver, type Metrics } from '../observe/observer.ts'
import { seededRandom, systemRandom } from '../random.ts'
import { hasOpenEffects } from '../store/open-effects.ts'
import { type Kept, KeptProblem, readKept, writeKept } from '../tenants/kept.ts'
import { defaultName, isTenantName, type ResetOptions, type Room, type Tenants } from '../tenants/room.ts'
import type { OpenRoom, Rooms } from '../tenants/rooms.ts'
import { createSettings, type Settings } from '../tenants/settings.ts'
import { createUnderWay } from '../tenants/under-way.ts'
import { type Acs, openAcs } from './acs.ts'
import { addressesOf, type Ports } from './addresses.ts'
import { openEmulators } from './emulators.ts'
import { keysOf, makeFolder, StartError, screeningSecretOf } from './files.ts'
import type { SourcesFile } from './hook.ts'
import type { Doors, House, Overrides } from './house.ts'
import type { IssuerSource } from './issuer-file.ts'
import type { LabTurn } from './lab.ts'
import type { Links } from './links.ts'
import type { PolicySource } from './policy-source.ts'
import { turnAwayServers } from './servers-port.ts'
import type { LoadedTables } from './tables.ts'

/** What all tenants of a running Sekisho share. */
export interface World {
  readonly config: Config
  readonly overrides: Overrides
  readonly log: Logger
  readonly ports: Ports
  readonly ownRanges: readonly OwnRange[] | undefined
  readonly hasForeignRoutes: boolean
  readonly links: Links
  readonly policies: PolicySource
  readonly tables: LoadedTables
  readonly issuers: IssuerSource
  readonly sourcesFile: SourcesFile
  readonly hookModule: HookModule | undefined
  readonly metrics: Metrics
  readonly limits: AccessLimits
  /** Whose experiment runs in this process. */
  readonly labTurn: LabTurn
  /** All tenants; there once the first one is made. */
  readonly rooms: () => Rooms<OpenHouse>
  /** Whether the ports are open, so that effects may reach other parties. */
  readonly isOpen: () => boolean
}

export interface OpenHouse extends OpenRoom {
  readonly house: House
  readonly doors: Doors
  readonly settings: Settings
  readonly acs: Acs | undefined
}

/** Where the clock of a tenant with a seed stands at first. */
const beginningOfSeeds = Date.parse('2026-01-01T00:00:00Z')
/** Effects that are under way when a tenant is reset are waited for this long. */
const idleWithinMs = 3_000

/** Undefined: nothing is kept. */
export function folderOf(config: Config, name: string): string | undefined {
  if (config.ephemeral) return undefined
  return name === defaultName ? config.dataDir : path.join(config.dataDir, 'tenants', name)
}

/** Names of the tenants in the data folder. */
export function keptTenants(config: Config): readonly string[] {
  if (config.ephemeral) return []
  try {
    return readdirSync(path.join(config.dataDir, 'tenants'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && isTenantName(entry.name))
      .map(({ name }) => name)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** Whether a tenant in the data folder has timers, RReqs or mails that wait. */
export const hasWork = (config: Config, name: string): boolean => {
  const folder = folderOf(config, name)
  return folder !== undefined && hasOpenEffects(path.join(folder, 'sekisho.sqlite'))
}

/** Files of the default tenant; its folder holds others besides. */
const ownFiles = /^(?:(?:sekisho|emulators|screening)\.sqlite(?:-wal|-shm)?|keys\.json|tenant\.json|scenarios\.yaml)$/

export function removeRoom(config: Config, name: string): void {
  const folder = folderOf(config, name)
  if (folder === undefined) return
  if (name !== defaultName) {
    rmSync(folder, { recursive: true, force: true })
    return
  }
  for (const file of readdirSync(folder).filter((one) => ownFiles.test(one))) rmSync(path.join(folder, file))
}

function keptIn(folder: string | undefined): Kept | undefined {
  if (folder === undefined) return undefined
  try {
    return readKept(folder)
  } catch (error) {
    throw error instanceof KeptProblem ? new StartError(error.message) : error
  }
}

function makeRoomFolder(config: Config, folder: string): void {
  try {
    makeFolder(path.resolve(config.dataDir))
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new StartError(`The data folder ${config.dataDir} cannot be made (${code}).`)
  }
}

/** Routers of its own on every port; under TLS the messages of servers have theirs. */
function doorsOf({ config, links }: World): Doors {
  const acs = Router()
  const shop = config.singlePort ? acs : Router()
  if (links.tls === undefined) return { acs, shop, acsServers: acs, shopServers: shop }
  const servers = Router()
  return { acs, shop, acsServers: servers, shopServers: servers }
}

function clockOf(world: World, seed: string | undefined, kept: Kept, wanted: ResetOptions['clock']) {
  const base = world.overrides.clock ?? systemClock
  if (wanted !== undefined) return { base, mode: wanted.mode, now: wanted.now }
  const isSeeded = seed !== undefined && world.overrides.clock === undefined
  if (kept.clock !== undefined && seed === undefined) {
    const { mode, now, offsetMs } = kept.clock
    return mode === 'frozen' ? { base, mode, now } : { base, mode, offsetMs }
  }
  const mode = world.config.clock ?? (isSeeded ? 'frozen' : 'run')
  return { base, mode, now: mode === 'frozen' && world.overrides.clock === undefined ? beginningOfSeeds : undefined }
}

/** `again`: it is made again, of what there was. */
export async function openRoom(
  world: World,
  name: string,
  again: { readonly options: ResetOptions; readonly before: OpenHouse } | undefined,
): Promise<OpenHouse> {
  const { overrides, ports, links } = world
  const isDefault = name === defaultName
  const folder = folderOf(world.config, name)
  const found = again?.before.settings.again(again.options, Date.now()) ?? keptIn(folder)
  const kept = found ?? { createdAt: Date.now() }
  const policyOrigin = world.policies.origin(kept.policy)
  policyOrigin.load(policyOrigin.base().text) // before anything is made
  if (folder !== undefined) {
    makeRoomFolder(world.config, folder)
    if (again !== undefined || found === undefined) writeKept(folder, kept)
  }
  const { seed: serverSeed } = world.config
  const settings = createSettings({
    name,
    kept,
    folder,
    given: {
      seed: serverSeed === undefined || isDefault ? serverSeed : `${serverSeed}/${name}`,
      overrides: world.config.overrides,
    },
    maySeed: !isReachable(world.config),
    loadPolicy: world.policies.load,
  })
  const { seed } = settings.settings()
  const config: Config = {
    ...world.config,
    seed,
    dataDir: folder ?? world.config.dataDir,
    ephemeral: folder === undefined || seed !== undefined,
  }
  const randomFor = (stream: string): Random =>
    overrides.random ?? (seed === undefined ? systemRandom : seededRandom(seed, stream))
  const log = isDefault ? world.log : world.log.child({ tenant: name })

  let acs: Acs | undefined
  const closers: House['closers'] = []
  const clock = virtualClock({
    ...clockOf(world, seed, kept, again?.options.clock),
    idle: async () => acs?.idle(),
    onChange: settings.keepClock,
  })
  const addresses = addressesOf(world.config, ports, world.hasForeignRoutes, isDefault ? '' : `/t/${name}`)
  const table = world.issuers.open({
    folder: config.ephemeral ? undefined : folder,
    ...(again?.options.scenarios === 'keep' && { kept: keptTable(again.before) }),
  })
  const { issuer } = table
  closers.push(() => table.close())
  const routesOf = () =>
    routesFor(world.ownRanges ?? issuer.ranges.map(({ from, to, scheme }) => ({ from, to, scheme })), {
      acsUrl: addresses.acs.areq,
      methodUrl: addresses.acs.method,
    })
  let routes = routesOf()
  issuer.onChange(() => {
    routes = routesOf()
  })
  const keys = keysOf(config)
  const faults = createFaults({ random: randomFor('faults').fraction, now: clock.now })
  const view: Room['view'] = () => ({ settings: settings.settings(), clock: clock.state(), url: addresses.publicUrl })
  const house: House = {
    config,
    overrides,
    room: {
      name,
      folder,
      settings: settings.settings,
      view,
      tokenDigest: settings.tokenDigest,
      change: settings.change,
      async reset(options, self) {
        settings.again(options, 0) // what is not allowed is said before anything is gone
        const next = await world.rooms().reset(name, options, self)
        return next.house.room.view()
      },
      drop: async (self) => !isDefault && world.rooms().drop(name, self),
      all: isDefault ? tenantsOf(world) : undefined,
    },
    faults,
    clock,
    random: randomFor('acs'),
    emulatorRandom: randomFor('emulators'),
    log,
    observation: createObserver(log, world.metrics),
    policyOrigin,
    tables: world.tables,
    issuer,
    secrets: createSecrets(keys),
    sourcesFile: world.sourcesFile,
    hookModule: world.hookModule,
    screeningSecret: world.config.screeningKey ?? screeningSecretOf(keys),
    addresses,
    links,
    limits: world.limits,
    labTurn: world.labTurn,
    routes: () => routes,
    closers,
  }
  const quieten = (): void => {
    faults.close() // what is held up on purpose must not hold up the end
    house.observation.live.close()
  }
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= (async () => {
      quieten()
      clock.close()
      for (const closer of closers.splice(0).toReversed()) await closer()
    })()
    return closing
  }
  const doors = doorsOf(world)
  try {
    if (links.tls !== undefined)
      for (const door of new Set([doors.acs, doors.shop])) turnAwayServers(door, addresses.servers)
    const runs = (party: Config['only'][number]): boolean => config.only.includes(party)
    acs = runs('acs') ? await openAcs(house, doors) : undefined
    if (runs('ds') || runs('3ds-server') || runs('shop') || runs('screening'))
      openEmulators(house, doors, { isLazy: !isDefault })
    if (world.isOpen()) acs?.start()
  } catch (error) {
    await close()
    throw error
  }
  return {
    house,
    doors,
    settings,
    acs,
    underWay: createUnderWay(),
    quieten,
    async idle() {
      let timer: NodeJS.Timeout | undefined
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, idleWithinMs)
      })
      await Promise.race([acs?.idle(), limit])
      clearTimeout(timer)
    },
    hurry: () => acs?.hurry(),
    close,
  }
}

/** A scenario table that was put in the place of the one from the start. */
const keptTable = ({ house: { issuer } }: OpenHouse): string | undefined =>
  issuer.isReplaced() ? issuer.text() : undefined

/** For the operator. */
function tenantsOf(world: World): Tenants {
  const urlOf = (name: string): string =>
    addressesOf(world.config, world.ports, world.hasForeignRoutes, name === defaultName ? '' : `/t/${name}`).publicUrl
  return {
    most: world.config.maxTenants,
    has: (name) => world.rooms().has(name),
    list: () =>
      [defaultName, ...world.rooms().names()].map((name) => ({
        name,
        url: urlOf(name),
        view: world.rooms().opened(name)?.house.room.view(),
      })),
    async make(name, wanted) {
      const isNew = !world.rooms().has(name)
      const room = await world.rooms().get(name, true)
      room.house.room.change(wanted)
      const { nextSeed } = room.settings.settings()
      const made = isNew && nextSeed !== undefined ? await world.rooms().reset(name, {}) : room
      return made.house.room.view()
    },
    drop: (name, self) => world.rooms().drop(name, self),
  }
}

/** The routers of a port by tenant. */
export type Door = (doors: Doors) => IRouter
