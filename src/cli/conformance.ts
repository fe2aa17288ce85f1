// `sekisho conformance`: the rules tried against any ACS over HTTP.
import type { Command } from 'commander'
import { noCertification } from '../conformance/words.ts'
import type { Options } from './conformance-run.ts'

export function addConformance(program: Command, complain: (message: string) => void): void {
  program
    .command('conformance')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2)) // 1 says what was found
    .description('try the protocol rules against any ACS over HTTP; no certification')
    .requiredOption('--areq-url <url>', 'where the ACS takes AReqs, such as http://localhost:9440/acs/areq')
    .option('--results-listen <host:port>', 'take the RReqs of the ACS here; without it nothing about results is run')
    .option('--public-results-url <url>', 'how the ACS reaches that address, if otherwise')
    .option('--cards <file>', 'which card gives which outcome (YAML; default: the scripted cards of Sekisho)')
    .option('--otp <code|url>', 'the code of challenges, or an address that tells it ({acsTransID} is replaced)')
    .option('--cert <file>', 'client certificate (PEM)')
    .option('--key <file>', 'its key (PEM)')
    .option('--ca <file>', 'CA of the ACS (PEM)')
    .option('--profile <profile>', 'strict, or lenient with the tolerances of the field', 'strict')
    .option('--versions <list>', 'messageVersions of the ACS, comma separated', '2.1.0,2.2.0,2.3.1')
    .option('--rules <ids>', 'only trials of these rules, comma separated')
    .option('--values <count>', 'at most so many values of a case that tries many', '3')
    .option('--patient', 'also what waits for half a minute and more')
    .option('--junit <file>', 'write JUnit XML')
    .option('--json', 'print JSON instead of the table')
    .addHelpText(
      'after',
      `\n${noCertification}\nExit code: 0 nothing failed, 1 something failed, 2 the run could not begin.`,
    )
    .action(async (options: Options) => {
      const { runConformance, Unusable } = await import('./conformance-run.ts')
      try {
        process.exitCode = await runConformance(options)
      } catch (error) {
        const isKnown = error instanceof Unusable || (error instanceof Error && 'code' in error)
        if (!isKnown) throw error
        complain(error.message)
        process.exitCode = 2
      }
    })
}
