// A webhook that waits for its receiver is sent after its process was killed: the same bytes, under the same id.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Service, secretOf, service } from '../hook/doors/support.ts'
import { browserAReq, type Members, post } from '../support/messages.ts'
import { build, freePort, newFolder, type Party, party, removeFolders, until } from './processes.ts'

const patience = 900_000 // ms, for a machine that has much else to do

let acs: Party | undefined
let receiver: Service
let takes = false
beforeAll(async () => {
  receiver = await service((res) => void res.writeHead(takes ? 204 : 503).end())
})
afterAll(async () => {
  await acs?.now().end('SIGKILL')
  await receiver.close()
  removeFolders()
})

test(
  'a webhook waits over a kill',
  async () => {
    const root = await build()
    const folder = newFolder()
    const sources = path.join(folder, 'sources.yaml')
    const webhook = `webhook: { url: '${receiver.url}/told', events: [decision] }`
    writeFileSync(
      sources,
      `sources:\n  - { name: beta, merchants: [SHOP-B], key: { secret: '${secretOf('b')}' }, ${webhook} }\n`,
    )
    const [acsPort, unused] = [await freePort(), await freePort()]
    const ports = ['--acs-port', String(acsPort), '--shop-port', String(unused)]
    const files = ['--data-dir', folder, '--hook-sources', sources]
    acs = party(root, acsPort, ['--only', 'acs', ...ports, ...files, '--log-level', 'error'])
    await acs.start()
    const base = `http://127.0.0.1:${acsPort}`
    const { body: ares } = await post(
      `${base}/acs/areq`,
      browserAReq({ acctNumber: '4111110000007777', acquirerMerchantID: 'SHOP-B' }),
    )
    expect(ares.messageType).toBe('ARes')
    const kept = async (): Promise<Members | undefined> => {
      const response = await fetch(`${base}/api/v1/hook/webhooks?acsTransID=${String(ares.acsTransID)}`)
      return ((await response.json()) as { webhooks: readonly Members[] }).webhooks[0]
    }
    await until('a try', async () => Number((await kept())?.tries) >= 1)
    expect(await kept()).toMatchObject({ state: 'waiting', source: 'beta' })
    await acs.now().end('SIGKILL')
    const [first] = receiver.calls
    takes = true
    const before = receiver.calls.length
    await acs.start()
    await until('the next try', () => receiver.calls.length > before)
    await until('its end', async () => (await kept())?.state === 'delivered')
    const last = receiver.calls.at(-1)
    expect(last?.body).toBe(first?.body)
    expect(last?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(first?.json).toMatchObject({ type: 'decision.made', data: { acsTransID: ares.acsTransID } })
    expect(receiver.calls.length).toBe(before + 1)
  },
  patience,
)
