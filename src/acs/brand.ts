// How an issuer looks: which one it is, and whether what it looks like can be read (WCAG 2, 1.4.3: text needs 4.5 to 1).
import type { IssuerBrand } from './issuer.ts'

/** Papers that accents are written on, in light and in dark: `--paper` of the pages. */
export const papers = { light: '#ffffff', dark: '#161b29' } as const
export const readable = 4.5

/** Relative luminance. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Of two colours such as #1f6f5c; 1 to 21. */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

/** White or nearly black, whatever reads better on it. */
export const inkOn = (ground: string): string =>
  contrast(ground, '#ffffff') >= contrast(ground, '#10141f') ? '#ffffff' : '#10141f'

/** The issuer of a card's range; the usual one where there is none, or none any more. */
export function brandOf(issuers: readonly IssuerBrand[], id: string | undefined): IssuerBrand {
  const found = issuers.find((issuer) => issuer.id === id) ?? issuers[0]
  if (found === undefined) throw new Error('an issuer is needed') // the table has at least one
  return found
}
