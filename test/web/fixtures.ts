import { readFileSync } from 'node:fs'
import { brandOf } from '../../src/acs/brand.ts'
import type { ScreenName } from '../../src/acs/challenge/kinds.ts'
import { loadIssuer } from '../../src/acs/issuer.ts'
import { type ChallengeHint, type ChallengeView, renderChallengePage } from '../../src/http/views/challenge.ts'
import { type ErrorView, renderErrorPage } from '../../src/http/views/error.ts'
import { type HomeView, renderHomePage } from '../../src/http/views/home.ts'
import { type InboxMessage, renderInboxMessagePage, renderInboxPage } from '../../src/http/views/inbox.ts'
import { renderKeptPage } from '../../src/http/views/kept.ts'
import { type MethodView, renderMethodPage } from '../../src/http/views/method.ts'
import { type ResultView, renderResultPage } from '../../src/http/views/result.ts'
import { formatAmount, formatDate, formatDateTime, type Language, maskEmail, maskPan } from '../../src/web/i18n.ts'

const shipped = loadIssuer(readFileSync(new URL('../../src/acs/data/issuer.yaml', import.meta.url), 'utf8'))
/** The fictitious issuers that the program comes with. */
export const { issuers } = shipped
export const usualIssuer = brandOf(issuers, undefined)

export const languages = ['en', 'ja'] as const satisfies readonly Language[]
export const hints = [
  'wrong',
  'expired',
  'empty',
  'resent',
  'resendTooSoon',
  'resendLimit',
  'checking',
  'stale',
  'appOpen',
] as const satisfies readonly ChallengeHint[]
export const errorKinds = [
  'badRequest',
  'unknownTransaction',
  'expired',
  'tooMany',
  'method',
] as const satisfies readonly ErrorView['kind'][]

const statusAction = '/acs/challenge/status'
const bankUrl = 'http://localhost:9440/bank'

export const challengeView = (lang: Language, more: Partial<ChallengeView> = {}): ChallengeView => ({
  lang,
  nonce: 'fixtureNonce',
  windowSize: '02',
  screen: 'code',
  issuer: usualIssuer,
  action: '/acs/challenge/answer',
  acsTransID: '7f2c1c1e-1d0b-4f4b-9a39-4a1c3cf0a001',
  stepToken: 'c3RlcC0xLXRva2Vu',
  merchantName: 'Hakone Goods',
  amount: formatAmount('24800', 'JPY', 0, lang),
  date: formatDate('20251122023000', lang, 'Asia/Tokyo'),
  maskedPan: maskPan('4111110000000005'),
  maskedContact: maskEmail('hanako.yamada@example.jp'),
  channel: 'email',
  triesLeft: 3,
  canResend: true,
  answerWithinSeconds: 600,
  codeLifeSeconds: 300,
  schemeName: 'Asanoha',
  ...more,
})

const optionsOf = (screen: 'question' | 'pictures', lang: Language): Partial<ChallengeView> => {
  const { text, textJa, options } = shipped.knowledge[screen]
  return {
    question: lang === 'ja' ? textJa : text,
    options: options.map((option) => ({ key: option.key, text: lang === 'ja' ? option.textJa : option.text })),
  }
}

/** A page for every screen, with all that it may show. */
export const screens = {
  code: (lang) => challengeView(lang, { canChangeWay: true, channel: 'push', maskedContact: '•••• 0123' }),
  choose: (lang) =>
    challengeView(lang, {
      screen: 'choose',
      ways: [
        { channel: 'email', maskedContact: maskEmail('hanako.yamada@example.jp') },
        { channel: 'sms', maskedContact: '•••• 0123' },
        { channel: 'push', maskedContact: '•••• 0123' },
      ],
    }),
  question: (lang) => challengeView(lang, { screen: 'question', ...optionsOf('question', lang) }),
  pictures: (lang) => challengeView(lang, { screen: 'pictures', ...optionsOf('pictures', lang) }),
  app: (lang) => challengeView(lang, { screen: 'app', statusAction, bankUrl }),
  appMatch: (lang) => challengeView(lang, { screen: 'appMatch', statusAction, bankUrl, matchNumber: '42' }),
  entries: (lang) => challengeView(lang, { screen: 'entries' }),
  info: (lang) => challengeView(lang, { screen: 'info' }),
} as const satisfies Readonly<Record<ScreenName, (lang: Language) => ChallengeView>>

export const resultView = (lang: Language, more: Partial<ResultView> = {}): ResultView => ({
  lang,
  nonce: 'fixtureNonce',
  notificationURL: 'http://127.0.0.1:9/shop/notification?order=1&step=2',
  cres: 'eyJtZXNzYWdlVHlwZSI6IkNSZXMifQ',
  threeDSSessionData: 'c2Vzc2lvbg==',
  ...more,
})

export const methodView = (more: Partial<MethodView> = {}): MethodView => ({
  nonce: 'fixtureNonce',
  dataAction: '/acs/method/data',
  threeDSServerTransID: '0a7c8a4e-6a3a-4d33-8b7c-1a6d0e5b0002',
  notificationURL: 'http://127.0.0.1:9/3ds-server/method-notification',
  threeDSMethodData: 'eyJ0aHJlZURTU2VydmVyVHJhbnNJRCI6IjBhN2M4YTRlIn0',
  ...more,
})

