// One run of `sekisho conformance`: from options to a report. Loaded when the command is given, not with every start.
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { type Cards, ownCards, readCards } from '../conformance/cards.ts'
import { jsonOf, junitOf, tableOf } from '../conformance/report.ts'
import { listenForResults } from '../conformance/results-endpoint.ts'
import { type Report, runTrials, trialsFor } from '../conformance/run.ts'
import { createTarget, isHttp } from '../conformance/target.ts'
import { NotRun, type OtpSource } from '../conformance/world.ts'
import { supportedVersions } from '../protocol/messages/parse.ts'

/** What a person can do something about. */
export class Unusable extends Error {}

export interface Options {
  readonly areqUrl: string
  readonly resultsListen?: string
  readonly publicResultsUrl?: string
  readonly cards?: string
  readonly otp?: string
  readonly cert?: string
  readonly key?: string
  readonly ca?: string
  readonly profile: string
  readonly versions: string
  readonly rules?: string
  readonly patient?: boolean
  readonly values: string
  readonly junit?: string
  readonly json?: boolean
}

const listOf = (text: string): readonly string[] => text.split(',').map((entry) => entry.trim())

function addressIn(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:(\[[0-9a-f:.]+\]|[^:]+):)?([0-9]{1,5})$/i.exec(text.trim())
  if (match === null || Number(match[2]) > 65_535)
    throw new Unusable('--results-listen is not valid: host:port or a port expected')
  return { host: (match[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port: Number(match[2]) }
}

function cardsIn(file: string | undefined): Cards {
  if (file === undefined) return ownCards
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Unusable(`${file} cannot be read: ${error instanceof Error && 'code' in error ? error.code : error}`)
  }
  try {
    return readCards(text)
  } catch (error) {
    throw new Unusable(error instanceof Error ? error.message : 'the card map is not valid')
  }
}

/** How long the address behind --otp may take. */
const otpWithinMs = 10_000

async function textAt(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(otpWithinMs) })
    return await response.text()
  } catch {
    throw new NotRun('the address of --otp does not answer')
  }
}

/** A code as it stands, or an address that tells it: `{acsTransID}` in it is the transaction's; the first `code` in its JSON counts. */
export function otpSource(given: string | undefined): OtpSource | undefined {
  if (given === undefined) return undefined
  if (!/^https?:/i.test(given)) return async () => given
  return async (acsTransID) => {
    const text = await textAt(given.replaceAll('{acsTransID}', encodeURIComponent(acsTransID)))
    return /"code"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? /^\s*([0-9]{4,8})\s*$/.exec(text)?.[1]
  }
}

async function reportOf(options: Options): Promise<Report> {
  if (!isHttp(options.areqUrl)) throw new Unusable('--areq-url is not valid: an http or https address expected')
  const named = listOf(options.versions)
  const versions = supportedVersions.filter((version) => named.includes(version))
  const unknown = named.find((name) => !versions.some((version) => version === name))
  if (unknown !== undefined) throw new Unusable(`--versions knows no ${unknown}: ${supportedVersions.join(', ')}`)
  const { profile } = options
  if (profile !== 'strict' && profile !== 'lenient') throw new Unusable('--profile is strict or lenient')
  const values = Number(options.values)
  if (!Number.isInteger(values) || values < 1)
    throw new Unusable('--values is not valid: a whole number from 1 expected')
  if (options.publicResultsUrl !== undefined && !isHttp(options.publicResultsUrl))
    throw new Unusable('--public-results-url is not valid: an http or https address expected')
  const rules = options.rules === undefined ? undefined : listOf(options.rules)
  const strange = rules?.find((wanted) => !trialsFor({ profile, versions }).some(({ rule }) => rule === wanted))
  if (strange !== undefined) throw new Unusable(`--rules: no trial is about ${strange}`)
  const cards = cardsIn(options.cards)
  const { areqUrl, cert, key, ca } = options
  const target = (() => {
    try {
      return createTarget({ areqUrl, cert, key, ca })
    } catch (error) {
      throw new Unusable(`a certificate cannot be read: ${error instanceof Error ? error.message : ''}`)
    }
  })()
  const results =
    options.resultsListen === undefined
      ? undefined
      : await listenForResults({ ...addressIn(options.resultsListen), publicUrl: options.publicResultsUrl })
  const isShown = process.stderr.isTTY && options.json !== true
  try {
    return await runTrials(
      {
        target,
        profile,
        versions,
        cards,
        results,
        otp: otpSource(options.otp),
        valuesPerCase: values,
        isPatient: options.patient === true,
        uuid: () => crypto.randomUUID(),
        wait: (ms) => wait(ms),
      },
      {
        rules,
        onRow: isShown ? (_row, done, all) => void process.stderr.write(`\r${done} of ${all}`) : undefined,
      },
    )
  } finally {
    if (isShown) process.stderr.write('\r')
    target.close()
    await results?.close()
  }
}

/** Prints, writes, and gives the exit code: 0 nothing failed, 1 something failed. Throws Unusable, or what the system says. */
export async function runConformance(options: Options): Promise<number> {
  const report = await reportOf(options)
  process.stdout.write(`${options.json === true ? jsonOf(report) : tableOf(report).join('\n')}\n`)
  if (options.junit !== undefined) writeFileSync(options.junit, junitOf(report))
  return report.failed > 0 ? 1 : 0
}
