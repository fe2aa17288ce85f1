import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { markdownOf, pageOf } from '../../../src/lab/reproduce/document.ts'
import { LoginMemory } from '../../../src/lab/reproduce/login-memory.ts'
import { attackerResult, logins } from '../../../src/lab/reproduce/logins.ts'
import { loginsDocument } from '../../../src/lab/reproduce/logins-report.ts'
import { chanceOf } from '../run/made-up.ts'

type Login = {
  readonly ts: string
  readonly user: string
  readonly address: string
  readonly country: string
  readonly asn: string
  readonly userAgent: string
  readonly browser: string
  readonly os: string
  readonly isSuccessful: boolean
  readonly isAttackIp: boolean
  readonly isTakeover: boolean
}

/** Users with a home and a browser of their own, and attackers from a few addresses abroad. */
function madeUp(n: number): readonly Login[] {
  const chance = chanceOf(11)
  const below = (most: number): number => Math.floor(chance() * most)
  return Array.from({ length: n }, (_, i): Login => {
    const user = below(40)
    const isAttack = chance() < 0.08
    const isTakeover = isAttack && chance() < 0.3
    const country = isAttack ? 'US' : user % 10 === 0 ? 'SE' : 'NO'
    const host = isAttack ? below(6) : chance() < 0.8 ? user : 100 + below(50)
    const os = ['Windows 10', 'iOS 13.4', 'Android 10'][isAttack ? 0 : user % 3] as string
    const version = isAttack ? below(3) : chance() < 0.9 ? user % 4 : below(6)
    return {
      ts: new Date(Date.UTC(2020, 1, 3) + i * 61_000).toISOString().replace('T', ' ').replace('Z', ''),
      user: `-${4_324_475_583_306_591_935n + BigInt(user)}`,
      address: `10.${country === 'NO' ? user % 5 : 9}.${host}.${1 + (host % 200)}`,
      country,
      asn: String(29_695 + (country === 'NO' ? user % 5 : 7)),
      userAgent: `Mozilla/5.0 (${os}, like "this", that) Chrome/${80 + version}`,
      browser: `Chrome ${80 + version}`,
      os,
      isSuccessful: isTakeover || (!isAttack && chance() < 0.9),
      isAttackIp: isAttack,
      isTakeover,
    }
  })
}

const header =
  'index,Login Timestamp,User ID,Round-Trip Time [ms],IP Address,Country,Region,City,ASN,User Agent String,Browser Name and Version,OS Name and Version,Device Type,Login Successful,Is Attack IP,Is Account Takeover'
const said = (value: boolean): string => (value ? 'True' : 'False')
const csvOf = (all: readonly Login[]): string =>
  [
    header,
    ...all.map((one, i) =>
      [
        i,
        one.ts,
        one.user,
        '',
        one.address,
        one.country,
        '-',
        '-',
        one.asn,
        `"${one.userAgent.replaceAll('"', '""')}"`,
        one.browser,
        one.os,
        'desktop',
        said(one.isSuccessful),
        said(one.isAttackIp),
        said(one.isTakeover),
      ].join(','),
    ),
  ].join('\n')

/** docs/models.md, freeman, word by word over all that was before: slow, and with nothing in common with the scorer. */
function plainScore(event: Login, before: readonly Login[]): number {
  const own = before.filter(({ user }) => user === event.user)
  if (own.length === 0) return Number.NaN
  const levels = [
    [
      (one: Login) => one.country,
      (one: Login) => `${one.country}|${one.address.split('.').slice(0, 2).join('.')}`,
      (one: Login) => `${one.country}|${one.address}`,
    ],
    [
      (one: Login) => one.os,
      (one: Login) => `${one.os}|${one.browser}`,
      (one: Login) => `${one.os}|${one.browser}|${one.userAgent}`,
    ],
  ] as const
  const spaces = [
    [250, 4_096, 65_536],
    [20, 200, 500],
  ] as const
  const lnP = (history: readonly Login[], chain: 0 | 1): number =>
    levels[chain].reduce((sum, levelOf, level) => {
      const above = level === 0 ? undefined : levels[chain][level - 1]
      const inside = above === undefined ? history : history.filter((one) => above(one) === above(event))
      const n = inside.length
      const d = new Set(inside.map(levelOf)).size
      const c = inside.filter((one) => levelOf(one) === levelOf(event)).length
      const space = spaces[chain][level] as number
      return sum + Math.log(n === 0 ? 1 / space : c > 0 ? c / (n + d) : d / (n + d) / space)
    }, 0)
  const users = new Set(before.map(({ user }) => user)).size
  return (
    lnP(before, 0) -
    lnP(own, 0) +
    lnP(before, 1) -
    lnP(own, 1) +
    Math.log(1 / users) -
    Math.log(own.length / before.length)
  )
}

