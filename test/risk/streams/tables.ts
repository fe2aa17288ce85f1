/** What the streams look up: the made-up networks, and of the rest what needs no data. */
import { noTables, type Tables } from '../../../src/risk/tables.ts'
import { networkTables } from './world.ts'

export const streamTables: Tables = { ...noTables, networks: networkTables }
