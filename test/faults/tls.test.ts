// Faults among parties that meet over mTLS: the connections that are made by hand show the same certificates.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { areqOf } from '../emulators/support/loop.ts'
import { call } from '../network/support.ts'
import type { Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'

let sekisho: Running
beforeAll(async () => {
  sekisho = await running({ tls: true, mtlsPort: 0 })
})
afterAll(() => sekisho.close())

const ca = async (): Promise<string> => (await call(`${sekisho.acs}/ca.pem`, { rejectUnauthorized: false })).text

async function authenticated(rule: object): Promise<Members> {
  const secured = { ca: await ca() }
  const { status } = await call(`${sekisho.acs}/api/v1/faults`, { ...secured, body: rule })
  expect(status).toBe(201)
  const { threeDSServerURL: _url, notificationURL: _notify, ...areq } = areqOf('', { acctNumber: '4000000000005100' })
  return (await call(`${sekisho.shop}/3ds-server/authenticate`, { ...secured, body: { areq } })).json()
}

describe('over mTLS', () => {
  test.each(['3DSS-DS', 'DS-ACS'])('an AReq on %s drips, and arrives', async (link) => {
    const fault = { kind: 'drip', bytesPerSecond: 20_000 }
    expect(await authenticated({ link, message: 'AReq', fault })).toMatchObject({ transStatus: 'Y', settledBy: 'ARes' })
  })

  test.each(['drop', 'reset', 'truncate'])('an AReq meets %s twice: 405', async (kind) => {
    const settled = await authenticated({ link: 'DS-ACS', message: 'AReq', times: 2, fault: { kind } })
    expect(settled).toMatchObject({ settledBy: 'Erro', erro: { errorCode: '405', errorComponent: 'D' } })
  })

  test.each(['drop', 'reset'])(
    'an ARes meets %s once: the AReq comes again, and is refused as a repeat',
    async (kind) => {
      const settled = await authenticated({ link: 'ACS-DS', message: 'ARes', fault: { kind } })
      expect(settled).toMatchObject({ settledBy: 'Erro', erro: { errorCode: '312', errorComponent: 'A' } })
    },
  )
})
