// The ACS as it is installed (compiled), with everything on: log, metrics, journal, evidence; SQLite on disk, WAL, FULL.
import type { Config } from '../src/config.ts'

const [port = '0', dataDir = '', policy = '', more = '{}'] = process.argv.slice(2)
const { startSekisho } = (await import(
  new URL('../dist/server.js', import.meta.url).href
)) as typeof import('../src/server.ts')
const { readConfig } = (await import(
  new URL('../dist/config.js', import.meta.url).href
)) as typeof import('../src/config.ts')
const config: Config = readConfig({
  flags: { acsPort: port, dataDir, only: 'acs', ...(policy !== '' && { policy }), ...(JSON.parse(more) as object) },
})
const sekisho = await startSekisho(config)
process.send?.('ready')
process.on('message', (message) => {
  if (message === 'usage') process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage().rss })
  if (message === 'memory') {
    // Twice: what finalizers let go is collected by the second.
    for (let i = 0; i < 2; i += 1) globalThis.gc?.()
    process.send?.(process.memoryUsage())
  }
  if (message === 'stop') sekisho.close().then(() => process.exit(0))
})
