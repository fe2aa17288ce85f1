/** A program in the place of a person: it says so itself, or its browser is driven or shows its pages to nobody. */
import { z } from 'zod'
import { defineCheck, share, weight } from '../check.ts'

export const automatedBrowser = defineCheck({
  id: 'automated-browser',
  family: 'environment',
  seeds: ['DV-5'],
  paths: ['browserUserAgent', 'method.webdriver'],
  params: z.strictObject({ weight, robot: share, headless: share }),
  words: {
    en: {
      title: 'Automated browser',
      about:
        'A user agent that names a robot, a library or a test tool, a browser without a window, or one that says that a program drives it. The larger part speaks. People who pay with assistants are driven, too.',
      params: {
        weight: 'Multiplied by the larger part',
        robot: 'Part for a user agent of a robot or a library, or of nothing that looks like a browser',
        headless: 'Part for a browser without a window, or one that is driven',
      },
    },
    ja: {
      title: '自動操作のブラウザー',
      about:
        'ロボットやライブラリー、テストツールを名乗るUser-Agent、画面のないブラウザー、プログラムに操作されていると申告するブラウザーを見ます。大きい方の割合を使います。支援ツールで支払う人も該当することがあります。',
      params: {
        weight: '大きい方の割合に掛ける重み',
        robot: 'User-Agentがロボットやライブラリーなど、ブラウザーらしくないとき',
        headless: '画面のないブラウザー、または自動操作されているブラウザーのとき',
      },
    },
  },
  reasons: {
    robot: {
      en: 'The browser names itself as a robot or a program.',
      ja: 'ブラウザーがロボットまたはプログラムを名乗っています。',
    },
    headless: {
      en: 'The browser has no window, or is driven by a program.',
      ja: '画面のないブラウザー、またはプログラムに操作されているブラウザーです。',
    },
  },
  silent: {
    untold: { en: 'Nothing is told of a browser.', ja: 'ブラウザーの情報がありません。' },
    ordinary: { en: 'Nothing says that a program is at work.', ja: '自動操作の兆候はありません。' },
  },
  ends: ({ weight, robot, headless }) => [weight * robot, weight * headless],
  run: ({ facts: { browser } }, own, say) => {
    if (browser === undefined) return say.nothing('untold')
    const robot = browser.isRobot ? own.robot : 0
    const headless = browser.isHeadless ? own.headless : 0
    if (robot === 0 && headless === 0) return say.nothing('ordinary')
    return robot > headless
      ? say.evidence('robot', own.weight * robot)
      : say.evidence('headless', own.weight * headless)
  },
})
