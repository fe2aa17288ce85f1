// The desk of policies: what runs and how it came to, drafts, publications, ways back, restarts.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openPolicyDesk, type PolicyDesk } from '../../src/acs/policies/desk.ts'
import type { Store } from '../../src/acs/ports.ts'
import { loadPolicy, policyHashOf } from '../../src/risk/policy.ts'
import { policyText } from '../risk/support.ts'
import { clock, fromFile, openDesk, openStore, shipped, usual, withChallengeAt } from './support.ts'

let store: Store
let desk: PolicyDesk

beforeEach(async () => {
  store = await openStore()
  desk = await openDesk(store)
})

afterEach(() => store.close())

const challengeAt = (one: PolicyDesk): number => one.running().thresholds.challenge
const kinds = (one: PolicyDesk): readonly string[] => one.releases({ limit: 9 }).map(({ kind }) => kind)
const running = (): string => desk.running().hash

test('at first the policy of the start runs, and the history begins with it', () => {
  expect(desk.running()).toMatchObject({ name: 'default', hash: policyHashOf(usual) })
  expect(desk.releases({ limit: 9 })).toEqual([
    {
      id: 1,
      at: clock.at,
      hash: policyHashOf(usual),
      kind: 'start',
      by: 'start',
      file: 'default.yaml',
      name: 'default',
      version: 1,
    },
  ])
  expect(desk.text()).toBe(usual)
})

describe('a draft', () => {
  test('is kept although it is not valid, and not published', async () => {
    const draft = await desk.saveDraft({ text: 'base: x', by: 'api' })
    expect(draft).toMatchObject({ text: 'base: x', basedOn: running(), revision: 1, by: 'api' })
    await expect(desk.publish({ basedOn: running(), by: 'api' })).rejects.toMatchObject({ kind: 'notValid' })
    expect(desk.draft()).toEqual(draft)
    expect(desk.releases({ limit: 9 })).toHaveLength(1)
  })

  test('is published once, and is gone then', async () => {
    await desk.saveDraft({ text: withChallengeAt(-2), by: 'tenant' })
    const heard: number[] = []
    desk.onChange(() => heard.push(challengeAt(desk)))
    const release = await desk.publish({ basedOn: running(), note: 'fewer challenges', by: 'tenant' })
    expect(release).toMatchObject({ kind: 'published', note: 'fewer challenges', by: 'tenant', name: 'default' })
    expect(challengeAt(desk)).toBe(-2)
    expect(heard).toEqual([-2])
    expect(desk.draft()).toBeUndefined()
    await expect(desk.publish({ basedOn: running(), by: 'api' })).rejects.toMatchObject({ kind: 'notFound' })
  })

  test('that somebody else has changed meanwhile is not written over', async () => {
    await desk.saveDraft({ text: 'a: 1', revision: 0, by: 'api' })
    await desk.saveDraft({ text: 'a: 2', revision: 1, by: 'api' })
    await expect(desk.saveDraft({ text: 'a: 3', revision: 1, by: 'api' })).rejects.toMatchObject({ kind: 'stale' })
    expect(desk.draft()).toMatchObject({ text: 'a: 2', revision: 2 })
  })

  test('with a card number is not kept', async () => {
    const text = `${usual}# seen with 4111 1111 1111 1111\n`
    await expect(desk.saveDraft({ text, by: 'api' })).rejects.toMatchObject({ kind: 'cardNumber' })
    await expect(desk.publish({ text, basedOn: running(), by: 'api' })).rejects.toMatchObject({ kind: 'cardNumber' })
    expect(desk.draft()).toBeUndefined()
  })

  test('is discarded', async () => {
    await desk.saveDraft({ text: 'a: 1', by: 'api' })
    expect(await desk.discardDraft()).toBe(true)
    expect(await desk.discardDraft()).toBe(false)
  })
})

test('of two that publish on the same ground one is told that another policy runs by now', async () => {
  const basedOn = running()
  const both = await Promise.allSettled([
    desk.publish({ text: withChallengeAt(-2), basedOn, by: 'api' }),
    desk.publish({ text: withChallengeAt(-3), basedOn, by: 'api' }),
  ])
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(both[1]).toMatchObject({ reason: { kind: 'stale' } })
  expect(challengeAt(desk)).toBe(-2)
})

test('the text that runs is not published again', async () => {
  await expect(desk.publish({ text: usual, basedOn: running(), by: 'api' })).rejects.toMatchObject({ kind: 'nothing' })
})

test('an earlier release is gone back to by its number, and that is a release of its own', async () => {
  await desk.publish({ text: withChallengeAt(-2), basedOn: running(), by: 'api' })
  const back = await desk.rollBack({ release: 1, note: 'too many complaints', by: 'api' })
  expect(back).toMatchObject({ kind: 'rolledBack', of: 1, hash: policyHashOf(usual) })
  expect(kinds(desk)).toEqual(['rolledBack', 'published', 'start'])
  expect(challengeAt(desk)).toBe(-1)
  await expect(desk.rollBack({ release: 99, by: 'api' })).rejects.toMatchObject({ kind: 'notFound' })
})

