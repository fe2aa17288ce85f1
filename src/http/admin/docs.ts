// The OpenAPI document, and the same as a page to read: without scripts, and without asking another host.
import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { newNonce, topLevelPageHeaders } from '../../web/security-headers.ts'
import { renderApiPage } from '../views/api.ts'
import { type OpenApi, openApiOf } from './openapi.ts'
import { mount, type Operation, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'

const getAbout = operation({
  id: 'getAbout',
  method: 'get',
  path: '/about',
  tag: 'About',
  summary: 'Version and addresses of this Sekisho, as this tenant has them',
  answers: {
    200: {
      description: 'without a slash at the end; absent: not run here',
      schema: z.strictObject({
        version: z.string(),
        urls: z.strictObject({
          acs: z.string(),
          servers: z.string().describe('where other servers post AReqs and RReqs'),
          shop: z.string(),
          threeDSServer: z.string(),
        }),
      }),
    },
  },
})
const getOpenApi = operation({
  id: 'getOpenApi',
  method: 'get',
  path: '/openapi.json',
  tag: 'About',
  summary: 'This document (OpenAPI 3.1)',
  answers: { 200: { description: 'the document', schema: z.looseObject({ openapi: z.string() }) } },
})
const getDocs = operation({
  id: 'getDocs',
  method: 'get',
  path: '/docs',
  tag: 'About',
  summary: 'This document as a page to read',
  answers: { 200: { description: 'the page', contentType: 'text/html' } },
})

export const documentOperations = [getAbout, getOpenApi, getDocs] as const

export interface About {
  readonly version: string
  readonly urls: Readonly<Record<'acs' | 'servers' | 'shop' | 'threeDSServer', string>>
}

/** `operations` is called at the first request: the list holds the ones of this module, too. */
export function mountDocument(
  router: Router,
  { about }: Pick<AdminPorts, 'about'>,
  operations: () => readonly Operation[],
): void {
  const base = `${new URL(about.urls.acs).pathname.replace(/\/$/, '')}/api/v1`
  let made: OpenApi | undefined
  const document = (): OpenApi => {
    made ??= openApiOf(operations(), base, about.version)
    return made
  }
  mount(router, '', getAbout, (_given, _req, res) => {
    res.json(about)
  })
  mount(router, '', getOpenApi, (_given, _req, res) => {
    res.json(document())
  })
  mount(router, '', getDocs, (_given, _req: Request, res: Response) => {
    const nonce = newNonce()
    res
      .set(topLevelPageHeaders({ nonce, secure: about.urls.acs.startsWith('https:') }))
      .type('html')
      .send(renderApiPage(document(), nonce))
  })
}
