// The console: one page for every address, and what that page loads. Its data come from the admin API.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { type Request, type Response, Router } from 'express'
import { challengeKinds } from '../../acs/challenge/kinds.ts'
import { playActions } from '../../acs/plan.ts'
import { kindsOf, messagesOf } from '../../faults/fits.ts'
import { countries, currencies } from '../../protocol/tables/iso.ts'
import { schemes } from '../../protocol/tables/schemes.ts'
import { pickLanguage } from '../../web/i18n.ts'
import { loadPages } from '../../web/page.ts'
import { consoleHeaders } from './headers.ts'

export interface ConsoleOptions {
  readonly version: string
  /** The path before `/console` in public addresses, without a slash at the end: '' or '/sekisho'. */
  readonly base: string
  readonly shopUrl: string
  readonly isSecure: boolean
  /** Where a DS sends AReqs, up to `/acs/areq`. */
  readonly servers: string
  /** Whether browsers come by https; without it the page says so. */
  readonly isEncrypted: boolean
}

const assetFolder = fileURLToPath(new URL('../../../public/console/', import.meta.url))
const viewFolder = path.join(assetFolder, 'views')
const render = loadPages(new URL('../../../src/http/console/', import.meta.url))
const icon = readFileSync(new URL('../../../src/http/views/icon.eta', import.meta.url), 'utf8').trim()
const echarts = path.join(
  path.dirname(createRequire(import.meta.url).resolve('echarts/package.json')),
  'dist/echarts.esm.min.mjs',
)

/** Names of the files of a folder with this ending. */
const namesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort()
const libraries = namesIn(path.join(assetFolder, 'lib'), '.js').filter((name) => name !== 'early')

/** Modules that the page of this address will ask for: named at once, they need not wait for one another. */
function preloads(address: string, views: readonly string[]): readonly string[] {
  const [name = '', id] = address.replace(/^\//, '').split('/')
  const view = name === '' ? 'transactions' : name === 'transactions' && id !== undefined ? 'transaction' : name
  const own = views.includes(view) ? [`views/${view}`, `texts/${view}`] : []
  const charts = view === 'dashboard' ? ['echarts'] : []
  return [
    'tables',
    'texts/shell',
    'texts/words',
    'texts/shared',
    'room/clock',
    'texts/clock',
    ...libraries.map((library) => `lib/${library}`),
    ...own,
    ...charts,
  ]
}

/** Tables that the pages show words for, or offer to choose from, as a module. */
const tables = [
  `export const currencies = new Map(${JSON.stringify([...currencies])})`,
  `export const countries = new Map(${JSON.stringify([...countries])})`,
  `export const schemes = new Map(${JSON.stringify(Object.entries(schemes).map(([id, { name }]) => [id, name]))})`,
  `export const faultKinds = new Map(${JSON.stringify(Object.entries(kindsOf))})`,
  `export const challengeKinds = ${JSON.stringify(challengeKinds)}`,
  `export const playActions = ${JSON.stringify(playActions)}`,
  `export const faultMessages = new Map(${JSON.stringify(Object.entries(messagesOf))})`,
  '',
].join('\n')

const words = {
  en: { noScript: 'The console needs JavaScript. Without it there are', inbox: 'the inbox' },
  ja: { noScript: 'コンソールには JavaScript が必要です。JavaScript なしで使えるのは', inbox: '受信箱' },
} as const

export function consoleRouter({ version, base, shopUrl, servers, isSecure, isEncrypted }: ConsoleOptions): Router {
  const router = Router()
  const headers = consoleHeaders(isSecure)
  const asset = (res: Response): void => {
    res.set({ ...headers, 'Cache-Control': 'no-cache' })
  }

  router.get('/assets/echarts.js', (_req, res, next) => {
    asset(res)
    // By its folder, which may lie below one whose name begins with a dot.
    res.type('js').sendFile(path.basename(echarts), { root: path.dirname(echarts), cacheControl: false }, (error) => {
      if (error !== undefined) next(error)
    })
  })
  router.get('/assets/tables.js', (_req, res) => {
    asset(res)
    res.type('js').send(tables)
  })
  router.use(
    '/assets',
    express.static(assetFolder, { index: false, redirect: false, cacheControl: false, setHeaders: asset }),
  )
  router.use('/assets', (_req, res) => {
    res.set(headers).status(404).type('txt').send('Not found\n')
  })

  router.get('/{*path}', (req: Request, res: Response) => {
    const lang = pickLanguage(typeof req.query.lang === 'string' ? req.query.lang : req.get('accept-language'))
    const views = namesIn(viewFolder, '.js')
    res
      .set(headers)
      .type('html')
      .send(
        render('./shell', {
          ...words[lang],
          lang,
          base,
          version,
          shopUrl,
          servers,
          isEncrypted,
          icon,
          assets: `${base}/console/assets`,
          views,
          preloads: preloads(req.path, views),
          styles: namesIn(viewFolder, '.css'),
        }),
      )
  })
  return router
}
