// The reference of elements over HTTP: the same facts as docs/elements.md, with their forms in both languages.
import { createHash } from 'node:crypto'
import { Router } from 'express'
import { expectedWords } from '../../lint/expected.ts'
import {
  allChannels,
  allMessages,
  allVersions,
  type ElementFacts,
  elementCatalogue,
} from '../../protocol/reference/catalogue.ts'

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
  router.get('/', (_req, res) => {
    const { text, etag } = answer()
    res.set({ 'Cache-Control': 'private, no-cache', ETag: etag }).type('json').send(text)
  })
  router.get('/:path', (req, res, next) => {
    const found = answer().byPath.get(req.params.path)
    if (found === undefined) next()
    else res.json(found)
  })
  return router
}
