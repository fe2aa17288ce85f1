// The challenge page by HTTP: whose it is, what it promises to tests, and how it asks whether it has been overtaken.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contrast, inkOn, papers, readable } from '../../src/acs/brand.ts'
import { IssuerError, loadIssuer } from '../../src/acs/issuer.ts'
import { manualClock } from '../../src/clock.ts'
import { renderChallengePage } from '../../src/http/views/challenge.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { creqFor, type Members, post, postForm } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { challengeView, issuers, languages, screens } from '../web/fixtures.ts'
import { areqOf, cardEnding } from './any-areq.ts'
import { answered, api, type Page, put, tokenOf } from './support.ts'

const shipped = readFileSync(new URL('../../src/acs/data/issuer.yaml', import.meta.url), 'utf8')
const clock = manualClock(Date.UTC(2026, 0, 15, 10, 30))
let ds: ListeningDs
let sekisho: Running

beforeAll(async () => {
  ds = await listeningDs()
  sekisho = await running({ only: ['acs'] }, { clock })
})
afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

interface Shown {
  readonly acsTransID: string
  readonly ares: Members
  readonly first: Page
}

async function show(change: Members, version = '2.2.0'): Promise<Shown> {
  const areq = areqOf(`browser-${version.replaceAll('.', '')}`, {
    acctNumber: cardEnding('001'),
    dsURL: ds.url,
    browserLanguage: 'en',
    ...change,
  })
  const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
  expect(ares).toMatchObject({ transStatus: 'C' })
  const creq = creqFor(ares, { messageVersion: version })
  const first = await postForm(`${sekisho.acs}/acs/challenge`, { creq })
  return { acsTransID: String(ares.acsTransID), ares, first }
}

const textOf = (page: string, testId: string): string | undefined =>
  new RegExp(`data-testid="${testId}"[^>]*>([^<]*)<`).exec(page)?.[1]

describe('the page is of the issuer of the card', () => {
  test.each([
    ['4000003', 'sekisho', 'Sekisho Bank', 'Confirm payment'],
    ['5200003', 'tsukimi', 'Tsukimi Credit', 'A quick look before you pay'],
    ['3528003', 'aonami', 'Aonami Union', 'Confirm payment'],
    ['3400003', 'matsukaze', 'Matsukaze Savings', 'Confirm payment'],
  ])('%s… is of %s', async (stem, id, name, title) => {
    const { first } = await show({ acctNumber: cardEnding('001', stem) })
    expect(first.page).toContain(`data-issuer="${id}"`)
    expect(textOf(first.page, 'issuer')).toBe(name)
    expect(first.page).toContain(`<h1>${title}</h1>`)
    const theme = issuers.find((issuer) => issuer.id === id)?.theme
    expect(first.page).toContain(`--indigo:${theme?.accent};`)
    expect(first.page).toContain(`--indigo:${theme?.accentDark};`)
  })

  test('there are five, and what is written in their colours can be read, in light and in dark (WCAG 1.4.3)', () => {
    expect(issuers).toHaveLength(5)
    const sunk = { light: '#f4f6fa', dark: '#1c2233' }
    for (const { theme } of issuers) {
      for (const [accent, paper, field] of [
        [theme.accent, papers.light, sunk.light],
        [theme.accentDark, papers.dark, sunk.dark],
      ] as const) {
        expect(contrast(accent, paper)).toBeGreaterThanOrEqual(readable)
        expect(contrast(accent, field)).toBeGreaterThanOrEqual(readable)
        expect(contrast(inkOn(accent), accent)).toBeGreaterThanOrEqual(readable)
      }
    }
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
    const tokens = readFileSync(new URL('../../src/http/views/tokens.css', import.meta.url), 'utf8')
    for (const paper of [...Object.values(papers), ...Object.values(sunk)]) expect(tokens).toContain(paper)
  })

  test('a range of an issuer that nobody has described is refused with its place', () => {
    const text = shipped.replace('mode: scripted, issuer: aonami', 'mode: scripted, issuer: aonamy')
    expect(() => loadIssuer(text)).toThrow(IssuerError)
    try {
      loadIssuer(text)
    } catch (error) {
      const [problem] = (error as IssuerError).problems
      expect(problem).toMatchObject({ path: 'ranges.2.issuer', line: expect.any(Number) })
      expect(problem?.message).toBe('there is no issuer aonamy among sekisho, tsukimi, aonami, matsukaze, kazaguruma')
    }
  })

  test('words that say nothing, card numbers in them, and answers that read the same are refused (CHL-UI-1, CHL-UI-15)', () => {
    const named = (name: string): string => shipped.replace('en: { name: Sekisho Bank }', `en: { name: ${name} }`)
    expect(named('x')).not.toBe(shipped)
    expect(() => loadIssuer(named("'  '"))).toThrow(/issuers\.0\.en\.name/)
    expect(loadIssuer(named("' Hakone Bank '")).issuers[0]?.en.name).toBe('Hakone Bank')
    const refused = (text: string): string => named(`x, cardholderInfo: { refused: '${text}' }`)
    expect(() => loadIssuer(refused(' '))).toThrow(/cardholderInfo\.refused/)
    expect(() => loadIssuer(refused('Card 4000 0000 0000 7700'))).toThrow(/no card numbers/)
    const twice = (member: string): string =>
      `knowledge:
  question:
    { text: q, textJa: q, options: [{ key: a, text: A, textJa: あ, isRight: true }, { key: b, ${member} }] }
  pictures: { text: q, textJa: q, options: [{ key: a, text: A, textJa: A, isRight: true }, { key: b, text: B, textJa: B }] }
  password: ' ＳＥＳＡＭＥ '
`
    expect(() => loadIssuer(twice('text: A, textJa: い'), shipped)).toThrow(/two of them read the same/)
    expect(() => loadIssuer(twice('text: B, textJa: あ'), shipped)).toThrow(/two of them read the same/)
    // As it is read on the page, whatever its width.
    expect(loadIssuer(twice('text: B, textJa: い'), shipped).knowledge.password).toBe('sesame')
  })

  test('a colour that could not be read is refused', () => {
    expect(() => loadIssuer(shipped.replace("accent: '#1d5c8a'", "accent: '#9bc4e2'"))).toThrow(
      /issuers\.0\.theme\.accent: 1\.8 to 1 on #ffffff; text needs 4\.5 to 1/,
    )
    expect(() => loadIssuer(shipped.replace("accent: '#1d5c8a'", 'accent: blue'))).toThrow(/a colour such as/)
  })
})