test('policies that have decided before are found by their hash', async () => {
  const before = running()
  await desk.publish({ text: withChallengeAt(-2), basedOn: before, by: 'api' })
  expect(desk.byHash(before)?.thresholds.challenge).toBe(-1)
  expect(desk.byHash('0000000000000000')).toBeUndefined()
})

describe('after a restart', () => {
  const again = async (base = shipped()) => {
    desk = await openDesk(store, base)
  }

  test('what was published goes on', async () => {
    await desk.publish({ text: withChallengeAt(-2), basedOn: running(), by: 'api' })
    await again()
    expect(challengeAt(desk)).toBe(-2)
    expect(kinds(desk)).toEqual(['published', 'start'])
  })

  test('with another shipped text what was published goes on; otherwise the new one runs', async () => {
    await again(shipped(withChallengeAt(-1.5)))
    expect(challengeAt(desk)).toBe(-1.5)
    await desk.publish({ text: withChallengeAt(-2), basedOn: running(), by: 'api' })
    await again(shipped(withChallengeAt(-1.25)))
    expect(challengeAt(desk)).toBe(-2)
  })

  test('a file that was named or changed meanwhile runs, and one that was not leaves what was published', async () => {
    await desk.publish({ text: withChallengeAt(-2), basedOn: running(), by: 'api' })
    await again(fromFile(withChallengeAt(-3)))
    expect(challengeAt(desk)).toBe(-3)
    await desk.publish({ text: withChallengeAt(-4), basedOn: running(), by: 'api' })
    await again(fromFile(withChallengeAt(-3)))
    expect(challengeAt(desk)).toBe(-4)
    await again()
    expect(challengeAt(desk)).toBe(-1)
  })
})

describe('of a model that has another file after a restart', () => {
  const withModel = `${usual}scorers:\n  - { id: own, kind: logistic, model: own.json }\n`
  const opened = (intercept: number) =>
    openPolicyDesk({
      ...{ store, clock, tenant: 0, base: shipped() },
      load: (text) =>
        loadPolicy(text, () => JSON.stringify({ format: 'sekisho-logistic', formatVersion: 1, intercept, terms: [] })),
    })

  test('what was published goes on as another release, and what decided before is not found any more', async () => {
    desk = await opened(1)
    await desk.publish({ text: withModel, basedOn: running(), note: 'a model', by: 'api' })
    const before = running()
    desk = await opened(1)
    expect([running(), kinds(desk)]).toEqual([before, ['published', 'start']])
    desk = await opened(2)
    expect(running()).not.toBe(before)
    expect(desk.byHash(before)).toBeUndefined()
    expect(desk.byHash(running())?.scorers[0]?.scorer.logOdds(new Float64Array(0))).toBe(2)
    expect(desk.text()).toBe(withModel)
    expect(kinds(desk)).toEqual(['published', 'published', 'start'])
    expect(desk.release()).toMatchObject({ note: 'a model', by: 'api' })
    desk = await opened(2)
    expect(kinds(desk)).toHaveLength(3)
  })
})

test('a file that changes while it runs is a release', async () => {
  await desk.renew(fromFile(withChallengeAt(-3)))
  expect(challengeAt(desk)).toBe(-3)
  expect(desk.release()).toMatchObject({ kind: 'file', by: 'file', file: 'mine.yaml' })
  await desk.renew(fromFile(withChallengeAt(-3)))
  expect(kinds(desk)).toEqual(['file', 'start'])
})

describe('what is wrong with a text', () => {
  test('is told with path and line', () => {
    const text = usual.replace(/^base: .*$/m, 'base: low').replace('ge: 40', 'ge: many')
    const { policy, problems } = desk.read(text)
    expect(policy).toBeUndefined()
    const lineOf = (part: string): number => text.split('\n').findIndex((line) => line.includes(part)) + 1
    expect(problems).toContainEqual(expect.objectContaining({ path: 'base', line: lineOf('base: low') }))
    expect(problems).toContainEqual(expect.objectContaining({ line: lineOf('ge: many') }))
  })

  test.each([
    ['no YAML', 'a: [', 1],
    ['a list', '- 1', 1],
    ['a name that is not known', `${policyText('default')}\nthreshold: 1\n`, usual.split('\n').length + 1],
  ])('of %s', (_, text, line) => {
    expect(desk.read(text).problems[0]).toMatchObject({ line })
  })

  test.each([
    [
      'anchors that grow without end',
      `a: &a [x,x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*${i === 0 ? 'a' : `b${i - 1}`}, *${i === 0 ? 'a' : `b${i - 1}`}]`).join('\n')}`,
    ],
    ['a nest', '['.repeat(20_000)],
    ['a long text', 'x'.repeat(500_001)],
  ])('of %s is told, and harms nobody', (_, text) => {
    expect(desk.read(text).problems.length).toBeGreaterThan(0)
  })
})
