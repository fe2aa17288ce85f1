import { describe, expect, test } from 'vitest'
import { shopAccount } from '../../../src/risk/checks/shop-account.ts'
import { saidBy } from './said.ts'

const said = saidBy(shopAccount, {
  weight: 2,
  most: 1.5,
  suspected: 1,
  newcomer: 0.25,
  young: 0.125,
  changed: { now: 0.25, lately: 0.125 },
  password: { now: 0.5, lately: 0.25 },
  taken: 0.75,
  newCard: { now: 0.5, lately: 0.25 },
  attempts: { perDay: [2, 6], share: 1 },
  busy: { perDay: [4, 12], share: 0.5 },
  settled: { purchases: 3, weight: -0.5 },
})
const of = (acctInfo: object, device_is_first = 0) => said({ areq: { acctInfo }, features: { device_is_first } })

describe('the account at the shop', () => {
  test('of which nothing is told says nothing', () => {
    expect(said({ areq: {} })).toEqual({ silent: 'untold' })
    expect(of({})).toEqual({ silent: 'untold' })
  })

  test.each([
    ['a suspicion of the shop', { suspiciousAccActivity: '02' }, 2, 'suspected'],
    ['a guest', { chAccAgeInd: '01' }, 0.5, 'newcomer'],
    ['an account made now', { chAccAgeInd: '02' }, 0.5, 'newcomer'],
    ['a young account', { chAccAgeInd: '03' }, 0.25, 'young'],
    ['details changed now', { chAccAgeInd: '05', chAccChangeInd: '01' }, 0.5, 'changed'],
    ['a password changed now', { chAccPwChangeInd: '02' }, 1, 'changed'],
    ['a password changed within 30 days', { chAccPwChangeInd: '03' }, 0.5, 'changed'],
    ['a card added now', { chAccAgeInd: '05', paymentAccInd: '02' }, 1, 'newCard'],
    ['a card added within 30 days', { paymentAccInd: '03' }, 0.5, 'newCard'],
    ['half as many cards tried', { provisionAttemptsDay: '4' }, 1, 'attempts'],
    ['many cards tried', { provisionAttemptsDay: '40' }, 2, 'attempts'],
    ['a busy day', { txnActivityDay: '12' }, 1, 'busy'],
  ])('%s', (_, acctInfo, weight, reason) => {
    expect(of(acctInfo)).toMatchObject({ weight, reason })
  })

  test('parts add up to their limit, and the largest gives the reason', () => {
    expect(of({ chAccAgeInd: '03', chAccPwChangeInd: '02' })).toMatchObject({ weight: 1.25, reason: 'changed' })
    expect(of({ suspiciousAccActivity: '02', provisionAttemptsDay: '9' })).toMatchObject({
      weight: 3,
      reason: 'suspected',
    })
  })

  test('looks taken over when it is old, its password fresh and the device new to the card', () => {
    const old = { chAccAgeInd: '05', chAccPwChangeInd: '02', nbPurchaseAccount: '20' }
    expect(of(old, 1)).toMatchObject({ weight: 2.5, reason: 'taken' })
    expect(of(old, 0)).toMatchObject({ weight: 1, reason: 'changed' })
    expect(of({ ...old, chAccAgeInd: '03' }, 1)).toMatchObject({ weight: 1.25, reason: 'changed' })
  })

  test('of a newcomer is new in everything, which counts once', () => {
    expect(
      of({ chAccAgeInd: '02', chAccChangeInd: '01', chAccPwChangeInd: '02', paymentAccInd: '02' }, 1),
    ).toMatchObject({
      weight: 0.5,
      reason: 'newcomer',
    })
  })

  test('speaks for the holder when it is old and in use and nothing else is said', () => {
    const settled = { chAccAgeInd: '05', nbPurchaseAccount: '3', chAccPwChangeInd: '05', suspiciousAccActivity: '01' }
    expect(of(settled)).toEqual({ weight: -0.5, reason: 'settled', told: { n: 3 } })
    expect(of({ ...settled, nbPurchaseAccount: '2' })).toEqual({ silent: 'ordinary' })
    expect(of({ ...settled, chAccAgeInd: '04' })).toEqual({ silent: 'ordinary' })
  })
})
