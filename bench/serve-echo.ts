// The reference: a stock Express app that parses an AReq and answers a fixed object of 1 KB.
import express from 'express'

const answer = {
  messageType: 'ARes',
  messageVersion: '2.2.0',
  transStatus: 'Y',
  filler: 'x'.repeat(900),
}
const app = express()
app.use(express.json({ limit: '1mb' }))
app.post('/acs/areq', (_req, res) => {
  res.json(answer)
})
const server = app.listen(Number(process.argv[2]), '127.0.0.1', () => process.send?.('ready'))
process.on('message', (message) => {
  if (message === 'usage') process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage().rss })
  if (message === 'stop') server.close(() => process.exit(0))
})
