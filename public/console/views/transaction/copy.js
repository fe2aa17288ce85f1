import { copyButton } from '../../lib/copy.js'

/** @param {import('./shapes.js').App} app @param {import('./shapes.js').T} t @param {string} label @param {() => string} text @param {string} [testid] */
export const copy = (app, t, label, text, testid) =>
  copyButton(app, text, {
    label,
    done: t('copied'),
    failed: t('copyFailed'),
    ...(testid !== undefined && { testid }),
  })
