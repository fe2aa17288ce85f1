// The AReq cases of spec-fixtures/ against the parser; they are as many as those of all other messages.
import { testFixtures } from '../support/fixture-suite.ts'
import { aboutOf, fixtureFolders } from '../support/spec-fixtures.ts'

testFixtures(fixtureFolders.filter((folder) => aboutOf(folder).message === 'AReq'))
