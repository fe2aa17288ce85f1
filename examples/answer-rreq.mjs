// A results endpoint: shows each RReq and answers it with an RRes, as a 3DS Server or a DS does.
//   node examples/answer-rreq.mjs [port]
import { createServer } from 'node:http'

const port = Number(process.argv[2] ?? 9450)

/** The answer of a party that knows the transaction. */
const rresFor = (rreq) => ({
  messageType: 'RRes',
  messageVersion: rreq.messageVersion,
  threeDSServerTransID: rreq.threeDSServerTransID,
  acsTransID: rreq.acsTransID,
  dsTransID: rreq.dsTransID,
  resultsStatus: '01', // received
})

const server = createServer(async (req, res) => {
  let text = ''
  for await (const piece of req.setEncoding('utf8')) text += piece
  let message
  try {
    message = JSON.parse(text)
  } catch {
    message = {}
  }
  // Whatever proves the authentication belongs into no terminal and no log.
  const { authenticationValue, ...shown } = message
  const secret = authenticationValue === undefined ? '' : ' (and an authenticationValue)'
  process.stdout.write(`${req.method} ${req.url}${secret}\n${JSON.stringify(shown, null, 2)}\n`)
  if (message.messageType !== 'RReq') {
    res.writeHead(200).end() // an Erro is heard and not answered
    return
  }
  res.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(rresFor(message)))
})
server.listen(port, '127.0.0.1', () => {
  process.stdout.write(`RReqs are answered at http://127.0.0.1:${port}. Stop with Ctrl-C.\n`)
})
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    server.close()
    server.closeAllConnections()
  })
