// A whole AReq to send by hand.

/** A UUID v4; randomUUID exists in secure contexts only. */
const uuid = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** A browser AReq as a DS sends it, with new ids each time. @param {string} dsURL Where its RReq would go. */
export const areqExample = (dsURL) => ({
  messageType: 'AReq',
  messageVersion: '2.2.0',
  messageCategory: '01',
  deviceChannel: '02',
  threeDSServerTransID: uuid(),
  dsTransID: uuid(),
  threeDSServerRefNumber: '3DS_LOA_SER_EXAMPLE_020200_00001',
  threeDSServerURL: 'https://3ds-server.example.test/rreq',
  threeDSRequestorID: 'REQ-0001',
  threeDSRequestorName: 'Hakone Goods',
  threeDSRequestorURL: 'https://shop.example.test/',
  threeDSRequestorAuthenticationInd: '01',
  threeDSCompInd: 'U',
  dsReferenceNumber: 'DS_EXAMPLE_0001',
  dsURL,
  acctNumber: '4000000000005100',
  acquirerBIN: '400000',
  acquirerMerchantID: 'HAKONE-0001',
  mcc: '5999',
  merchantCountryCode: '392',
  merchantName: 'Hakone Goods',
  purchaseAmount: '24800',
  purchaseCurrency: '392',
  purchaseExponent: '0',
  purchaseDate: new Date().toISOString().replace(/\D/g, '').slice(0, 14),
  browserAcceptHeader: 'text/html',
  browserUserAgent: 'Mozilla/5.0 Example/1.0',
  browserLanguage: 'en',
  browserJavascriptEnabled: true,
  browserJavaEnabled: false,
  browserColorDepth: '24',
  browserScreenHeight: '1080',
  browserScreenWidth: '1920',
  browserTZ: '-540',
  notificationURL: 'https://shop.example.test/notification',
})

/**
 * A curl command with that AReq.
 * @param {string} acs Address of the ACS port, without a slash at the end.
 */
export function curlExample(acs) {
  const areq = areqExample(`${acs}/ds/rreq`)
  const isMutual =
    acs.startsWith('https:') && document.documentElement.dataset.tls === 'on' && !location.href.startsWith(acs)
  const certificates = isMutual ? '--cacert tls/ca.pem --cert tls/client-ds.pem ' : ''
  return `curl -s ${certificates}${acs}/acs/areq -H 'content-type: application/json;charset=utf-8' -d '${JSON.stringify(areq, null, 1)}'`
}
