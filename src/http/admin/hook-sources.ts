// The sources of the hook, as an operator sees them; keys stay where they are.
import { Router } from 'express'
import { z } from 'zod'
import type { OpenDoors } from '../../acs/hook/doors.ts'
import { type HookSources, openings } from '../../acs/hook/sources.ts'
import { mount, operation } from './operation.ts'

export interface HookAdminPorts {
  readonly hookSources: () => HookSources
  readonly hookDoors: Pick<OpenDoors, 'isOpen'>
}

const shownSource = z
  .strictObject({
    name: z.string(),
    label: z.strictObject({ en: z.string(), ja: z.string() }),
    doors: z.array(z.enum(openings)),
    merchants: z.array(z.string()).optional().describe('that it may speak about; absent: all'),
    keys: z.array(z.enum(['secret', 'EC', 'OKP'])).describe('of which kind they are'),
    maxAge: z.number().describe('milliseconds'),
    vouchesForItself: z.boolean(),
    ask: z
      .strictObject({
        origin: z.string().describe('of the address where it is asked'),
        deadline: z.number().describe('milliseconds'),
        when: z.enum(['always', 'named']),
        share: z.array(z.string()),
        signed: z.boolean(),
        isLeftAlone: z.boolean().describe('it has failed too often, and is not asked for a while'),
      })
      .optional(),
    webhook: z.strictObject({ origin: z.string(), events: z.array(z.string()).optional() }).optional(),
  })
  .meta({ id: 'HookSource' })

const listHookSources = operation({
  id: 'listHookSources',
  method: 'get',
  path: '/hook/sources',
  tag: 'Hook',
  summary: 'Who may speak at the hook, and how',
  answers: {
    200: { description: 'In the order of the file', schema: z.strictObject({ sources: z.array(shownSource) }) },
  },
})

export const hookSourcesOperations = [listHookSources] as const

export function hookSourcesRouter({ hookSources, hookDoors }: HookAdminPorts): Router {
  const router = Router()
  mount(router, '/hook', listHookSources, (_given, _req, res) => {
    const sources = hookSources().list.map(
      ({ name, label, doors, merchants, tokenKeys, maxAge, vouchesForItself, ask, webhook }) => ({
        name,
        label,
        doors,
        ...(merchants !== undefined && { merchants }),
        keys: tokenKeys.map((key) => (typeof key === 'string' ? 'secret' : key.kty)),
        maxAge,
        vouchesForItself,
        ...(ask !== undefined && {
          ask: {
            origin: new URL(ask.url).origin,
            deadline: ask.deadline,
            when: ask.when,
            share: ask.share,
            signed: ask.signed,
            isLeftAlone: hookDoors.isOpen(name),
          },
        }),
        ...(webhook !== undefined && {
          webhook: {
            origin: new URL(webhook.url).origin,
            ...(webhook.events !== undefined && { events: webhook.events }),
          },
        }),
      }),
    )
    res.json({ sources })
  })
  return router
}
