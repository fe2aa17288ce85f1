// The pages of the documentation as a test reads them: fences, headings, links. Information after the language of a
// fence says what it is to the test: `sh server` runs until the page ends, `answer` is what the block before prints,
// `elsewhere` is what some server of the page prints sooner or later.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('../..', import.meta.url))

export interface Fence {
  readonly line: number
  readonly language: string
  readonly info: string
  readonly text: string
}

export interface Page {
  /** From the root of the repository. */
  readonly name: string
  readonly text: string
  readonly fences: readonly Fence[]
  /** The page without what is inside fences, line by line. */
  readonly prose: readonly string[]
}

export function readPage(name: string, text: string): Page {
  const fences: Fence[] = []
  const prose: string[] = []
  let open:
    | { readonly mark: string; readonly line: number; readonly opening: string; readonly lines: string[] }
    | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const [, mark = '', opening = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? []
    if (open === undefined && mark !== '') open = { mark, line: index + 1, opening, lines: [] }
    else if (open !== undefined && mark.startsWith(open.mark) && opening.trim() === '') {
      const [language = '', ...info] = open.opening.trim().split(/\s+/)
      fences.push({ line: open.line, language, info: info.join(' '), text: open.lines.join('\n') })
      open = undefined
    } else if (open === undefined) {
      prose.push(line)
      continue
    } else open.lines.push(line)
    prose.push('')
  }
  if (open !== undefined) throw new Error(`${name}:${open.line}: a fence without an end`)
  return { name, text, fences, prose }
}

const markdownIn = (folder: string): readonly string[] =>
  readdirSync(path.join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.posix.join(folder, file.replaceAll(path.sep, '/')))

/** README, CHANGELOG and everything in docs/. */
export const pages = (): readonly Page[] =>
  ['README.md', 'CHANGELOG.md', ...markdownIn('docs'), ...markdownIn('examples')]
    .toSorted()
    .map((name) => readPage(name, readFileSync(path.join(repository, name), 'utf8')))

const commandWords = /^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(?:npm|npx|node|curl|docker|podman|git|cd|sed|openssl|sekisho)\b/m

/** Shell by its label, or, without one, by its words. */
export const isShell = ({ language, text }: Fence): boolean =>
  ['sh', 'bash', 'shell', 'console'].includes(language) || (language === '' && commandWords.test(text))
