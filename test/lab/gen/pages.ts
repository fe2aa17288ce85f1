/**
 * The tables of docs/lab-population.md, from the schema of the knobs and the presets. `npx tsx test/lab/gen/pages.ts` writes them; a
 * test holds the page against them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { configOf, patternIds, presetNames } from '../../../src/lab/gen/config.ts'
import { knobs, valueAt } from '../../../src/lab/gen/knobs.ts'

export const populationPage = 'docs/lab-population.md'
const presets = presetNames.map((name) => configOf(name))

const shown = (value: unknown): string =>
  value === null
    ? 'none'
    : Array.isArray(value)
      ? value.map((one) => (typeof one === 'object' && one !== null ? `(${shown(one)})` : String(one))).join(', ')
      : typeof value === 'object'
        ? Object.entries(value as object)
            .map(([name, one]) => `${name} ${shown(one)}`)
            .join(', ')
        : String(value)

/** Rows of text would fill the page; the preset's file shows them. */
const tooLong = 90
function cells(path: string): readonly string[] {
  const [first = '', ...others] = presets.map((preset) => {
    const text = shown(valueAt(preset, path))
    return text.length > tooLong ? 'see the file' : text
  })
  return [first, ...others.map((text) => (text === first ? '=' : text))]
}

const row = (list: readonly string[]): string => `| ${list.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
const head = (list: readonly string[]): readonly string[] => [row(list), row(list.map(() => '---'))]

function knobTable(section: string): string {
  const own = knobs.filter(({ path }) => (section === 'stream' ? !path.includes('.') : path.startsWith(`${section}.`)))
  const rows = own.map(({ path, description, unit, source }) =>
    row([`\`${path}\``, description, unit, ...cells(path), source]),
  )
  return [...head(['Knob', 'What it turns', 'Unit', ...presetNames, 'Source']), ...rows].join('\n')
}

function patternTable(): string {
  const rows = patternIds.map((id) => {
    const list = presets.map(({ attacks }) => attacks[id])
    const [japan] = list
    if (japan === undefined) throw new Error('no presets')
    const { report, least, pass } = japan
    const told =
      report === null
        ? 'nobody'
        : `${report.medianDays} d, σ ${report.sigma}; ${Math.round(100 * report.never)} % never`
    const doubles = list.map(({ doublesOn }) => doublesOn ?? '–').join(' / ')
    const often = list.map(({ per10k }) => String(per10k)).join(' / ')
    const passes = id === 'phishing_relay' ? 'by method' : String(pass)
    return row([`\`${id}\``, often, String(least), doubles, passes, told])
  })
  return [
    ...head([
      'Pattern',
      `Campaigns per 10,000 (${presetNames.join(' / ')})`,
      'At least',
      'Doubles on',
      'Passes a challenge',
      'Reported',
    ]),
    ...rows,
  ].join('\n')
}

export const sections = [
  'stream',
  'holders',
  'shops',
  'screenings',
  'challenge',
  'calendar',
  'attackers',
  'enumerations',
  'adapting',
] as const
export const tables: Readonly<Record<string, () => string>> = {
  ...Object.fromEntries(sections.map((section) => [section, () => knobTable(section)])),
  attacks: patternTable,
}

/** Puts each table between its marks. */
export function filled(page: string, all: Readonly<Record<string, () => string>>): string {
  return page.replace(/<!-- table (\S+) -->\n[\s\S]*?<!-- end -->/g, (whole, name: string) => {
    const table = all[name]
    return table === undefined ? whole : `<!-- table ${name} -->\n\n${table()}\n\n<!-- end -->`
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(populationPage, filled(readFileSync(populationPage, 'utf8'), tables))
