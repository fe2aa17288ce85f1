// sekisho clock: the time that a tenant lives by.
import type { Command } from 'commander'
import type { ClockState } from '../client/client.ts'
import { clientOf, orExit, print, printJson, type RemoteOptions, withRemote } from './remote.ts'

const tell = ({ mode, now }: ClockState): string => `${now}  ${mode === 'frozen' ? 'stands' : 'runs'}`

async function run(options: RemoteOptions, move: () => Promise<ClockState>): Promise<void> {
  const state = await move()
  if (options.json) printJson(state)
  else print(tell(state))
}

export function addClock(program: Command): void {
  const clock = program.command('clock').description('show and move the clock of the tenant')
  withRemote(clock.command('show', { isDefault: true }))
    .description('print the time')
    .action((options: RemoteOptions) => orExit(() => run(options, () => clientOf(options).clock.state())))
  withRemote(clock.command('advance'))
    .description('go on by so much; what is due on the way happens')
    .argument('<time>', 'such as 10m')
    .action((time: string, options: RemoteOptions) =>
      orExit(() => run(options, () => clientOf(options).clock.advance(time))),
    )
  withRemote(clock.command('set'))
    .description('go on to a later moment')
    .argument('<at>', 'ISO 8601')
    .action((at: string, options: RemoteOptions) => orExit(() => run(options, () => clientOf(options).clock.set(at))))
  withRemote(clock.command('freeze'))
    .description('stand still')
    .argument('[at]', 'at a later moment, ISO 8601')
    .action((at: string | undefined, options: RemoteOptions) =>
      orExit(() => run(options, () => clientOf(options).clock.freeze(at))),
    )
  withRemote(clock.command('run'))
    .description('go on with the time of the machine')
    .action((options: RemoteOptions) => orExit(() => run(options, () => clientOf(options).clock.run())))
}
