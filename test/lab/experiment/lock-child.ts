// A process that takes the lock of a folder when it is told to, and gives it back when it is told to.
import { lock } from '../../../src/lab/experiment/lock.ts'

let release: (() => Promise<void>) | undefined
process.on('message', (work: string) => {
  const answer = (text: string): void => void process.send?.(text)
  if (work === '') {
    const held = release
    release = undefined
    void (held?.() ?? Promise.resolve()).then(() => answer('out'))
    return
  }
  lock(work, work).then(
    (held) => {
      release = held
      answer('in')
    },
    (error: Error) => answer(error.name === 'LabExperimentError' ? 'refused' : String(error.stack)),
  )
})
process.send?.('ready')