const all = madeUp(700)
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sekisho-logins-'))
  await writeFile(join(folder, 'logins.csv'), csvOf(all))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const run = (name = 'logins.csv', more: { readonly seed?: string; readonly rows?: number } = {}) =>
  logins(join(folder, name), { seed: '1', rows: 1_000_000, workFolder: folder, ...more })

test('the score of a login is the likelihood ratio, counted one by one', () => {
  const memory = new LoginMemory()
  const users = new Map<string, number>()
  const before: Login[] = []
  let scored = 0
  for (const login of all.slice(0, 250)) {
    const user = users.get(login.user) ?? users.size
    users.set(login.user, user)
    const network = memory.networkOf(login)
    const agent = memory.agentOf(login)
    const score = memory.score(user, network, agent)
    const plain = plainScore(login, before)
    if (Number.isNaN(plain)) expect(score).toBeNaN()
    else {
      expect(score).toBeCloseTo(plain, 9)
      scored++
    }
    memory.learn(user, network, agent)
    before.push(login)
  }
  expect(scored).toBeGreaterThan(180)
})

describe('the study of logins', () => {
  test('counts who is scored, who is learnt and who attacks', async () => {
    const result = await run()
    const learnt = new Set<string>()
    let scored = 0
    let without = 0
    let takeovers = 0
    for (const { user, isSuccessful, isAttackIp, isTakeover } of all) {
      if (isTakeover && learnt.has(user)) takeovers++
      if (isSuccessful && !isTakeover && !isAttackIp) {
        if (learnt.has(user)) scored++
        else without++
      }
      if (isSuccessful && !isTakeover) learnt.add(user)
    }
    expect(result).toMatchObject({
      rows: 700,
      isWhole: true,
      users: 40,
      successful: all.filter(({ isSuccessful }) => isSuccessful).length,
      scored,
      withoutHistory: without,
      outOfOrder: 0,
      from: Date.UTC(2020, 1, 3) / 1_000,
    })
    const of = Object.fromEntries(result.attackers.map((one) => [one.attacker, one]))
    expect(of.takeover?.attempts).toBe(takeovers)
    for (const kind of ['naive', 'vpn', 'targeted'])
      expect((of[kind]?.attempts ?? 0) + (of[kind]?.left ?? 0)).toBe(scored)
    // Whoever has the user's own browser and provider is harder to tell from the user.
    expect(of.vpn?.auc).toBeGreaterThan(of.targeted?.auc ?? 1)
    expect(of.naive?.auc).toBeGreaterThan(of.targeted?.auc ?? 1)
    expect(of.naive?.auc).toBeGreaterThan(0.9)
    for (const { at } of result.attackers)
      for (const { share, stopped, asked } of at) {
        expect(stopped.hits / stopped.n).toBeGreaterThanOrEqual(share ?? 1)
        expect(asked.n).toBe(scored)
        expect(asked.low).toBeLessThanOrEqual(asked.hits / asked.n)
        expect(asked.high).toBeGreaterThanOrEqual(asked.hits / asked.n)
      }
  })

  test('is the same with the same seed, and of the first rows only where that is asked for', async () => {
    expect(await run()).toEqual(await run())
    expect((await run('logins.csv', { seed: '2' })).attackers).not.toEqual((await run()).attackers)
    expect(await run('logins.csv', { rows: 300 })).toMatchObject({ rows: 300, isWhole: false })
  })

  test('is told in both languages without numbers that are none', async () => {
    for (const rows of [700, 1]) {
      const document = loginsDocument(await run('logins.csv', { rows }))
      for (const text of [markdownOf(document, 'en'), markdownOf(document, 'ja'), pageOf(document, 'ja')])
        expect(text).not.toMatch(/undefined|NaN|Infinity|\[object/)
    }
  })

  test.each([
    ['none.csv', undefined, /none\.csv: cannot be opened/],
    ['other.csv', 'a,b\n1,2\n', /other\.csv:1: there is no column "Login Timestamp"; there are "a", "b"/],
    [
      'time.csv',
      csvOf(all.slice(0, 3)).replace(all[1]?.ts ?? '', '3.2.2020'),
      /time\.csv:3: Login Timestamp: "3\.2\.2020" is not a time such as/,
    ],
    ['flag.csv', `${csvOf(all.slice(0, 2))}x`, /flag\.csv:3: Is Account Takeover: "Falsex" is not True or False/],
    ['empty.csv', `${header}\n`, /there are no rows/],
    ['days.pkl', 'x', /days\.pkl: is a Python pickle/],
  ])('says what is wrong with %s, and where', async (name, content, message) => {
    if (content !== undefined) await writeFile(join(folder, name), content)
    await expect(run(name)).rejects.toThrow(message)
  })
})

test('a threshold stops at least the share of the attempts, and no higher one does', () => {
  const attempts = Float64Array.from({ length: 200 }, (_, i) => i)
  const scores = Float64Array.from({ length: 100 }, (_, i) => i - 50)
  const genuine = {
    scores,
    users: Float64Array.from(scores, (_, i) => i % 10),
    ages: Float64Array.from(scores, (_, i) => 1 + (i % 30)),
    ofUsers: 10,
  }
  const { at, auc, byAge, natural, roc } = attackerResult('naive', attempts, 3, genuine)
  expect(at.map(({ threshold }) => threshold)).toEqual([20, 10, 4, 2, 1, 0])
  expect(at[0]?.asked).toMatchObject({ hits: 30, n: 100 })
  expect(at[0]?.stopped).toEqual({ hits: 180, n: 200 })
  expect(natural?.asked.hits).toBe(50)
  // Pairs won: of each genuine score i the attempts above it, half of a tie.
  let won = 0
  for (const score of scores) for (const attempt of attempts) won += attempt > score ? 1 : attempt === score ? 0.5 : 0
  expect(auc).toBeCloseTo(won / 20_000, 12)
  expect(byAge.reduce((sum, { n }) => sum + n, 0)).toBe(100)
  expect(roc.at(-1)).toEqual([0.5, 1])
  // Users are alike here: nothing of the variance is theirs alone, and the interval holds the rate.
  const { low = 1, high = 0 } = at[0]?.asked ?? {}
  expect(low).toBeLessThanOrEqual(0.3)
  expect(high).toBeGreaterThanOrEqual(0.3)
})

test('an interval of nobody or everybody asked is exact over users, and of one user there is none', () => {
  const askedOf = (ofUsers: number, attempt: number) => {
    const genuine = {
      scores: Float64Array.from({ length: 2 * ofUsers }, () => 1),
      users: Float64Array.from({ length: 2 * ofUsers }, (_, i) => i % ofUsers),
      ages: new Float64Array(2 * ofUsers),
      ofUsers,
    }
    return attackerResult('naive', Float64Array.of(attempt), 0, genuine).at[0]?.asked
  }
  // Clopper and Pearson's ends at 0 of 20 and 20 of 20 users, not at 40 logins.
  expect(askedOf(20, 2)).toEqual({ hits: 0, n: 40, low: 0, high: expect.closeTo(0.1684, 4) })
  expect(askedOf(20, 0)).toEqual({ hits: 40, n: 40, low: expect.closeTo(0.8316, 4), high: 1 })
  expect(askedOf(1, 2)).toEqual({ hits: 0, n: 2, low: null, high: null })
})
