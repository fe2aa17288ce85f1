// The admin API, and its stream of events.
import { openStream } from './stream.js'

/** A request that failed; `status` 0: there was no answer. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {string} path What the problem is about, as the API names it.
   * @param {unknown} [answer] The whole of it.
   */
  constructor(status, message, path, answer) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.path = path
    this.answer = answer
  }
}

/** @param {unknown} value @param {string} key */
const textOf = (value, key) => {
  const member = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return typeof member === 'string' ? member : ''
}

/** @typedef {{ signal?: AbortSignal, cache?: RequestCache }} RequestOptions `cache`: nothing is kept unless this says so. */
/**
 * @typedef {object} Access
 * @property {() => Readonly<Record<string, string>>} headers What a request shows.
 * @property {(used: string | undefined) => Promise<boolean>} refused After a 401: whether to try once more.
 */

/** @param {string} base Path of the API, without a slash at the end. @param {Access} access */
export function createApi(base, access) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {{ text: string, type: string } | undefined} body
   * @param {RequestOptions} [options]
   * @returns {Promise<string>}
   */
  async function ask(method, path, body, options) {
    const shown = access.headers()
    /** @type {Response} */
    let response
    try {
      response = await fetch(`${base}${path}`, {
        method,
        headers: {
          accept: 'application/json, */*;q=0.5',
          ...(method !== 'GET' && { 'content-type': body?.type ?? 'application/json' }),
          ...shown,
        },
        ...(body !== undefined && { body: body.text }),
        ...(options?.signal !== undefined && { signal: options.signal }),
        cache: options?.cache ?? 'no-store',
      })
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error
      throw new ApiError(0, 'no answer', path)
    }
    const text = await response.text()
    if (response.ok) return text
    if (response.status === 401 && (await access.refused(shown.authorization))) return ask(method, path, body, options)
    const answer = json(text)
    throw new ApiError(
      response.status,
      textOf(answer, 'error') || `HTTP ${response.status}`,
      textOf(answer, 'path'),
      answer,
    )
  }
  /** @param {string} text @returns {any} What the API answers; its shapes are those of docs/admin-api.md. */
  const json = (text) => {
    try {
      return text === '' ? undefined : JSON.parse(text)
    } catch {
      return undefined
    }
  }
  /** @param {unknown} body */
  const asJson = (body) => (body === undefined ? undefined : { text: JSON.stringify(body), type: 'application/json' })
  return {
    /** @param {string} path @param {RequestOptions} [options] */
    get: async (path, options) => json(await ask('GET', path, undefined, options)),
    /** As it is, such as NDJSON. @param {string} path */
    text: (path) => ask('GET', path, undefined),
    /** @param {string} path @param {unknown} [body] */
    post: async (path, body = {}) => json(await ask('POST', path, asJson(body))),
    /** @param {string} path @param {string} text @param {string} type */
    postText: async (path, text, type) => json(await ask('POST', path, { text, type })),
    /** @param {string} path @param {unknown} body */
    put: async (path, body) => json(await ask('PUT', path, asJson(body))),
    /** @param {string} path */
    delete: async (path) => json(await ask('DELETE', path, undefined)),
  }
}

/** Browsers open six connections to one host; a tab that nobody sees gives its own back. */
const hiddenForMs = 30_000
const retryMs = [1_000, 2_000, 5_000, 10_000]

/** @typedef {'off' | 'connecting' | 'live' | 'lost'} StreamState */

/**
 * One stream for the page, opened with the first listener. Besides the events of the API (`transactions`, `inbox`, `cards`, `stubs`)
 * there are `reconnect` (events may be missing: load again) and `state` (a StreamState).
 * @param {string} url
 * @param {Access} access
 */
export function createEvents(url, access) {
  /** @type {Map<string, Set<(data: any) => void>>} */
  const listeners = new Map()
  /** @type {(() => void) | undefined} */
  let stop
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
    timer = undefined
    stop?.()
    stop = undefined
  }
  const open = () => {
    close()
    become(wasOpen ? 'lost' : 'connecting')
    stop = openStream(url, {
      headers: access.headers,
      onOpen() {
        failures = 0
        become('live')
        if (wasOpen) tell('reconnect', undefined)
        wasOpen = true
      },
      onEvent(type, data) {
        try {
          tell(type, JSON.parse(data))
        } catch (error) {
          reportError(error)
        }
      },
      onEnd() {
        stop = undefined
        become('lost')
        timer = setTimeout(open, retryMs[Math.min(failures, retryMs.length - 1)])
        failures += 1
      },
    })
  }
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding)
    if (document.hidden) {
      hiding = setTimeout(() => {
        close()
        become('off')
      }, hiddenForMs)
    } else if (stop === undefined && listeners.size > 0) {
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
      if (stop === undefined && timer === undefined) open()
      return () => {
        set.delete(listener)
      }
    },
    get state() {
      return state
    },
  }
}
