import { expect, test } from 'vitest'
import { comparisonWords } from '../../../src/lab/metrics/say.ts'
import type { Comparison, Difference } from '../../../src/lab/metrics/types.ts'

const difference = (more: Partial<Difference>): Difference => ({
  key: 'frictionless',
  a: 0.6,
  b: 0.62,
  nA: 10,
  nB: 10,
  value: 0.02,
  interval: { low: 0.01, high: 0.03, level: 0.95, method: 'cardBootstrap', draws: 2_000 },
  p: 0.001,
  pFrom: 'draws',
  claimed: true,
  holm: 0.004,
  shown: true,
  ...more,
})
const comparison = (differences: readonly Difference[], mode: Comparison['mode'] = 'replay'): Comparison => ({
  a: 'rules-jp',
  b: 'logistic',
  mode,
  pairedEvents: 1_010,
  decidedA: 1_020,
  decidedB: 1_030,
  over: mode === 'closedLoop' ? 'own' : 'both',
  differences,
  beside: [],
  deLong: { difference: null, a: null, b: null, se: null, z: null, p: null, n: 0, fraud: 0, why: 'noFraud' },
  mcNemar: [],
  words: [],
})

test('a difference that is shown says which is higher', () => {
  expect(comparisonWords(comparison([difference({})]))).toEqual([
    {
      en: 'Frictionless rate: logistic less rules-jp is +2.00 points over the 1,010 events that both decided (95 % interval +1.00 points to +3.00 points; p = 0.0040 by Holm). Higher with logistic.',
      ja: 'フリクションレス率：logistic − rules-jp = +2.00 ポイント（両方が判定した 1,010 件、95 % 区間 +1.00 ポイント ～ +3.00 ポイント、Holm 補正後 p = 0.0040）。logistic の方が高い。',
    },
  ])
})

test('a difference that is not shown says so, and that it may be there all the same', () => {
  const [words] = comparisonWords(
    comparison([
      difference({
        key: 'fraudBpsAfter',
        value: -0.4,
        interval: { low: -1.2, high: 0.31, level: 0.95, method: 'cardBootstrap', draws: 2_000 },
        holm: 0.3,
        shown: false,
      }),
    ]),
  )
  expect(words?.en).toContain(
    'is −0.40 bps over the 1,010 events that both decided (95 % interval −1.20 bps to +0.31 bps; p = 0.3000 by Holm).',
  )
  expect(words?.en).toContain('A difference is not shown; that is not to say that there is none')
  expect(words?.ja).toContain('差は示されなかった')
})

test('what cannot be told says why, what is not claimed says nothing, and closed loop says what the tests go over', () => {
  const words = comparisonWords(
    comparison(
      [
        difference({ key: 'auc', value: null, interval: null, p: null, holm: null, shown: false, why: 'noFraud' }),
        difference({ key: 'ks', claimed: false, holm: null }),
      ],
      'closedLoop',
    ),
  )
  expect(words.map(({ en }) => en)).toEqual([
    'AUC: no difference can be told (no fraud in what was measured).',
    'In closed loop each policy met other events; tests by event go over the first attempts that both decided.',
  ])
})

test('where the two decided other events, too, both readings are told, and only one is claimed', () => {
  const own = difference({ value: 0.03, claimed: false, holm: null })
  const replay = comparisonWords({ ...comparison([difference({})]), beside: [own] })
  expect(replay.map(({ en }) => en)).toEqual([
    'Frictionless rate: logistic less rules-jp is +2.00 points over the 1,010 events that both decided (95 % interval +1.00 points to +3.00 points; p = 0.0040 by Holm). Higher with logistic.',
    'The same, each over what it decided (rules-jp: 1,020, logistic: 1,030): Frictionless rate +3.00 points. Nothing is claimed of these.',
  ])
  expect(replay[1]?.ja).toContain('フリクションレス率 +3.00 ポイント')
  const loop = comparisonWords({ ...comparison([difference({})], 'closedLoop'), beside: [own] })
  expect(loop[0]?.en).toContain('+2.00 points each over what it decided (rules-jp: 1,020, logistic: 1,030) (95 %')
  expect(loop[1]?.en).toBe(
    'The same, over the 1,010 events that both decided: Frictionless rate +3.00 points. Nothing is claimed of these.',
  )
})
