// What the shop knows of a purchase, in the elements of the AReq. Spec: Table A.1, merchantRiskIndicator, acctInfo,
// threeDSRequestorAuthenticationInfo, threeDSRequestorPriorAuthenticationInfo.
import { acceptLanguage } from '../threeds-server/shapes.ts'
import { wireDate, wireMinute } from './accounts.ts'
import type { Address, Card } from './card-and-address.ts'
import { type Cart, currencyOf, type Line, linesOf, totalOf } from './cart.ts'
import { type Checkout, type FollowUp, wishesOf } from './checkout.ts'
import type { Merchant } from './options.ts'
import type { Persona } from './personas.ts'
import type { Currency } from './products.ts'

/** What the browser's script reported; absent where scripts are off. */
export interface BrowserReport {
  readonly browserJavaEnabled: boolean
  readonly browserLanguage: string
  readonly browserColorDepth: string
  readonly browserScreenHeight: string
  readonly browserScreenWidth: string
  readonly browserTZ: string
}

type Elements = Readonly<Record<string, unknown>>

const addressElements = (kind: 'bill' | 'ship', place: Address): Elements => ({
  [`${kind}AddrLine1`]: place.line1,
  [`${kind}AddrCity`]: place.city,
  ...(place.state !== '' && { [`${kind}AddrState`]: place.state }),
  [`${kind}AddrPostCode`]: place.postCode,
  [`${kind}AddrCountry`]: place.country,
})

/** Nothing in the cart travels but by mail. */
export const isDigital = (lines: readonly Line[]): boolean => lines.every(({ product }) => product.kind === 'giftCard')

/**
 * Read as: the indicator describes the physical goods if there are any, else the digital ones (element description of
 * shipIndicator), so gift cards alone are digital goods even when another shipping address was given.
 */
function shipIndicator(lines: readonly Line[], shipsElsewhere: boolean): string {
  if (isDigital(lines)) return '05'
  return shipsElsewhere ? '03' : '01'
}

function merchantRiskIndicator(
  lines: readonly Line[],
  currency: Currency,
  { email, shipsElsewhere }: Checkout,
): Elements {
  const gifts = lines.filter(({ product }) => product.kind === 'giftCard')
  const isByMail = isDigital(lines)
  const count = gifts.reduce((sum, { quantity }) => sum + quantity, 0)
  return {
    shipIndicator: shipIndicator(lines, shipsElsewhere),
    deliveryTimeframe: isByMail ? '01' : '04',
    ...(isByMail && { deliveryEmailAddress: email }),
    reorderItemsInd: '01',
    preOrderPurchaseInd: '01',
    ...(count > 0 && {
      giftCardAmount: String(Math.trunc(totalOf(gifts) / 10 ** currency.exponent)), // major units
      giftCardCount: String(Math.min(count, 99)).padStart(2, '0'),
      giftCardCurr: currency.code,
    }),
  }
}

/** How the buyer came to the account, or that there is none. */
const loginElements = ({ member, loginMethod, loggedInAt }: Checkout): Elements =>
  member === undefined
    ? { threeDSRequestorAuthenticationInfo: { threeDSReqAuthMethod: '01' } }
    : {
        acctID: `HAKONE-${member}`,
        threeDSRequestorAuthenticationInfo: {
          threeDSReqAuthMethod: loginMethod,
          threeDSReqAuthTimestamp: wireMinute(loggedInAt),
        },
      }

export function purchaseElements(
  cart: Cart,
  checkout: Checkout,
  merchant: Merchant,
  acctInfo: Readonly<Record<string, string>>,
  messageVersion: string,
): Elements {
  const lines = linesOf(cart)
  const currency = currencyOf(cart)
  const { shipsElsewhere, billing, shipping } = checkout
  return {
    ...merchant,
    threeDSRequestorName: merchant.merchantName,
    threeDSRequestorChallengeInd: wishesOf(checkout, messageVersion),
    transType: '01',
    purchaseAmount: String(totalOf(lines)),
    purchaseCurrency: currency.code,
    purchaseExponent: String(currency.exponent),
    cardholderName: checkout.cardholderName,
    email: checkout.email,
    ...addressElements('bill', billing),
    ...(shipsElsewhere && addressElements('ship', shipping)),
    ...(!shipsElsewhere && !isDigital(lines) && addressElements('ship', billing)),
    addrMatch: shipsElsewhere ? 'N' : 'Y',
    acctInfo,
    ...loginElements(checkout),
    merchantRiskIndicator: merchantRiskIndicator(lines, currency, checkout),
  }
}

const dayMs = 86_400_000

/** How a series is told: monthly, for a year from now. */
const seriesElements = ({ threeRIInd }: FollowUp, now: number): Elements =>
  threeRIInd !== '01' && threeRIInd !== '02'
    ? {}
    : {
        recurringFrequency: '31',
        recurringExpiry: wireDate(now + 365 * dayMs),
        ...(threeRIInd === '02' && { purchaseInstalData: '3' }),
      }

/** What the merchant says without the buyer (FLOW-3RI-1). */
export function followUpElements(
  cart: Cart,
  { cardholderName, email }: Checkout,
  merchant: Merchant,
  followUp: FollowUp,
  now: number,
): Elements {
  const { code, exponent } = currencyOf(cart)
  return {
    ...merchant,
    threeDSRequestorName: merchant.merchantName,
    threeRIInd: followUp.threeRIInd,
    cardholderName,
    email,
    ...(followUp.amount !== undefined && {
      purchaseAmount: followUp.amount,
      purchaseCurrency: code,
      purchaseExponent: String(exponent),
    }),
    ...seriesElements(followUp, now),
  }
}

/** The demanded challenge after a soft decline, which names the authentication that went before. */
export const askingAgain = (acsTransID: string | undefined, at: number): Elements => ({
  threeDSRequestorChallengeInd: '04',
  ...(acsTransID !== undefined && {
    threeDSRequestorPriorAuthenticationInfo: {
      threeDSReqPriorRef: acsTransID,
      threeDSReqPriorAuthMethod: '01', // frictionless
      threeDSReqPriorAuthTimestamp: wireMinute(at),
    },
  }),
})

export const cardElements = ({ acctNumber, cardExpiryDate }: Card): Elements & { readonly acctNumber: string } => ({
  acctNumber,
  cardExpiryDate,
})

/** A persona's browser, or the one that is there. */
export function browserElements(
  { browser }: Persona,
  report: BrowserReport | undefined,
  request: {
    readonly ip: string
    readonly userAgent: string
    readonly acceptHeader: string
    readonly language: string
    readonly languages: string
  },
): Elements {
  if (browser !== undefined) return { ...browser, acceptLanguage: [browser.browserLanguage] }
  return {
    browserIP: request.ip,
    browserUserAgent: request.userAgent.slice(0, 2_048),
    browserAcceptHeader: request.acceptHeader,
    browserJavascriptEnabled: report !== undefined,
    browserLanguage: request.language,
    acceptLanguage: acceptLanguage(request.languages),
    ...report,
  }
}
