import { expect, test } from 'vitest'
import { automatedBrowser } from '../../../src/risk/checks/automated-browser.ts'
import { saidBy } from './said.ts'

const said = saidBy(automatedBrowser, { weight: 2, robot: 0.5, headless: 1 })
const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

test.each([
  ['a person', { areq: { browserUserAgent: chrome }, method: { webdriver: false } }, { silent: 'ordinary' }],
  ['an app', { areq: { deviceChannel: '01' } }, { silent: 'untold' }],
  ['a library', { areq: { browserUserAgent: 'python-requests/2.32.3' } }, { weight: 1, reason: 'robot', told: {} }],
  [
    'a browser without a window',
    { areq: { browserUserAgent: chrome.replace('Chrome', 'HeadlessChrome') } },
    { weight: 2, reason: 'headless', told: {} },
  ],
  [
    'a driven browser',
    { areq: { browserUserAgent: chrome }, method: { webdriver: true } },
    { weight: 2, reason: 'headless', told: {} },
  ],
])('%s', (_, given, opinion) => {
  expect(said(given)).toEqual(opinion)
})

test('a policy may weigh one of the two only', () => {
  const robotsOnly = saidBy(automatedBrowser, { weight: 2, robot: 1, headless: 0 })
  expect(robotsOnly({ areq: { browserUserAgent: chrome }, method: { webdriver: true } })).toEqual({
    silent: 'ordinary',
  })
  expect(robotsOnly({ areq: { browserUserAgent: 'curl/8.5.0' } })).toMatchObject({ weight: 2, reason: 'robot' })
})
