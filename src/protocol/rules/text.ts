// Measures of texts and of JSON values. Spec: Annex A, ACS-VAL-68, ACS-VAL-83, ACS-VAL-84.

/** Length in characters, not in UTF-16 units (ACS-VAL-68). */
export function lengthOf(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit <= 0xdbff) length -= 1
  }
  return length
}

/** Whether a text has at least `min` and at most `max` characters. */
export function hasLength(text: string, min: number, max: number): boolean {
  const units = text.length
  if (units < min) return false
  if (units <= max && (min < 2 || units >= 2 * min)) return true
  if (units > 2 * max) return false
  const length = lengthOf(text)
  return length >= min && length <= max
}

/** What is left of `room` after the value's JSON, counted generously; negative: it may be too long. */
function roomAfter(value: unknown, room: number): number {
  if (room < 0) return room
  switch (typeof value) {
    case 'string':
      return room - 6 * value.length - 2 // every unit might be escaped
    case 'number':
      return room - 25
    case 'object': {
      if (value === null) return room - 4
      let left = room - 2
      if (Array.isArray(value)) {
        for (const entry of value) {
          left = roomAfter(entry, left - 1)
          if (left < 0) return left
        }
        return left
      }
      const object = value as Readonly<Record<string, unknown>>
      for (const name in object) {
        left = roomAfter(object[name], left - 6 * name.length - 4)
        if (left < 0) return left
      }
      return left
    }
    default:
      return room - 5
  }
}

/** Whether the compact JSON of the value has at most `max` characters (ACS-VAL-83, ACS-VAL-84). */
export const isAtMost = (value: unknown, max: number): boolean =>
  roomAfter(value, max) >= 0 || hasLength(JSON.stringify(value), 0, max)

/** The JSON of a value with its members in alphabetical order: the same for values that say the same. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const object = value as Readonly<Record<string, unknown>>
  const members = Object.keys(object)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(object[name])}`)
  return `{${members.join(',')}}`
}

/** Whether two values say the same; members in any order. */
function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false
    return one.every((entry, index) => isEqual(entry, other[index]))
  }
  const [a, b] = [one as Readonly<Record<string, unknown>>, other as Readonly<Record<string, unknown>>]
  for (const name in a) if (!Object.hasOwn(b, name) || !isEqual(a[name], b[name])) return false
  return Object.keys(a).length === Object.keys(b).length
}

/** Up to here every entry is compared with every other; most differ in their first member. */
const fewEntries = 16

/** Position of the first entry that an earlier one equals (ACS-VAL-38). */
export function repeatedAt(entries: readonly unknown[]): number | undefined {
  if (entries.length <= fewEntries) {
    for (let at = 1; at < entries.length; at += 1)
      for (let before = 0; before < at; before += 1) if (isEqual(entries[before], entries[at])) return at
    return undefined
  }
  const seen = new Set<string>()
  for (const [index, entry] of entries.entries()) {
    const key = canonical(entry)
    if (seen.has(key)) return index
    seen.add(key)
  }
  return undefined
}
