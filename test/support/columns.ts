// Every column of the element table that has a message: version × message × channel × category, with the leg it travels on.
import { hasMessage } from '../../src/protocol/messages/sample.ts'
import type { Leg, MessageType, Version } from '../../src/protocol/tables/types.ts'

export interface Column {
  readonly version: Version
  readonly message: MessageType
  readonly channel: string
  readonly category: string
  readonly leg: Leg
}

const legs: Readonly<Record<MessageType, readonly Leg[]>> = {
  AReq: ['DS-ACS', '3DSS-DS'],
  ARes: ['ACS-DS', 'DS-3DSS'],
  CReq: ['BRW-ACS', 'SDK-ACS'],
  CRes: ['ACS-BRW', 'ACS-SDK'],
  RReq: ['ACS-DS'],
  RRes: ['DS-ACS'],
  PReq: ['3DSS-DS'],
  PRes: ['DS-3DSS'],
  OReq: ['DS-ACS'],
  ORes: ['ACS-DS'],
  Erro: ['DS-ACS'],
}

/** Messages that belong to no transaction of a channel. */
const channelless: readonly MessageType[] = ['PReq', 'PRes', 'OReq', 'ORes', 'Erro']

const versions: readonly Version[] = ['2.1.0', '2.2.0', '2.3.1']

export const columns: readonly Column[] = versions.flatMap((version) =>
  (Object.keys(legs) as MessageType[]).flatMap((message) =>
    (channelless.includes(message) ? ['02'] : ['01', '02', '03']).flatMap((channel) =>
      (channelless.includes(message) ? ['01'] : ['01', '02']).flatMap((category) =>
        legs[message]
          .filter((leg) => !(leg.startsWith('BRW') || leg.endsWith('BRW')) || channel === '02')
          .filter((leg) => !(leg.startsWith('SDK') || leg.endsWith('SDK')) || channel === '01')
          .map((leg) => ({ version, message, channel, category, leg }))
          .filter(hasMessage),
      ),
    ),
  ),
)
