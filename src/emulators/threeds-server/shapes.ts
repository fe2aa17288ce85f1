// What the requestor knows, in the names and shapes of one version. Requestors may use those of any version.
// Spec: Table A.1; VER-22-1, 4, 6, VER-23-2, 3, 5, 6, 17…19.
import { isAtLeast } from '../versions.ts'

export type Elements = Readonly<Record<string, unknown>>

/** Colour depths that the element may say up to 2.2.0; a browser may report others, 30 above all (MIS-TMR-9). */
const colorDepths = [48, 32, 24, 16, 15, 8, 4, 1]

/** The next smaller depth that is allowed up to 2.2.0. */
export function browserColorDepth(reported: string): string {
  const depth = Number(reported)
  return String(colorDepths.find((allowed) => allowed <= depth) ?? 1)
}

/** At most 8 characters up to 2.2.0, then 35 (VER-23-19): whole subtags from the left, as many as fit. */
export function browserLanguage(tag: string, longest = 8): string {
  let kept = ''
  for (const subtag of tag.split('-')) {
    const longer = kept === '' ? subtag : `${kept}-${subtag}`
    if (longer.length > longest) break
    kept = longer
  }
  return kept === '' ? 'en' : kept
}

/** The entries of an Accept-Language header, as the element lists them. */
export const acceptLanguage = (header: string): readonly string[] => {
  const entries = header
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry.length > 0 && entry.length <= 100)
  // A server that calls for a browser says `*`, if anything.
  const named = entries.filter((entry) => !entry.startsWith('*'))
  return named.length === 0 ? ['en'] : entries.slice(0, 99)
}

const entriesOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

/** Renamed with 2.3.1 (VER-23-3). */
const newestNames: Readonly<Record<string, string>> = {
  whiteListStatus: 'trustListStatus',
  whiteListStatusSource: 'trustListStatusSource',
}
const olderNames = Object.fromEntries(Object.entries(newestNames).map(([older, newest]) => [newest, older]))

/** One value up to 2.2.0, a list from then on (VER-23-5, VER-23-6). */
const lists: ReadonlySet<string> = new Set([
  'threeDSRequestorChallengeInd',
  'threeDSRequestorAuthenticationInfo',
  'threeDSRequestorPriorAuthenticationInfo',
])

function renamed(known: Elements, isNewest: boolean): Elements {
  const names = isNewest ? newestNames : olderNames
  const has = (name: string): boolean => known[name] !== undefined
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) => {
      const other = names[name]
      if (other !== undefined) return has(other) ? [] : [[other, value]]
      if (!lists.has(name) || value === undefined) return [[name, value]]
      return [[name, isNewest ? entriesOf(value) : entriesOf(value)[0]]]
    }),
  )
}

/** From 2.3.1 on the terms have elements of their own (VER-23-17); without them each payment is as this one. */
function recurring(known: Elements): Elements {
  const { threeDSRequestorAuthenticationInd, threeRIInd, recurringFrequency } = known
  const isRecurring =
    ['02', '03'].includes(String(threeDSRequestorAuthenticationInd)) || ['01', '02'].includes(String(threeRIInd))
  if (!isRecurring || known.recurringInd !== undefined) return {}
  const { purchaseAmount, purchaseCurrency, purchaseExponent, purchaseDate } = known
  const hasAmount = typeof purchaseAmount === 'string'
  return {
    recurringInd: { amountInd: hasAmount ? '01' : '02', frequencyInd: recurringFrequency === undefined ? '02' : '01' },
    ...(hasAmount && {
      recurringAmount: known.recurringAmount ?? purchaseAmount,
      recurringCurrency: known.recurringCurrency ?? purchaseCurrency,
      recurringExponent: known.recurringExponent ?? purchaseExponent,
    }),
    ...(recurringFrequency !== undefined && {
      recurringDate: known.recurringDate ?? (typeof purchaseDate === 'string' ? purchaseDate.slice(0, 8) : undefined),
    }),
  }
}

/** A day, where the requestor says nothing; from 2.3.1 on the element has to be there (ACS-VAL-52). */
const usualDecMaxTime = '01440'

/** F and B came with 2.3.1: an older version has no fallback (VER-23-2). */
function decoupled(known: Elements, version: string): Elements {
  const { threeDSRequestorDecReqInd: wish, threeDSRequestorDecMaxTime } = known
  if (isAtLeast(version, '2.3.1')) {
    const isWanted = wish === 'Y' || wish === 'F' || wish === 'B'
    return isWanted ? { threeDSRequestorDecMaxTime: threeDSRequestorDecMaxTime ?? usualDecMaxTime } : {}
  }
  if (wish === 'B') return { threeDSRequestorDecReqInd: 'Y' }
  return wish === 'F' ? { threeDSRequestorDecReqInd: 'N' } : {}
}

/** Where it is not said: the acquirer sits where the merchant does. */
const usualCountry = '392'

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function browser(known: Elements, version: string): Elements {
  const depth = text(known.browserColorDepth)
  const language = text(known.browserLanguage)
  const isNewest = isAtLeast(version, '2.3.1')
  return {
    // 2.1.0 knows no browser without scripts: what only a script could tell is made up (VER-22-6).
    ...(!isAtLeast(version, '2.2.0') &&
      known.browserJavascriptEnabled === false && {
        browserJavaEnabled: known.browserJavaEnabled ?? false,
        browserColorDepth: depth ?? '24',
        browserScreenHeight: known.browserScreenHeight ?? '0',
        browserScreenWidth: known.browserScreenWidth ?? '0',
        browserTZ: known.browserTZ ?? '0',
      }),
    ...(depth !== undefined && !isNewest && { browserColorDepth: browserColorDepth(depth) }),
    ...(language !== undefined && { browserLanguage: browserLanguage(language, isNewest ? 35 : 8) }),
    ...(isNewest && known.acceptLanguage === undefined && { acceptLanguage: [language ?? 'en'] }),
  }
}

function acquirer(known: Elements): Elements {
  const acquirerCountryCode = known.acquirerCountryCode ?? known.merchantCountryCode ?? usualCountry
  return { acquirerCountryCode, acquirerCountryCodeSource: known.acquirerCountryCodeSource ?? '01' }
}

/** All that is known, as an AReq of this version says it; elements the version does not have are still there. */
export function inShapeOf(version: string, known: Elements): Elements {
  const isNewest = isAtLeast(version, '2.3.1')
  return {
    ...renamed(known, isNewest),
    ...(isNewest && acquirer(known)),
    ...(isNewest && recurring(known)),
    ...decoupled(known, version),
    ...browser(known, version),
  }
}
