// Every link and picture of the documentation leads somewhere: files that are there, headings that are there.
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Page, pages, readPage, repository } from './pages.ts'

const all = pages()

/** As GitHub names a heading; the second of the same name gets -1, and so on. */
function anchorsOf({ prose }: Page): ReadonlySet<string> {
  const found = new Map<string, number>()
  const anchors = new Set<string>()
  for (const line of prose) {
    const [, heading] = /^#{1,6}\s+(.*?)\s*#*$/.exec(line) ?? []
    if (heading === undefined) continue
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '')
    const anchor = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-')
    const before = found.get(anchor) ?? 0
    found.set(anchor, before + 1)
    anchors.add(before === 0 ? anchor : `${anchor}-${before}`)
  }
  return anchors
}

const linksOf = ({ prose }: Page): readonly { readonly line: number; readonly target: string }[] =>
  prose.flatMap((text, index) =>
    [
      ...text
        .replace(/`[^`]*`/g, '')
        .matchAll(
          /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|<(?:img|source|a)\b[^>]*?\b(?:src|srcset|href)="([^"]+)"/g,
        ),
    ].map(([, inline, html]) => ({ line: index + 1, target: inline ?? html ?? '' })),
  )

function problem(page: Page, target: string): string | undefined {
  if (/^(?:https?|mailto):/.test(target)) return undefined
  const [file = '', anchor] = decodeURIComponent(target).split('#')
  const name = file === '' ? page.name : path.posix.join(path.posix.dirname(page.name), file)
  const found = path.join(repository, name)
  if (name.startsWith('..') || !existsSync(found)) return 'is not there'
  if (anchor === undefined || statSync(found).isDirectory()) return undefined
  const there = all.find((other) => other.name === name) ?? readPage(name, readFileSync(found, 'utf8'))
  return anchorsOf(there).has(anchor) ? undefined : 'has no such heading'
}

describe('the links of the documentation', () => {
  test.each(all.map((page) => [page.name, page] as const))('%s leads to what is there', (_, page) => {
    const broken = linksOf(page).flatMap(({ line, target }) => {
      const what = problem(page, target)
      return what === undefined ? [] : [`${page.name}:${line}: ${target} ${what}`]
    })
    expect(broken).toEqual([])
  })

  test('pictures say in words what they show', () => {
    const silent = all.flatMap(({ name, prose }) =>
      prose.flatMap((text, index) => (/!\[\s*\]\(/.test(text) ? [`${name}:${index + 1}`] : [])),
    )
    expect(silent).toEqual([])
  })

  test('every page of docs is named by the index', () => {
    const index = all.find(({ name }) => name === 'docs/README.md')
    const named = new Set(
      linksOf(index ?? readPage('', '')).map(({ target }) => path.posix.join('docs', target.split('#')[0] ?? '')),
    )
    const missing = all.filter(
      ({ name }) =>
        name.startsWith('docs/') &&
        !name.startsWith('docs/decisions/') &&
        name !== 'docs/README.md' &&
        !named.has(name),
    )
    expect(missing.map(({ name }) => name)).toEqual([])
  })
})
