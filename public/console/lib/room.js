// The tenant this console shows, and what time it is there.

/**
 * @typedef {{ mode: 'run' | 'frozen', now: string, offsetMs: number }} ClockState As the API shows it.
 */

/** The tenant of a base path, and the path of all tenants. @param {string} base '' or '/sekisho', with '/t/{name}' behind it unless it is the default one. */
export function roomOf(base) {
  const [, root = base, name = 'default'] = /^(.*?)\/t\/([a-z0-9][a-z0-9-]{0,39})$/.exec(base) ?? []
  return { root, name }
}

/** A little difference is that of two machines, or of the way. */
const noticeableMs = 2_000

export function createRoomClock() {
  /** @type {ClockState | undefined} */
  let state
  /** This machine's clock when the state was told; a running clock goes on from there. */
  let toldAt = 0
  /** @type {Set<() => void>} */
  const listeners = new Set()
  return {
    get state() {
      return state
    },
    /** What time it is in the tenant. */
    now() {
      if (state === undefined) return Date.now()
      return Date.parse(state.now) + (state.mode === 'frozen' ? 0 : Date.now() - toldAt)
    },
    /** Whether its time is another one than that of the wall. */
    get isVirtual() {
      return state !== undefined && (state.mode === 'frozen' || Math.abs(state.offsetMs) > noticeableMs)
    },
    /** @param {ClockState} next */
    told(next) {
      state = next
      toldAt = Date.now()
      for (const listener of [...listeners]) listener()
    },
    /** @param {() => void} listener @returns {() => void} takes it back */
    on(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
