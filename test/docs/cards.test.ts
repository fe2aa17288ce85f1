// The page to print says what each card does; here each card does it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserAReq, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { pages } from './pages.ts'

const page = pages().find(({ name }) => name === 'docs/cards.md')
const rows = [...(page?.text ?? '').matchAll(/^\| `([\d ]{13,})` \| (.+) \|$/gm)].map(([, card = '', text = '']) => ({
  acctNumber: card.replaceAll(' ', ''),
  text,
}))

/** The outcome that a row promises whatever is bought; undefined: it depends. */
function promised(text: string): { readonly transStatus: string; readonly transStatusReason?: string } | undefined {
  if (text.includes('always **challenged**')) return { transStatus: 'C' }
  const [, letter, reason] = /(?:\*\*([YNAURID])\*\*(?: with reason (\d\d))?)/.exec(text) ?? []
  const [, state, why] = /: ([NR]), reason (\d\d)$/.exec(text) ?? []
  const transStatus = letter ?? state
  const transStatusReason = reason ?? why
  if (transStatus === undefined) return undefined
  return { transStatus, ...(transStatusReason !== undefined && { transStatusReason }) }
}
const fixed = rows.flatMap(({ acctNumber, text }) => {
  const outcome = promised(text)
  return outcome === undefined ? [] : [{ acctNumber, text, outcome }]
})

describe('a card of the page about cards', () => {
  let sekisho: Running
  beforeAll(async () => {
    sekisho = await running()
  })
  afterAll(() => sekisho.close())

  test('is read by this test, unless what it does depends on the purchase', () => {
    expect(rows.length).toBeGreaterThanOrEqual(13)
    expect(rows.length - fixed.length).toBe(3)
  })

  test.each(fixed)('$acctNumber does what the page says: $text', async ({ acctNumber, text, outcome }) => {
    const threeDSRequestorChallengeInd = text.includes('05, 06 or 07') ? '05' : '01'
    const decoupled = { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00060' }
    const { body } = await post(
      `${sekisho.acs}/acs/areq`,
      browserAReq({ acctNumber, threeDSRequestorChallengeInd, ...(text.includes('DecReqInd') && decoupled) }),
    )
    expect(body).toMatchObject({ messageType: 'ARes', ...outcome })
  })

  test('that has no history is challenged by the engine', async () => {
    const { body } = await post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber: '3566000000000018' }))
    expect(body).toMatchObject({ messageType: 'ARes', transStatus: 'C' })
  })
})
