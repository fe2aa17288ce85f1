// Rules of a policy name the kinds of challenge that the ACS has: the engine does not know the ACS, so the names stand there once more.
import { expect, test } from 'vitest'
import { challengeKinds } from '../../src/acs/challenge/kinds.ts'
import { challengeKinds as ofRules } from '../../src/risk/policy/rules.ts'

test('every kind that a rule may choose is one of the ACS, and none is missing', () => {
  expect([...ofRules].sort()).toEqual([...challengeKinds].sort())
})
