// What a receiver of an ARes checks beyond its own elements: that it answers the AReq. Spec: Table A.17, [Req 212];
// FLOW-DS-5, FLOW-S-4, RES-TS-1…3, RES-AR-2.
import { type Finding, refuse } from '../protocol/errors.ts'
import type { Profile } from '../protocol/messages/parse.ts'
import type { ARes } from '../protocol/messages/types.ts'
import { foreignIds } from './ids.ts'

/** The elements of an AReq that its ARes must agree with. */
export interface Asked {
  readonly threeDSServerTransID: string
  readonly dsTransID?: string | undefined
  readonly dsReferenceNumber?: string | undefined
  readonly messageVersion: string
  readonly deviceChannel: string
  readonly threeDSRequestorChallengeInd?: string | readonly string[] | undefined
  readonly threeDSRequestorDecReqInd?: string | undefined
}

function statusFindings(ares: ARes, asked: Asked, profile: Profile): readonly Finding[] {
  const wishes = [asked.threeDSRequestorChallengeInd ?? '01'].flat()
  const wrong = (rule: string): readonly Finding[] => [{ errorCode: '203', element: 'transStatus', rule }]
  switch (ares.transStatus) {
    case 'C':
      return asked.deviceChannel === '03' || wishes.includes('06') ? wrong('RES-TS-1') : []
    case 'D':
      return asked.threeDSRequestorDecReqInd === 'Y' ? [] : wrong('RES-TS-2')
    case 'I': // RES-TS-3 leaves room for the DS's programme; ours is generous in the lenient profile
      return profile === 'lenient' || wishes.some((wish) => ['05', '06', '07'].includes(wish)) ? [] : wrong('RES-TS-3')
    case undefined:
      return [{ errorCode: '201', element: 'transStatus', rule: 'RES-TS-7' }]
    default:
      return []
  }
}

/** Throws ProtocolError 301 or 203 when the ARes does not belong to the AReq. */
export function checkARes(ares: ARes, asked: Asked, profile: Profile): void {
  const ids = foreignIds(
    asked.dsTransID === undefined ? ['threeDSServerTransID'] : ['threeDSServerTransID', 'dsTransID'],
    ares,
    asked,
  )
  const about = {
    threeDSServerTransID: asked.threeDSServerTransID,
    ...(asked.dsTransID !== undefined && { dsTransID: asked.dsTransID }),
    acsTransID: ares.acsTransID,
    messageVersion: asked.messageVersion,
    errorMessageType: 'ARes',
  } as const
  refuse(
    [
      ...ids.map((element) => ({ errorCode: '301', element, rule: 'RES-AR-2' }) as const),
      ...(asked.dsReferenceNumber !== undefined && ares.dsReferenceNumber !== asked.dsReferenceNumber
        ? [{ errorCode: '203', element: 'dsReferenceNumber', rule: 'RES-AR-2' } as const]
        : []),
      ...statusFindings(ares, asked, profile),
    ],
    about,
  )
}
