// `sekisho lab gen`: a labelled stream of made-up people.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { mostEvents } from '../../lab/gen/limits.ts'
import { refusedBy, workersOf } from './options.ts'

export type GenCommandOptions = {
  readonly out: string
  readonly preset: 'japan' | 'europe' | 'us'
  readonly knobs?: string
  readonly set?: readonly (readonly [path: string, value: string])[]
  readonly events?: number
  readonly days?: number
  readonly seed: string
  readonly workers?: number
  readonly quiet?: boolean
  readonly json?: boolean
}

function changeOf(
  text: string,
  before: readonly (readonly [string, string])[] = [],
): readonly (readonly [string, string])[] {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('knob=value expected, such as holders.vpn=0.1.')
  return [...before, [text.slice(0, at), text.slice(at + 1)]]
}

/** 1000000, 1_000_000 or 1e6. */
function eventsOf(text: string): number {
  const events = Number(text.replaceAll('_', ''))
  if (!Number.isInteger(events) || events < 100 || events > mostEvents)
    throw new InvalidArgumentError(`a whole number from 100 to ${mostEvents} expected.`)
  return events
}
function daysOf(text: string): number {
  const days = Number(text)
  if (!Number.isInteger(days) || days < 2) throw new InvalidArgumentError('a whole number from 2 expected.')
  return days
}

export function addLabGen(lab: Command): void {
  lab
    .command('gen')
    .description('make up a labelled stream: cardholders, shops, attacks, and what the issuer hears when')
    .requiredOption('--out <folder>', 'where the stream is written')
    .addOption(
      new Option('--preset <name>', 'whose people and attacks').choices(['japan', 'europe', 'us']).default('japan'),
    )
    .option('--knobs <file>', 'a file of knobs, or a preset and what is different (YAML, docs/lab-population.md)')
    .option('--set <knob=value>', 'turns one knob; may be repeated', changeOf)
    .option('--events <count>', 'about so many events; sets how many cardholders there are', eventsOf)
    .option('--days <count>', 'length of the stream', daysOf)
    .option('--seed <text>', 'all chance comes from it', '1')
    .option('--workers <count>', 'threads (default: one per core, at most 4); the same bytes for any number', workersOf)
    .option('--json', 'what was made, as JSON')
    .option('--quiet', 'no progress, only the result')
    .action(async (options: GenCommandOptions) => {
      const { genCommand } = await import('./gen-command.ts')
      process.exitCode = await refusedBy(() => genCommand(options))
    })
}
