// The list of transactions.
import { transactionsTexts } from '../texts/transactions.js'

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(transactionsTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const { transactions } = await app.api.get('/transactions?view=summary&limit=100')
  const list = el('ul', { 'data-testid': 'transactions' })
  for (const row of transactions) {
    list.append(
      el(
        'li',
        { 'data-testid': `row-${row.acsTransID}` },
        el('a', { href: app.href(`transactions/${row.acsTransID}`) }, app.format.time(row.at)),
        ` ${row.merchantName} ${app.format.amount(row.purchaseAmount, row.purchaseCurrency, row.purchaseExponent)} `,
        app.statusChip(row.transStatus, row.transStatusReason),
      ),
    )
  }
  root.append(list)
  return { unmount() {} }
}
