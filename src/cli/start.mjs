// What `npm start` runs: builds where a compiler is installed, then serves. Plain JavaScript, since nothing is built yet.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const stop = (message) => {
  process.stderr.write(`sekisho: ${message}\n`)
  process.exit(1)
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19))
  stop(`Node.js 20.19 or later is needed; this is ${process.versions.node}.`)

const require = createRequire(import.meta.url)
const root = fileURLToPath(new URL('../..', import.meta.url))
const main = new URL('../../dist/cli/main.js', import.meta.url)

const find = (name) => {
  try {
    return require.resolve(name)
  } catch {
    return undefined
  }
}

if (find('express/package.json') === undefined) stop('The packages are not installed: run `npm ci` first.')
const compiler = find('typescript/package.json')?.replace(/package\.json$/, 'bin/tsc')
if (compiler !== undefined) {
  process.stdout.write('Building (some seconds)…\n')
  const built = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.json'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (built.status !== 0) stop('The build failed; the lines above say why.')
} else if (!existsSync(main)) {
  stop(
    'The compiler is not installed, so nothing can be built: run `npm ci --include=dev` (NODE_ENV=production leaves it out).',
  )
}
try {
  require('better-sqlite3')(':memory:').close()
} catch (error) {
  stop(
    `SQLite cannot be loaded (${error.code ?? error.message}): run \`npm ci\`, with a C++ toolchain and Node headers where no prebuilt binary can be had.`,
  )
}
// `npm start -- --help` asks about serving.
if (
  process.argv[2] === undefined ||
  (process.argv[2].startsWith('-') && !['-V', '--version'].includes(process.argv[2]))
)
  process.argv.splice(2, 0, 'serve')
await import(main.href)
