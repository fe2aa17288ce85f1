// Messages to try the validator with: one that is fine, and some with the slips that people make.
import { areqExample } from '../../lib/example.js'

/** @param {unknown} value */
const pretty = (value) => JSON.stringify(value, null, 2)

/** @param {unknown} value */
const wrapped = (value) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

const dsURL = 'https://ds.example.test/rreq'

function brokenAReq() {
  const { threeDSCompInd: _left, ...areq } = areqExample(dsURL)
  return {
    ...areq,
    purchaseAmount: '248.00',
    purchaseCurrency: '999',
    browserJavaEnabled: 'false',
    browserColorDepth: '30',
    threeDSRequestorChallengeInd: '55',
    email: '',
    messageExtension: [{ name: 'loyalty', id: 'A000000999-001', criticalityIndicator: false, data: 'gold' }],
  }
}

function flow() {
  const areq = areqExample(dsURL)
  const { threeDSServerTransID, dsTransID, messageVersion } = areq
  const acsTransID = areqExample(dsURL).dsTransID
  const ids = { threeDSServerTransID, acsTransID, messageVersion }
  return [
    { ...areq, threeDSRequestorChallengeInd: '06' },
    {
      messageType: 'ARes',
      ...ids,
      dsTransID,
      dsReferenceNumber: areq.dsReferenceNumber,
      acsReferenceNumber: 'ACS_EXAMPLE_0001',
      transStatus: 'C',
      acsChallengeMandated: 'N',
      acsURL: 'https://acs.example.test/challenge',
      authenticationType: '02',
    },
    { messageType: 'CReq', ...ids, challengeWindowSize: '5' },
    { messageType: 'CRes', ...ids, transStatus: 'Y' },
  ]
}

function creqForm() {
  const { threeDSServerTransID, dsTransID, messageVersion } = areqExample(dsURL)
  const creq = {
    messageType: 'CReq',
    messageVersion,
    threeDSServerTransID,
    acsTransID: dsTransID,
    challengeWindowSize: '05',
  }
  return `creq=${wrapped(creq)}&threeDSSessionData=b3JkZXItNDI`
}

/** By the name of their button, in its order. */
export const examples = {
  good: () => pretty(areqExample(dsURL)),
  broken: () => pretty(brokenAReq()),
  flow: () => pretty(flow()),
  creq: creqForm,
}
