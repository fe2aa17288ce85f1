// The reference of elements over HTTP: the same facts as docs/elements.md, with their forms in both languages.
import { createHash } from 'node:crypto'
import { Router } from 'express'
import { z } from 'zod'
import { expectedWords } from '../../lint/expected.ts'
import {
  allChannels,
  allMessages,
  allVersions,
  type ElementFacts,
  elementCatalogue,
} from '../../protocol/reference/catalogue.ts'
import { mount, operation } from './operation.ts'
import { BadRequest } from './request.ts'

/** The form in words; codes are told apart from it. */
function withWords({ path, name, forms, ...facts }: ElementFacts) {
  const bare = {
    path,
    name,
    presence: 'O',
    conditions: [],
    codes: [],
    reserved: [],
    source: [],
    otherNames: [],
  } as const
  return {
    path,
    name,
    ...facts,
    forms: forms.map((form) => ({
      ...form,
      words: {
        en: expectedWords({ ...bare, shape: form.shape }, 'en'),
        ja: expectedWords({ ...bare, shape: form.shape }, 'ja'),
      },
    })),
  }
}

const texts = z.array(z.string())
const words = z.strictObject({ en: z.string(), ja: z.string() })
const elementSchema = z
  .strictObject({
    path: z.string(),
    name: z.string(),
    title: z.string(),
    parent: z.string().optional(),
    children: texts,
    versions: texts,
    messages: texts,
    forms: z.array(z.strictObject({ versions: texts, shape: z.looseObject({ type: z.string() }), words })),
    presence: z.array(
      z.strictObject({ message: z.string(), in: z.record(z.string(), z.record(z.string(), z.string())) }),
    ),
    use: z.record(z.string(), z.string()).optional(),
    conditions: z.array(z.looseObject({ text: z.string() })),
    list: z.string().optional(),
    codes: z.array(z.strictObject({ code: z.string(), title: z.string(), versions: texts })),
    narrowed: z.array(z.strictObject({ version: z.string(), message: z.string(), codes: z.string() })),
    dsCodes: z.strictObject({ range: z.string(), versions: texts }).optional(),
    reserved: z.array(z.strictObject({ versions: texts, ranges: texts })),
    rules: texts,
    otherNames: z.array(z.strictObject({ version: z.string(), name: z.string(), path: z.string().optional() })),
    source: texts,
    note: z.string().optional(),
    examples: z.array(
      z.strictObject({
        versions: texts,
        message: z.string(),
        channel: z.string(),
        category: z.string(),
        value: z.json(),
      }),
    ),
  })
  .meta({ id: 'Element' })

const listElements = operation({
  id: 'listElements',
  method: 'get',
  path: '/elements',
  tag: 'Protocol',
  summary: 'Every element of the messages',
  description: 'Versions, presence, form, codes, conditions, rules and examples. The list has an ETag.',
  answers: {
    200: {
      description: 'the reference',
      schema: z.strictObject({ versions: texts, messages: texts, channels: texts, elements: z.array(elementSchema) }),
    },
  },
})
const getElement = operation({
  id: 'getElement',
  method: 'get',
  path: '/elements/{path}',
  tag: 'Protocol',
  summary: 'One element, by its path with dots',
  params: z.object({ path: z.string() }),
  answers: { 200: { description: 'the element', schema: elementSchema } },
})

export const elementsOperations = [listElements, getElement] as const

interface Made {
  readonly text: string
  readonly etag: string
  readonly byPath: ReadonlyMap<string, ReturnType<typeof withWords>>
}

function make(): Made {
  const elements = elementCatalogue().map(withWords)
  const text = JSON.stringify({ versions: allVersions, messages: allMessages, channels: allChannels, elements })
  return {
    text,
    etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`,
    byPath: new Map(elements.map((one) => [one.path, one])),
  }
}

/** Made at the first request. Clients may keep the list as long as they ask whether it is still the same. */
export function elementsRouter(): Router {
  let made: Made | undefined
  const answer = (): Made => {
    made ??= make()
    return made
  }
  const router = Router()
  mount(router, '/elements', listElements, (_given, _req, res) => {
    const { text, etag } = answer()
    res.set({ 'Cache-Control': 'private, no-cache', ETag: etag }).type('json').send(text)
  })
  mount(router, '/elements', getElement, ({ params: { path } }, _req, res) => {
    const found = answer().byPath.get(path)
    if (found === undefined) throw new BadRequest(404, 'path', 'no such element')
    res.json(found)
  })
  return router
}
