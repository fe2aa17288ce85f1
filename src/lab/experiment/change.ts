/** A policy with one thing changed: a part left out, or its thresholds moved. Pure: text in, text out. */
import { parse, stringify } from 'yaml'
import type { Layer } from './schema.ts'
import type { Change } from './summary.ts'

type Members = Record<string, unknown>
type Thresholds = { challenge: number; reject: number }

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const membersOf = (value: unknown): Members => (isMembers(value) ? value : {})
const listOf = (value: unknown): readonly Members[] => (Array.isArray(value) ? value.filter(isMembers) : [])
/** Sums of decimal steps, without what floating point leaves behind. */
export const tidy = (value: number): number => Number(value.toFixed(9))

/** Read once: what parts a policy has. */
export type Parts = {
  readonly checks: readonly string[]
  readonly scorers: readonly string[]
  readonly layers: readonly Layer[]
}

/** A layer that is there by default and says nothing is none. */
export function partsOf(text: string): Parts {
  const policy = membersOf(parse(text))
  const isThere = (layer: Layer): boolean => {
    const part = policy[layer]
    return Array.isArray(part) ? part.length > 0 : Object.keys(membersOf(part)).length > 0
  }
  const order: readonly Layer[] = [
    'checks',
    'scorers',
    'scorecard',
    'assessments',
    'segments',
    'rules',
    'limits',
    'tra',
  ]
  return {
    checks: Object.keys(membersOf(policy.checks)),
    scorers: listOf(policy.scorers).map(({ id }) => String(id)),
    layers: order.filter(isThere),
  }
}

/** Whether the policy has thresholds that can be moved: where prices decide, there are none. */
export function decidesByPrices(text: string): boolean {
  const policy = membersOf(parse(text))
  return policy.costs !== undefined || listOf(policy.segments).some(({ costs }) => costs !== undefined)
}

function withoutLayer(policy: Members, layer: Layer): void {
  switch (layer) {
    case 'checks':
      policy.checks = {}
      return
    case 'scorers':
    case 'scorecard':
    case 'segments':
    case 'rules':
      policy[layer] = []
      return
    case 'assessments':
    case 'limits':
    case 'tra':
      delete policy[layer]
  }
}

/** Every pair of thresholds of the policy. A challenge that would begin above the declines takes them along. */
function eachThresholds(policy: Members, change: (before: Thresholds) => Thresholds): void {
  const changed = (value: unknown): Thresholds => {
    const { challenge, reject } = membersOf(value)
    const after = change({ challenge: Number(challenge), reject: Number(reject) })
    return { challenge: tidy(after.challenge), reject: tidy(Math.max(after.challenge, after.reject)) }
  }
  policy.thresholds = changed(policy.thresholds)
  for (const segment of listOf(policy.segments))
    if (segment.thresholds !== undefined) segment.thresholds = changed(segment.thresholds)
}

/** The text of the policy with the change; changes that are none of the policy's leave it as it is. */
export function changed(text: string, change: Change): string {
  if (change.what === 'hears') return text
  const policy = membersOf(parse(text))
  switch (change.what) {
    case 'check':
      delete membersOf(policy.checks)[change.left]
      break
    case 'scorer':
      policy.scorers = listOf(policy.scorers).filter(({ id }) => id !== change.left)
      break
    case 'layer':
      withoutLayer(policy, change.left)
      break
    case 'thresholds': {
      const own = membersOf(policy.thresholds)
      const byChallenge = change.challenge - Number(own.challenge)
      const byReject = change.reject - Number(own.reject)
      eachThresholds(policy, ({ challenge, reject }) => ({
        challenge: challenge + byChallenge,
        reject: reject + byReject,
      }))
      break
    }
    case 'shift':
      eachThresholds(policy, ({ challenge, reject }) => ({
        challenge: challenge + change.by,
        reject: change.of === 'all' ? reject + change.by : reject,
      }))
  }
  return stringify(policy, { lineWidth: 0 })
}
