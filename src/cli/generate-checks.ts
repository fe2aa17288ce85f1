// Writes the list of checks: one line per file of src/risk/checks. Adding a check is one file, and one line in a policy.
import { readdirSync, writeFileSync } from 'node:fs'

const folder = new URL('../../src/risk/checks/', import.meta.url)
const target = new URL('../../src/risk/check-list.ts', import.meta.url)

const exported = (id: string): string => id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** The text of the list, from the names of the files. */
export function checkList(files: readonly string[]): string {
  const ids = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()
  return [
    '// Made by `npm run tables` from the files in checks/; do not edit.',
    "import type { Check } from './check.ts'",
    ...ids.map((id) => `import { ${exported(id)} } from './checks/${id}.ts'`),
    '',
    '/** All checks, by id. */',
    'export const checks: readonly Check[] = [',
    ...ids.map((id) => `  ${exported(id)},`),
    ']',
    '',
  ].join('\n')
}

export const checkFiles = (): readonly string[] => readdirSync(folder)

if (process.argv[1]?.endsWith('generate-checks.ts') === true) writeFileSync(target, checkList(checkFiles()))
