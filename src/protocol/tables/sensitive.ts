// Elements that are never kept or shown in clear. Spec: PCI 3DS; SEC-LOG-1…4, section 5 of the security rules.

/** How an element is masked: a PAN keeps its first six and last four digits, the rest is hidden whole. */
export const sensitiveElements: Readonly<Record<string, 'pan' | 'hidden'>> = {
  acctNumber: 'pan',
  cardExpiryDate: 'hidden',
  cardSecurityCode: 'hidden',
  authenticationValue: 'hidden',
  threeDSSessionData: 'hidden',
  challengeDataEntry: 'hidden',
  challengeDataEntryTwo: 'hidden',
  challengeHTMLDataEntry: 'hidden',
  threeDSReqAuthData: 'hidden',
  threeDSReqPriorAuthData: 'hidden',
  sdkEncData: 'hidden',
  otp: 'hidden',
  // payTokenInfo: a token has the form of a PAN, and its cryptogram pays with it.
  token: 'pan',
  tokenCryptogram: 'hidden',
}
