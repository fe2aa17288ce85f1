// An AReq in one shape for every version, by the newest names (VER-IM-5). Writers of answers translate back.
import { ownElements } from '../../protocol/messages/own.ts'
import type { AReq, Version } from '../../protocol/messages/types.ts'

export interface PriorAuthentication {
  /** The acsTransID of an earlier authentication. */
  readonly ref?: string
  readonly method?: string
  readonly timestamp?: string
  readonly dsTransId?: string
}

export interface AuthenticationRequest {
  readonly messageVersion: Version
  readonly deviceChannel: '01' | '02' | '03'
  readonly messageCategory: string
  readonly threeDSServerTransID: string
  readonly dsTransID: string
  readonly dsReferenceNumber: string
  readonly dsURL?: string
  readonly sdkTransID?: string
  readonly acctNumber: string
  readonly cardExpiryDate?: string
  /** At least ['01']; the first counts first (RES-CI-4). */
  readonly challengeInds: readonly string[]
  readonly authenticationInd?: string
  readonly threeRIInd?: string
  readonly decReqInd: 'Y' | 'N' | 'F' | 'B'
  readonly decMaxTimeMinutes?: number
  readonly priorAuthentications: readonly PriorAuthentication[]
  /** What the sender claims; a proof is what the issuer knows (RES-CI-5). */
  readonly trustListStatus?: string
  readonly trustListStatusSource?: string
  readonly deviceBindingStatus?: string
  readonly deviceBindingStatusSource?: string
  readonly purchaseAmount?: string
  readonly purchaseCurrency?: string
  readonly purchaseExponent?: string
  readonly purchaseDate?: string
  readonly merchantName?: string
  readonly notificationURL?: string
  readonly browserLanguage?: string
  /** [2.3.1] */
  readonly acceptLanguage?: readonly string[]
  readonly deviceRenderOptions?: { readonly sdkInterface: string; readonly sdkUiType: readonly string[] }
}

/** An absent challenge indicator means no preference (RES section 4). */
const noPreference: readonly string[] = ['01']
const none: readonly PriorAuthentication[] = []

const channelOf = (channel: string): AuthenticationRequest['deviceChannel'] =>
  channel === '01' || channel === '03' ? channel : '02'

function decReqIndOf(value: string | undefined): AuthenticationRequest['decReqInd'] {
  return value === 'Y' || value === 'F' || value === 'B' ? value : 'N'
}

/** One entry as a text or object, several as an array. */
const several = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T]

function priorsOf({
  threeDSRequestorPriorAuthenticationInfo: info,
  messageVersion,
}: AReq): readonly PriorAuthentication[] {
  if (info === undefined) return none
  return several(info).map((entry) => {
    const { threeDSReqPriorRef: ref, threeDSReqPriorAuthMethod: method } = entry
    const timestamp = entry.threeDSReqPriorAuthTimestamp
    // An unknown name before 2.3.1.
    const dsTransId = messageVersion === '2.3.1' ? entry.threeDSReqPriorDsTransId : undefined
    return {
      ...(ref !== undefined && { ref }),
      ...(method !== undefined && { method }),
      ...(timestamp !== undefined && { timestamp }),
      ...(dsTransId !== undefined && { dsTransId }),
    }
  })
}

type Optional = {
  readonly [K in keyof AuthenticationRequest as undefined extends AuthenticationRequest[K]
    ? K
    : never]?: AuthenticationRequest[K]
}

/** Without the names that have no value. */
function told(values: { readonly [K in keyof Optional]: Optional[K] | undefined }): Optional {
  const kept: Record<string, unknown> = {}
  for (const name in values) {
    const value = values[name as keyof Optional]
    if (value !== undefined) kept[name] = value
  }
  return kept
}

/** Of elements that the AReq's column does not have nothing is taken: `own` are the others. */
export function requestOf(areq: AReq, own: AReq = ownElements(areq)): AuthenticationRequest {
  const { threeDSRequestorChallengeInd: ind, threeDSRequestorDecMaxTime: maxTime, deviceRenderOptions: render } = own
  const { sdkInterface, sdkUiType } = render ?? {}
  return {
    messageVersion: own.messageVersion as Version,
    deviceChannel: channelOf(own.deviceChannel),
    messageCategory: own.messageCategory,
    threeDSServerTransID: own.threeDSServerTransID,
    dsTransID: own.dsTransID,
    dsReferenceNumber: own.dsReferenceNumber,
    acctNumber: own.acctNumber,
    challengeInds: ind === undefined ? noPreference : typeof ind === 'string' ? [ind] : ind,
    decReqInd: decReqIndOf(own.threeDSRequestorDecReqInd),
    priorAuthentications: priorsOf(own),
    ...told({
      dsURL: own.dsURL,
      sdkTransID: own.sdkTransID,
      cardExpiryDate: own.cardExpiryDate,
      authenticationInd: own.threeDSRequestorAuthenticationInd,
      threeRIInd: own.threeRIInd,
      decMaxTimeMinutes: maxTime === undefined ? undefined : Number(maxTime),
      trustListStatus: own.trustListStatus ?? own.whiteListStatus,
      trustListStatusSource: own.trustListStatusSource ?? own.whiteListStatusSource,
      deviceBindingStatus: own.deviceBindingStatus,
      deviceBindingStatusSource: own.deviceBindingStatusSource,
      purchaseAmount: own.purchaseAmount,
      purchaseCurrency: own.purchaseCurrency,
      purchaseExponent: own.purchaseExponent,
      purchaseDate: own.purchaseDate,
      merchantName: own.merchantName,
      notificationURL: own.notificationURL,
      browserLanguage: own.browserLanguage,
      acceptLanguage: own.acceptLanguage === undefined ? undefined : several(own.acceptLanguage),
      deviceRenderOptions:
        sdkInterface === undefined || sdkUiType === undefined ? undefined : { sdkInterface, sdkUiType },
    }),
  }
}
