/**
 * A browser whose words exclude each other. Contradictions say more than names, which a robot chooses for itself; each has
 * an honest explanation, too, so each has a part of its own.
 */
import { z } from 'zod'
import { type Contradiction, contradictions } from '../browser.ts'
import { defineCheck, Parts, share, weight } from '../check.ts'

const parts = new Parts<Contradiction>()
const shares = Object.fromEntries(contradictions.map((code) => [code, share])) as Record<Contradiction, typeof share>

export const browserContradiction = defineCheck({
  id: 'browser-contradiction',
  family: 'environment',
  seeds: ['DV-4', 'DV-5', 'DV-8'],
  paths: [
    'browserUserAgent',
    'browserJavascriptEnabled',
    'browserLanguage',
    'browserTZ',
    'browserScreenWidth',
    'browserScreenHeight',
    'method.userAgent',
    'method.platform',
    'method.screenWidth',
    'method.screenHeight',
    'method.maxTouchPoints',
    'method.timeZone',
    'method.timeZoneOffset',
    'method.language',
    'method.languages',
    'method.clock',
  ],
  params: z.strictObject({ weight, most: z.number().positive(), parts: z.strictObject(shares) }),
  words: {
    en: {
      title: 'Browser that contradicts itself',
      about:
        'What the AReq says of the browser, what the browser said to the 3DS Method, and what no browser can be. The parts add up.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        most: 'The parts count up to this sum',
        'parts.agentDiffers': 'Part for a user agent that is not the one of the 3DS Method',
        'parts.platformDiffers': 'Part for a platform of another system than the user agent',
        'parts.screenImpossible': 'Part for a phone with a screen that no phone has',
        'parts.screenMissing': 'Part for a browser that runs scripts and has no screen',
        'parts.screenDiffers': 'Part for a screen that is not the one of the 3DS Method',
        'parts.touchMissing': 'Part for a phone that cannot be touched',
        'parts.zoneImpossible': 'Part for a time zone that does not have its offset on that day',
        'parts.zoneDiffers': 'Part for an offset that is not the one of the 3DS Method',
        'parts.languageDiffers': 'Part for a language that the 3DS Method does not know',
        'parts.scriptsDiffer': 'Part for scripts that are off and have answered',
        'parts.clockDiffers': 'Part for a clock that is more than a day away',
      },
    },
    ja: {
      title: 'ブラウザー情報の矛盾',
      about:
        'AReqのブラウザー情報、3DS Methodが受け取った情報、実在しない組み合わせを突き合わせます。割合は合計されます。',
      params: {
        weight: '割合の合計に掛ける重み',
        most: '割合の合計の上限',
        'parts.agentDiffers': 'User-Agentが3DS Methodのものと異なるとき',
        'parts.platformDiffers': 'プラットフォームがUser-AgentのOSと異なるとき',
        'parts.screenImpossible': 'スマートフォンにない画面サイズのとき',
        'parts.screenMissing': 'スクリプトが動くのに画面サイズがないとき',
        'parts.screenDiffers': '画面サイズが3DS Methodのものと異なるとき',
        'parts.touchMissing': 'スマートフォンなのにタッチ操作ができないとき',
        'parts.zoneImpossible': 'その日のタイムゾーンと時差が両立しないとき',
        'parts.zoneDiffers': '時差が3DS Methodのものと異なるとき',
        'parts.languageDiffers': '言語が3DS Methodのどの言語とも異なるとき',
        'parts.scriptsDiffer': 'スクリプト無効とされているのに応答があったとき',
        'parts.clockDiffers': '時計が1日以上ずれているとき',
      },
    },
  },
  reasons: {
    agentDiffers: {
      en: 'The browser named itself otherwise to the 3DS Method than in the AReq.',
      ja: '3DS Methodで受け取ったブラウザー名（User-Agent）が、AReqのものと異なります。',
    },
    platformDiffers: {
      en: 'The browser runs on another system than it says.',
      ja: 'ブラウザーが名乗るOSと、実際のプラットフォームが異なります。',
    },
    screenImpossible: {
      en: 'The browser says that it is a phone, with a screen that no phone has.',
      ja: 'スマートフォンを名乗っていますが、画面サイズがスマートフォンのものではありません。',
    },
    screenMissing: {
      en: 'The browser runs scripts and has no screen.',
      ja: 'スクリプトが動くのに、画面サイズがありません。',
    },
    screenDiffers: {
      en: 'The screen in the AReq is not the one that the 3DS Method saw.',
      ja: 'AReqの画面サイズが、3DS Methodで受け取ったものと異なります。',
    },
    touchMissing: {
      en: 'The browser says that it is a phone, and cannot be touched.',
      ja: 'スマートフォンを名乗っていますが、タッチ操作ができません。',
    },
    zoneImpossible: {
      en: 'The time zone and the offset of the browser exclude each other on that day.',
      ja: 'ブラウザーのタイムゾーンと時差が、その日付では両立しません。',
    },
    zoneDiffers: {
      en: 'The time offset in the AReq is not the one that the 3DS Method saw.',
      ja: 'AReqの時差が、3DS Methodで受け取ったものと異なります。',
    },
    languageDiffers: {
      en: 'The language in the AReq is none of those that the 3DS Method saw.',
      ja: 'AReqの言語が、3DS Methodで受け取った言語のどれとも異なります。',
    },
    scriptsDiffer: {
      en: 'The AReq says that the browser runs no scripts, and a script of the 3DS Method has answered.',
      ja: 'AReqではスクリプト無効とされていますが、3DS Methodのスクリプトが応答しています。',
    },
    clockDiffers: {
      en: 'The clock of the browser was more than a day away when the 3DS Method answered; the data may be of another day.',
      ja: '3DS Methodの応答時、ブラウザーの時計が1日以上ずれていました。別の日に取得された情報の可能性があります。',
    },
  },
  silent: {
    untold: { en: 'Nothing is told of a browser.', ja: 'ブラウザーの情報がありません。' },
    none: { en: 'What is told of the browser fits together.', ja: 'ブラウザーの情報に矛盾はありません。' },
  },
  ends: ({ weight, most }) => [weight * most],
  run: ({ facts: { browser } }, own, say) => {
    if (browser === undefined) return say.nothing('untold')
    parts.begin()
    for (const code of browser.contradictions) parts.add(own.parts[code], code)
    if (parts.largest === undefined) return say.nothing('none')
    return say.evidence(parts.largest, own.weight * Math.min(parts.sum, own.most))
  },
})
