import { expect, test } from 'vitest'
import { placeOfDelivery } from '../../../src/risk/checks/place-of-delivery.ts'
import { saidBy } from './said.ts'

const japan = '392'

const shares = { vacant: 1, forwarding: 0.5, weeklyMansion: 0.5, postBox: 0.25, hotel: 0.125, pickUp: 0 }
const said = saidBy(placeOfDelivery, { weight: 2, ...shares })
const to = (shipAddrLine1: string) => ({
  shipAddrLine1,
  shipAddrCity: 'Shinjuku',
  shipAddrPostCode: '160-0023',
  shipAddrCountry: japan,
})
test.each([
  [to('1-2-3 Nishi-Shinjuku'), undefined, { silent: 'ordinary' }],
  [to('1-2-3 Nishi-Shinjuku, Sample Hotel 405'), undefined, { weight: 0.25, reason: 'hotel' }],
  [to('Forwarding Center #A99, 1-2-3'), undefined, { weight: 1, reason: 'forwarding' }],
  [to('転送センター 見本 1-2-3'), undefined, { weight: 1, reason: 'forwarding' }],
  [to('1-2-3 Nishi-Shinjuku'), { addressVacant: true }, { weight: 2, reason: 'vacant' }],
  [to('1-2-3 Sample Hotel'), { addressKind: 'house' as const }, { silent: 'ordinary' }],
  [to('1-2-3'), { addressKind: 'weeklyMansion' as const }, { weight: 1, reason: 'weeklyMansion' }],
  [{}, { rawAddress: '西新宿1-2-3 ｳｨｰｸﾘｰﾏﾝｼｮﾝ見本' }, { weight: 1, reason: 'weeklyMansion' }],
  [{}, undefined, { silent: 'untold' }],
])('%j %j', (areq, signals, expected) => {
  expect(said(signals === undefined ? { areq } : { areq, signals })).toMatchObject(expected)
})
