// What the page of the 3DS Method may tell, and nothing else: what is not in this table is not kept. `docs/device-data.md` says why.

type Kind =
  | { readonly is: 'flag' }
  | { readonly is: 'text'; readonly like: RegExp }
  | { readonly is: 'number'; readonly least: number; readonly most: number }

const pixels = { is: 'number', least: 0, most: 100_000 } as const
const word = { is: 'text', like: /^[\p{L}\p{N} ._+/\-()]{1,64}$/u } as const

export const deviceParameters = {
  screenWidth: pixels,
  screenHeight: pixels,
  colorDepth: { is: 'number', least: 0, most: 128 },
  timeZone: word,
  timeZoneOffset: { is: 'number', least: -840, most: 840 },
  language: word,
  languages: { is: 'text', like: /^[A-Za-z0-9-]{1,35}(,[A-Za-z0-9-]{1,35}){0,9}$/ },
  platform: word,
  hardwareConcurrency: { is: 'number', least: 0, most: 4_096 },
  deviceMemory: { is: 'number', least: 0, most: 4_096 },
  maxTouchPoints: { is: 'number', least: 0, most: 256 },
  canvasHash: { is: 'text', like: /^[0-9a-f]{8}$/ },
  deviceId: { is: 'text', like: /^[A-Za-z0-9-]{16,64}$/ },
  deviceIdIsNew: { is: 'flag' },
  webdriver: { is: 'flag' },
  /** Milliseconds since 1970, as the browser counts them. */
  clock: { is: 'number', least: 0, most: 8.64e15 },
} as const satisfies Readonly<Record<string, Kind>>

function fits(kind: Kind, value: unknown): value is string | number | boolean {
  switch (kind.is) {
    case 'flag':
      return typeof value === 'boolean'
    case 'text':
      return typeof value === 'string' && kind.like.test(value)
    case 'number':
      return typeof value === 'number' && value >= kind.least && value <= kind.most
  }
}

/**
 * The user agent that goes with it is what the browser sent us by itself: what the AReq tells came by way of the shop. `now` is the
 * real time, as the browser's clock is, whatever the clock of the tenant says.
 */
export function methodDataOf(
  told: Readonly<Record<string, unknown>>,
  userAgent: string | undefined,
  now: number,
): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {}
  for (const [name, kind] of Object.entries(deviceParameters)) {
    const value = Object.hasOwn(told, name) ? told[name] : undefined
    if (fits(kind, value)) kept[name] = value
  }
  if (typeof kept.clock === 'number') kept.clockOff = Math.round(now - kept.clock)
  if (userAgent !== undefined && userAgent !== '') kept.userAgent = userAgent.slice(0, longestAgent)
  return kept
}

const longestAgent = 512

/** For the journal, which masks long runs of digits: the clock as a date. */
export const readable = ({ clock, clockOff: _off, ...others }: ReturnType<typeof methodDataOf>) =>
  typeof clock === 'number' ? { ...others, clock: new Date(clock).toISOString() } : others
