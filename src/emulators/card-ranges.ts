// Card ranges of the operator's own: which ACS the DS routes to, and which 3DS Method the 3DS Server knows, as a PRes
// would tell it. Spec: FLOW-DS-2, FLOW-MTH-5.
import { parse } from 'yaml'
import { z } from 'zod'
import type { DsRoute } from './ds/options.ts'
import { supportedVersions } from './versions.ts'

const digits = z
  .union([z.string(), z.number().transform(String)], { error: 'leading digits expected' })
  .pipe(z.string().regex(/^[0-9]{1,19}$/, 'leading digits expected'))
const httpUrl = z.url({ protocol: /^https?$/, error: 'an http or https address expected' })

export const ownRange = z
  .strictObject({
    from: digits,
    to: digits,
    scheme: z.string().regex(/^[a-z0-9-]{1,32}$/, 'a name in lower case expected, such as visa'),
    /** Where AReqs go; without it the ACS of this Sekisho, with its 3DS Method. */
    acsUrl: httpUrl.optional(),
    /** Without it an ACS of its own has no 3DS Method. */
    methodUrl: httpUrl.optional(),
    /** What this ACS speaks; without it all that the DS does. */
    versions: z
      .array(z.enum(supportedVersions, { error: 'of 2.1.0, 2.2.0 and 2.3.1 expected' }))
      .min(1)
      .optional(),
    /** What the ACS can do, in the codes of acsInfoInd (FLOW-PRE-4); told to 2.2.0 up to 04. */
    acsInfoInd: z
      .array(z.string().regex(/^(?:0[1-9]|1[01]|[89]\d)$/, 'codes 01 to 11 expected'))
      .min(1)
      .optional(),
    issuerCountryCode: z
      .string()
      .regex(/^\d{3}$/, 'a numeric country code expected')
      .optional(),
  })
  .refine(({ from, to }) => from.length === to.length && from <= to, 'from and to must be equally long and in order')

const file = z.union([z.array(ownRange).min(1), z.strictObject({ ranges: z.array(ownRange).min(1) })], {
  error: 'a list of ranges expected, by itself or named ranges',
})

/** The file of `--card-ranges`, and the body by which an operator replaces the ranges of a running DS. */
export const ownRanges = file

type Problem = z.core.$ZodIssue

/** The first thing that is wrong, as deep as it can be named: a union tells of each of its sides. */
function deepest(issue: Problem, above: readonly PropertyKey[] = []): { path: string; message: string } {
  const path = [...above, ...issue.path]
  const inner = issue.code === 'invalid_union' ? issue.errors.flat() : []
  const within = inner.find(({ path: { length } }) => length > 0)
  if (within !== undefined) return deepest(within, path)
  const message = issue.code === 'unrecognized_keys' ? `${issue.keys.join(', ')} is not known` : issue.message
  return { path: path.join('.'), message }
}

export type OwnRange = z.output<typeof ownRange>

/** Throws an Error that names the path of what is wrong. The first range that holds a card serves it. */
export function readCardRanges(text: string): readonly OwnRange[] {
  const result = file.safeParse(parse(text))
  if (result.success) return Array.isArray(result.data) ? result.data : result.data.ranges
  throw new Error(whatIsWrong(result.error))
}

/** In one line, with the path. */
export function whatIsWrong(error: z.ZodError): string {
  const [issue] = error.issues
  const { path, message } = issue === undefined ? { path: '', message: 'not valid' } : deepest(issue)
  return path === '' ? message : `${path}: ${message}`
}

/** `home`: the ACS of ranges that name none. */
export const routesFor = (
  ranges: readonly OwnRange[],
  home: Required<Pick<DsRoute, 'acsUrl' | 'methodUrl'>>,
): readonly DsRoute[] =>
  ranges.map(({ from, to, scheme, acsUrl, methodUrl, versions, acsInfoInd, issuerCountryCode }) => ({
    from,
    to,
    scheme,
    ...(acsUrl === undefined ? home : { acsUrl }),
    ...(methodUrl !== undefined && { methodUrl }),
    ...(versions !== undefined && { versions }),
    ...(acsInfoInd !== undefined && { acsInfoInd }),
    ...(issuerCountryCode !== undefined && { issuerCountryCode }),
  }))
