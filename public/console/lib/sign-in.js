// The token of the admin API, where it asks for one. It lives as long as the tab (sessionStorage) and goes into a header, never into an address.

const operator = 'sekisho.token'

/** @param {string} key */
function kept(key) {
  try {
    return sessionStorage.getItem(key) ?? undefined
  } catch {
    return undefined // storage may be switched off; the token then lasts as long as the page
  }
}

/**
 * @param {string} tenant
 * @param {(isWrong: boolean) => Promise<string | undefined>} ask Asks the person; undefined: does not want to.
 */
export function createSignIn(tenant, ask) {
  const key = tenant === 'default' ? operator : `${operator}.${tenant}`
  /** @type {string | undefined} */
  let token = kept(key) ?? kept(operator)
  /** @type {Promise<boolean> | undefined} */
  let asking
  let isRefused = false

  return {
    /** @returns {Readonly<Record<string, string>>} */
    headers: () => (token === undefined ? {} : { authorization: `Bearer ${token}` }),
    /** What opens the bare address, if it is known: the operator's token opens everything. @returns {Readonly<Record<string, string>>} */
    operatorHeaders() {
      const own = kept(operator) ?? (tenant === 'default' ? token : undefined)
      return own === undefined ? {} : { authorization: `Bearer ${own}` }
    },
    get isSignedIn() {
      return token !== undefined
    },
    /** Somebody who said no is asked again when they want something. */
    reconsider() {
      isRefused = false
    },
    /** A request was refused: true when it is worth another try. @param {string | undefined} used The header it was sent with. */
    async refused(used) {
      if (token !== undefined && used !== `Bearer ${token}`) return true
      if (isRefused) return false
      asking ??= (async () => {
        const given = await ask(token !== undefined)
        if (given === undefined || given === '') {
          isRefused = true
          return false
        }
        token = given
        try {
          sessionStorage.setItem(key, given)
        } catch {
          // as above
        }
        return true
      })().finally(() => {
        asking = undefined
      })
      return asking
    },
    signOut() {
      token = undefined
      try {
        sessionStorage.removeItem(key)
        sessionStorage.removeItem(operator)
      } catch {
        // as above
      }
    },
  }
}
