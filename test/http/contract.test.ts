// The fixed paths and the HTTP answers that every client may rely on.
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserAReq } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'

let sekisho: Running

beforeAll(async () => {
  sekisho = await running()
})

afterAll(async () => {
  await sekisho.close()
})

describe('the ACS port', () => {
  test.each([
    ['/health/live', 200, /json/],
    ['/health/ready', 200, /json/],
    ['/metrics', 200, /text\/plain/],
    ['/', 200, /html/],
    ['/inbox', 200, /html/],
    ['/api/v1/transactions', 200, /json/],
    ['/api/v1/scenarios', 200, /json/],
    ['/api/v1/policy', 200, /json/],
    ['/api/v1/nothing', 404, /json/],
    ['/nothing', 404, /text\/plain/],
  ])('answers GET %s with %i', async (path, status, type) => {
    await request(sekisho.acs).get(path).expect(status).expect('Content-Type', type)
  })

  test('answers an AReq at POST /acs/areq with an ARes as JSON in UTF-8 (FLOW-GEN-1, FLOW-GEN-2)', async () => {
    const areq = browserAReq()
    const { body } = await request(sekisho.acs)
      .post('/acs/areq')
      .send(areq)
      .expect(200)
      .expect('Content-Type', 'application/json; charset=utf-8')
    expect(body).toMatchObject({
      messageType: 'ARes',
      threeDSServerTransID: areq.threeDSServerTransID,
      dsTransID: areq.dsTransID,
    })
  })

  test.each(['get', 'put', 'delete', 'patch'] as const)(
    'answers %s on /acs/areq with 405 and Erro 101 (ACS-VAL-1)',
    async (method) => {
      const { body } = await request(sekisho.acs)[method]('/acs/areq').expect(405).expect('Allow', 'POST')
      expect(body).toMatchObject({ messageType: 'Erro', errorCode: '101', errorComponent: 'A' })
    },
  )

  test('answers another content type on /acs/areq with 415 and Erro 101 (ACS-VAL-2)', async () => {
    const { body } = await request(sekisho.acs).post('/acs/areq').type('text/plain').send('{}').expect(415)
    expect(body).toMatchObject({ messageType: 'Erro', errorCode: '101' })
  })

  test('says nothing of what it is made of', async () => {
    const { headers } = await request(sekisho.acs).get('/health/live')
    expect(headers).not.toHaveProperty('x-powered-by')
  })
})

describe('the shop port', () => {
  test('leads to the shop and serves its pages', async () => {
    await request(sekisho.shop).get('/').expect(302).expect('Location', '/shop')
    await request(sekisho.shop).get('/shop').expect(200).expect('Content-Type', /html/)
    await request(sekisho.shop).get('/shop/assets/shop.css').expect(200).expect('Content-Type', /css/)
  })
})
