// HTTP by hand: what no client library would send.
import net from 'node:net'

export interface RawReply {
  /** Of the first answer; 0 when the connection ended without one. */
  readonly status: number
  readonly headers: string
  readonly body: string
  /** How many answers came before the connection ended. */
  readonly answers: number
}

/** Sends the pieces and reads until the server hangs up; the last request should ask for that. */
export function rawExchange(
  url: string,
  pieces: readonly (string | Uint8Array)[],
  { withinMs = 40_000, endsAfter = false }: { readonly withinMs?: number; readonly endsAfter?: boolean } = {},
): Promise<RawReply> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = net.connect(Number(port), hostname)
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`the server kept the connection open for ${withinMs} ms`))
    }, withinMs)
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => undefined) // a server may cut what it will not read; what came before counts
    socket.on('close', () => {
      clearTimeout(timer)
      const text = Buffer.concat(chunks).toString('utf8')
      const [headers = '', ...rest] = text.split('\r\n\r\n')
      resolve({
        status: Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(headers)?.[1] ?? 0),
        headers,
        body: rest.join('\r\n\r\n'),
        answers: text.split(/^HTTP\/1\.1 [0-9]{3} /m).length - 1,
      })
    })
    for (const piece of pieces) socket.write(piece)
    if (endsAfter) socket.end()
  })
}
