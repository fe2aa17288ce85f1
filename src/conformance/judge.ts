// Rules that hold for every answer to an AReq, whatever the trial. Spec: Tables B.2, B.12; FLOW-GEN-2, RES-AR-1…2, ERR-A1…A6.
import type { Finding } from '../protocol/errors.ts'
import { inspectMessage } from '../protocol/messages/inspect.ts'
import type { Profile } from '../protocol/messages/parse.ts'
import { acrossFindings } from '../protocol/rules/across.ts'
import type { Answer } from './target.ts'
import type { Members, Row } from './world.ts'

interface Breach {
  readonly rule: string
  readonly why: string
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const said = (findings: readonly Finding[]): readonly Breach[] =>
  findings.map(({ rule, at, element, errorCode }) => ({ rule, why: `${at ?? element} (${errorCode})` }))

function breachesOfARes(message: Members, areq: Members | undefined, profile: Profile): readonly Breach[] {
  const { deviceChannel: channel, messageCategory: category, messageVersion: version } = areq ?? {}
  const reading = {
    leg: 'ACS-DS',
    profile,
    expects: ['ARes'],
    ...(typeof channel === 'string' && { channel }),
    ...(typeof category === 'string' && { category }),
    ...(typeof version === 'string' && { version }),
    ...(areq !== undefined && { context: { AReq: areq } }),
  } as const
  const { findings } = inspectMessage(Buffer.from(JSON.stringify(message)), reading)
  return said([...findings, ...(areq === undefined ? [] : acrossFindings(message, { AReq: areq }, profile))])
}

function breachesOfErro(message: Members, areq: Members | undefined, profile: Profile): readonly Breach[] {
  const { findings } = inspectMessage(Buffer.from(JSON.stringify(message)), {
    leg: 'ACS-DS',
    profile,
    expects: ['Erro'],
  })
  const breaches = [...said(findings)]
  if (message.errorComponent !== 'A') breaches.push({ rule: 'ERR-A1', why: 'errorComponent is not A' })
  if (message.messageExtension !== undefined) breaches.push({ rule: 'ERR-A4', why: 'an Erro has no messageExtension' })
  for (const name of ['threeDSServerTransID', 'dsTransID']) {
    const id = areq?.[name]
    const echoed = message[name]
    const isKnown = typeof id === 'string' && uuid.test(id)
    if (echoed !== undefined && (!isKnown || String(echoed).toLowerCase() !== id.toLowerCase()))
      breaches.push({ rule: 'ERR-A2', why: `${name} is not that of the AReq` })
  }
  return breaches
}

const everyAnswer = [
  { rule: 'FLOW-GEN-2', title: 'answers are JSON with HTTP 200, or one of the statuses of ACS-VAL-1 to 3' },
  { rule: 'RES-AR-1', title: 'an ARes holds what it must, nothing empty, nothing of another version' },
  { rule: 'RES-AR-2', title: 'an ARes brings ids and dsReferenceNumber back as they were' },
  { rule: 'ERR-A2', title: 'an Erro names the ids of the AReq, and none that were malformed' },
  { rule: 'ERR-A6', title: 'an Erro has code, component, description and detail' },
] as const

/** Counts answers and breaches, and turns them into rows. */
export function createJudge(profile: Profile) {
  const counts = { answers: 0, ARes: 0, Erro: 0 }
  const breaches = new Map<string, { count: number; readonly first: string }>()
  const note = (rule: string, why: string): void => {
    const known = breaches.get(rule)
    if (known === undefined) breaches.set(rule, { count: 1, first: why })
    else known.count += 1
  }
  return {
    judge(answer: Answer, areq: Members | undefined, trial: string): void {
      counts.answers += 1
      const { status, contentType, message } = answer
      if (![200, 405, 413, 415].includes(status)) note('FLOW-GEN-2', `HTTP ${status} in ${trial}`)
      if (status === 200 && message?.messageType !== 'ARes' && message?.messageType !== 'Erro')
        note('FLOW-GEN-2', `neither ARes nor Erro in ${trial}`)
      if (message !== undefined && !/^application\/json\b/i.test(contentType))
        note('FLOW-GEN-2', `content type ${contentType === '' ? 'missing' : contentType} in ${trial}`)
      if (message?.messageType === 'ARes') {
        counts.ARes += 1
        for (const { rule, why } of breachesOfARes(message, areq, profile)) note(rule, `ARes: ${why} in ${trial}`)
      } else if (message?.messageType === 'Erro') {
        counts.Erro += 1
        for (const { rule, why } of breachesOfErro(message, areq, profile)) note(rule, `Erro: ${why} in ${trial}`)
      }
    },
    rows(): readonly Row[] {
      const rows: Row[] = everyAnswer.map(({ rule, title }) => {
        const seen = rule.startsWith('RES') ? counts.ARes : rule.startsWith('ERR') ? counts.Erro : counts.answers
        const breach = breaches.get(rule)
        const about = { rule, id: `every-answer ${rule}`, title: `${title} (${seen} judged)` }
        if (breach !== undefined)
          return { ...about, outcome: 'failed', why: `${breach.count}×, first: ${breach.first}` }
        return seen === 0
          ? { ...about, outcome: 'notRun', why: 'no such answer came' }
          : { ...about, outcome: 'passed' }
      })
      for (const [rule, { count, first }] of breaches) {
        if (everyAnswer.some((row) => row.rule === rule)) continue
        rows.push({
          rule,
          id: `every-answer ${rule}`,
          title: 'answers keep the rules of their elements',
          outcome: 'failed',
          why: `${count}×, first: ${first}`,
        })
      }
      return rows
    },
  }
}
