// Tenants: the one whose path this is, with its settings, its reset and its end; and for the operator, on the bare path, all of them.
import type { Response, Router } from 'express'
import { z } from 'zod'
import { isTenantName, NotAllowed, type RoomView } from '../../tenants/room.ts'
import { RoomRefused } from '../../tenants/rooms.ts'
import { clockMoment, showClock, shownClock } from './clock.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest } from './request.ts'

const shownTenant = z.strictObject({
  name: z.string(),
  url: z.string().describe('its public address; with /api/v1, /console, /inbox and /acs/areq below it'),
  seed: z.string().optional().describe('ids, codes and chance follow from it'),
  nextSeed: z.string().nullable().optional().describe('used from the next reset on; null: none'),
  overrides: z.boolean().describe('whether requests may say themselves how they are answered'),
  hasToken: z.boolean().describe('whether it has a token of its own'),
  hasPolicy: z.boolean().describe('whether it has a risk policy of its own'),
  createdAt: z.iso.datetime().describe('by the clock of the machine'),
  clock: shownClock,
  learnsFromStubs: z.literal(false).describe('planned answers do not change what the risk engine knows'),
})

const show = ({ settings, clock, url }: RoomView): z.output<typeof shownTenant> => ({
  ...settings,
  url,
  createdAt: new Date(settings.createdAt).toISOString(),
  clock: showClock(clock),
  learnsFromStubs: false,
})

const seed = z.string().min(1).max(200).nullable()
const settings = z.strictObject({
  overrides: z.boolean().optional().describe('whether requests may say themselves how they are answered'),
  seed: seed.optional().describe('used from the next reset on; null: none of its own'),
  token: z
    .string()
    .min(16)
    .max(200)
    .regex(/^[\x21-\x7e]+$/, 'printable ASCII without spaces expected')
    .nullable()
    .optional()
    .describe(
      'needed from now on, as Bearer; kept as a digest; null: none. The token of the operator opens every tenant',
    ),
})

const name = z.string().refine(isTenantName, 'a-z, 0-9 and - expected, at most 40 of them, and no - at the beginning')

const readTenant = operation({
  id: 'readTenant',
  method: 'get',
  path: '/tenant',
  tag: 'Tenants',
  summary: 'The tenant whose path this is',
  answers: { 200: { description: 'Its settings', schema: shownTenant } },
})

const changeTenant = operation({
  id: 'changeTenant',
  method: 'put',
  path: '/tenant',
  tag: 'Tenants',
  summary: 'Change settings of this tenant; what is not named stays',
  body: settings,
  answers: {
    200: { description: 'Its settings', schema: shownTenant },
    409: { description: 'Not this one, or not here: a seed works on loopback only' },
  },
})

const dropTenant = operation({
  id: 'dropTenant',
  method: 'delete',
  path: '/tenant',
  tag: 'Tenants',
  summary: 'Drop this tenant with all that it holds',
  answers: { 204: { description: 'It is gone' }, 409: { description: 'The default tenant stays; it can be reset' } },
})

const resetTenant = operation({
  id: 'resetTenant',
  method: 'post',
  path: '/reset',
  tag: 'Tenants',
  summary: 'Drop all that this tenant holds, and begin again',
  description: 'What is under way is waited for. Settings and token stay; scenario table, clock and random begin anew.',
  body: z
    .strictObject({
      seed: seed.optional().describe('another seed from now on; null: none of its own'),
      clock: z
        .strictObject({ mode: z.enum(['run', 'frozen']), now: clockMoment.optional() })
        .optional()
        .describe('how its clock begins; otherwise as that of a new tenant'),
      policy: z
        .string()
        .min(1)
        .max(50_000)
        .nullable()
        .optional()
        .describe('a risk policy of its own (YAML) from now on; null: that of the program'),
      scenarios: z.enum(['keep', 'default']).default('default').describe('whether a scenario table of its own is kept'),
    })
    .default({ scenarios: 'default' }),
  answers: {
    200: { description: 'The tenant as it is now', schema: shownTenant },
    400: { description: 'The policy is not valid' },
    409: { description: 'A seed works on loopback only' },
  },
})

