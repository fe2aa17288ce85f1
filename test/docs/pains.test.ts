// The page of pains answers each of them: with something that shows it, or by saying that it is not there yet.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { repository } from './pages.ts'

const page = readFileSync(path.join(repository, 'docs', 'pains.md'), 'utf8')
const rows = page.split('\n').flatMap((line) => {
  const [, id, pain = '', answer = '', shown = ''] = /^\| (P\d+) \| (.+) \| (.+) \| (.+) \|$/.exec(line) ?? []
  return id === undefined ? [] : [{ id, pain, answer, shown }]
})

describe('the pains of today’s users', () => {
  test('are all there, in their order', () => {
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 45 }, (_, index) => `P${index + 1}`))
  })

  test.each(rows)('$id is answered by a test or a page, or said to be open', ({ answer, shown }) => {
    const targets = [...shown.matchAll(/\]\(([^)#]+)/g)].map(([, target = '']) => path.join(repository, 'docs', target))
    for (const target of targets) expect(existsSync(target), target).toBe(true)
    const isOpen = shown === '–' && /not yet/.test(answer)
    expect(isOpen || targets.some((target) => /\.test\.ts$/.test(target) || /\.md$/.test(target))).toBe(true)
  })
})
