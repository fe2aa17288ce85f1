// What the small views share when they ask the API.

/**
 * Runs `work`; a call that comes while it runs makes it run once more afterwards, however many came.
 * @param {() => Promise<void>} work
 */
export function coalesced(work) {
  let isRunning = false
  let isWanted = false
  return async () => {
    if (isRunning) {
      isWanted = true
      return
    }
    isRunning = true
    try {
      do {
        isWanted = false
        await work()
      } while (isWanted)
    } finally {
      isRunning = false
    }
  }
}

/** Status and path of an error of the API; of any other error nothing is known. @param {unknown} error */
export function problemOf(error) {
  const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : -1
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : ''
  return { status, path, message: error instanceof Error ? error.message : String(error) }
}
