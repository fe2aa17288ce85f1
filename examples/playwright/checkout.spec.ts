// A checkout in a browser: the challenge is found in whatever frame it is, and solved in one call.
import { expect, test } from '@playwright/test'
import { type Sekisho, startSekisho } from 'sekisho'
import { solveChallenge } from 'sekisho/playwright'

let sekisho: Sekisho
test.beforeAll(async () => {
  sekisho = await startSekisho()
})
test.afterAll(() => sekisho.close())

test('the page of the bank is slow, and the RReq arrives twice', async ({ page }, { testId }) => {
  const tenant = sekisho.tenant(testId.slice(0, 40))
  await tenant.stub({}, { transStatus: 'C', challenge: { pageDelay: '1s' }, rreq: { copies: 2 } })

  // The shop of Sekisho; yours would be opened here.
  await page.goto(tenant.urls.shop)
  await page.getByTestId('add-coffee').click()
  await page.getByTestId('to-checkout').click()
  await page.getByTestId('card-4000000000007700').click()
  await page.getByTestId('pay').click()

  const { acsTransID } = await solveChallenge(page, { client: tenant })

  await expect(page.getByTestId('result')).toHaveAttribute('data-outcome', 'Y')
  await tenant.journal.verify({ match: { messageType: 'RReq', link: 'ACS→DS', acsTransID }, count: 2, within: '5s' })
})

test('three wrong codes, and the order is not placed', async ({ page }, { testId }) => {
  const tenant = sekisho.tenant(testId.slice(0, 40))

  await page.goto(tenant.urls.shop)
  await page.getByTestId('add-coffee').click()
  await page.getByTestId('to-checkout').click()
  await page.getByTestId('card-4000000000007700').click()
  await page.getByTestId('pay').click()

  await solveChallenge(page, { client: tenant, wrong: 3 })

  await expect(page.getByTestId('result')).toHaveAttribute('data-outcome', 'N')
})
