// The commands that speak to a running Sekisho, in process: what they print, and how they end.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { addChallenge } from '../../src/cli/challenge.ts'
import { addClock } from '../../src/cli/clock.ts'
import { addInbox } from '../../src/cli/inbox.ts'
import { addReset } from '../../src/cli/reset.ts'
import { addScenario } from '../../src/cli/scenario.ts'
import { addStub } from '../../src/cli/stub.ts'
import { challengedCard, type Sekisho, startSekisho, type Tenant } from '../../src/library.ts'

let sekisho: Sekisho
let tenant: Tenant
let folder = ''
beforeAll(async () => {
  sekisho = await startSekisho()
  tenant = sekisho.tenant('cli')
  folder = await mkdtemp(path.join(tmpdir(), 'sekisho-cli-'))
})
afterAll(async () => {
  await sekisho.close()
  await rm(folder, { recursive: true, force: true })
})

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

class Exit extends Error {
  readonly code: number
  constructor(code: number) {
    super(`exit ${code}`)
    this.code = code
  }
}

/** Runs one command; what it writes and how it would end is caught. */
async function run(...args: readonly string[]): Promise<Ended> {
  const written = { out: '', err: '' }
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written.out += String(text)
      return true
    }),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written.err += String(text)
      return true
    }),
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Exit(Number(code))
    }),
  ]
  const before = process.exitCode
  process.exitCode = 0
  const program = new Command('sekisho')
  for (const add of [addStub, addScenario, addChallenge, addInbox, addClock, addReset]) add(program)
  let code = 0
  try {
    await program.parseAsync([...args, '--url', sekisho.urls.acs, '--tenant', 'cli'], { from: 'user' })
    code = Number(process.exitCode)
  } catch (error) {
    if (!(error instanceof Exit)) throw error
    code = error.code
  } finally {
    process.exitCode = before
    for (const spy of spies) spy.mockRestore()
  }
  return { code, ...written }
}

describe('sekisho stub', () => {
  test('adds what the flags say, in the tenant that is named, lists it and takes it back', async () => {
    const added = await run('stub', 'add', '--card', challengedCard, '--then', 'N/11', '--times', '2', '--delay', '5ms')
    expect(added.code).toBe(0)
    expect(added.out).toMatch(/^Stub 1: .*card=400000\*{6}7700.*transStatus=N.*2 of 2 left/)
    expect(await tenant.pay()).toMatchObject({ transStatus: 'N', transStatusReason: '11' })
    expect((await run('stub', 'list')).out).toContain('1 of 2 left')
    const { code, out } = await run('stub', 'list', '--json')
    expect([code, JSON.parse(out)]).toEqual([0, [expect.objectContaining({ id: '1', left: 1 })]])
    expect(await run('stub', 'delete', '1')).toMatchObject({ code: 0, out: 'Stub 1 deleted.\n' })
    expect(await run('stub', 'list')).toMatchObject({ out: 'No stubs are waiting.\n' })
    expect(await run('stub', 'delete', '1')).toMatchObject({ code: 1, err: expect.stringContaining('(404)') })
  })

  test('takes a whole plan, and an ending of the challenge', async () => {
    await run(
      'stub',
      'add',
      '--merchant',
      'Tea',
      '--then',
      '{"transStatus":"C"}',
      '--ending',
      'N/19',
      '--rreq',
      'afterCRes',
    )
    const { stubs } = await tenant.api.listStubs()
    expect(stubs.map(({ match }) => match)).toEqual([{ merchant: 'Tea' }])
    expect(stubs.map(({ then: plan }) => plan)).toMatchObject([
      {
        transStatus: 'C',
        challenge: { ending: { transStatus: 'N', transStatusReason: '19' } },
        rreq: { when: 'afterCRes' },
      },
    ])
    expect((await run('stub', 'delete', '--all')).out).toBe('1 deleted.\n')
  })

  test.each([
    [['stub', 'add', '--card', '41', '--then', 'Y'], 'match.acctNumber: 13 to 19 digits expected'],
    [['stub', 'add', '--then', 'maybe'], 'JSON expected'],
    [['stub', 'add', '--times', 'twice'], 'a whole number expected'],
    [['stub', 'delete'], 'an id expected'],
    [['stub', 'list', '--colour'], 'unknown option'],
  ])('ends %j with 2 and says why', async (args, why) => {
    const { code, err, out } = await run(...args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(why)
  })
})

describe('sekisho challenge', () => {
  test('does what the cardholder does, and says where it stands', async () => {
    const paid = await tenant.pay({ acctNumber: '4000000000007005', cardholder: { does: [] } })
    const id = paid.acsTransID ?? ''
    expect((await run('challenge', id)).out).toBe('singleSelect  question  3 tries left\n')
    expect((await run('challenge', id, 'wrong')).out).toBe('singleSelect  question  wrong  2 tries left\n')
    expect((await run('challenge', id, 'select', '--selected', 'ha', '--no-post')).out).toBe('singleSelect  ended  Y\n')
    const cancelled = await tenant.pay({ acctNumber: '4000000000007009', cardholder: { does: [] } })
    const { code, out } = await run('challenge', cancelled.acsTransID ?? '', 'cancel')
    expect([code, out]).toEqual([0, 'passwordOtp  ended  N reason 19 challengeCancel 01  returned: 200\n'])
    expect(JSON.parse((await run('challenge', id, '--json')).out)).toMatchObject({ verdict: { transStatus: 'Y' } })
  })

  test.each([
    [['challenge', crypto.randomUUID(), 'open'], 1, '(404)'],
    [['challenge', crypto.randomUUID(), 'fly'], 2, 'action: '],
    [['challenge', 'x', 'open', '--window-size', '09'], 2, '01 to 05 expected'],
  ])('%j ends with %i', async (args, code, why) => {
    expect(await run(...args)).toMatchObject({ code, out: '', err: expect.stringContaining(why) })
  })
})

describe('sekisho scenario', () => {
  test('shows the table, checks a file with its lines, and puts it in the place', async () => {
    const shown = await run('scenario', 'show')
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('scenarios:') })
    const [good, bad] = [path.join(folder, 'good.yaml'), path.join(folder, 'bad.yaml')]
    await writeFile(good, shown.out)
    await writeFile(bad, 'scenarios:\n  - endsWith: "0x"\n    transStatus: Y\n')
    expect(await run('scenario', 'check', good)).toMatchObject({ code: 0, out: `${good}: nothing wrong.\n` })
    for (const command of ['check', 'put']) {
      const { code, out } = await run('scenario', command, bad)
      expect(code).toBe(1)
      expect(out).toMatch(/bad\.yaml:2:\d+: scenarios\.0\.endsWith: /)
    }
    expect(await run('scenario', 'put', good)).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+ rows, from/) })
    expect(await run('scenario', 'restore')).toMatchObject({ code: 0 })
    expect(await run('scenario', 'check', path.join(folder, 'none.yaml'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('no such file'),
    })
  })

  test('tells who would decide about a card', async () => {
    const { out } = await run('scenario', 'match', '--card', challengedCard)
    expect(JSON.parse(out)).toMatchObject({ range: { mode: 'scripted' }, panMask: '400000******7700' })
  })
})

