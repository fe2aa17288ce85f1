// What the ACS says when it fails inside.
import { afterEach, expect, test, vi } from 'vitest'
import { answered, challenged, codeOf, opened } from '../http/support.ts'
import { listeningDs } from '../support/ds.ts'
import { browserAReq, cresIn, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'

let sekisho: Running | undefined
afterEach(async () => {
  await sekisho?.close().catch(() => undefined)
})

test('a database that is gone after the AReq was validated is Erro 403, not a crash and not a hang (ACS-VAL-19, ACS-VAL-81)', async () => {
  sekisho = await running({ only: ['acs'] })
  await sekisho.store?.close()
  const areq = browserAReq()
  const { status, body } = await post(`${sekisho.acs}/acs/areq`, areq)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    messageType: 'Erro',
    errorCode: '403',
    errorComponent: 'A',
    errorMessageType: 'AReq',
    threeDSServerTransID: areq.threeDSServerTransID,
    dsTransID: areq.dsTransID,
  })
  expect(JSON.stringify(body)).not.toMatch(/sqlite|closed|stack/i)
})

test('a journal that cannot take the final CRes does not keep it from the browser', async ({ onTestFinished }) => {
  const ds = await listeningDs()
  onTestFinished(() => ds.close())
  sekisho = await running({ only: ['acs'] })
  const challenge = await challenged(sekisho, ds)
  const page = await opened(sekisho, challenge)
  const otp = await codeOf(sekisho, challenge)
  const { store } = sekisho
  if (store === undefined) throw new Error('an ACS has a store')
  const work = store.unit.bind(store)
  let refused = 0
  vi.spyOn(store, 'unit').mockImplementation((run) =>
    work((unit) =>
      run({
        ...unit,
        journal(entry) {
          if (entry.messageType !== 'CRes') return unit.journal(entry)
          refused += 1
          throw new Error('the disk is full')
        },
      }),
    ),
  )
  const end = await answered(sekisho, challenge, page, { otp })
  expect(refused).toBeGreaterThan(0)
  expect(end.status).toBe(200)
  expect(cresIn(end.page)).toMatchObject({ messageType: 'CRes', transStatus: 'Y', acsTransID: challenge.acsTransID })
  const metrics = await (await fetch(`${sekisho.acs}/metrics`)).text()
  expect(metrics).toContain('sekisho_failures_total{what="journal"} 1')
})