const message = (lang: Language, n: number): InboxMessage => ({
  id: `m${n}`,
  at: Date.UTC(2025, 10, 22, 2, 30, n),
  to: 'hanako.yamada@example.jp',
  subject: lang === 'ja' ? `認証コードのお知らせ（${n}）` : `Your one-time code (${n})`,
  text:
    lang === 'ja'
      ? 'Hakone Goods でのお支払い ￥24,800 の認証コードです。\n\n認証コード：204816\n\nこのコードを他の人に教えないでください。'
      : 'Your code for ¥24,800 at Hakone Goods:\n\n204816\n\nNever tell it to anyone.',
  code: `20481${n}`,
  transaction: '7f2c1c1e-1d0b-4f4b-9a39-4a1c3cf0a001',
})

export const homeView = (lang: Language): HomeView => ({
  lang,
  nonce: 'fixtureNonce',
  version: '0.1.0',
  shopUrl: 'http://127.0.0.1:9441/shop',
  inboxUrl: '/inbox',
  apiUrl: '/api/v1/openapi.json',
  healthUrl: '/health/ready',
  cards: [
    {
      number: '4111110000000005',
      scheme: 'Visa',
      what:
        lang === 'ja'
          ? 'ふだん Hakone Goods で少額を買う会員。コーヒー豆は Y、ヘッドホンは C、ギフト券5枚は R'
          : 'Buys small things at Hakone Goods. Coffee beans → Y, headphones → C, five gift cards → R',
    },
    { number: '4000000000000100', scheme: 'Visa', what: lang === 'ja' ? '必ず Y' : 'Always Y' },
    { number: '340000000000700', scheme: 'American Express', what: lang === 'ja' ? '必ず C' : 'Always C' },
  ],
  endings: [
    { ending: '100', transStatus: 'Y' },
    { ending: '2rr', transStatus: 'N' },
    { ending: '3rr', transStatus: 'U' },
    { ending: '4rr', transStatus: 'R' },
    { ending: '500', transStatus: 'A' },
    { ending: '600', transStatus: 'I' },
    { ending: '700', transStatus: 'C' },
  ],
})

const nonce = 'fixtureNonce'
const long: Partial<ChallengeView> = {
  merchantName: 'Donaudampfschifffahrtselektrizitaetenhaupt',
  amount: '$1,234,567,890,123.45',
  maskedContact: 'k•••@a-rather-long-subdomain.mail.example-company.co.jp',
  channel: 'email',
  issuer: {
    ...usualIssuer,
    en: {
      name: 'Sekisho Trust and Savings Bank of Hakone',
      cardholderInfo: {},
      header: 'Please confirm that it is you who pays, dear C',
      text: `${'Words that an issuer has chosen '.repeat(10)}and there they end.`,
      why: 'W'.repeat(256),
    },
  },
  schemeName: 'Asanoha International',
  hint: 'stale',
  triesLeft: 1,
}

/** Every page by name, to be rendered in a language. */
export const pages: Readonly<Record<string, (lang: Language) => string>> = {
  challenge: (lang) => renderChallengePage(challengeView(lang)),
  'challenge-full': (lang) => renderChallengePage(challengeView(lang, { windowSize: '05' })),
  'challenge-wrong': (lang) =>
    renderChallengePage(
      challengeView(lang, { hint: 'wrong', triesLeft: 2, date: formatDateTime('20251122023000', lang, 'Asia/Tokyo') }),
    ),
  'challenge-resent': (lang) => renderChallengePage(challengeView(lang, { hint: 'resent', canResend: false })),
  'challenge-no-amount': (lang) => {
    const { amount: _, ...view } = challengeView(lang)
    return renderChallengePage(view)
  },
  ...Object.fromEntries(
    Object.entries(screens).map(([name, view]) => [
      `screen-${name}`,
      (lang: Language) => renderChallengePage(view(lang)),
    ]),
  ),
  'challenge-prompts': (lang) =>
    renderChallengePage({ ...screens.question(lang), hint: 'wrong', prompts: ['trustList', 'deviceBinding'] }),
  'challenge-issuer': (lang) =>
    renderChallengePage(challengeView(lang, { issuer: brandOf(issuers, 'tsukimi'), hint: 'wrong', triesLeft: 2 })),
  'challenge-sms': (lang) =>
    renderChallengePage(challengeView(lang, { channel: 'sms', maskedContact: '•••• 0123', hint: 'checking' })),
  'challenge-long': (lang) => renderChallengePage(challengeView(lang, long)),
  kept: (lang) => renderKeptPage({ lang, nonce, issuer: usualIssuer }),
  error: (lang) => renderErrorPage({ lang, nonce, kind: 'expired', errorCode: '402' }),
  'error-bad-request': (lang) => renderErrorPage({ lang, nonce, kind: 'badRequest' }),
  result: (lang) => renderResultPage(resultView(lang)),
  'result-told': (lang) => renderResultPage(resultView(lang, { tellsOfLeaving: '/acs/challenge/left?a=1&b=2' })),
  method: () => renderMethodPage(methodView()),
  home: (lang) => renderHomePage(homeView(lang)),
  inbox: (lang) =>
    renderInboxPage({ lang, nonce, timeZone: 'Asia/Tokyo', messages: [1, 2, 3].map((n) => message(lang, n)) }),
  'inbox-empty': (lang) => renderInboxPage({ lang, nonce, messages: [] }),
  'inbox-message': (lang) => renderInboxMessagePage({ lang, nonce, timeZone: 'Asia/Tokyo', message: message(lang, 1) }),
}
