/**
 * The columns of a stream. Names as EMV 3DS spells them; those of a group (acctInfo, merchantRiskIndicator) stand alone, since no two
 * are the same. `ts`, `card`, `merchant` and `purchaseAmount` are required. See docs/lab-import.md.
 */
export type ColumnKind = 'text' | 'number'

/** What the engine may see: one row per AReq. */
export const eventColumns = {
  /** Unique text of the user; the position in the stream is what breaks ties. */
  id: 'text',
  /** Whole seconds since 1970. */
  ts: 'number',
  /** Whose card: any text. Its own profile; never shown, logged or put in a report. */
  card: 'text',
  /** First six digits of the card. */
  bin: 'text',
  /** acquirerMerchantID, or any name of a shop. */
  merchant: 'text',
  merchantName: 'text',
  mcc: 'text',
  merchantCountryCode: 'text',
  messageVersion: 'text',
  messageCategory: 'text',
  deviceChannel: 'text',
  /** Minor units of purchaseCurrency. */
  purchaseAmount: 'number',
  purchaseCurrency: 'text',
  purchaseExponent: 'text',
  cardholderName: 'text',
  email: 'text',
  /** cc and subscriber as "81-9012345678". */
  mobilePhone: 'text',
  homePhone: 'text',
  workPhone: 'text',
  acctID: 'text',
  addrMatch: 'text',
  billAddrCountry: 'text',
  billAddrState: 'text',
  billAddrLine1: 'text',
  billAddrPostCode: 'text',
  shipAddrCountry: 'text',
  shipAddrState: 'text',
  shipAddrCity: 'text',
  shipAddrLine1: 'text',
  shipAddrLine2: 'text',
  shipAddrLine3: 'text',
  shipAddrPostCode: 'text',
  shipIndicator: 'text',
  deliveryTimeframe: 'text',
  deliveryEmailAddress: 'text',
  preOrderPurchaseInd: 'text',
  reorderItemsInd: 'text',
  giftCardAmount: 'number',
  giftCardCount: 'number',
  giftCardCurr: 'text',
  chAccAgeInd: 'text',
  chAccChangeInd: 'text',
  chAccPwChangeInd: 'text',
  nbPurchaseAccount: 'number',
  txnActivityDay: 'number',
  txnActivityYear: 'number',
  provisionAttemptsDay: 'number',
  paymentAccInd: 'text',
  shipNameIndicator: 'text',
  shipAddressUsageInd: 'text',
  suspiciousAccActivity: 'text',
  threeDSRequestorAuthenticationInd: 'text',
  threeDSRequestorChallengeInd: 'text',
  threeDSReqAuthMethod: 'text',
  /** YYYYMMDDHHMM, UTC. */
  threeDSReqAuthTimestamp: 'text',
  threeDSReqPriorAuthMethod: 'text',
  threeDSReqPriorAuthTimestamp: 'text',
  threeDSCompInd: 'text',
  browserIP: 'text',
  browserUserAgent: 'text',
  browserLanguage: 'text',
  /** Minutes behind UTC: Tokyo is -540. */
  browserTZ: 'number',
  browserScreenWidth: 'number',
  browserScreenHeight: 'number',
  browserColorDepth: 'text',
  browserJavascriptEnabled: 'text',
  sdkAppID: 'text',
  appIp: 'text',
  deviceInfo: 'text',
  /** The id that the 3DS Method found in the browser. */
  deviceId: 'text',
  /** What else the 3DS Method told, as JSON. */
  methodData: 'text',
  /** What is known of the address, where the stream knows it better than the tables of this machine do. */
  ipCountry: 'text',
  /** isp, mobile, hosting, vpn, tor, relay. */
  ipType: 'text',
  ipLat: 'number',
  ipLon: 'number',
  ipRadiusKm: 'number',
  /** What the merchant's screening said: source, OK/REVIEW/NG/HOLD, 0 to 1. A second source, if there is one. */
  merchantSource: 'text',
  merchantVerdict: 'text',
  merchantScore: 'number',
  merchantSource2: 'text',
  merchantVerdict2: 'text',
  merchantScore2: 'number',
  /** Signals beside the verdict, as JSON (docs/hook.md). */
  merchantSignals: 'text',
  /** Told by the issuer's books. */
  cardAgeDays: 'number',
} as const satisfies Readonly<Record<string, ColumnKind>>
export type EventColumn = keyof typeof eventColumns
export const requiredColumns = ['ts', 'card', 'merchant', 'purchaseAmount'] as const satisfies readonly EventColumn[]

/** What the engine never sees: one row per event, joined by id. A stream may have any other text column as a slice. */
export const truthColumns = {
  /** 1 fraud, 0 genuine. Abuse of one's own card is `kind` without isFraud; first-party fraud is fraud. */
  isFraud: 'number',
  /** The pattern (docs/attack-patterns.md); not sent: a genuine purchase. */
  kind: 'text',
  /** When the issuer hears of it, in seconds since 1970; not sent: never. */
  labelTs: 'number',
  /** Whose attempts belong together: one run of a pattern. */
  campaign: 'text',
  /** Probability that the one at the keyboard passes a challenge, and that they leave it. The rest fails. */
  pChallengePass: 'number',
  pChallengeAbandon: 'number',
  /** How they would be asked: sms, mail, app, passkey. */
  challengeMethod: 'text',
  /** Uniform in [0, 1), drawn from (seed, event): the same under every policy. */
  uChallenge: 'number',
} as const satisfies Readonly<Record<string, ColumnKind>>
export type TruthColumn = keyof typeof truthColumns
/** Slice columns of our own generator; others may have others. */
export const sliceColumns = ['ageBand', 'channel', 'tier', 'language', 'cardAge', 'shopKind'] as const
