// AReqs of every version, channel and category for the HTTP tests: the minimal fixtures with new ids.

import type { Members } from '../support/messages.ts'
import { fixtureMessage } from '../support/spec-fixtures.ts'

/** Columns as their folders are named. */
export const columns = [
  ...['210', '220', '231'].flatMap((version) =>
    ['app', 'app-npa', 'browser', 'browser-npa', '3ri-npa'].map((column) => `${column}-${version}`),
  ),
  '3ri-220',
  '3ri-231',
] as const

export const areqOf = (column: string, change: Members = {}): Members => {
  const base = fixtureMessage(`areq-${column}`, 'base-minimal')
  const isApp = base.deviceChannel === '01'
  const areq: Members = {
    ...base,
    threeDSServerTransID: crypto.randomUUID(),
    dsTransID: crypto.randomUUID(),
    ...(isApp && { sdkTransID: crypto.randomUUID() }),
    ...change,
  }
  return Object.fromEntries(Object.entries(areq).filter(([, value]) => value !== undefined))
}

let cards = 0
/** A scripted card that no other test has used. */
export const cardEnding = (ending: string, stem = '4000003'): string => {
  cards += 1
  return `${stem}${String(cards).padStart(6, '0')}${ending}`
}
