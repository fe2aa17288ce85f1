// The table of operations in docs/admin-api.md, made of what the OpenAPI document is made of.
import { readFileSync } from 'node:fs'
import { tagOf } from '../http/admin/openapi.ts'
import { allOperations } from '../http/admin/operations.ts'

const page = new URL('../../docs/admin-api.md', import.meta.url)
const begin = '<!-- Operations, made from src/http/admin by `npm run docs`. -->'
const end = '<!-- End of the operations. -->'

const cell = (text: string): string => text.replaceAll('|', '\\|')

function table(): string {
  const tags = [...new Set(allOperations.map(tagOf))]
  const sections = tags.map((tag) =>
    [
      `**${tag}**`,
      '',
      '| Request | Method of the client | What it does |',
      '| --- | --- | --- |',
      ...allOperations
        .filter((one) => tagOf(one) === tag)
        .map(
          ({ id, method, path, summary }) => `| \`${method.toUpperCase()} ${path}\` | \`${id}\` | ${cell(summary)} |`,
        ),
    ].join('\n'),
  )
  return sections.join('\n\n')
}

/** The page as it is, with the table of today. */
export function adminApiPage(): string {
  const text = readFileSync(page, 'utf8')
  const [before, rest] = text.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error('docs/admin-api.md has no place for the operations')
  return `${before}${begin}\n\n${table()}\n\n${end}${after}`
}
