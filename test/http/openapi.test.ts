// The document of the admin API: valid, whole, and kept by the answers of a running Sekisho.
import { Validator } from '@seriousme/openapi-schema-validator'
import type { Router } from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { answerProblem } from '../../src/http/admin/answers.ts'
import { openApiOf } from '../../src/http/admin/openapi.ts'
import { type Operation, operation } from '../../src/http/admin/operation.ts'
import { allOperations } from '../../src/http/admin/operations.ts'
import type { AdminPorts } from '../../src/http/admin/ports.ts'
import { adminRouter } from '../../src/http/admin/router.ts'
import { browserAReq, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'

let sekisho: Running
beforeAll(async () => {
  sekisho = await running()
})
afterAll(() => sekisho.close())

const document = openApiOf(allOperations, '/api/v1', '0.0.0')

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const answer = await fetch(`${sekisho.acs}/api/v1/openapi.json`)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    const served = (await answer.json()) as Record<string, unknown>
    const validator = new Validator()
    expect(await validator.validate(served)).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    expect(served.servers).toEqual([{ url: '/api/v1' }])
  })

  test('has every operation once, and no name twice', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    )
    expect(ids.toSorted()).toEqual(allOperations.map(({ id }) => id).toSorted())
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/)
  })

  test('names the parameters of every path, and describes an answer of each operation', () => {
    for (const { id, path, params, answers } of allOperations) {
      const named = [...path.matchAll(/\{([A-Za-z]+)\}/g)].map(([, name]) => name)
      expect(Object.keys(params?.shape ?? {}).toSorted(), id).toEqual(named.toSorted())
      expect(
        Object.keys(answers).some((status) => Number(status) < 300),
        id,
      ).toBe(true)
    }
  })

  test('refers to nothing that is not there', () => {
    const text = JSON.stringify(document)
    const wanted = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name = '']) => name)
    expect(wanted.length).toBeGreaterThan(0)
    expect(wanted.filter((name) => !(name in document.components.schemas))).toEqual([])
    expect(text).not.toContain('$defs')
  })
})

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> }
  readonly handle: { readonly stack?: readonly Layer[] }
  readonly name: string
  match(path: string): boolean
}

/** Every route that is mounted, as the document writes it. `bases`: where routers may be mounted. */
function mountedRoutes(router: Router, bases: readonly string[]): readonly string[] {
  const { stack }: { readonly stack: readonly Layer[] } = Object(router)
  const own = (layer: Layer, base: string): readonly string[] => {
    const { route } = layer
    if (route === undefined) return []
    const path = `${base}${route.path === '/' && base !== '' ? '' : route.path}`.replace(/:([A-Za-z]+)/g, '{$1}')
    return Object.keys(route.methods).map((method) => `${method} ${path}`)
  }
  return stack.flatMap((layer) => {
    const inner = layer.handle.stack
    if (inner === undefined) return own(layer, '')
    const base = bases.find((one) => layer.match(one))
    return base === undefined
      ? [`router at an address that is not documented: ${inner.map((one) => one.route?.path).join(' ')}`]
      : inner.flatMap((one) => own(one, base))
  })
}

const about = { version: '', urls: { acs: 'http://a.test', servers: '', shop: '', threeDSServer: '' } }
/** Ports that nothing can be asked of: routes are mounted all the same. */
const noPorts: AdminPorts = new Proxy(
  Object(() => undefined),
  {
    get: (_target, name) => (name === 'about' ? about : name === Symbol.iterator ? [][Symbol.iterator] : noPorts),
    apply: () => noPorts,
  },
)

describe('the routes of the admin API', () => {
  const documented = allOperations.map(({ method, path }) => `${method} ${path}`)

  test('are those of the document, and the other way round', () => {
    const bases = [...new Set(allOperations.map(({ path }) => `/${path.split('/')[1] ?? ''}`))]
    const mounted = [...new Set(mountedRoutes(adminRouter(noPorts), bases))]
    expect(mounted.toSorted()).toEqual(documented.toSorted())
  })
})

describe('the answers of a running Sekisho', () => {
  test('that need nothing but their address are as the document says', async () => {
    const { body } = await post(`${sekisho.acs}/acs/areq`, browserAReq())
    expect(body).toMatchObject({ messageType: 'ARes' })
    const plain = allOperations.filter(({ method, path, answers }) => {
      const type = answers[200]?.contentType
      return method === 'get' && !path.includes('{') && (type === undefined || type === 'application/json')
    })
    expect(plain.length).toBeGreaterThan(5)
    for (const one of plain) {
      const answer = await fetch(`${sekisho.acs}/api/v1${one.path}`)
      const answered: unknown = await answer.json()
      expect(Object.keys(one.answers), one.id).toContain(String(answer.status)) // there may be nothing to tell yet
      expect(answerProblem(one, answer.status, answered)).toBeUndefined()
    }
  })

  test('are held against it in every test: another form is a failure', () => {
    const one: Operation = operation({
      id: 'one',
      method: 'get',
      path: '/one',
      tag: 'One',
      summary: 'one',
      answers: { 200: { description: 'a number', schema: z.strictObject({ count: z.int() }) } },
    })
    expect(answerProblem(one, 200, { count: 1 })).toBeUndefined()
    expect(answerProblem(one, 200, { count: '1' })).toContain('count')
    expect(answerProblem(one, 200, { count: 1, more: 1 })).toContain('more')
    expect(answerProblem(one, 201, { count: 1 })).toContain('no answer 201')
    expect(answerProblem(one, 404, { error: 'not there' })).toBeUndefined()
  })
})

describe('the page of the document', () => {
  test('shows every operation, and needs no other host and no script', async () => {
    const answer = await fetch(`${sekisho.acs}/api/v1/docs`)
    const page = await answer.text()
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    for (const { id, path } of allOperations) {
      expect(page).toContain(`id="${id}"`)
      expect(page).toContain(`<code>${path}</code>`)
    }
    expect(page).not.toMatch(/<script|(?:src|href|url\()="?https?:|style="/)
  })
})