describe('the language of the page (CHL-UI-12)', () => {
  test.each([
    ['2.2.0', { browserLanguage: 'ja-JP' }, 'ja'],
    ['2.3.1', { browserLanguage: 'fr-FR', acceptLanguage: ['fr-FR', 'ja'] }, 'ja'],
    ['2.3.1', { browserLanguage: 'en-GB', acceptLanguage: ['ja'] }, 'en'],
  ] as const)('in %s %j is %s', async (version, change, lang) => {
    const { first } = await show(change, version)
    expect(first.page).toContain(`<html lang="${lang}">`)
  })

  test('is the card’s where the browser has none of ours', async () => {
    const acctNumber = cardEnding('001')
    const card = { acctNumber, holder: '試験 太郎', email: 'taro@cardholder.example', language: 'ja' }
    expect((await put(sekisho, '/cards', card, 'POST')).status).toBeLessThan(300)
    const { first } = await show({ acctNumber, browserLanguage: 'fr' })
    expect(first.page).toContain('<html lang="ja">')
    expect(textOf(first.page, 'issuer')).toBe('関所銀行')
  })
})

describe('a page that somebody else may move on', () => {
  const ask = ({ acsTransID }: Shown, stepToken: string) =>
    fetch(`${sekisho.acs}/acs/challenge/status`, {
      method: 'POST',
      body: new URLSearchParams({ acsTransID, stepToken }),
      headers: { origin: 'null' },
    })

  test('asks whether it has been, as long as it waits for the banking app (FLOW-OOB-5)', async () => {
    const shown = await show({ acctNumber: cardEnding('007') })
    expect(shown.first.page).toContain('data-status="/acs/challenge/status"')
    const before = await ask(shown, tokenOf(shown.first))
    expect(await before.json()).toEqual({ moved: false })
    expect(before.headers.get('cache-control')).toBe('no-store')
    expect(before.headers.get('access-control-allow-origin')).toBe('*') // a sandboxed frame without an origin asks as well
    await put(sekisho, `/transactions/${shown.acsTransID}/challenge`, { action: 'approve' }, 'POST')
    expect(await (await ask(shown, tokenOf(shown.first))).json()).toEqual({ moved: true })
  })

  test('also where a plan lets a cardholder act, or has set the end; other pages do not ask', async () => {
    const played = await show({ acctNumber: cardEnding('024') })
    expect(played.first.page).toContain('data-status=')
    const plain = await show({})
    expect(plain.first.page).not.toContain('data-status=')
  })

  test('asking is no answer: no row in the journal, and the time goes on (CHL-TMR-3)', async () => {
    const shown = await show({ acctNumber: cardEnding('007') })
    const path = `/transactions/${shown.acsTransID}`
    const { body: before } = await api(sekisho, path)
    clock.advance(60_000)
    expect((await ask(shown, tokenOf(shown.first))).status).toBe(200)
    const { body: after } = await api(sekisho, path)
    expect(after.challenge).toEqual(before.challenge)
    expect(after.messages).toEqual(before.messages)
  })

  test('a token of another page or none of ours is 400, and tells nothing', async () => {
    const one = await show({ acctNumber: cardEnding('007') })
    const other = await show({ acctNumber: cardEnding('007') })
    for (const token of [tokenOf(other.first), '1.x', '']) {
      const answer = await ask(one, token)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toEqual({ error: 'acsTransID and stepToken of a page expected' })
    }
  })
})

