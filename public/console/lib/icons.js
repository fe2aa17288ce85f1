// Line drawings on a grid of 20 × 20; the colour is that of the text.
import { svg } from './dom.js'

const paths = {
  list: 'M3 5h14M3 10h14M3 15h9',
  dashboard: 'M3 17V9m4.700 8V3m4.600 14v-6m4.700 6V6',
  inbox: 'M3 5.500h14v9.500H3zM3 6l7 5.500L17 6',
  desk: 'M6 2.500h8a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1zM7.500 9.500l2 2 3.200-3.700M9 15h2',
  cards: 'M2.500 4.500h15v11h-15zM2.500 8.500h15M5.500 12.500h4',
  scenarios: 'M10 3v4M10 7c0 4-5.500 2.500-5.500 7.500V17M10 7c0 4 5.500 2.500 5.500 7.500V17M10 7v10',
  policy: 'M10 3v14M5.500 17h9M3.500 6h13M3.500 6 1.500 11.500h4zM16.500 6l-2 5.500h4z',
  lint: 'M4 3.500h9l3 3v10H4zM7 9.500l2 2 4-4M7 14.500h6',
  elements: 'M5.500 3.500h11v13h-11a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2zM3.500 14.500a2 2 0 0 1 2-2h11M7.500 7h5.500',
  journal:
    'M4.500 3h9.500a1.500 1.500 0 0 1 1.500 1.500V17H6a1.500 1.500 0 0 1-1.500-1.500zM7.500 6.500h5M7.500 9.500h5M7.500 12.500h3',
  stubs: 'M5 3v14M5 4h9.500l-2.200 3.200 2.200 3.300H5',
  faults: 'M11 2.500 4.500 11.500H9.500L8.500 17.500 15.500 8.200H10.500z',
  tenants: 'M3 17V8l7-4.500L17 8v9M3 17h14M8 17v-5h4v5',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  transaction: 'M3 5h14M3 10h14M3 15h9',
  search: 'M9 3.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM13 13l4 4',
  filter: 'M3 5h14M5.500 10h9M8 15h4',
  pause: 'M7 4.500v11M13 4.500v11',
  play: 'M6.500 4.500v11l9-5.500z',
  close: 'M5 5l10 10M15 5 5 15',
  sun: 'M10 6.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7zM10 1.800v2M10 16.200v2M1.800 10h2M16.200 10h2M4.200 4.200l1.400 1.400M14.400 14.400l1.400 1.400M4.200 15.800l1.400-1.400M14.400 5.600l1.400-1.400',
  moon: 'M16.500 12A7 7 0 0 1 8 3.500a7 7 0 1 0 8.500 8.500z',
  auto: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 3v14M10 6h4.500M10 10h6.500M10 14h4.500',
  language: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM3 10h14M10 3c-5 4-5 10 0 14M10 3c5 4 5 10 0 14',
  shop: 'M4 7.500h12l-1 9.500H5zM7 7.500a3 3 0 0 1 6 0',
  right: 'M7.500 4.500 13 10l-5.500 5.500',
  left: 'M12.500 4.500 7 10l5.500 5.500',
  up: 'M10 16V4.500M5 9.500l5-5 5 5',
  copy: 'M7 7h9.500v9.500H7zM4 13H3.500V3.500H13V4',
  refresh: 'M16.500 10a6.500 6.500 0 1 1-2-4.700M16.500 2.800v3.700h-3.700',
  clock: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4.200l2.800 1.800',
}

/** @typedef {keyof typeof paths} IconName */

/** @param {IconName} name */
export const icon = (name) =>
  svg(
    'svg',
    { class: 'icon', viewBox: '0 0 20 20', width: 20, height: 20, 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: paths[name] }),
  )

/** The gate: two posts under a beam. */
export const mark = () =>
  svg(
    'svg',
    { class: 'mark', viewBox: '0 0 32 32', width: 26, height: 26, 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { class: 'posts', d: 'M7 12h4v16H7zM21 12h4v16h-4zM13 16h2.400v12H13zM16.600 16H19v12h-2.400z' }),
    svg('path', { class: 'beam', d: 'M2 6.500h28v3.400H2zM5 12.400h22v1.900H5z' }),
  )
