import { expect, test } from 'vitest'
import { canonicalLines } from '../../src/journal/canonical.ts'
import type { Entry } from '../../src/journal/entry.ts'

const id = '8a880dc0-d2d2-4067-bcb1-b08d1690b26e'
const entry = (row: number, at: number, link: Entry['link'], message: Entry['message']): Entry =>
  ({ id: row, at, by: 'ACS', link, message, threeDSServerTransID: id }) as Entry
const alert = { alert: { reason: 'unusual' }, channel: 'email' }

const linksOf = (entries: readonly Entry[]): readonly string[] =>
  [...canonicalLines({ entries, transactions: [], places: {}, isFrozen: true })]
    .map((line) => JSON.parse(line) as { link?: string; message?: { messageType?: string; alert?: unknown } })
    .flatMap(({ link, message }) =>
      link === undefined ? [] : [message?.messageType ?? (message?.alert ? 'alert' : link)],
    )

test('an alert stands behind what happened in its own instant, and before what came later, whoever was first on the wire', () => {
  const areq = entry(1, 1_000, 'DS→ACS', { messageType: 'AReq' })
  const rreq = entry(2, 2_000, 'ACS→DS', { messageType: 'RReq' })
  const told = entry(3, 2_000, 'ACS→mail', alert)
  const rres = entry(4, 2_000, 'DS→ACS', { messageType: 'RRes' })
  const later = entry(5, 3_000, 'ACS→mail', { channel: 'email' })
  const wanted = ['AReq', 'RReq', 'RRes', 'alert', 'ACS→mail']
  expect(linksOf([areq, rreq, told, rres, later])).toEqual(wanted)
  expect(linksOf([areq, told, rreq, rres, later])).toEqual(wanted)
  expect(linksOf([areq, rreq, rres, told, later])).toEqual(wanted)
})
