// sekisho scenario: the scenario table of a tenant.
import type { Command } from 'commander'
import { clientOf, orExit, print, printJson, type RemoteOptions, textOf, withRemote } from './remote.ts'

async function show(options: RemoteOptions): Promise<void> {
  const { scenarios, yaml } = await clientOf(options).api.getScenarios()
  if (options.json) printJson(scenarios)
  else print(yaml.trimEnd())
}

/** What is wrong, a line each, as editors understand it. */
async function check(file: string, options: RemoteOptions): Promise<boolean> {
  const problems = await clientOf(options).scenarios.check(await textOf(file))
  if (options.json) printJson(problems)
  else if (problems.length === 0) print(`${file}: nothing wrong.`)
  for (const { path, line, column, message } of options.json ? [] : problems)
    print(`${file}:${line ?? 1}:${column ?? 1}: ${path === '' ? '' : `${path}: `}${message}`)
  if (problems.length > 0) process.exitCode = 1
  return problems.length === 0
}

async function put(file: string, options: RemoteOptions): Promise<void> {
  const client = clientOf(options)
  const yaml = await textOf(file)
  const problems = await client.scenarios.check(yaml)
  if (problems.length > 0) {
    await check(file, options)
    return
  }
  const { scenarios } = await client.api.replaceScenarios({ body: { yaml } })
  if (options.json) printJson(scenarios)
  else print(`${scenarios.length} rows, from the next AReq on.`)
}

async function restore(options: RemoteOptions): Promise<void> {
  const { scenarios } = await clientOf(options).api.restoreScenarios()
  if (options.json) printJson(scenarios)
  else print(`${scenarios.length} rows, as at the start.`)
}

interface MatchOptions extends RemoteOptions {
  readonly card: string
}

async function match(options: MatchOptions): Promise<void> {
  printJson(await clientOf(options).api.matchScenario({ body: { acctNumber: options.card } }))
}

export function addScenario(program: Command): void {
  const scenario = program.command('scenario').description('show, check and replace the scenario table')
  withRemote(scenario.command('show'))
    .description('print the table')
    .action((options: RemoteOptions) => orExit(() => show(options)))
  withRemote(scenario.command('check'))
    .description('say what is wrong with a file; 1 when something is')
    .argument('<file>', 'YAML; - is standard input')
    .action((file: string, options: RemoteOptions) =>
      orExit(async () => {
        await check(file, options)
      }),
    )
  withRemote(scenario.command('put'))
    .description('put a file in the place of the table')
    .argument('<file>', 'YAML; - is standard input')
    .action((file: string, options: RemoteOptions) => orExit(() => put(file, options)))
  withRemote(scenario.command('restore'))
    .description('take the table from the start again')
    .action((options: RemoteOptions) => orExit(() => restore(options)))
  withRemote(scenario.command('match'))
    .description('who would decide about a card')
    .requiredOption('--card <number>', 'card number')
    .action((options: MatchOptions) => orExit(() => match(options)))
}
