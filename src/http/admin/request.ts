// What the routes of the admin API share: reading requests, and saying what is wrong with them.
import { z } from 'zod'
import { nestsDeeper } from '../../acs/nesting.ts'
import { currencyCode } from '../../acs/queries/summaries.ts'
import { maskDigitRuns } from '../../protocol/mask.ts'

/** A problem of a request, with the path of what is wrong; never a value of it. */
export class BadRequest extends Error {
  readonly status: number
  readonly path: string
  constructor(status: number, path: string, message: string) {
    super(message)
    this.status = status
    this.path = path
  }
}

/** `name`: what the value is called where it has no members of its own. */
export function parse<T>(schema: z.ZodType<T>, value: unknown, name = ''): T {
  if (nestsDeeper(value)) throw new BadRequest(400, name, 'nested too deeply')
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path =
    issue?.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys].join('.') : (issue?.path.join('.') ?? '')
  // Names are repeated, so a card number that was taken for one is masked (SEC-LOG-3).
  throw new BadRequest(400, maskDigitRuns(path === '' ? name : path), maskDigitRuns(issue?.message ?? 'not valid'))
}

/** By form only, as the protocol takes them (FLOW-GEN-7). */
export const uuid = z.guid()

export const limit = z.coerce.number().int().min(1).max(500).default(50)
export const rowId = z.coerce.number().int().positive()
export const transStatuses = ['Y', 'N', 'A', 'U', 'R', 'I', 'C', 'D'] as const

export const acctNumber = z.string().regex(/^[0-9]{13,19}$/, '13 to 19 digits expected')
export const cardId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'the id of a card expected (GET /api/v1/cards); card numbers do not belong into a URL')

/** ISO 8601 with a date; Date.parse alone would make a time of many other words. */
const isoForm =
  /^[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?)?$/i

/** A point in time: milliseconds since 1970, or ISO 8601. */
export const instant = z
  .union([z.string(), z.number()])
  .transform(String)
  .transform((text) => (/^[0-9]{1,15}$/.test(text) ? Number(text) : isoForm.test(text) ? Date.parse(text) : Number.NaN))
  .refine((at) => Number.isSafeInteger(at), 'ISO 8601 or milliseconds since 1970 expected')

/** Words of a search or a name; a card number in a URL would end up in logs (SEC-LOG-3). */
export const words = z
  .string()
  .max(200)
  .refine(
    (text) => !/[0-9](?:[ -]?[0-9]){12,}/.test(text.normalize('NFKC').replace(/\b[0-9a-f]{8}-[0-9a-f-]*/gi, '')), // ids may be searched for
    'card numbers do not belong into a URL',
  )

/** One or more of `values`, with commas between them. */
export const oneOrMore = <const V extends string>(values: readonly [V, ...V[]]) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(values)).min(1))

/** ISO 4217, letters or digits. */
export const currency = z.string().refine((text) => currencyCode(text) !== undefined, 'no such currency (ISO 4217)')

/** An empty filter is none, as a form sends it. */
export const withoutEmpty = (query: object): object =>
  Object.fromEntries(Object.entries(query).filter(([name, value]) => value !== '' || name === 'limit'))
