// docs/lab-experiment.md: its table of keys, made of the schema of experiments. The rest of the page is written by hand. Run by `npm run docs`.
import { readFileSync } from 'node:fs'
import { experimentJsonSchema, experimentKeys, type Key } from '../lab/experiment/keys.ts'

export const experimentPageFile = new URL('../../docs/lab-experiment.md', import.meta.url)

const begin = '<!-- keys: made from src/lab/experiment/schema.ts by `npm run docs` -->'
const end = '<!-- /keys -->'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')

const row = ({ path, takes, usual, isRequired, about }: Key): string =>
  `| \`${path}\` | ${cell(takes)} | ${isRequired ? '*required*' : usual === '' ? '' : `\`${cell(usual)}\``} | ${cell(about)} |`

const table = (): string =>
  ['| Key | Takes | Default | What it does |', '| --- | --- | --- | --- |', ...experimentKeys().map(row)].join('\n')

/** The page with the table that belongs into it. */
export function experimentPage(): string {
  const page = readFileSync(experimentPageFile, 'utf8')
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error(`docs/lab-experiment.md needs ${begin} and ${end}`)
  return `${page.slice(0, from)}${begin}\n\n${table()}\n\n${page.slice(to)}`
}

/** For editors: an experiment. */
export const experimentSchemaFile = (): string => `${JSON.stringify(experimentJsonSchema(), null, 1)}\n`
