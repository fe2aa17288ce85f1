// Our own ACS under `sekisho conformance`, in process and over HTTP. What it does not run is named here, with the reason.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { otpSource } from '../../src/cli/conformance-run.ts'
import { ownCards } from '../../src/conformance/cards.ts'
import { byRule } from '../../src/conformance/report.ts'
import { listenForResults, type ResultsEndpoint } from '../../src/conformance/results-endpoint.ts'
import { type Report, runTrials } from '../../src/conformance/run.ts'
import { createTarget, type Target } from '../../src/conformance/target.ts'
import { type Running, running } from '../support/running.ts'

// Every version once: the older ones by the profile that is the default, the newest by the letter.
describe.each([
  ['lenient', ['2.1.0', '2.2.0']],
  ['strict', ['2.3.1']],
] as const)('the ACS with the %s profile', (profile, versions) => {
  let sekisho: Running
  let results: ResultsEndpoint
  let target: Target
  let report: Report
  beforeAll(async () => {
    sekisho = await running({ validation: profile, browserRequestsPerMinute: 1_000_000 })
    results = await listenForResults({ host: '127.0.0.1', port: 0 })
    target = createTarget({ areqUrl: `${sekisho.acs}/acs/areq` })
    report = await runTrials({
      target,
      profile,
      versions,
      cards: ownCards,
      results,
      otp: otpSource(`${sekisho.acs}/api/v1/inbox?acsTransID={acsTransID}`),
      valuesPerCase: 1,
      isPatient: false,
      uuid: () => crypto.randomUUID(),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    })
  }, 600_000)
  afterAll(async () => {
    target?.close()
    await results?.close()
    await sekisho?.close()
  })

  test('fails no trial', () => {
    const failed = report.rows.filter(({ outcome }) => outcome === 'failed')
    expect(failed.map(({ rule, id, why }) => `${rule} ${id}: ${why}`)).toEqual([])
  })

  test('runs what there is to run', () => {
    const silent = report.rows.filter(({ outcome }) => outcome === 'notRun').map(({ why }) => why)
    const allowed = [
      /^needs a switch/,
      /^is about another hop/,
      /^needs --patient/,
      /^the ACS refuses this value for a reason of its own/,
      /^names another transaction/,
      /^the connection was closed/,
      /^a tolerance of the lenient profile/,
    ]
    expect(silent.filter((why = '') => !allowed.some((pattern) => pattern.test(why)))).toEqual([])
    expect(report.passed).toBeGreaterThan(1_000)
    expect(byRule(report.rows).filter(({ passed }) => passed > 0).length).toBeGreaterThan(60)
  })
})
