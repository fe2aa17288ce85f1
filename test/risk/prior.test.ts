// What an earlier authentication is worth to a 3RI payment.
import { describe, expect, test } from 'vitest'
import { bestOf, type Claim, judgePrior, type Money, type Prior } from '../../src/risk/prior.ts'

const money: Money = { purchaseAmount: '1000', purchaseCurrency: '392', purchaseExponent: '0', issuerAmount: 1000 }
const prior: Prior = { ...money, isOfSameCard: true, resultStatus: 'Y' }

describe('an earlier authentication (RES-3RI-4)', () => {
  test.each<[string, Prior | undefined, Claim, string]>([
    ['of the same amount', prior, money, 'good'],
    ['of a larger amount', prior, { ...money, purchaseAmount: '999', issuerAmount: 999 }, 'good'],
    ['of a smaller amount', prior, { ...money, purchaseAmount: '1001', issuerAmount: 1001 }, 'beyondTerms'],
    ['that nobody knows (FLOW-3RI-4)', undefined, money, 'unknown'],
    ['of another card', { ...prior, isOfSameCard: false }, money, 'unknown'],
    ['that failed', { ...prior, resultStatus: 'N' }, money, 'notAuthenticated'],
    ['that is not over', { ...prior, resultStatus: undefined }, money, 'notAuthenticated'],
    [
      'in another currency, by its worth',
      prior,
      { purchaseAmount: '600', purchaseCurrency: '840', purchaseExponent: '2', issuerAmount: 900 },
      'good',
    ],
    [
      'in another currency, worth less',
      prior,
      { purchaseAmount: '700', purchaseCurrency: '840', purchaseExponent: '2', issuerAmount: 1050 },
      'beyondTerms',
    ],
    [
      'in a currency without a rate',
      prior,
      { ...money, purchaseCurrency: '999', issuerAmount: undefined },
      'beyondTerms',
    ],
    ['without an amount', { isOfSameCard: true, resultStatus: 'Y' }, money, 'beyondTerms'],
    [
      'of an amount that no number holds exactly',
      { ...prior, purchaseAmount: '9007199254740993' },
      { ...money, purchaseAmount: '9007199254740994' },
      'beyondTerms',
    ],
    [
      'of a series that goes on',
      { ...prior, series: { until: '20270131' } },
      { ...money, threeRIInd: '01', today: '20270131' },
      'good',
    ],
    [
      'of a series that is over',
      { ...prior, series: { until: '20270131' } },
      { ...money, threeRIInd: '02', today: '20270201' },
      'beyondTerms',
    ],
    [
      'of a series that is over, which binds only its own payments',
      { ...prior, series: { until: '20270131' } },
      { ...money, threeRIInd: '06', today: '20270201' },
      'good',
    ],
    [
      'whose first payment was smaller than those that follow',
      { ...prior, purchaseAmount: '0', series: { each: { ...money, issuerAmount: undefined } } },
      { ...money, threeRIInd: '01', today: '20270101' },
      'good',
    ],
    [
      'whose first payment was larger than those that follow',
      { ...prior, series: { each: { ...money, purchaseAmount: '900', issuerAmount: undefined } } },
      { ...money, threeRIInd: '01', today: '20270101' },
      'beyondTerms',
    ],
  ])('%s', (_, earlier, now, judgement) => {
    expect(judgePrior(now, earlier)).toBe(judgement)
  })

  test('is the best of several; none where there is no reference', () => {
    expect(bestOf(['unknown', 'good', 'beyondTerms'])).toBe('good')
    expect(bestOf(['unknown', 'notAuthenticated'])).toBe('notAuthenticated')
    expect(bestOf([])).toBe('none')
  })
})
