// What is logged: never a card number, wherever it came from.
import { expect, test } from 'vitest'
import { createLog } from '../../src/start/house.ts'

test('an errorDetail, which repeats what the other party has chosen, is logged without card numbers', () => {
  const lines: string[] = []
  const log = createLog({ logLevel: 'info' }, { write: (line) => lines.push(line) })
  log.child({ tenant: 'mine' }).warn({ errorCode: '202', errorDetail: '4000000000007700,acctInfo' }, 'message refused')
  expect(lines.join('')).toContain('400000******7700,acctInfo')
  expect(lines.join('')).not.toContain('4000000000007700')
})
