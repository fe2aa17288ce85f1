// A stream of events over fetch: an EventSource could not show a token.

/** After so many events at a stretch the page gets a turn. */
const eventsAtOnce = 250

/**
 * Reads `text/event-stream` until it ends; whoever opened it decides about another try.
 * @param {string} url
 * @param {object} options
 * @param {() => Readonly<Record<string, string>>} options.headers
 * @param {() => void} options.onOpen
 * @param {(type: string, data: string, id: string) => void} options.onEvent
 * @param {(status: number) => void} options.onEnd With the HTTP status; 0: there was no answer, or it broke off.
 * @returns {() => void} Closes it; nothing is called afterwards.
 */
export function openStream(url, { headers, onOpen, onEvent, onEnd }) {
  const stop = new AbortController()

  async function read() {
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream', ...headers() },
      cache: 'no-store',
      signal: stop.signal,
    })
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
    if (!response.ok || !isStream || response.body === null) {
      await response.body?.cancel()
      return response.ok ? 0 : response.status
    }
    onOpen()
    let rest = ''
    let type = ''
    let id = ''
    /** @type {string[]} */
    let data = []
    let count = 0
    for await (const chunk of chunksOf(response.body.pipeThrough(new TextDecoderStream()))) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const raw of lines) {
        const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
        if (line === '') {
          if (data.length > 0) {
            onEvent(type === '' ? 'message' : type, data.join('\n'), id)
            count += 1
            if (count % eventsAtOnce === 0) await new Promise((done) => setTimeout(done))
            if (stop.signal.aborted) return 0
          }
          type = ''
          data = []
          continue
        }
        const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
        if (name === 'event') type = value
        else if (name === 'data') data.push(value)
        else if (name === 'id') id = value
      }
    }
    return 0
  }

  read().then(
    (status) => {
      if (!stop.signal.aborted) onEnd(status)
    },
    () => {
      if (!stop.signal.aborted) onEnd(0)
    },
  )
  return () => stop.abort()
}

/** Not every browser can iterate a stream. @param {ReadableStream<string>} stream */
async function* chunksOf(stream) {
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
