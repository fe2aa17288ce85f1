// A copy of the repository as a reader has it after `npm ci`: what `npm start` builds there disturbs nobody.
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '../durability/processes.ts'
import { buildInto } from '../support/build.ts'
import { chromiumPath, hasChromium } from '../support/chromium.ts'
import { repository } from './pages.ts'

const copied = ['src', 'public', 'examples', 'spec-fixtures', 'package.json', 'tsconfig.json']

export interface Copy {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  /** A text of the documentation with ports that are free. */
  rewrite(text: string): string
  /** Forgets what a page has left behind. */
  tidy(): Promise<void>
  remove(): Promise<void>
}

/** Ports of the documentation: 9440–9459. */
const documented = /\b94[45]\d\b/g

export async function copyRepository(): Promise<Copy> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sekisho-copy-'))
  for (const name of copied) await cp(path.join(repository, name), path.join(folder, name), { recursive: true })
  await symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'))
  const ports = new Map<string, number>()
  for (let port = 9440; port < 9460; port += 1) ports.set(String(port), await freePort())
  const rewrite = (text: string): string => text.replace(documented, (port) => String(ports.get(port) ?? port))
  for (const name of await readdir(path.join(folder, 'examples'), { recursive: true })) {
    if (!/\.(?:json|mjs|ya?ml|html|sh)$/.test(name)) continue
    const file = path.join(folder, 'examples', name)
    await writeFile(file, rewrite(await readFile(file, 'utf8')))
  }
  await buildInto(path.join(folder, 'dist'))
  const before = new Set(await readdir(folder))
  const env = {
    SEKISHO_ACS_PORT: rewrite('9440'),
    SEKISHO_SHOP_PORT: rewrite('9441'),
    SEKISHO_MTLS_PORT: rewrite('9442'),
    SEKISHO_LOG_LEVEL: 'error',
    SEKISHO_URL: rewrite('http://localhost:9440'),
    ...(hasChromium && { CHROMIUM_PATH: chromiumPath }),
  }
  return {
    folder,
    env,
    rewrite,
    async tidy() {
      for (const name of await readdir(folder))
        if (!before.has(name)) await rm(path.join(folder, name), { recursive: true, force: true })
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
