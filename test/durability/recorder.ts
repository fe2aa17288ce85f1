// Stands before the DS and passes everything on; keeps every RReq as the bytes that left the ACS.
import http from 'node:http'

export interface Recorder {
  /** Every RReq that came, by acsTransID: the different texts, and how often any came. */
  readonly rreqs: ReadonlyMap<string, { readonly texts: ReadonlySet<string>; readonly times: number }>
  close(): Promise<void>
}

export async function recordingDoor(port: number, behind: number): Promise<Recorder> {
  const rreqs = new Map<string, { texts: Set<string>; times: number }>()
  const note = (text: string): void => {
    const { messageType, acsTransID } = JSON.parse(text) as Record<string, unknown>
    if (messageType !== 'RReq') return
    const id = String(acsTransID).toLowerCase()
    const known = rreqs.get(id) ?? { texts: new Set(), times: 0 }
    known.texts.add(text)
    known.times += 1
    rreqs.set(id, known)
  }
  const agent = new http.Agent({ keepAlive: true })
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('error', () => {})
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const body = Buffer.concat(chunks)
      if (req.url?.endsWith('/rreq') === true) note(body.toString('utf8'))
      const { 'content-type': type = '', 'x-request-id': id = '' } = req.headers
      const onward = http.request(
        {
          host: '127.0.0.1',
          port: behind,
          path: req.url,
          method: req.method,
          agent,
          headers: { 'content-type': type, 'x-request-id': id, 'content-length': body.length },
        },
        (answer) => {
          res.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.on('error', () => res.destroy())
          answer.pipe(res)
        },
      )
      // A DS that is down is felt as one: no answer, and the connection is gone.
      onward.on('error', () => res.destroy())
      onward.end(body)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    rreqs,
    close: () =>
      new Promise((resolve) => {
        agent.destroy()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
