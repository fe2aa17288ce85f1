// sekisho reset: everything of a tenant forgotten.
import { type Command, Option } from 'commander'
import { clientOf, orExit, print, printJson, type RemoteOptions, withRemote } from './remote.ts'

interface Options extends RemoteOptions {
  readonly seed?: string
  readonly clock?: 'run' | 'frozen'
  readonly keepScenarios?: boolean
}

async function run({ seed, clock: mode, keepScenarios, ...options }: Options): Promise<void> {
  const state = await clientOf(options).reset({
    ...(seed !== undefined && { seed }),
    ...(mode !== undefined && { clock: { mode } }),
    ...(keepScenarios === true && { scenarios: 'keep' as const }),
  })
  if (options.json) printJson(state)
  else print(`Tenant ${state.name} begins anew${state.seed === undefined ? '' : ` with the seed ${state.seed}`}.`)
}

export function addReset(program: Command): void {
  withRemote(program.command('reset'))
    .description('forget everything of the tenant: transactions, inbox, stubs, faults, cards')
    .option('--seed <text>', 'another seed from now on')
    .addOption(new Option('--clock <mode>', 'how its clock begins').choices(['run', 'frozen']))
    .option('--keep-scenarios', 'keep the scenario table')
    .action((options: Options) => orExit(() => run(options)))
}