test('a number to match is the same after a reload and after Continue, and no code', async () => {
  const shown = await show({ acctNumber: cardEnding('008') })
  const number = textOf(shown.first.page, 'match-number')
  expect(number).toMatch(/^[1-9][0-9]$/)
  const reloaded = await postForm(`${sekisho.acs}/acs/challenge`, { creq: creqFor(shown.ares) })
  expect(textOf(reloaded.page, 'match-number')).toBe(number)
  const { acsTransID } = shown
  const still = await postForm(`${sekisho.acs}/acs/challenge/answer`, {
    acsTransID,
    stepToken: tokenOf(reloaded),
    action: 'continue',
  })
  expect(textOf(still.page, 'match-number')).toBe(number)
  expect(still.page).toContain('data-hint="appOpen"')
})

test('the banking app is written down in the note of the simulator, and nothing on the page leads there (FLOW-BRW-10)', async () => {
  const { first } = await show({ acctNumber: cardEnding('007') })
  expect(textOf(first.page, 'bank-address')).toBe(`${sekisho.acs}/bank`)
  expect(first.page).not.toContain('<a ')
})

test('what was selected and the password are not told to the log, the API or the next page (SEC-LOG-1)', async () => {
  const shown = await show({ acctNumber: cardEnding('009') })
  const challenged = { areq: {}, ares: shown.ares, acsTransID: shown.acsTransID }
  const next = await answered(sekisho, challenged, shown.first, { password: 'hunter2-unseen', otp: '000000' })
  expect(next.page).toContain('data-hint="wrong"')
  expect(next.page).not.toContain('hunter2-unseen')
  const { body } = await api(sekisho, `/transactions/${shown.acsTransID}`)
  expect(JSON.stringify(body)).not.toContain('hunter2-unseen')
  expect(sekisho.log()).not.toContain('hunter2-unseen')
})

describe('the promise to tests', () => {
  /** Names in the tables of the page that documents them. */
  const documented = [
    ...readFileSync(new URL('../../docs/challenge-page.md', import.meta.url), 'utf8')
      .split('## ')
      .filter((part) => part.startsWith('Names for tests'))
      .join('')
      .matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|/gm),
  ].flatMap(([, names = '']) => [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name))

  /** All screens with all that they may show. */
  const everything = languages
    .flatMap((lang) =>
      Object.values(screens).map((view) =>
        renderChallengePage({
          ...view(lang),
          hint: 'wrong',
          prompts: ['trustList', 'deviceBinding'],
          canResend: true,
          canChangeWay: true,
          issuer: { ...challengeView(lang).issuer, [lang]: { name: 'Bank', text: 'Words', cardholderInfo: {} } },
        }),
      ),
    )
    .join('')

  test('the body names the version of the promise', () => {
    expect(everything.match(/<body data-testid="challenge-page" data-testid-version="1"/g)).toHaveLength(16)
  })

  test('every name on a page is documented, and every documented name is on a page', () => {
    const used = [...everything.matchAll(/data-testid="([^"]+)"/g)].map(([, name = '']) =>
      name.startsWith('option-') ? 'option-<key>' : name,
    )
    expect([...new Set(used)].sort()).toEqual(documented.filter((name) => name !== 'kept-page').sort())
  })

  test('names of version 1 stay as they are', () => {
    expect(documented.sort().join(' ')).toBe(
      'amount bank-address branding cancel card challenge-form challenge-page contact continue date device-binding header ' +
        'help hint information instruction issuer issuer-text kept-page match-number merchant option-<key> options other-way ' +
        'otp-input otp-label password-input password-label prompts resend scheme simulator-note simulator-tag spinner ' +
        'submit time-left tries-left trust-list waiting why',
    )
  })

  test('what is asked beside is never chosen before the cardholder chooses (CHL-TL-1)', () => {
    expect(everything).toContain('name="trustList" value="Y"')
    expect(everything).toContain('name="deviceBinding" value="Y"')
    expect(everything).not.toMatch(/<input[^>]*\bchecked\b/)
  })
})
