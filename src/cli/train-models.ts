// npm run lab:models: trains the models that come with Sekisho and writes their policies and cards. Some minutes; a trial with
// fewer events: npm run lab:models -- --events 200000
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { makeShipped } from '../lab/train/shipped.ts'
import { progressShown } from './lab/progress-bar.ts'

const { values } = parseArgs({ options: { events: { type: 'string' } } })
const scratch = await mkdtemp(join(tmpdir(), 'sekisho-models-'))
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
const shown = await progressShown(process.stderr.isTTY)
try {
  await makeShipped({
    root: resolve(import.meta.dirname, '../..'),
    scratch,
    workers: 2,
    events: values.events === undefined ? undefined : Number(values.events),
    signal: stop.signal,
    onProgress: shown.tell,
    tell: (line) => void process.stdout.write(`${line}\n`),
  })
} finally {
  shown.end()
  await rm(scratch, { recursive: true, force: true })
}
