// What must hold of the parser whatever it is given. Spec: section 5.9; ACS-VAL-4…22, ERR-A2, SEC-LOG-3.
import { ProtocolError, toErro } from '../../src/protocol/errors.ts'
import { inspectMessage } from '../../src/protocol/messages/inspect.ts'
import { type Parsed, parseErro, parseMessage, type Reading } from '../../src/protocol/messages/parse.ts'
import type { Profile } from '../../src/protocol/rules/column.ts'
import type { JsonObject } from '../../src/protocol/rules/conditions.ts'
import { errorDescriptions } from '../../src/protocol/tables/errors.ts'
import { sensitiveElements } from '../../src/protocol/tables/sensitive.ts'
import type { Column } from '../support/columns.ts'

export interface Verdict {
  /** What the parser said: `accepted`, an error code, or `broken` for a law that does not hold. */
  readonly answer: string
  readonly problem?: string
}

type Answer = { readonly parsed: Parsed<JsonObject> } | { readonly error: ProtocolError }

/** How a receiver reads it: what opens a transaction says its version itself. */
function readingOf({ version, message, ...about }: Column, profile: Profile): Reading {
  const isFirst = message === 'AReq' || message === 'PReq' || message === 'OReq' || message === 'Erro'
  return { ...about, ...(!isFirst && { version }), profile, expects: [message, 'Erro'] }
}

function answerTo(bytes: Uint8Array, about: Column, profile: Profile): Answer {
  try {
    return { parsed: parseMessage(bytes, readingOf(about, profile)) }
  } catch (error) {
    if (error instanceof ProtocolError) return { error }
    throw error
  }
}

const textOf = (value: unknown): string => (value instanceof Error ? `${value.name}: ${value.message}` : String(value))

/** Values of sensitive members of the message, as far as they are long enough to be told from names. */
function secretsIn(value: unknown, found: string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return found
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'string' && member.length >= 6 && Object.hasOwn(sensitiveElements, name)) found.push(member)
    else secretsIn(member, found)
  }
  return found
}

function erroProblem(error: ProtocolError): string | undefined {
  const { errorCode, errorDetail } = error
  if (!(errorCode in errorDescriptions)) return `no such error code: ${errorCode}`
  if (errorDetail.length === 0 || errorDetail.length > 2_048) return `errorDetail of ${errorDetail.length} characters`
  const erro = toErro(error, 'A')
  try {
    parseErro(Buffer.from(JSON.stringify(erro)), { profile: 'strict' })
  } catch (refusal) {
    return `its Erro is refused: ${textOf(refusal)}`
  }
  return undefined
}

/** What a profile said, and what is wrong with that. */
function judge(bytes: Uint8Array, about: Column, profile: Profile): Verdict & { readonly answered?: Answer } {
  let answered: Answer
  try {
    answered = answerTo(bytes, about, profile)
  } catch (error) {
    return { answer: 'broken', problem: `${profile}: threw ${textOf(error)}` }
  }
  const inspection = inspectMessage(bytes, readingOf(about, profile))
  if ('error' in answered) {
    const { error } = answered
    const { errorCode, errorDetail } = error
    const problem =
      erroProblem(error) ??
      (inspection.erro?.errorCode === errorCode && inspection.erro.errorDetail === errorDetail
        ? undefined
        : `the inspection says ${inspection.erro?.errorCode} ${inspection.erro?.errorDetail} instead`) ??
      (inspection.findings.length === 0 ? 'the inspection finds nothing' : undefined) ??
      // Ids are repeated, wherever else they stand; and what reads as the name of an element is no secret.
      (secretsIn(inspection.message).some((secret) => !/^[A-Za-z.]+$/.test(secret) && errorDetail.includes(secret))
        ? 'its Erro tells a secret'
        : undefined)
    return { answer: errorCode, answered, ...(problem !== undefined && { problem: `${profile}: ${problem}` }) }
  }
  if (inspection.erro !== undefined || inspection.findings.length > 0)
    return { answer: 'accepted', answered, problem: `${profile}: accepted, but the inspection finds something` }
  return { answer: 'accepted', answered }
}

/** The verdict of the strict profile, and the first law that the input breaks. */
export function verdictOn(bytes: Uint8Array, about: Column): Verdict {
  const strict = judge(bytes, about, 'strict')
  const lenient = judge(bytes, about, 'lenient')
  const { answer, answered } = strict
  const problem = strict.problem ?? lenient.problem
  if (problem !== undefined) return { answer, problem }
  if (answer === 'accepted' && lenient.answer !== 'accepted')
    return { answer, problem: `strict accepts what lenient refuses with ${lenient.answer}` }
  if (answered !== undefined && 'parsed' in answered) {
    const again = judge(Buffer.from(JSON.stringify(answered.parsed.message)), about, 'strict')
    if (again.answer !== 'accepted')
      return { answer, problem: `what was accepted is refused when written again: ${again.answer}` }
  }
  return { answer }
}
