// What a request says of itself: how it wants to be answered, by an HTTP header or a message extension. Pure.
import { isObject, type JsonObject } from '../../protocol/rules/conditions.ts'
import { nestsDeeper } from '../nesting.ts'
import { type Plan, planSchema } from '../plan.ts'

/** Its `data` is `{ "then": plan }`. Never critical: who does not know it ignores it. */
export const overrideExtension = 'sekisho.override'

export interface Override {
  readonly plan?: Plan | undefined
  /** Why it is not taken, for a person. */
  readonly problem?: string | undefined
}

/** Longer ones are no plan. */
const longest = 8_192

function written(
  header: string | undefined,
  areq: JsonObject,
): { readonly from: string; readonly value: unknown } | undefined {
  if (header !== undefined) {
    try {
      return { from: 'header', value: header.length > longest ? undefined : (JSON.parse(header) as unknown) }
    } catch {
      return { from: 'header', value: undefined }
    }
  }
  const extensions = Array.isArray(areq.messageExtension) ? (areq.messageExtension as unknown[]) : []
  const own = extensions.find((one) => isObject(one) && one.id === overrideExtension)
  if (!isObject(own)) return undefined
  return { from: 'messageExtension', value: isObject(own.data) ? own.data.then : undefined }
}

/** Undefined: it says nothing. The header goes before the extension. */
export function overrideOf(header: string | undefined, areq: JsonObject, isAllowed: boolean): Override | undefined {
  const found = written(header, areq)
  if (found === undefined) return undefined
  const { from, value } = found
  if (!isAllowed) return { problem: `${from}: overrides are not allowed here (--overrides, or PUT /api/v1/tenant)` }
  if (!isObject(value)) return { problem: `${from}: no plan in JSON` }
  if (nestsDeeper(value)) return { problem: `${from}: nested too deeply` }
  const result = planSchema.safeParse(value)
  if (result.success) return { plan: result.data }
  const [issue] = result.error.issues
  const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys : [])].join('.')
  // Names of members could be anything, also a card number (SEC-LOG-3).
  return {
    problem: `${from}: ${path.replace(/[0-9]{6,}/g, '***').slice(0, 200)}: ${issue?.message.replace(/[0-9]{6,}/g, '***').slice(0, 200) ?? 'not valid'}`,
  }
}
