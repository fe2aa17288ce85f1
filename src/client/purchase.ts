// A purchase that every ACS of ours takes: what a shop tells its 3DS Server where a test says nothing else.

/** Challenged by the default scenario table. */
export const challengedCard = '4000000000007700'

export const usualPurchase: Readonly<Record<string, unknown>> = {
  threeDSRequestorID: 'my-shop-1',
  threeDSRequestorName: 'My Shop',
  threeDSRequestorURL: 'https://shop.example',
  threeDSRequestorChallengeInd: '01',
  acquirerBIN: '400000',
  acquirerMerchantID: 'MY-SHOP-0001',
  merchantName: 'My Shop',
  merchantCountryCode: '392',
  mcc: '5732',
  acctNumber: challengedCard,
  cardExpiryDate: '3012',
  cardholderName: 'Hanako Yamada',
  email: 'hanako@cardholder.example',
  billAddrLine1: '1-1 Yumoto',
  billAddrCity: 'Hakone',
  billAddrPostCode: '250-0311',
  billAddrCountry: '392',
  purchaseAmount: '24800',
  purchaseCurrency: '392',
  purchaseExponent: '0',
  browserAcceptHeader: 'text/html,application/xhtml+xml',
  browserUserAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  browserIP: '203.0.113.7',
  browserLanguage: 'en-GB',
  browserJavascriptEnabled: true,
  browserJavaEnabled: false,
  browserColorDepth: '24',
  browserScreenHeight: '1080',
  browserScreenWidth: '1920',
  browserTZ: '-540',
}
