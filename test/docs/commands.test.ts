// Every command of the documentation is run here as a reader would run it, and prints what the page says it prints.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { addLab } from '../../src/cli/lab.ts'
import { flagName, settingNames } from '../../src/config.ts'
import { type Copy, copyRepository } from './copy.ts'
import { type Fence, isShell, type Page, pages, repository } from './pages.ts'
import { jsonDifferences, textDifferences } from './shape.ts'
import { openShell } from './shell.ts'

/** Blocks that are not run here, by page and first line, each with its reason; `instead` runs as a server. */
const notRun: readonly {
  readonly page: string
  readonly block: string
  readonly why: string
  readonly instead?: string | undefined
}[] = [
  {
    page: 'README.md',
    block: 'npm ci && npm start',
    why: 'CI runs npm ci and npm test themselves on every change; what npm start starts, runs below',
    instead: 'npm start',
  },
  {
    page: 'docs/quick-start.md',
    block: 'npm ci && npm start',
    why: 'CI runs npm ci; npm start runs for README.md, and here what it starts',
    instead: 'node dist/cli/main.js',
  },
  {
    page: 'docs/attack-patterns.md',
    block: 'npx tsx test/risk/streams/tune.ts --first 1 --seeds 10',
    why: 'test/risk/streams/streams.test.ts runs the same ten streams',
  },
  {
    page: 'docs/hook-mapping.md',
    block: 'export SEKISHO_HOOK_KEY=',
    why: 'not everybody has Python; test/hook/clients runs the same where it is',
  },
  ...[
    'echo "SEKISHO_ADMIN_TOKEN=',
    'SEKISHO_SMTP_URL=smtp://mail:1025 docker compose',
    'docker build -t sekisho .',
    'docker run --rm -p 127.0.0.1:9440:9440 -p 127.0.0.1:9441:9441',
  ].map((block) => ({
    page: 'docs/container.md',
    block,
    why: 'no container engine here; container.test.ts runs what the image would run',
    instead: undefined,
  })),
]

const exceptionOf = (page: Page, { text }: Fence) =>
  notRun.find(({ page: name, block }) => name === page.name && text.startsWith(block))

/** `npm start` builds and then runs this; once built, the building can be left out. README.md runs the whole of it. */
const quickStart = (text: string): string => text.replace(/\bnpm start(?: --)?/g, 'node dist/cli/main.js serve')

const all = pages()
const withCommands = all.filter(({ fences }) => fences.some(isShell))

/** Pages with programs that start programs themselves, then those with the most commands: none is left alone at the end. */
const longestFirst = withCommands.toSorted((a, b) => workOf(b) - workOf(a))

function workOf({ fences }: Page): number {
  const text = fences.filter(isShell).map((fence) => fence.text)
  const runs = text.filter((block) => /^npx |^npm ci/.test(block)).length
  return 100 * runs + text.join('\n').split('\n').length
}

/** Pages side by side, each in a copy with ports of its own. */
const sideBySide = 2
const copies: Copy[] = []
const free: Copy[] = []
const waiting: ((copy: Copy) => void)[] = []
beforeAll(async () => {
  for (let count = 0; count < sideBySide; count += 1) copies.push(await copyRepository())
  free.push(...copies)
}, 400_000) // copies and builds, on a busy machine
afterAll(() => Promise.all(copies.map((copy) => copy.remove())))

async function inCopy(work: (copy: Copy) => Promise<void>): Promise<void> {
  const copy = free.pop() ?? (await new Promise<Copy>((resolve) => void waiting.push(resolve)))
  try {
    await work(copy)
  } finally {
    const next = waiting.shift()
    if (next === undefined) free.push(copy)
    else next(copy)
  }
}

const about = (page: Page, fence: Fence, printed: string): string =>
  `${page.name}:${fence.line}\n${fence.text}\n${'-'.repeat(40)}\n${printed.slice(0, 4_000)}`

