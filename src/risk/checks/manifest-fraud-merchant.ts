/**
 * 不正顕在化加盟店: a shop with fraud above JPY 500,000 in each of three consecutive calendar months. It raises the prior of
 * everything that is bought there; what the shop has to do about it is told elsewhere.
 */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import { at } from '../features.ts'

export const manifestFraudMerchant = defineCheck({
  id: 'manifest-fraud-merchant',
  family: 'merchant',
  seeds: ['SN-2'],
  paths: ['acquirerMerchantID', 'merchantName'],
  params: z.strictObject({ weight, months: ramp }),
  words: {
    en: {
      title: 'Shop with manifest fraud',
      about:
        'Counts the calendar months in a row, up to the last full one, in which confirmed fraud at the shop was above JPY 500,000. With three it is a shop with manifest fraud.',
      params: {
        weight: 'Once the months are full',
        months: 'Months in a row: where the weight begins, and where it is full',
      },
    },
    ja: {
      title: '不正顕在化加盟店',
      about:
        '加盟店で確認された不正が50万円を超えた月が、前月まで何か月続いているかを数えます。3か月で不正顕在化加盟店に当たります。',
      params: {
        weight: '月数の上限に達したとき',
        months: '連続する月数：重みが加わり始める数と、すべて加わる数',
      },
    },
  },
  reasons: {
    manifest: {
      en: 'Confirmed fraud at this shop was above JPY 500,000 in each of the last {n} calendar months.',
      ja: 'この加盟店では、確認された不正が直近{n}か月連続で50万円を超えています。',
    },
  },
  silent: {
    untold: { en: 'The shop is not named.', ja: '加盟店が示されていません。' },
    ordinary: { en: 'The shop has no such months.', ja: '該当する月はありません。' },
  },
  ends: ({ weight }) => [weight],
  run: ({ facts, features }, own, say) => {
    if (facts.keys.merchant === undefined) return say.nothing('untold')
    const strength = along(features[at.merchant_fraud_months], own.months)
    return strength === 0 ? say.nothing('ordinary') : say.evidence('manifest', own.weight * strength)
  },
  told: ({ features }) => ({ n: features[at.merchant_fraud_months] ?? 0 }),
})
