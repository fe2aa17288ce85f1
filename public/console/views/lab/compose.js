// The text of an experiment, written from the fields of a form. Every value is quoted, so that none becomes YAML.

/**
 * @typedef {object} Wanted
 * @property {string} name
 * @property {string} question
 * @property {'en' | 'ja'} language Of the question.
 * @property {string} preset
 * @property {number} events
 * @property {string} seed
 * @property {'replay' | 'closedLoop'} mode
 * @property {readonly string[]} policies Names; the first one is the baseline.
 * @property {boolean} withAssessments
 * @property {boolean} withLayers
 */

/** A text of JSON is one of YAML. @param {string} text */
const quoted = (text) => JSON.stringify(text)

/** @param {Wanted} wanted */
export function yamlOf({
  name,
  question,
  language,
  preset,
  events,
  seed,
  mode,
  policies,
  withAssessments,
  withLayers,
}) {
  const words = question.trim()
  const lines = [
    `name: ${quoted(name)}`,
    // English is what everybody gets; who writes Japanese is read in both.
    ...(words === ''
      ? []
      : ['question:', `  en: ${quoted(words)}`, ...(language === 'ja' ? [`  ja: ${quoted(words)}`] : [])]),
    `seed: ${quoted(seed)}`,
    `mode: ${mode}`,
    'stream:',
    `  preset: ${quoted(preset)}`,
    `  events: ${events}`,
    'policies:',
    ...policies.map((policy) => `  - ${quoted(policy)}`),
    ...(withAssessments ? ['assessments: both'] : []),
    ...(withLayers ? ['ablate:', '  - each: layers'] : []),
  ]
  return `${lines.join('\n')}\n`
}
