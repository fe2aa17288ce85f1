// The AReq link itself: methods, content types, sizes, repeats. Spec: section 5.1; ACS-VAL-1…4, 59, SEC-RPL-1, FLOW-GEN-10.
import { supportedVersions } from '../protocol/messages/head.ts'
import { areqFor, aresTo } from './requests.ts'
import { Failed, NotRun, type Trial, type World } from './world.ts'

const json = { 'content-type': 'application/json; charset=utf-8' }

const newest = ({ versions }: World) => supportedVersions.findLast((version) => versions.includes(version)) ?? '2.2.0'

function expectStatus(status: number, expected: readonly number[]): void {
  if (!expected.includes(status)) throw new Failed(`HTTP ${status} instead of ${expected.join(' or ')}`)
}

export const linkTrials: readonly Trial[] = [
  {
    rule: 'ACS-VAL-1',
    id: 'link method',
    title: 'another method than POST is 405',
    async run({ target }) {
      for (const method of ['PUT', 'DELETE', 'PATCH'])
        expectStatus((await target.post('{}', json, method)).status, [405])
    },
  },
  {
    rule: 'ACS-VAL-2',
    id: 'link content type',
    title: 'another content type than JSON is 415',
    async run(world) {
      const areq = JSON.stringify(areqFor(world, { version: newest(world), card: 'frictionless' }))
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])
        expectStatus((await world.target.post(areq, { 'content-type': type })).status, [415])
    },
  },
  {
    rule: 'TOL-10',
    id: 'link charset',
    title: 'the content type may be without a charset, or spelt otherwise',
    async run(world) {
      if (world.profile === 'strict') throw new NotRun('a tolerance of the lenient profile')
      for (const type of ['application/json', 'Application/JSON;charset=UTF-8']) {
        const areq = areqFor(world, { version: newest(world), card: 'frictionless' })
        const answer = await world.target.post(JSON.stringify(areq), { 'content-type': type })
        world.judge(answer, areq, 'link charset')
        if (answer.message?.messageType !== 'ARes') throw new Failed(`no ARes with ${type}`)
      }
    },
  },
  {
    rule: 'ACS-VAL-3',
    id: 'link size',
    title: 'a body of 4 MiB is 413',
    async run({ target }) {
      try {
        expectStatus((await target.post(`{"a":"${'x'.repeat(4_194_304)}"}`, json)).status, [413])
      } catch (error) {
        // A connection that is closed while the body is still being sent says as much.
        if (!(error instanceof Failed) || !/EPIPE|ECONNRESET/.test(error.message)) throw error
        throw new NotRun('the connection was closed before an answer could be read')
      }
    },
  },
  {
    rule: 'FLOW-GEN-10',
    id: 'link erro',
    title: 'an Erro is never answered with an Erro',
    async run(world) {
      const { target, uuid } = world
      const erro = {
        threeDSServerTransID: uuid(),
        dsTransID: uuid(),
        errorCode: '101',
        errorComponent: 'D',
        errorDescription: 'Message Received Invalid',
        errorDetail: 'A trial of this tool',
        errorMessageType: 'ARes',
        messageType: 'Erro',
        messageVersion: newest(world),
      }
      for (const body of [erro, { messageType: 'Erro' }, { ...erro, errorCode: 7 }]) {
        const answer = await target.post(JSON.stringify(body), json)
        if (answer.message?.messageType === 'Erro') throw new Failed('an Erro came back')
      }
      // Only who answers an AReq has anything that could be left unsaid.
      const areq = areqFor(world, { version: newest(world), card: 'frictionless' })
      await aresTo(world, areq, 'link erro')
    },
  },
  {
    rule: 'ACS-VAL-59',
    id: 'link range',
    title: 'a card outside of every range is Erro 305',
    async run(world) {
      for (const version of world.versions) {
        const areq = areqFor(world, { version, card: 'outOfRange' })
        const answer = await world.target.post(JSON.stringify(areq))
        world.judge(answer, areq, 'link range')
        const { messageType, errorCode, errorDetail } = answer.message ?? {}
        if (messageType !== 'Erro' || errorCode !== '305' || errorDetail !== 'acctNumber')
          throw new Failed(`${String(messageType)} ${String(errorCode ?? '')} in ${version}`)
      }
    },
  },
  {
    rule: 'RES-AR-3',
    id: 'link acsTransID',
    title: 'every transaction has an acsTransID of its own, a UUID of version 4',
    async run(world) {
      const seen = new Set<string>()
      for (let i = 0; i < 20; i += 1) {
        const areq = areqFor(world, { version: newest(world), card: 'frictionless' })
        seen.add(String((await aresTo(world, areq, 'link acsTransID')).acsTransID))
      }
      if (seen.size < 20) throw new Failed('an acsTransID came twice')
      for (const id of seen)
        if (!/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(id))
          throw new Failed('an acsTransID is no random UUID')
    },
  },
]
