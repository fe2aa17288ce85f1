// The theme of an issuer as the values of tokens.css; colours come from the checked table.
import { inkOn } from '../../acs/brand.ts'
import type { IssuerBrand } from '../../acs/issuer.ts'

type Theme = IssuerBrand['theme']

const corners: Readonly<Record<Theme['corners'], string>> = { square: '2px', soft: '8px', round: '22px' }
const fonts: Readonly<Record<Theme['type'], string>> = { sans: 'inherit', serif: 'var(--serif)' }
const bars: Readonly<Record<Theme['bar'], string>> = {
  plain: '--timber:var(--sunk);--on-timber:var(--text);--beam:var(--line);',
  filled: '--timber:var(--indigo);--on-timber:var(--on-indigo);--beam:var(--indigo);',
  lined: '--timber:var(--paper);--on-timber:var(--text);--beam:var(--indigo);',
}

function accentCss(accent: string): string {
  const ink = inkOn(accent)
  // Away from the ink: what is pressed reads even better.
  const pressed = `color-mix(in srgb,${accent} 84%,${ink === '#ffffff' ? '#000' : '#fff'})`
  return `--indigo:${accent};--indigo-deep:${pressed};--on-indigo:${ink};--link:${accent};--vermilion:${accent};`
}

/** After tokens.css, within the same style element. */
export const themeCss = ({ accent, accentDark, bar, corners: corner, type }: Theme): string =>
  `:root{${accentCss(accent)}${bars[bar]}--corner:${corners[corner]};--head:${fonts[type]}}` +
  `@media (prefers-color-scheme:dark){:root{${accentCss(accentDark)}}}`
