// AReqs for the bench: distinct transaction ids, a mix of cards, devices, addresses and shops. The same for every run.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

const cards = 2_000
const base = JSON.parse(
  readFileSync(new URL('../spec-fixtures/areq-browser-220/base-full.json', import.meta.url), 'utf8'),
) as Record<string, unknown>

const idMark = '00000000-0000-4000-8000-00000000000a'
const dsMark = '00000000-0000-4000-8000-00000000000b'

/** Text before, between and after the two ids of one AReq. */
type Template = readonly [string, string, string]

const templates: readonly Template[] = Array.from({ length: cards }, (_, i) => {
  const n = String(i).padStart(4, '0')
  const areq = {
    ...base,
    threeDSServerTransID: idMark,
    dsTransID: dsMark,
    dsURL: 'http://127.0.0.1:9/ds/rreq',
    acctNumber: `411111${n}000000`, // of a risk range: the engine decides, and the profiles learn
    email: `holder${i}@mail${i % 40}.example`,
    browserIP: `198.51.${100 + (i % 50)}.${i % 250}`,
    browserUserAgent: `Mozilla/5.0 (X11; Linux x86_64; rv:${100 + (i % 60)}.0) Gecko/20100101 Firefox/${100 + (i % 60)}.0`,
    browserScreenWidth: String(1000 + (i % 40) * 20),
    purchaseAmount: String(500 + ((i * 7919) % 30_000)),
    acquirerMerchantID: `SHOP-${i % 50}`,
    merchantName: `Shop ${i % 50}`,
    messageExtension: undefined,
    // No wish for a challenge: its timers and RReqs would be measured with the AReqs of a later round.
    threeDSRequestorChallengeInd: '01',
  }
  const [before = '', rest = ''] = JSON.stringify(areq).split(idMark)
  const [between = '', after = ''] = rest.split(dsMark)
  // Whichever id stands first in the text.
  return before.includes(dsMark) ? swap(before, rest) : [before, between, after]
})

function swap(before: string, after: string): Template {
  const [first = '', second = ''] = before.split(dsMark)
  return [first, second, after]
}

let at = 0
/** The text of the next AReq; 3.7 KB or so. */
export function nextAReq(): string {
  const [a, b, c] = templates[at % cards] ?? ['', '', '']
  at += 1
  return a + randomUUID() + b + randomUUID() + c
}
