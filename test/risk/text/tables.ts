/** The tables as they are shipped. */
import { shippedTables } from '../../../src/start/tables.ts'

export const tables = shippedTables()
