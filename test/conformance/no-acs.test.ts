// What answers at --areq-url may be anything: the run goes on to its end, and nothing counts as passed that was not shown.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type Options, otpSource, runConformance } from '../../src/cli/conformance-run.ts'
import { ownCards, readCards } from '../../src/conformance/cards.ts'
import { type Report, runTrials } from '../../src/conformance/run.ts'
import { createTarget } from '../../src/conformance/target.ts'
import { type Members, short } from '../../src/conformance/world.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function answering(handler: http.RequestListener): Promise<string> {
  const server = http.createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/areq`
}

async function triedAt(areqUrl: string, withinMs = 5_000): Promise<Report> {
  const target = createTarget({ areqUrl, withinMs })
  closing.push(() => target.close())
  return runTrials({
    target,
    profile: 'lenient',
    versions: ['2.2.0'],
    cards: ownCards,
    valuesPerCase: 1,
    isPatient: false,
    uuid: () => crypto.randomUUID(),
    wait: async () => undefined,
  })
}

describe('a server that is no ACS', () => {
  test.each([
    ['HTML', 200, 'text/html', '<h1>Hello</h1>'],
    ['an empty object', 200, 'application/json', '{}'],
    ['null', 200, 'application/json', 'null'],
    ['a failure', 500, 'text/plain', 'oops'],
  ])(
    '%s passes nothing',
    async (_what, status, type, body) => {
      const url = await answering((req, res) => {
        req.resume()
        res.writeHead(status, { 'content-type': type }).end(body)
      })
      const report = await triedAt(url)
      expect(report.rows.filter(({ outcome }) => outcome === 'passed')).toEqual([])
      expect(report.failed).toBeGreaterThan(500)
    },
    60_000,
  )

  test('silence ends the run after a few requests', async () => {
    let count = 0
    const url = await answering((req) => {
      req.resume()
      count += 1
    })
    const report = await triedAt(url, 50)
    expect(report.passed).toBe(0)
    expect(count).toBeLessThan(40)
  }, 30_000)

  test('an acsURL that no browser posts to is a failed trial', async () => {
    const url = await answering((req, res) => {
      let body = ''
      req.on('data', (chunk) => {
        body += chunk
      })
      req.on('end', () => {
        let areq: Members = {}
        try {
          areq = JSON.parse(body) ?? {}
        } catch {
          // no message
        }
        const { messageVersion, threeDSServerTransID } = areq
        const ares = { messageType: 'ARes', messageVersion, threeDSServerTransID, transStatus: 'C', acsURL: 'ftp://x/' }
        res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ares))
      })
    })
    const report = await triedAt(url)
    const row = report.rows.find(({ id }) => id === 'challenge ACS-VAL-90 2.2.0')
    expect(row).toMatchObject({ outcome: 'failed', why: 'no address of http or https' })
  }, 180_000)
})

describe('options', () => {
  const given: Options = { areqUrl: 'http://127.0.0.1:1/', profile: 'strict', versions: '2.2.0', values: '1' }

  test.each([
    [{ areqUrl: 'ftp://127.0.0.1/' }, /--areq-url/],
    [{ rules: 'ACS-VAL-1,NO-SUCH-1' }, /no trial is about NO-SUCH-1/],
    [{ publicResultsUrl: 'somewhere' }, /--public-results-url/],
    [{ cert: '/dev/null', key: '/dev/null' }, /a certificate cannot be read/],
    [{ versions: '' }, /--versions/],
  ])('%j is refused before anything is sent', async (wrong, message) => {
    await expect(runConformance({ ...given, ...wrong })).rejects.toThrow(message)
  })

  test('a code that cannot be had is a trial that was not run', async () => {
    await expect(otpSource('http://127.0.0.1:1/')?.('id')).rejects.toThrow('the address of --otp does not answer')
  })
})

describe('cards', () => {
  test('without quotes they keep every digit', () => {
    const cards = readCards('frictionless: 4000000000005100123\nchallenge: 0400000000005100')
    expect(cards).toEqual({ frictionless: '4000000000005100123', challenge: '0400000000005100' })
  })

  test('what is wrong is named, without the number', () => {
    expect(() => readCards('frictionless: 4000-0000-0000-5100')).toThrow(/at frictionless: a card number of 13 to 19/)
  })
})

test('what an ACS says is told without PANs and control characters', () => {
  expect(short('4000000000005100 \u001b[2J')).toBe('400000******5100 \ufffd[2J')
})
