// The cases of spec-fixtures/ against the parser, all messages but AReq. The fixtures come from the rules, not from the element table.
import { testFixtures } from '../support/fixture-suite.ts'
import { aboutOf, fixtureFolders } from '../support/spec-fixtures.ts'

testFixtures(fixtureFolders.filter((folder) => aboutOf(folder).message !== 'AReq'))
