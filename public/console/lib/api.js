// The admin API, and its stream of events.

/** A request that failed; `status` 0: there was no answer. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {string} path What the problem is about, as the API names it.
   */
  constructor(status, message, path) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.path = path
  }
}

/** @param {unknown} value @param {string} key */
const textOf = (value, key) => {
  const member = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return typeof member === 'string' ? member : ''
}

/** @typedef {{ signal?: AbortSignal, cache?: RequestCache }} RequestOptions `cache`: nothing is kept unless this says so. */

/** @param {string} base Path of the API, without a slash at the end. */
export function createApi(base) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} body
   * @param {RequestOptions} [options]
   * @returns {Promise<any>} What the API answers; its shapes are those of docs/admin-api.md.
   */
  async function request(method, path, body, options) {
    /** @type {Response} */
    let response
    try {
      response = await fetch(`${base}${path}`, {
        method,
        headers: { accept: 'application/json', ...(method !== 'GET' && { 'content-type': 'application/json' }) },
        ...(method !== 'GET' && body !== undefined && { body: JSON.stringify(body) }),
        ...(options?.signal !== undefined && { signal: options.signal }),
        cache: options?.cache ?? 'no-store',
      })
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error
      throw new ApiError(0, 'no answer', path)
    }
    const text = await response.text()
    /** @type {unknown} */
    let answer
    try {
      answer = text === '' ? undefined : JSON.parse(text)
    } catch {
      answer = undefined
    }
    if (!response.ok) {
      throw new ApiError(response.status, textOf(answer, 'error') || `HTTP ${response.status}`, textOf(answer, 'path'))
    }
    return answer
  }
  return {
    /** @param {string} path @param {RequestOptions} [options] */
    get: (path, options) => request('GET', path, undefined, options),
    /** @param {string} path @param {unknown} [body] */
    post: (path, body = {}) => request('POST', path, body),
    /** @param {string} path @param {unknown} body */
    put: (path, body) => request('PUT', path, body),
    /** @param {string} path */
    delete: (path) => request('DELETE', path, undefined),
  }
}

const eventTypes = /** @type {const} */ (['transactions', 'inbox', 'cards', 'stubs'])
/** Browsers open six connections to one host; a tab that nobody sees gives its own back. */
const hiddenForMs = 30_000
const retryMs = [1_000, 2_000, 5_000, 10_000]

/** @typedef {'off' | 'connecting' | 'live' | 'lost'} StreamState */

/**
 * One stream for the page, opened with the first listener. Besides the events of the API (`transactions`, `inbox`, `cards`, `stubs`)
 * there are `reconnect` (events may be missing: load again) and `state` (a StreamState).
 * @param {string} url
 */
export function createEvents(url) {
  /** @type {Map<string, Set<(data: any) => void>>} */
  const listeners = new Map()
  /** @type {EventSource | undefined} */
  let source
  /** @type {StreamState} */
  let state = 'off'
  let wasOpen = false
  let failures = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let hiding

  /** @param {string} type @param {unknown} data */
  const tell = (type, data) => {
    for (const listener of [...(listeners.get(type) ?? [])]) listener(data)
  }
  /** @param {StreamState} next */
  const become = (next) => {
    if (next === state) return
    state = next
    tell('state', state)
  }
  const close = () => {
    clearTimeout(timer)
    source?.close()
    source = undefined
  }
  const open = () => {
    close()
    become(wasOpen ? 'lost' : 'connecting')
    const current = new EventSource(url)
    source = current
    current.onopen = () => {
      failures = 0
      become('live')
      if (wasOpen) tell('reconnect', undefined)
      wasOpen = true
    }
    current.onerror = () => {
      // The browser tries again by itself unless the answer was not a stream.
      become('lost')
      if (current.readyState !== EventSource.CLOSED || current !== source) return
      close()
      timer = setTimeout(open, retryMs[Math.min(failures, retryMs.length - 1)])
      failures += 1
    }
    for (const type of eventTypes) {
      current.addEventListener(type, (event) => {
        try {
          tell(type, JSON.parse(event.data))
        } catch (error) {
          reportError(error)
        }
      })
    }
  }
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding)
    if (document.hidden) {
      hiding = setTimeout(() => {
        close()
        become('off')
      }, hiddenForMs)
    } else if (source === undefined && listeners.size > 0) {
      open()
    }
  })

  return {
    /**
     * @param {'transactions' | 'inbox' | 'cards' | 'stubs' | 'reconnect' | 'state'} type
     * @param {(data: any) => void} listener
     * @returns {() => void} takes the listener back
     */
    on(type, listener) {
      const set = listeners.get(type) ?? new Set()
      listeners.set(type, set)
      set.add(listener)
      if (source === undefined && timer === undefined) open()
      return () => {
        set.delete(listener)
      }
    },
    get state() {
      return state
    },
  }
}
