/** What the sources of the reproductions have published, as they print it. */
import type { Both } from '../report/language.ts'

type Source = { readonly title: string; readonly where: string }

/** Factors by which odds of a challenge rise, as a range; null: no significant effect. */
export const probe2018 = {
  source: {
    title: 'Ali, Groß, van Moorsel: Investigation of 3-D Secure’s Model for Fraud Detection, STAST 2018',
    where: 'arXiv 2009.12390',
  } satisfies Source,
  challenge: { device: [5, 7], region: [5, 7], amount: [5, 7], site: null },
  /** Of a card being blocked: the region was the only significant predictor. */
  blocked: { device: null, region: 3, amount: null, site: null },
  /** Shares of transactions. */
  levels: {
    homeControl: { en: 'declined: below 5 %', ja: '拒否：5 % 未満' },
    homeOne: { en: 'declined: up to 40 %', ja: '拒否：最大 40 %' },
    abroadAlone: { en: 'declined: about 60 %', ja: '拒否：約 60 %' },
    abroadMore: { en: 'declined: nearly all; challenged: at most 60 %', ja: '拒否：ほぼすべて。本人認証：最大 60 %' },
  } satisfies Readonly<Record<string, Both>>,
} as const

/** Fraud Detection Handbook, chapter 3.4: test week of 8 to 14 August 2018. AUC ROC, average precision, card precision@100. */
export const handbook = {
  source: {
    title:
      'Le Borgne, Siblini, Lebichot, Bontempi: Reproducible Machine Learning for Credit Card Fraud Detection – Practical Handbook',
    where: 'chapter 3, Baseline fraud detection system',
  } satisfies Source,
  transactions: 201_295,
  frauds: 1_792,
  test: {
    logistic: [0.871, 0.606, 0.291],
    treeOfTwo: [0.763, 0.496, 0.241],
    tree: [0.788, 0.309, 0.243],
    forest: [0.867, 0.658, 0.287],
    boosted: [0.862, 0.639, 0.273],
  },
  train: {
    logistic: [0.892, 0.663, 0.419],
    treeOfTwo: [0.802, 0.586, 0.394],
    tree: [1, 1, 0.576],
    forest: [1, 1, 0.576],
    boosted: [1, 0.995, 0.574],
  },
} as const

/** The data set of logins and its study. Its results on re-authentication are printed as pictures only. */
export const logins2022 = {
  source: {
    title: 'Wiefling, Jørgensen, Thunem, Lo Iacono: Pump Up Password Security!, ACM TOPS 2022',
    where: 'doi 10.1145/3546069',
  } satisfies Source,
  attempts: 31_300_000,
  users: 3_300_000,
  /** Mean score of the attackers over mean score of the users, with the address in use (RESULTS.md of the data set). */
  riskScoreRelation: { naive: 8.48, vpn: 5.05, targeted: 8.94 },
} as const

/** Regulation (EU) 2018/389, annex: remote card payments. */
export const referenceRates = [
  { bps: 13, upToEur: 100 },
  { bps: 6, upToEur: 250 },
  { bps: 1, upToEur: 500 },
] as const
