/** Packs a list of address blocks, one a line, as the risk engine carries them: tsx src/cli/pack-networks.ts list.txt list.bin */
import { readFileSync, writeFileSync } from 'node:fs'
import { listOf, packed } from '../risk/net/ranges.ts'

const [from, to] = process.argv.slice(2)
if (from === undefined || to === undefined) throw new Error('which list, and where to')
const ranges = listOf(readFileSync(from, 'utf8'))
writeFileSync(to, packed(ranges))
console.log(`${ranges.v4.from.length} spans of IPv4 in ${to}`)
