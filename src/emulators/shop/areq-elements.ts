// What the shop knows of a purchase, in the elements of the AReq. Spec: Table A.1, merchantRiskIndicator, acctInfo.
import type { Line } from './cart.ts'
import { totalOf } from './cart.ts'
import type { Address, Card, Checkout } from './checkout.ts'
import type { Merchant } from './options.ts'
import { currency } from './products.ts'

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

/**
 * Read as: the indicator describes the physical goods if there are any, else the digital ones (element description of
 * shipIndicator), so gift cards alone are digital goods even when another shipping address was given.
 */
function shipIndicator(lines: readonly Line[], shipsElsewhere: boolean): string {
  if (lines.every(({ product }) => product.kind === 'giftCard')) return '05'
  return shipsElsewhere ? '03' : '01'
}

function merchantRiskIndicator(lines: readonly Line[], { email, shipsElsewhere }: Checkout): Elements {
  const gifts = lines.filter(({ product }) => product.kind === 'giftCard')
  const isDigital = gifts.length === lines.length
  const count = gifts.reduce((sum, { quantity }) => sum + quantity, 0)
  return {
    shipIndicator: shipIndicator(lines, shipsElsewhere),
    deliveryTimeframe: isDigital ? '01' : '04',
    ...(isDigital && { deliveryEmailAddress: email }),
    reorderItemsInd: '01',
    preOrderPurchaseInd: '01',
    ...(count > 0 && {
      giftCardAmount: String(Math.trunc(totalOf(gifts) / 10 ** currency.exponent)), // major units
      giftCardCount: String(Math.min(count, 99)).padStart(2, '0'),
      giftCardCurr: currency.code,
    }),
  }
}

/** Everybody buys as a guest here, which the account information says. */
export function purchaseElements(lines: readonly Line[], checkout: Checkout, merchant: Merchant): Elements {
  const isDigital = lines.every(({ product }) => product.kind === 'giftCard')
  const { shipsElsewhere, billing, shipping } = checkout
  return {
    ...merchant,
    threeDSRequestorName: merchant.merchantName,
    threeDSRequestorChallengeInd: checkout.threeDSRequestorChallengeInd,
    transType: '01',
    purchaseAmount: String(totalOf(lines)),
    purchaseCurrency: currency.code,
    purchaseExponent: String(currency.exponent),
    cardholderName: checkout.cardholderName,
    email: checkout.email,
    ...addressElements('bill', billing),
    ...(shipsElsewhere && addressElements('ship', shipping)),
    ...(!shipsElsewhere && !isDigital && addressElements('ship', billing)),
    addrMatch: shipsElsewhere ? 'N' : 'Y',
    acctInfo: { chAccAgeInd: '01', ...(shipsElsewhere && { shipAddressUsageInd: '01' }) },
    merchantRiskIndicator: merchantRiskIndicator(lines, checkout),
  }
}

export const cardElements = ({ acctNumber, cardExpiryDate }: Card): Elements & { readonly acctNumber: string } => ({
  acctNumber,
  cardExpiryDate,
})

export function browserElements(
  report: BrowserReport | undefined,
  request: {
    readonly ip: string
    readonly userAgent: string
    readonly acceptHeader: string
    readonly language: string
  },
): Elements {
  return {
    browserIP: request.ip,
    browserUserAgent: request.userAgent.slice(0, 2_048),
    browserAcceptHeader: request.acceptHeader,
    browserJavascriptEnabled: report !== undefined,
    browserLanguage: request.language,
    ...report,
  }
}
