// What `GET /api/v1/transactions/{acsTransID}` answers, as far as this page reads it.

/** @typedef {import('../../app.js').App} App */
/** @typedef {Readonly<{ en: string, ja: string }>} InBoth A text in both languages. */
/** @typedef {Readonly<{ errorCode: string, element: string, rule: string }>} Finding */
/** @typedef {Readonly<{ by: string, at: number, durationMs?: number }>} Sighting */
/**
 * @typedef {object} Message
 * @property {number | string} id
 * @property {number} at
 * @property {string} link
 * @property {string} [messageType]
 * @property {unknown} [message]
 * @property {string} [problem]
 * @property {readonly Finding[]} [findings]
 * @property {number} [httpStatus]
 * @property {number} [durationMs]
 * @property {readonly Sighting[]} [seen]
 * @property {string} [fault] What went wrong with it on purpose.
 * @property {unknown} [sent] What left in its place; empty: nothing.
 * @property {Readonly<Record<string, string>>} [headers]
 */
/** @typedef {Readonly<{ transStatus: string, transStatusReason?: string }>} Outcome */
/** @typedef {Outcome & { band?: 'low' | 'medium' | 'high', because?: readonly string[] }} Word */
/** @typedef {'stub' | 'override' | 'scenario' | 'engine'} DeciderName */
/** @typedef {Readonly<{ by: DeciderName, isChosen: boolean, outcome: Outcome | null, why: InBoth }>} Decider */
/**
 * @typedef {object} Part
 * @property {string} checkId
 * @property {string} [code]
 * @property {number} weight
 * @property {InBoth} text
 * @property {readonly string[]} paths
 * @property {boolean} [abstained]
 * @property {readonly { feature: string, value: number, weight: number }[]} [features] What a scorecard is made of.
 */
/**
 * @typedef {object} Waterfall
 * @property {number} base
 * @property {readonly Part[]} parts
 * @property {number} score
 * @property {number} probability
 * @property {{ challenge: number, reject: number }} thresholds
 * @property {'low' | 'medium' | 'high'} band
 * @property {{ name: string, recorded: boolean }} [policy] Not recorded: the base and thresholds are those of today.
 */
/** @typedef {Readonly<{ kind: 'fraud' | 'confirmedGood', at: number, note?: string }>} Label What it turned out to be. */
/** @typedef {Readonly<{ path: string, presence?: 'present' | 'absent' | 'notAsked' }>} Read */
/** @typedef {Readonly<{ checkId: string, title: InBoth, reads: readonly Read[], features?: Part['features'] }>} Weighed */
/**
 * @typedef {object} Way
 * @property {string} transStatus
 * @property {string} [transStatusReason]
 * @property {number} score
 * @property {InBoth} sentence
 * @property {boolean} isSmallest
 * @property {readonly { name: string, from: unknown, to: unknown }[]} differences
 */
/** @typedef {Readonly<{ code: string, text: InBoth }>} Named */
/** @typedef {Outcome & { score: number }} Without */
/** @typedef {'areq' | 'ahead' | 'asked' | 'module'} Door */
/**
 * @typedef {object} Assessment What a screening of the shop said.
 * @property {string} source
 * @property {Door} door
 * @property {string} verdict
 * @property {number} [score]
 * @property {readonly string[]} reasons
 * @property {number} [ms]
 * @property {{ good: number, fraud: number }} labelled
 * @property {number} [evidence]
 * @property {number} weight
 * @property {Without} [without]
 */
/**
 * @typedef {object} Explained What `GET /api/v1/transactions/{acsTransID}/decision` answers, as far as this page reads it.
 * @property {string} decidedBy
 * @property {{ name: string, hash?: string, isOfTheDay: boolean }} policy
 * @property {readonly Weighed[]} contributions
 * @property {readonly Weighed[]} silent
 * @property {readonly { id: string, kind: string, version: string, hash: string, contribution?: number }[]} scorers
 * @property {readonly Assessment[]} [assessments]
 * @property {readonly { door: Door, source?: string, text: InBoth }[]} [unheard]
 * @property {Without} [withoutAll]
 * @property {{ own: number, theirs: number, text: InBoth }} [conflict]
 * @property {readonly Named[]} steps
 * @property {readonly { id: string, text: InBoth, note?: string }[]} rules
 * @property {Readonly<Record<string, { weight: number, isEstablished: boolean, checks: readonly string[] }>>} families
 * @property {readonly Named[]} links
 * @property {readonly Named[]} riskEvents
 * @property {boolean} [isReplayed]
 * @property {{ smallest?: Way, others: readonly Way[], tried: number, missing?: InBoth }} counterfactual
 */
/** @typedef {Readonly<{ at: number, kind: string, title: InBoth, detail?: unknown }>} Happening */
/**
 * @typedef {object} Detail
 * @property {number} id
 * @property {number} at
 * @property {string} acsTransID
 * @property {string} threeDSServerTransID
 * @property {string} dsTransID
 * @property {string} messageVersion
 * @property {string} panMask
 * @property {string} card
 * @property {string} scheme
 * @property {string} [merchantName]
 * @property {string} [purchaseAmount]
 * @property {string} [purchaseCurrency]
 * @property {string} [purchaseExponent]
 * @property {string} transStatus
 * @property {string} [transStatusReason]
 * @property {string} decidedBy
 * @property {string} [resultStatus]
 * @property {string} [resultReason]
 * @property {string} [delivery]
 * @property {number} [durationMs]
 * @property {string} policy
 * @property {{ phase: string, verdict?: { planned?: { bent?: readonly { element: string, asked: string }[] } } }} [challenge]
 * @property {import('../../plan/words.js').Plan} [plan]
 * @property {Word} [engine] What the engine by itself would have answered.
 * @property {Word} [decision]
 * @property {string} [overrideProblem]
 * @property {{ scenario: string, code: string }} [nearMiss]
 * @property {readonly Message[]} messages
 * @property {readonly Decider[]} [deciders]
 * @property {Waterfall} [waterfall]
 * @property {Label} [label]
 * @property {readonly Happening[]} [timeline]
 */
/** @typedef {(key: keyof typeof import('../../texts/transaction.js').transactionTexts.en, values?: Readonly<Record<string, string | number>>) => string} T */

/** The text of the page's language. @param {App} app @param {InBoth | undefined} text */
export const inLanguage = (app, text) => text?.[app.lang] ?? ''

/** With a sign, and the minus of mathematics. @param {number} value */
export const signed = (value) => {
  const text = Math.abs(value).toFixed(2)
  return Number(text) === 0 ? '0.00' : `${value < 0 ? '−' : '+'}${text}`
}

/** A time that has passed, as people look at it. @param {number} ms */
export const passed = (ms) => {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}

/**
 * The word of a table that may not have it.
 * @param {unknown} table
 * @param {...string} path
 * @returns {string | undefined}
 */
export function wordOf(table, ...path) {
  let value = table
  for (const key of path) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
  }
  return typeof value === 'string' ? value : undefined
}