async function walk(page: Page, copy: Copy): Promise<void> {
  const { folder: cwd, env, rewrite } = copy
  const servers = page.fences.filter((fence) => isShell(fence) && fence.info.includes('server'))
  const isStarted = servers.length > 0 || notRun.some(({ page: name, instead }) => name === page.name && instead)
  const shell = await openShell({ cwd, env })
  let last = ''
  let ended = 0
  try {
    // A page that starts nothing is about a Sekisho that runs already.
    const hasWork = page.fences.some((fence) => isShell(fence) && exceptionOf(page, fence) === undefined)
    if (!isStarted && hasWork) await shell.serve(quickStart('npm start'))
    for (const fence of page.fences) {
      const text = rewrite(fence.text)
      if (isShell(fence)) {
        const exception = exceptionOf(page, fence)
        if (exception !== undefined) {
          if (exception.instead !== undefined) last = await shell.serve(exception.instead)
        } else if (fence.info.includes('server')) last = await shell.serve(quickStart(text))
        else {
          const { code, stdout, stderr } = await shell.run(text)
          expect(code, about(page, fence, `${stdout}\n${stderr}\n${shell.served()}`)).toBe(0)
          last = stdout
        }
      } else if (fence.info.includes('answer')) {
        const found = fence.language === 'json' ? jsonDifferences(text, last) : textDifferences(text, last)
        expect(found, about(page, fence, last)).toEqual([])
      } else if (fence.info.includes('elsewhere')) {
        await vi.waitFor(() => expect(textDifferences(text, shell.served()), about(page, fence, '')).toEqual([]), {
          timeout: 15_000,
          interval: 50,
        })
      }
    }
  } finally {
    ended = await shell.close()
    await copy.tidy()
  }
  expect(ended, `${page.name}: servers that ended by themselves`).toBe(0)
}

describe('the commands of the documentation', () => {
  test.concurrent.each(longestFirst.map((page) => [page.name, page] as const))(
    '%s: every command does what the page says',
    async (_, page) => inCopy((copy) => walk(page, copy)),
    600_000, // a page may run a browser, on a busy machine, and waits for those before it
  )

  test('what is not run is still there, and has a reason', () => {
    for (const { page: name, block, why } of notRun) {
      const page = all.find((candidate) => candidate.name === name)
      expect(
        page?.fences.some(({ text }) => text.startsWith(block)),
        `${name}: ${block}`,
      ).toBe(true)
      expect(why).not.toBe('')
    }
  })

  test('an answer follows the command that it belongs to', () => {
    for (const page of all)
      for (const [index, fence] of page.fences.entries()) {
        if (!fence.info.includes('answer')) continue
        const before = page.fences[index - 1]
        expect(before !== undefined && isShell(before), `${page.name}:${fence.line}`).toBe(true)
      }
  })
})

describe('what the prose of the documentation names', () => {
  const scripts = (
    JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  ).scripts
  const spans = all.flatMap(({ name, prose }) =>
    [...prose.join('\n').matchAll(/`([^`]+)`/g)].map(([, span = '']) => ({ name, span: span.replace(/\s+/g, ' ') })),
  )

  test('are scripts that exist', () => {
    const named = spans.flatMap(({ name, span }) =>
      [...span.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => `${name}: ${script}`),
    )
    expect(named.filter((line) => scripts[line.split(': ')[1] ?? ''] === undefined)).toEqual([])
  })

  test('are settings that exist', () => {
    const known = new Set([...settingNames.map(flagName), ...otherFlags, ...labFlags()])
    const wrong = spans.flatMap(({ name, span }) =>
      [...span.matchAll(/(?<![\w-])--[a-z][\w-]*/g)]
        .filter(([flag]) => !known.has(flag))
        .map(([flag]) => `${name}: ${flag}`),
    )
    expect(wrong).toEqual([])
  })
})

/** Those of the commands of the lab, as they tell them themselves. */
function labFlags(): readonly string[] {
  const program = new Command()
  addLab(program)
  const flagsOf = (command: Command): readonly string[] => [
    ...command.options.flatMap(({ long }) => long ?? []),
    ...command.commands.flatMap(flagsOf),
  ]
  return flagsOf(program)
}

/** Flags of commands and of other programs. */
const otherFlags = [
  ...['--help', '--config', '--version', '--older-than-days'],
  ...['--only', '--write', '--latency', '--rounds', '--seconds', '--connections', '--count', '--stored', '--rate'], // npm run bench and bench:console
  ...['--seed', '--http'], // npm run fuzz, npm run mutants
  ...['--role', '--name', '--out'], // sekisho tls client
  ...['--json', '--show', '--lang', '--channel', '--category', '--leg', '--message-version'], // sekisho lint
  ...['--areq-url', '--results-listen', '--public-results-url', '--cards', '--otp', '--cert', '--key', '--ca'],
  ...[
    '--url',
    '--tenant',
    '--token',
    '--card',
    '--merchant',
    '--match',
    '--then',
    '--ending',
    '--rreq',
    '--times',
    '--email',
  ],
  ...['--wait', '--transaction', '--code', '--clock', '--keep-scenarios'], // sekisho stub, inbox, reset …
  ...['--type', '--link', '--where', '--last', '--canonical', '--strict-ids', '--times', '--ignore'], // sekisho tail, verify, diff …
  ...['--rules', '--values', '--patient', '--junit'], // sekisho conformance
  ...['--include', '--install', '--profile', '--omit', '--build', '--volumes', '--save-dev'], // npm, xcode-select, docker compose
]
