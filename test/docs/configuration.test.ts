// The page about settings is made from their schema; this says when it is not, and when the schema for editors is wrong.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { generated } from '../../src/cli/generate-docs.ts'
import { envName, flagName, settingNames } from '../../src/config.ts'

describe('what `npm run docs` makes', () => {
  test.each(generated.map(({ file, make }) => [file.pathname.split('/').at(-1) ?? '', file, make] as const))(
    '%s is current',
    (_, file, make) => {
      expect(readFileSync(file, 'utf8')).toBe(make())
    },
  )

  test('names every setting as flag, as variable and as name, once', () => {
    const page = generated[0]?.make() ?? ''
    const rows = page.split('\n').filter((line) => line.startsWith('| `--'))
    expect(rows).toHaveLength(settingNames.length)
    for (const name of settingNames) {
      const found = rows.filter((line) => new RegExp(`^\\| \`${flagName(name)}( …)?\`<br>`).test(line))
      expect(found, name).toHaveLength(1)
      expect(found[0]).toContain(`<br>\`${envName(name)}\`<br>\`${name}\` |`)
    }
  })
})

describe('the schema for editors', () => {
  const schema = z.fromJSONSchema(JSON.parse(generated[1]?.make() ?? '{}') as Parameters<typeof z.fromJSONSchema>[0])

  test.each([
    ['names as in the schema', { acsPort: 8440, only: ['acs', 'ds'], validation: 'strict', ephemeral: true }, true],
    ['names as in flags', { 'acs-port': '8440', '3ds-server-url': 'http://127.0.0.1:9441/3ds-server' }, true],
    ['a name that is no setting', { acsPorts: 8440 }, false],
    ['a value that is none of the list', { validation: 'loose' }, false],
    ['a port in words', { acsPort: 'http' }, false],
  ])('takes or refuses %s', (_, settings, isTaken) => {
    expect(schema.safeParse(settings).success).toBe(isTaken)
  })
})