const listTenants = operation({
  id: 'listTenants',
  method: 'get',
  path: '/tenants',
  tag: 'Tenants',
  summary: 'All tenants; for the operator, on the bare path',
  answers: {
    200: {
      description: 'The default one, and the others by name',
      schema: z.strictObject({
        most: z.int().describe('how many there may be besides the default one'),
        tenants: z.array(
          z.union([
            shownTenant.extend({ isOpen: z.literal(true) }),
            z.strictObject({ name: z.string(), url: z.string(), isOpen: z.literal(false) }),
          ]),
        ),
      }),
    },
  },
})

const makeTenant = operation({
  id: 'makeTenant',
  method: 'put',
  path: '/tenants/{name}',
  tag: 'Tenants',
  summary: 'Make a tenant, or change its settings; for the operator, on the bare path',
  params: z.strictObject({ name }),
  body: settings.default({}),
  answers: {
    200: { description: 'It was there', schema: shownTenant },
    201: { description: 'It was made', schema: shownTenant },
    503: { description: 'There are as many tenants as there may be (--max-tenants)' },
  },
})

const dropTenantByName = operation({
  id: 'dropTenantByName',
  method: 'delete',
  path: '/tenants/{name}',
  tag: 'Tenants',
  summary: 'Drop a tenant with all that it holds; for the operator, on the bare path',
  params: z.strictObject({ name }),
  answers: { 204: { description: 'It is gone' }, 409: { description: 'The default tenant stays; it can be reset' } },
})

export const tenantOperations = [
  readTenant,
  changeTenant,
  dropTenant,
  resetTenant,
  listTenants,
  makeTenant,
  dropTenantByName,
] as const

/** What the tenants say no to, as an answer. */
async function orRefuse<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof NotAllowed) throw new BadRequest(error.status, error.path, error.message)
    if (error instanceof RoomRefused) throw new BadRequest(error.status, 'name', error.message)
    throw error
  }
}

const stays = (): never => {
  throw new BadRequest(409, 'name', 'the default tenant stays; POST /api/v1/reset empties it')
}

export function mountTenants(router: Router, { room }: AdminPorts): void {
  mount(router, '', readTenant, (_given, _req, res) => {
    res.json(show(room.view()))
  })
  mount(router, '', changeTenant, async ({ body }, _req, res) => {
    await orRefuse(() => room.change(body))
    res.json(show(room.view()))
  })
  const drop = async (isGone: Promise<boolean>, res: Response): Promise<void> => {
    if (!(await orRefuse(() => isGone))) throw new BadRequest(404, 'name', 'no such tenant')
    res.status(204).end()
  }
  mount(router, '', dropTenant, (_given, _req, res) => (room.all === undefined ? drop(room.drop(res), res) : stays()))
  mount(router, '', resetTenant, async ({ body }, _req, res) => {
    res.json(show(await orRefuse(() => room.reset(body, res))))
  })

  const { all } = room
  if (all === undefined) return
  mount(router, '', listTenants, (_given, _req, res) => {
    const tenants = all.list().map(({ view, ...listed }) => {
      if (view === undefined) return { ...listed, isOpen: false as const }
      return { ...show(view), isOpen: true as const }
    })
    res.json({ most: all.most, tenants })
  })
  mount(router, '', makeTenant, async ({ params, body }, _req, res) => {
    const isNew = !all.has(params.name)
    const view = await orRefuse(() => all.make(params.name, body))
    res.status(isNew ? 201 : 200).json(show(view))
  })
  mount(router, '', dropTenantByName, ({ params }, _req, res) =>
    params.name === room.name ? stays() : drop(all.drop(params.name, res), res),
  )
}
