// Tenants on every kind of port: one for all, behind a proxy with a path, and with TLS among servers.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { call, failure, freePort, reverseProxy } from '../network/support.ts'
import { browserAReq } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { ask, paid, paymentOf, tenantOf } from './support.ts'

const challengeCard = '4000000000007700'

/** A payment with a challenge in a tenant, by calls alone. */
async function paysWithChallenge(tenant: Running): Promise<void> {
  const { threeDSServerTransID, acsTransID, acsURL } = await paid(tenant, challengeCard)
  expect(acsURL).toBe(`${tenant.acs}/acs/challenge`)
  const at = `/transactions/${String(acsTransID)}/challenge`
  await ask(tenant, 'POST', at, { action: 'open' })
  const [mail] = (await ask(tenant, 'GET', '/inbox')).body.messages as readonly { readonly code: string }[]
  await ask(tenant, 'POST', at, { action: 'verify', otp: mail?.code })
  expect(await paymentOf(tenant, threeDSServerTransID)).toMatchObject({ transStatus: 'Y', settledBy: 'RReq' })
}

test('--single-port: every party of a tenant is below its path', async () => {
  const sekisho = await running({ singlePort: true })
  try {
    const blue = tenantOf(sekisho, 'blue')
    expect(blue.shop).toBe(blue.acs)
    await paysWithChallenge(blue)
    expect(await (await fetch(`${blue.acs}/shop`)).text()).toContain('/t/blue/shop/orders')
    expect((await ask(sekisho, 'GET', '/transactions')).body.transactions).toEqual([])
  } finally {
    await sekisho.close()
  }
})

test.each([true, false])('a proxy with a path in front (it strips the path: %s)', async (strips) => {
  const acsPort = await freePort()
  const shopPort = await freePort()
  const acs = await reverseProxy({ to: () => acsPort, path: '/sim', strips })
  const shop = await reverseProxy({ to: () => shopPort, path: '/store', strips })
  const adminToken = 'the-token-of-the-operator'
  const sekisho = await running({
    acsPort,
    shopPort,
    adminToken,
    trustProxy: 'loopback',
    publicUrl: `http://localhost:${acs.port}/sim`,
    shopPublicUrl: `http://localhost:${shop.port}/store`,
  })
  try {
    const headers = { authorization: `Bearer ${adminToken}` }
    const made = await ask(sekisho, 'PUT', '/tenants/blue', {}, headers)
    expect(made.body).toMatchObject({ url: `http://localhost:${acs.port}/sim/t/blue` })
    const blue = tenantOf(sekisho, 'blue')
    const { acsURL, acsTransID } = await paid(blue, challengeCard)
    expect(acsURL).toBe(`http://localhost:${acs.port}/sim/t/blue/acs/challenge`)
    expect((await ask(blue, 'GET', `/transactions/${String(acsTransID)}`, undefined, headers)).status).toBe(200)
    const page = await (await fetch(`${blue.acs}/console`)).text()
    expect(page).toContain('/sim/t/blue/console/assets')
  } finally {
    await sekisho.close()
    await Promise.all([acs.close(), shop.close()])
  }
})

test('--tls: messages of servers are taken on the mTLS port, with the certificate of the right party', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sekisho-'))
  const sekisho = await running({ tls: true, mtlsPort: 0, ephemeral: false, dataDir })
  try {
    const tlsFile = (name: string): string => readFileSync(path.join(dataDir, 'tls', name), 'utf8')
    const ca = tlsFile('ca.pem')
    const showing = (name: string) => ({ ca, cert: tlsFile(`client-${name}.pem`), key: tlsFile(`client-${name}.pem`) })
    const servers = `${sekisho.urls.servers}/t/blue`
    const answer = await call(`${servers}/acs/areq`, { ...showing('ds'), body: browserAReq() })
    expect(answer.json()).toMatchObject({ messageType: 'ARes' })
    expect((await call(`${servers}/acs/areq`, { ...showing('acs'), body: browserAReq() })).status).toBe(403)
    expect(await failure(call(`${servers}/acs/areq`, { ca, body: browserAReq() }))).toMatch(/ERR_SSL|ECONNRESET/)
    expect((await call(`${servers}/api/v1/tenant`, showing('ds'))).status).toBe(404)
    const turnedAway = await call(`${sekisho.acs}/t/blue/acs/areq`, { ca, body: browserAReq() })
    expect(turnedAway.status).toBe(403)
    expect(turnedAway.text).toContain(`${servers}/acs/areq`)
    // Its own parties meet there as well.
    const { json } = await call(`${sekisho.shop}/t/blue/3ds-server/versioning`, {
      ca,
      body: { acctNumber: challengeCard },
    })
    expect(json()).toMatchObject({ messageVersion: '2.3.1', cardRange: expect.anything() })
  } finally {
    await sekisho.close()
    rmSync(dataDir, { recursive: true })
  }
})
