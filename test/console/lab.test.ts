// The page of the lab: a form that writes an experiment, what is wrong with it, how far one is, and its report.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import type { Running } from '../support/running.ts'
import { ask, runningLab, yamlOf } from './lab-world.ts'
import { looksOf } from './look.ts'
import { type Desk, desk, eventually } from './support.ts'

describe.skipIf(!hasChromium)('the page of the lab', () => {
  let sekisho: Running
  let browser: Browser
  let seat: Desk
  beforeAll(async () => {
    sekisho = await runningLab()
    browser = await launchChromium()
    seat = await desk(browser)
  })
  afterAll(async () => {
    await browser.close()
    await sekisho.close()
  })
  afterEach(async () => {
    for (const { id, state } of (await ask(sekisho, 'GET', '')).body.experiments) {
      if (state === 'running') await ask(sekisho, 'POST', `/${id}/stop`)
      if (state !== 'done' && state !== 'failed') await ask(sekisho, 'POST', `/${id}/stop`)
      await eventually(async () => (await ask(sekisho, 'GET', `/${id}`)).body.state).not.toMatch(/running|stopping/)
      await ask(sekisho, 'DELETE', `/${id}`)
    }
  })

  const visit = async (): Promise<Desk> => {
    await seat.page.goto(`${sekisho.acs}/console/lab`)
    await seat.at('lab-yaml').waitFor()
    return seat
  }
  const textOf = ({ at }: Desk): Promise<string> => at('lab-yaml').inputValue()
  const write = async ({ at }: Desk, text: string): Promise<void> => at('lab-yaml').fill(text)
  const start = async (name: string): Promise<string> => (await ask(sekisho, 'POST', '', yamlOf(name))).body.id

  test('is in the navigation, and the form writes an experiment that can be started', async () => {
    await seat.page.goto(`${sekisho.acs}/console/policy`)
    await seat.at('nav-lab').click()
    await seat.at('lab-yaml').waitFor()
    await seat.at('lab-name').fill('from-the-form')
    await seat.at('lab-question').fill('Is "it": so?')
    await seat.at('lab-seed').fill('7')
    await seat.at('lab-events').selectOption('10000')
    await seat.at('lab-policy-always-challenge').check()
    await seat.at('lab-assessments').check()
    await seat.at('lab-mode-closedLoop').check()
    const text = await textOf(seat)
    for (const line of [
      'name: "from-the-form"',
      '  en: "Is \\"it\\": so?"',
      'seed: "7"',
      'mode: closedLoop',
      '  preset: "japan"',
      '  events: 10000',
      '  - "rules-jp"',
      '  - "always-challenge"',
      'assessments: both',
    ])
      expect(text.split('\n')).toContain(line)
    await eventually(() => seat.at('lab-problems').isVisible()).toBe(false)
    await seat.at('lab-start').click()
    const row = seat.page.locator('[data-testid^=experiment-]').first()
    await eventually(() => row.getAttribute('data-state')).toBe('done')
    expect(await row.textContent()).toContain('from-the-form')
    expect(seat.complaints).toEqual([])
  })

  test('what is changed by hand is not written over by the form', async () => {
    const { at } = await visit()
    const text = yamlOf('by-hand')
    await write(seat, text)
    await at('lab-by-hand').waitFor()
    await at('lab-name').fill('another')
    expect(await textOf(seat)).toBe(text)
    await at('lab-again').click()
    expect(await textOf(seat)).toContain('name: "another"')
    expect(await at('lab-by-hand').isVisible()).toBe(false)
  })

  test('mistakes are shown with their lines while it is written, and when it is started', async () => {
    const { at, page } = await visit()
    await write(seat, 'name: x\nstream: { preset: japan, event: 5 }\npolicies: [rules-jp]\n')
    await eventually(() => at('lab-problems').textContent()).toContain('stream.event')
    await at('lab-problems').getByRole('button', { name: 'Line 2' }).first().click()
    expect(await at('lab-yaml').evaluate((area) => area === document.activeElement)).toBe(true)
    await write(seat, yamlOf('unplanned'))
    await eventually(() => at('lab-problems').isVisible()).toBe(false)
    await at('lab-start').click()
    await eventually(() => at('lab-problems').textContent()).toContain('no policy nobody comes with Sekisho')
    expect(await page.locator('[data-testid^=experiment-]').count()).toBe(0)
  })

  test('one that runs shows how far it is, and is stopped after a question', async () => {
    const id = await start('slow')
    const { at } = await visit()
    const row = at(`experiment-${id}`)
    await eventually(() => row.textContent()).toContain('Policies decide')
    const text = (await row.textContent()) ?? ''
    for (const words of [
      'runs',
      'Step 3 of 6',
      'rules-jp',
      '400 / 1,000',
      '5,000 a second',
      '1 min 15 s',
      'Japan',
      '3 variants',
    ])
      expect(text).toContain(words)
    const bar = row.locator('progress')
    expect([await bar.getAttribute('value'), await bar.getAttribute('max')]).toEqual(['400', '1000'])
    await at(`stop-${id}`).click()
    await seat.page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click()
    await eventually(() => row.getAttribute('data-state')).toBe('partial')
    await eventually(() => row.textContent()).toContain('stopped: partial result')
    await at(`resume-${id}`).click()
    await eventually(() => row.getAttribute('data-state')).toBe('done')
    await eventually(() => at('announcer').textContent()).toContain('slow: done')
  })

  test('the report opens in a page of its own, where no script runs', async () => {
    const id = await start('first')
    const { at, page } = await visit()
    await at(`open-${id}`).waitFor()
    const [report] = await Promise.all([page.context().waitForEvent('page'), at(`open-${id}`).click()])
    await report.waitForLoadState()
    expect(await report.locator('h1').textContent()).toBe('A report')
    expect(await report.title()).toBe('whole')
    await report.close()
    const [saved] = await Promise.all([page.waitForEvent('download'), at(`save-${id}`).click()])
    expect(saved.suggestedFilename()).toBe(`${id}.html`)
  })

  test('the text of an earlier one comes back, and one is removed after a question', async () => {
    const id = await start('first')
    const { at, page } = await visit()
    await at(`edit-${id}`).click()
    await eventually(() => textOf(seat)).toBe(yamlOf('first'))
    await eventually(() => at(`experiment-${id}`).getAttribute('data-state')).toBe('done')
    await at(`remove-${id}`).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await at('lab-none').waitFor()
    expect((await ask(sekisho, 'GET', '')).body.experiments).toEqual([])
  })

  test('a second one while one runs is refused in words', async () => {
    await start('slow')
    const { at } = await visit()
    await write(seat, yamlOf('second'))
    await at('lab-start').click()
    await eventually(() => at('lab-failed').textContent()).toContain('an experiment runs already')
  })

  test('looks as it should in both languages and themes, wide and narrow', async () => {
    const first = await start('first')
    await eventually(async () => (await ask(sekisho, 'GET', `/${first}`)).body.state).toBe('done')
    await start('slow')
    const wrong = await looksOf(browser, sekisho, 'lab', async (page: Page) => {
      await page.getByTestId('lab-progress').waitFor()
    })
    expect(wrong).toEqual([])
  }, 120_000)
})
