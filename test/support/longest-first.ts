// The order of the files: those that take minutes first, so that no long one is left alone at the end of a run. A clean checkout
// has no measures of an earlier run, and would begin with the largest files.
import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Longest first; what is not here comes after, as it would without this list. */
const long: readonly string[] = [
  'test/docs/commands.test.ts',
  'test/durability/kill.test.ts',
  'test/tenants/parallel.test.ts',
  'test/e2e/purchases.e2e.test.ts',
  'test/emulators/shop.e2e.test.ts',
  'test/durability/stop.test.ts',
  'test/conformance/own-acs.test.ts',
  'test/console/scenarios.test.ts',
  'test/scenarios/every-outcome.test.ts',
  'test/library/playwright.test.ts',
  'test/console/transactions.test.ts',
  'test/console/steering.test.ts',
  'test/console/axe.test.ts',
  'test/docs/container.test.ts',
  'test/library/package.test.ts',
  'test/console/lint.test.ts',
  'test/e2e/templates.e2e.test.ts',
  'test/console/transaction.test.ts',
  'test/network/certificates.test.ts',
  'test/protocol/fixtures-areq.test.ts',
  'test/console/elements.test.ts',
  'test/network/tls.test.ts',
  'test/console/shell.test.ts',
  'test/lint/cli.test.ts',
]

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = long.indexOf(relative(this.ctx.config.root, moduleId))
      return place < 0 ? long.length : place
    }
    return (await super.sort(files)).sort((a, b) => placeOf(a) - placeOf(b))
  }
}
