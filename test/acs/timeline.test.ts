// The challenge of a transaction in words: every screen, every answer on it, the choice of a channel, the banking app, consent.
import { describe, expect, test } from 'vitest'
import { challengeKinds, otpChannels, rowOf, screenNames } from '../../src/acs/challenge/kinds.ts'
import type { Verdict } from '../../src/acs/challenge/state.ts'
import { playActions } from '../../src/acs/plan.ts'
import type { JournalEntry } from '../../src/acs/ports.ts'
import { type Moment, type TimelineInput, timelineOf } from '../../src/acs/queries/timeline.ts'
import { transactionFor } from './results/support.ts'

const t0 = Date.UTC(2026, 0, 15)
const transaction = transactionFor({ version: '2.3.1', channel: '02', category: '01' }, 'C')
const entry = (link: JournalEntry['link'], masked: object, more: Partial<JournalEntry> = {}): JournalEntry => ({
  id: 1,
  tenant: 0,
  transactionId: 1,
  at: t0,
  link,
  masked: JSON.stringify(masked),
  ...more,
})
const told = (change: Partial<TimelineInput>): readonly Moment[] =>
  timelineOf({ transaction, journal: [], effects: [], mails: [], ...change })
const page = (screen: string, hint?: string): JournalEntry =>
  entry('ACS→browser', { page: 'challenge', screen, step: 1, codeNumber: 0, interactions: 1, of: 3, hint })
const said = (masked: object, via?: string): JournalEntry =>
  entry('browser→ACS', masked, via === undefined ? {} : { headers: { via } })
const only = (journal: JournalEntry): Moment => {
  const [moment, ...more] = told({ journal: [journal] })
  if (moment === undefined || more.length > 0) throw new Error('one moment expected')
  return moment
}

