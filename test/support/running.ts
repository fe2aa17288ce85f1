// A Sekisho in process, on free ports and in memory, for tests that speak HTTP to it.
import { pino } from 'pino'
import { readConfig, type Settings } from '../../src/config.ts'
import { type Sekisho, startSekisho } from '../../src/server.ts'
import type { Overrides } from '../../src/start/house.ts'

export interface Running extends Sekisho {
  readonly acs: string
  readonly shop: string
  /** Every log line written, as text. */
  readonly log: () => string
}

export async function running(settings: Settings = {}, overrides: Overrides = {}): Promise<Running> {
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const config = readConfig({ flags: { acsPort: 0, shopPort: 0, ephemeral: true, ...settings } })
  const sekisho = await startSekisho(config, { log, outgoing: 'fatal', checksAnswers: true, ...overrides })
  return { ...sekisho, acs: sekisho.urls.acs ?? '', shop: sekisho.urls.shop ?? '', log: () => lines.join('') }
}
