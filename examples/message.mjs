// Prints a message of a file with new ids and the date of today, and with the changes that are named:
//   node examples/message.mjs examples/areq.json acctNumber=4000000000007700 merchantName=
// A member without a value is left out; areq.mcc=5999 reaches inside; true, false and lists in JSON are taken as such.
import { readFileSync } from 'node:fs'

const [file, ...changes] = process.argv.slice(2)
if (file === undefined) throw new Error('Usage: node examples/message.mjs <file> [member=value …]')
const message = JSON.parse(readFileSync(file, 'utf8'))

for (const name of ['threeDSServerTransID', 'dsTransID']) if (name in message) message[name] = crypto.randomUUID()
if ('purchaseDate' in message) message.purchaseDate = new Date().toISOString().replace(/\D/g, '').slice(0, 14)

for (const change of changes) {
  const path = change.slice(0, change.indexOf('=')).split('.')
  const value = change.slice(change.indexOf('=') + 1)
  const last = path.pop()
  const parent = path.reduce((object, name) => object[name], message)
  if (value === '') delete parent[last]
  else parent[last] = /^(?:true|false|[[{].*)$/s.test(value) ? JSON.parse(value) : value
}
process.stdout.write(`${JSON.stringify(message)}\n`)
