// Makes the authenticationValue of a payment again, and says whether it is the one of the ARes or RReq:
//   node examples/authentication-value.mjs data/keys.json areq.json ares.json
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'

const [keys, areq, result] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')))
if (result === undefined)
  throw new Error('Usage: node examples/authentication-value.mjs <keys.json> <AReq file> <ARes or RReq file>')

const hmac = (key, text) => createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest()

// Sixteen octets of the keyed hash of the card number, in hexadecimal.
const panHash = hmac(keys.panHash, areq.acctNumber).toString('hex', 0, 16)
const fields = [result.acsTransID, panHash, areq.purchaseAmount, areq.purchaseCurrency, result.transStatus]
const mac = hmac(keys.authenticationValue, fields.join('|'))
// Mastercard: 21 octets, the first of which tells Y from A. Every other scheme: 20.
const lead = areq.acctNumber.startsWith('5') ? [result.transStatus === 'Y' ? 0x90 : 0x8c] : []
const value = Buffer.concat([Buffer.from(lead), mac.subarray(0, 20)]).toString('base64')
process.stdout.write(value === result.authenticationValue ? 'the value of the ACS\n' : 'another value\n')
