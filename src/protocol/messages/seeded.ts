// Choices that a seed makes: the same for the same seed and key, whatever else is chosen.

/** FNV-1a over the text, its bits then mixed. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** One of `list`, which is not empty. */
export const pick = <T>(seed: number, key: string, list: readonly T[]): T =>
  list[hashOf(`${seed}:${key}`) % list.length] as T

/** A UUID v4 by form. */
export function uuidOf(seed: number, key: string): string {
  const hex = [0, 1, 2, 3].map((part) => hashOf(`${part}:${seed}:${key}`).toString(16).padStart(8, '0')).join('')
  const variant = '89ab'[hashOf(`variant:${seed}:${key}`) % 4]
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-')
}
