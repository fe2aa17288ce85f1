// Bodies and fields of others, which may be anything.
import { isObject } from '../protocol/rules/conditions.ts'
import type { Members } from './world.ts'

/** The JSON object that a text is; undefined for everything else. */
export function objectIn(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
