// The only way to get a message from the wire. Spec: section 5.9, Annex B; ACS-VAL-4…16, ACS-VAL-20.
import type { Finding } from '../errors.ts'
import type { JsonObject } from '../rules/conditions.ts'
import { elements } from '../tables/elements.ts'
import type { ElementTable, Leg, MessageType } from '../tables/types.ts'
import { createJudge, type Judge, type Reading } from './judge.ts'
import type { AReq, ARes, CReq, Erro, RReq, RRes } from './types.ts'

export type { Profile } from '../rules/checker.ts'
export { supportedVersions } from './head.ts'
export type { Reading } from './judge.ts'

export interface Parsed<M> {
  readonly message: M
  /** What a lenient profile let pass, with the id of the tolerance. */
  readonly warnings: readonly Finding[]
  /** The decoded body. */
  readonly text: string
}

export interface AnyMessage extends JsonObject {
  readonly messageType: MessageType
}

export type Parser = (bytes: Uint8Array, reading: Reading) => Parsed<AnyMessage>

const parserBy =
  (judge: Judge): Parser =>
  (bytes, reading) => {
    const { error, message, warnings, text } = judge(bytes, reading)
    if (error !== undefined) throw error
    return { message: message as AnyMessage, warnings, text: text ?? '' }
  }

/** A parser over `table` that walks through every message. */
export const createParser = (table: ElementTable): Parser => parserBy(createJudge(table, { isCompiled: false }))

/** The judge that all messages share. */
export const judgeMessage: Judge = createJudge(elements, { isCompiled: true })

export const parseMessage: Parser = parserBy(judgeMessage)

type ReadingOf = Omit<Reading, 'expects' | 'leg'> & { readonly leg?: Leg }

const parserOf =
  <M>(messageType: MessageType, leg: Leg) =>
  (bytes: Uint8Array, reading: ReadingOf): Parsed<M> =>
    parseMessage(bytes, { leg, ...reading, expects: [messageType] }) as Parsed<AnyMessage> & Parsed<M>

export const parseAReq = parserOf<AReq>('AReq', 'DS-ACS')
export const parseARes = parserOf<ARes>('ARes', 'ACS-DS')
export const parseCReq = parserOf<CReq>('CReq', 'BRW-ACS')
export const parseRReq = parserOf<RReq>('RReq', 'ACS-DS')
export const parseRRes = parserOf<RRes>('RRes', 'DS-ACS')
export const parseErro = parserOf<Erro>('Erro', 'DS-ACS')
