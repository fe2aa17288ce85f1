// In the place of the process of the lab: does what the name of the experiment says, quickly.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const say = (word) => process.send?.(word)
let isStopping = false
let out = ''

const report = (text) => {
  mkdirSync(out, { recursive: true })
  writeFileSync(path.join(out, 'report.html'), text)
  writeFileSync(path.join(out, 'metrics.json'), '{"format":1}\n')
  writeFileSync(path.join(out, 'manifest.json'), '{"format":1}\n')
}
const end = (state) => {
  say({ is: 'ended', state })
  process.disconnect()
}

function run({ text, resume }) {
  const [, name = ''] = /^name: "?([\w.-]+)/m.exec(text) ?? []
  if (name === 'unplanned') {
    say({
      is: 'refused',
      message: 'policies.1: no policy nobody',
      problems: [{ path: 'policies.1', message: 'no policy nobody comes with Sekisho', line: 4 }],
    })
    process.disconnect()
    return
  }
  if (name === 'slow' || name === 'stubborn') mkdirSync(path.join(out, '.work'), { recursive: true })
  say({ is: 'planned', variants: 3 })
  say({
    is: 'progress',
    progress: {
      phase: 'decisions',
      variant: 'rules-jp',
      done: 400,
      of: 1000,
      unit: 'events',
      eventsPerSecond: 5000,
      secondsLeft: 75,
    },
  })
  if (name === 'crash') {
    setTimeout(() => process.exit(7), 50)
  } else if (name === 'fails') {
    say({ is: 'failed', message: 'the disk is full' })
    process.disconnect()
  } else if (name === 'slow' && !resume) {
    setInterval(() => {
      if (!isStopping) return
      report('<!doctype html><html lang="en"><title>part</title><h1>A partial result</h1>')
      end('partial')
    }, 20)
  } else if (name === 'written') {
    // The files are there, and it works on.
    report('<!doctype html><html lang="en"><title>early</title><h1>Too early</h1>')
    say({
      is: 'progress',
      progress: { phase: 'files', done: 4, of: 4, unit: 'files' },
    })
    setInterval(() => {
      if (isStopping) end('done')
    }, 20)
  } else if (name === 'stubborn') {
    setInterval(() => undefined, 1_000)
  } else {
    setTimeout(() => {
      report(
        '<!doctype html><html lang="en"><title>whole</title><h1>A report</h1><script>document.title = "ran"</script>',
      )
      end('done')
    }, 30)
  }
}

process.on('message', (word) => {
  if (word.do === 'stop') isStopping = true
  else {
    out = word.out
    run(word)
  }
})
process.on('disconnect', () => process.exit())
