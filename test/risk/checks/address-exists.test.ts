import { expect, test } from 'vitest'
import { addressExists } from '../../../src/risk/checks/address-exists.ts'
import { saidBy } from './said.ts'

const japan = '392'

const said = saidBy(addressExists, { weight: 2, most: 1, service: 0.75, shipping: 0.5, billing: 0.25, typed: 0.5 })
const ship = (shipAddrPostCode: string, shipAddrState: string) => ({
  shipAddrCountry: japan,
  shipAddrPostCode,
  shipAddrState,
})
const bill = (billAddrPostCode: string, billAddrState: string) => ({
  billAddrCountry: japan,
  billAddrPostCode,
  billAddrState,
})
test.each([
  [ship('160-0023', '13'), {}, { silent: 'ordinary' }],
  [ship('160-0023', '27'), {}, { weight: 1, reason: 'shipping' }],
  [bill('008-0000', '01'), {}, { weight: 0.5, reason: 'billing' }],
  [{ ...ship('160-0023', '27'), ...bill('160-0023', '27') }, {}, { weight: 1.5, reason: 'shipping' }],
  [ship('160-0023', '27'), { addressExists: true }, { silent: 'ordinary' }],
  [ship('160-0023', '13'), { addressExists: false }, { weight: 1.5, reason: 'service' }],
  [{}, { rawAddress: '東京都新宿区西新宿1-2-3', postCode: '008-0000' }, { weight: 1, reason: 'typed' }],
  [{ shipAddrCountry: '840', shipAddrPostCode: '10118', shipAddrState: 'NY' }, {}, { silent: 'untold' }],
])('%j %j', (areq, signals, expected) => {
  expect(said({ areq, signals })).toMatchObject(expected)
})
