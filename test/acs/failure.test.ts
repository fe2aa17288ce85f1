// What the ACS says when it fails inside.
import { afterEach, expect, test } from 'vitest'
import { browserAReq, post } from '../support/messages.ts'
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
