// npm run fuzz: mutated messages through the parser, and some over HTTP. The same seed makes the same messages.
import { parseArgs } from 'node:util'
import { maskRefused } from '../../src/protocol/mask.ts'
import { closedPort } from '../http/support.ts'
import { running } from '../support/running.ts'
import { fuzzHttp } from './http.ts'
import { fuzzParser } from './run.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    count: { type: 'string', default: '200000' },
    http: { type: 'string', default: '5000' },
  },
})
const seed = Number(values.seed)
const count = Number(values.count)
const overHttp = Number(values.http)
const whole = (n: number): string => Math.round(n).toLocaleString('en')

function print(lines: ReadonlyMap<string, number>, total: number): void {
  for (const [answer, times] of [...lines].toSorted(([, a], [, b]) => b - a))
    console.log(
      `  ${answer.padEnd(10)} ${whole(times).padStart(9)}  ${((100 * times) / total).toFixed(1).padStart(5)} %`,
    )
}

/** What may be shown of a message that broke a law (SEC-LOG-2). */
const shown = (bytes: Buffer): string => maskRefused(bytes.toString('utf8')).slice(0, 2_000)

console.log(`seed ${seed}`)
const report = fuzzParser(seed, count)
console.log(
  `parser: ${whole(report.count)} messages in ${report.seconds.toFixed(1)} s, ${whole(report.count / report.seconds)}/s, each read four times and more`,
)
print(report.answers, report.count)
const { slowest, first } = report
console.log(
  `  slowest: ${slowest.ms.toFixed(1)} ms, number ${slowest.index}, ${whole(slowest.bytes)} bytes (${slowest.steps.join(', ')})`,
)
console.log(`  laws broken: ${whole(report.failures)}`)
if (first !== undefined) {
  const { message, version, channel, category, leg } = first.input.about
  console.log(
    `  first: number ${first.index}, ${message} ${version} ${channel}/${category} ${leg} (${first.steps.join(', ')}): ${first.problem}`,
  )
  console.log(`  smallest: ${shown(first.smallest)}`)
}

let failed = report.failures
if (overHttp > 0) {
  const sekisho = await running({ only: ['acs'] })
  const dsURL = `http://127.0.0.1:${await closedPort()}/ds`
  const accounts = sekisho.issuer.cards.map(({ acctNumber }) => acctNumber)
  const http = await fuzzHttp(seed, overHttp, { areqUrl: `${sekisho.acs}/acs/areq`, dsURL, accounts })
  console.log(`http: ${whole(overHttp)} posts in ${http.seconds.toFixed(1)} s, ${whole(overHttp / http.seconds)}/s`)
  print(http.answers, overHttp)
  console.log(`  slowest: ${http.slowest.ms.toFixed(1)} ms, number ${http.slowest.index}`)
  console.log(`  laws broken: ${whole(http.failures.length)}`)
  const [firstOne] = http.failures.toSorted((a, b) => a.index - b.index)
  if (firstOne !== undefined) {
    console.log(`  first: number ${firstOne.index} (${firstOne.steps.join(', ')}): ${firstOne.problem}`)
    console.log(`  message: ${shown(firstOne.bytes)}`)
  }
  failed += http.failures.length
  await sekisho.close()
}
process.exitCode = failed > 0 ? 1 : 0
