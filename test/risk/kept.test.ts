import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { factsOf } from '../../src/risk/facts.ts'
import { keepEvidence, readEvidence } from '../../src/risk/kept.ts'
import { loadPolicy, shippedPolicy } from '../../src/risk/policy.ts'
import { evidenceOf, score } from '../../src/risk/score.ts'

test.each(['default', 'features-30'] as const)(
  'evidence of the %s policy that was kept as JSON comes back as it was',
  (name) => {
    const policy = loadPolicy(readFileSync(shippedPolicy(name), 'utf8'))
    const areq = {
      acctNumber: '4111110000000021',
      purchaseAmount: '250000',
      purchaseCurrency: '392',
      purchaseExponent: '0',
      mcc: '5999',
      merchantName: 'Hakone Goods',
      merchantCountryCode: '392',
      browserUserAgent: 'Mozilla/5.0',
      browserIP: '203.0.113.9',
      browserLanguage: 'ru',
      browserTZ: '-180',
      addrMatch: 'N',
      email: 'a@mailinator.com',
      merchantRiskIndicator: {
        giftCardAmount: '250000',
        giftCardCount: '05',
        giftCardCurr: '392',
        shipIndicator: '03',
      },
    }
    const now = Date.UTC(2026, 10, 22, 17)
    const facts = factsOf(areq, { accountKey: 'a', keyOf: (kind, value) => `${kind}:${value}`, now, policy })
    const scored = score({}, facts, [], policy, now)
    const evidence = evidenceOf(scored, scored.features, facts, policy)
    expect(evidence.length).toBeGreaterThan(4)
    expect(readEvidence(JSON.parse(JSON.stringify(keepEvidence(evidence))))).toEqual(evidence)
  },
)