describe('sekisho inbox', () => {
  test('waits for a code and prints it alone; none is 1', async () => {
    await tenant.api.clearInbox()
    expect(await run('inbox')).toMatchObject({ code: 1, out: 'No messages.\n' })
    expect(await run('inbox', '--code', '--wait', '10ms')).toMatchObject({ code: 1, out: '' })
    const waiting = run('inbox', '--wait', '20s', '--json')
    const { acsTransID } = await tenant.pay({ cardholder: { action: 'leave' } })
    const [message] = JSON.parse((await waiting).out) as { acsTransID: string; code: string }[]
    expect(message?.acsTransID).toBe(acsTransID)
    expect(await run('inbox', '--code', '--transaction', String(acsTransID))).toMatchObject({
      code: 0,
      out: `${message?.code}\n`,
    })
    expect((await run('inbox')).out).toContain(message?.code)
    expect(await run('inbox', '--clear')).toMatchObject({ code: 0, out: '1 deleted.\n' })
  })
})

describe('sekisho clock and reset', () => {
  test('stand, go on, and begin anew', async () => {
    expect((await run('clock')).out).toMatch(/Z {2}runs\n$/)
    const frozen = await run('clock', 'freeze', '2099-01-01T00:00:00Z')
    expect(frozen.out).toBe('2099-01-01T00:00:00.000Z  stands\n')
    const { out } = await run('clock', 'advance', '10m', '--json')
    expect(JSON.parse(out)).toMatchObject({ mode: 'frozen', now: '2099-01-01T00:10:00.000Z' })
    expect(await run('clock', 'set', '2020-01-01T00:00:00Z')).toMatchObject({ code: 2 })
    expect((await run('clock', 'run')).out).toContain('runs')
    expect(await run('reset', '--seed', 'tea', '--clock', 'frozen')).toMatchObject({
      code: 0,
      out: 'Tenant cli begins anew with the seed tea.\n',
    })
    expect((await run('clock')).out).toContain('stands')
    expect((await tenant.api.listStubs()).stubs).toEqual([])
  })
})