/** In both languages, each in its own letters. */
function inBoth({ title, detail }: Moment): void {
  for (const words of detail === undefined ? [title] : [title, detail]) {
    expect(words.ja).not.toBe(words.en)
    expect(`${words.en}${words.ja}`).not.toMatch(/undefined|\[object|NaN/)
  }
  expect(title.en).toMatch(/^[A-Z0-9][ -~]+$/)
  expect(title.ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/)
}

test('every screen has words of its own', () => {
  const titles = screenNames.map((screen) => {
    const moment = only(page(screen))
    expect(moment.kind).toBe('page')
    inBoth(moment)
    return moment.title.en
  })
  expect(new Set(titles).size).toBe(screenNames.length)
})

test.each([
  ['code', 'Wrong code, 1 of 3'],
  ['entries', 'Wrong password or code, 1 of 3'],
  ['question', 'Wrong choice, 1 of 3'],
  ['pictures', 'Wrong choice, 1 of 3'],
])('what was wrong on the screen %s is called %s', (screen, title) => {
  expect(only(page(screen, 'wrong'))).toMatchObject({ kind: 'wrongCode', title: { en: title } })
})

test.each([
  ...(['expired', 'empty', 'resent', 'resendTooSoon', 'resendLimit', 'checking', 'stale', 'appOpen'] as const).flatMap(
    (hint) => [page('code', hint), page('app', hint)],
  ),
  ...otpChannels.map((channel) => said({ action: 'verify', selected: [channel] })),
  said({ action: 'verify', selected: ['***', '***'] }),
  said({ action: 'verify', otp: '***', password: '***' }),
  said({ action: 'approve', consent: { trustList: true, deviceBinding: false } }, 'bank'),
  said({ action: 'approve', number: 'wrong' }, 'bank'),
  said({ action: 'approve', isLate: true }, 'api'),
  ...['continue', 'otherWay', 'refresh', 'resend', 'cancel', 'expired'].map((action) => said({ action }, 'plan')),
])('%j is told in both languages', (journal) => inBoth(only(journal)))

test('where the code goes is told, what was entered or picked is not (SEC-LOG-1)', () => {
  expect(only(said({ action: 'verify', selected: ['sms'] }))).toMatchObject({
    kind: 'choice',
    title: { en: 'Chosen: the code goes by text message' },
  })
  expect(only(said({ action: 'verify', selected: ['***', '***'] })).title.en).toBe('2 were picked')
  expect(only(said({ action: 'verify', otp: '***', password: '***' })).title.en).toBe(
    'A password and a code were entered',
  )
})

test('an answer of the banking app says what was agreed to, whether the number was right, and whether it came in time', () => {
  expect(only(said({ action: 'approve', consent: { trustList: true, deviceBinding: false } }, 'bank'))).toMatchObject({
    title: { en: 'The cardholder confirmed' },
    detail: { en: 'in the banking app; trust this shop: yes; remember this device: no' },
  })
  expect(only(said({ action: 'approve', number: 'wrong' }, 'bank')).title.en).toContain('wrong number')
  expect(only(said({ action: 'approve', isLate: true }, 'api')).detail?.en).toContain('too late')
})

test.each([
  [{ keys: 6, corrections: 1, msTotal: 12_940 }, '6 keys, 1 correction, 12.9 s after the page was there'],
  [{ keys: 0, pastes: 1, msTotal: 400 }, 'pasted, 0.4 s after the page was there'],
  [{ fills: 1, msTotal: 4_000 }, 'filled in by the browser, 4.0 s after the page was there'],
  [
    { keys: 6, scripted: 6, isUnseen: true, msTotal: 90 },
    'by a script, nothing was seen that entered it, 6 keys, 0.1 s after the page was there',
  ],
])('how an answer was entered is told: %j', (behaviour, detail) => {
  const moment = only(said({ action: 'verify', otp: '***', behaviour }))
  expect(moment).toMatchObject({ title: { en: 'A code was entered' }, detail: { en: detail } })
  inBoth(moment)
})

test.each([null, 'typed', {}, { msTotal: '1' }])('a journal from elsewhere may say %j of it: nothing', (behaviour) => {
  expect(only(said({ action: 'verify', otp: '***', behaviour }))).not.toHaveProperty('detail')
})

test('a code for the banking app is no push note', () => {
  const mail = { at: t0, via: 'inbox', channel: 'push' } as const
  expect(told({ mails: [{ ...mail, codeNumber: 2 }] })).toMatchObject([
    { kind: 'codeSent', title: { en: 'Code 2 sent to the banking app' } },
  ])
  expect(told({ mails: [{ ...mail, codeNumber: undefined }] })).toMatchObject([{ kind: 'push' }])
})

describe('the verdict', () => {
  const ended = (change: Partial<Verdict>, journal: readonly JournalEntry[] = []) =>
    told({
      journal,
      challenge: { phase: 'ended', verdict: { transStatus: 'Y', interactionCounter: 1, at: t0 + 9, ...change } },
    }).slice(journal.length)

  test('says where the code went and what was agreed to', () => {
    expect(ended({ channel: 'sms', consent: { trustList: true } })).toMatchObject([
      { kind: 'verdict', detail: { en: 'Y; the code went by text message; trust this shop: yes' } },
    ])
  })

  test('with reason 19 is a wrong answer where one was entered, and none where the banking app said no (CHL-ATT-6)', () => {
    const refused = { transStatus: 'N', transStatusReason: '19' } as const
    expect(ended({ ...refused, interactionCounter: 3 }, [page('pictures')])).toMatchObject([
      { title: { en: 'Wrong choice, 3 of 3' } },
      { kind: 'verdict' },
    ])
    expect(ended(refused, [page('code')])[0]?.title.en).toContain('too many wrong codes')
    for (const screen of ['app', 'appMatch']) expect(ended(refused, [page(screen)])).toHaveLength(1)
  })

  test.each(challengeKinds)('of %s needs no page before it', (kind) => {
    const { details } = transaction
    const moments = timelineOf({
      transaction: { ...transaction, details: { ...details, challengeKind: kind } },
      journal: [],
      effects: [],
      mails: [],
      challenge: {
        phase: 'ended',
        verdict: { transStatus: 'N', transStatusReason: '19', interactionCounter: 1, at: t0 },
      },
    })
    const isEntered = ['code', 'question', 'pictures', 'entries'].includes(rowOf(kind).screens[0])
    expect(moments).toHaveLength(isEntered ? 2 : 1)
  })
})

test.each(playActions)('a step of a play that waits is told: %s', (action) => {
  const { details } = transaction
  const moments = timelineOf({
    transaction: { ...transaction, details: { ...details, plan: { challenge: { play: [{ do: action }] } } } },
    journal: [],
    mails: [],
    effects: [
      {
        id: 1,
        tenant: 0,
        transactionId: 1,
        kind: 'play',
        payload: { play: 0 },
        dueAt: t0 + 3_000,
        attempts: 0,
        createdAt: t0,
        done: false,
      },
    ],
  })
  expect(moments).toMatchObject([{ kind: 'waits', at: t0 + 3_000 }])
  for (const moment of moments) inBoth(moment)
})
