// The rule ids of the handbook, and those of single elements of a message.
import { readFileSync } from 'node:fs'

const listed: readonly { readonly id: string }[] = JSON.parse(
  readFileSync(new URL('../../spec-fixtures/rules.json', import.meta.url), 'utf8'),
)
const ids = new Set(listed.map(({ id }) => id))

export const isRuleId = (id: string): boolean => ids.has(id) || /^(?:(?:A|C|R|P|O)RE[QS]|ERRO):[A-Za-z0-9.]+$/.test(id)
