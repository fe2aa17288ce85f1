// Messages made from the table: parsing undoes building, and finds nothing to say. Spec: Annex A, Annex B; ACS-VAL-12, ACS-VAL-13.
import { fc, test } from '@fast-check/vitest'
import { describe, expect, test as plain } from 'vitest'
import { ProtocolError } from '../../src/protocol/errors.ts'
import { parseMessage } from '../../src/protocol/messages/parse.ts'
import { exampleOf, sampleMessage } from '../../src/protocol/messages/sample.ts'
import { isObject, type JsonObject } from '../../src/protocol/rules/conditions.ts'
import { elements } from '../../src/protocol/tables/elements.ts'
import type { Element, Version } from '../../src/protocol/tables/types.ts'
import { type Column, columns } from '../support/columns.ts'

const encoder = new TextEncoder()
const profiles = ['strict', 'lenient'] as const

const parse = (about: Column, profile: 'strict' | 'lenient', text: string) =>
  parseMessage(encoder.encode(text), { ...about, profile, expects: [about.message], exponentCheck: true })

describe.each(columns)('$version $message on $leg, channel $channel, category $category', (about) => {
  describe.each(['minimal', 'full'] as const)('%s', (fill) => {
    test.prop([fc.nat()], { numRuns: 8 })('is parsed into what was built, in both profiles', (seed) => {
      const built = sampleMessage({ ...about, fill, seed })
      const text = JSON.stringify(built)
      for (const profile of profiles) {
        const parsed = parse(about, profile, text)
        expect(parsed.message).toEqual(built)
        expect(parsed.warnings).toEqual([])
        expect(parsed.text).toBe(text)
      }
    })
  })

  test.prop([fc.nat(), fc.nat()], { numRuns: 8 })('holds what is required and no more when minimal', (seed, choice) => {
    const built = sampleMessage({ ...about, fill: 'minimal', seed })
    const names = Object.keys(built)
    const gone = names[choice % names.length] ?? ''
    const rest = JSON.stringify({ ...built, [gone]: undefined })
    // Given for the outcome they tell, not required by it.
    if (
      [
        'eci',
        'transStatusReason',
        'challengeCompletionInd',
        'transStatus',
        'recurringFrequency',
        'sdkServerSignedContent',
      ].includes(gone)
    )
      return
    expect(() => parse(about, 'strict', rest)).toThrow(ProtocolError)
  })
})

/** Every name, at any depth, that full samples of a version hold. */
function namesIn(version: Version): ReadonlySet<string> {
  const names = new Set<string>()
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const entry of value) walk(entry, path)
    else if (isObject(value))
      for (const [name, member] of Object.entries(value)) {
        const here = path === '' ? name : `${path}.${name}`
        names.add(here)
        walk(member, here)
      }
  }
  const uiTypes = ['01', '02', '03', '04', '05', '06', '07']
  const shown = {
    challengeEntryBoxTwo: { challengeDataEntryLabel: 'a' },
    whitelistingInfoText: 'a',
    trustListInfoText: 'a',
    deviceBindingInfoText: 'a',
    challengeAddLabel: 'a',
  }
  const variants: readonly { readonly context?: JsonObject; readonly set?: JsonObject }[] = [
    {},
    { context: { final: true } },
    { context: { cancelled: true }, set: { challengeCancel: '10' } },
    { context: { resend: true } },
    ...uiTypes.map((acsUiType) => ({ context: { CRes: { acsUiType, ...shown }, CReq: { oobAppURLInd: '01' } } })),
    ...uiTypes.map((acsUiType) => ({ context: { CReq: { oobAppURLInd: '01' } }, set: { acsUiType } })),
    { context: { CRes: { acsUiType: '01', ...shown } }, set: { challengeAddCode: 'Y' } },
    { context: { CRes: { acsUiType: '01' } }, set: { challengeDataEntry: undefined } },
    ...['Y', 'N', 'C', 'D', 'S'].map((transStatus) => ({ set: { transStatus } })),
    { set: { cardRangeDataFileURL: 'https://ds.example.com/ranges', sdkType: '01' } },
    { set: { sdkType: '01' } },
    { set: { sdkType: '02' } },
  ]
  for (const about of columns.filter((column) => column.version === version)) {
    for (const variant of variants) walk(sampleMessage({ ...about, fill: 'full', ...variant }), '')
  }
  return names
}

describe.each(['2.1.0', '2.2.0', '2.3.1'] as const)('%s', (version) => {
  plain('has no element that no sample holds', () => {
    const position = ['2.1.0', '2.2.0', '2.3.1'].indexOf(version)
    const isPartOf = (path: string, element: Element): boolean =>
      element.use === undefined
        ? Object.entries(element.presence ?? {}).some(
            ([message, groups]) => !message.endsWith('Post') && /[RCO]/.test(groups?.split(' ')[position] ?? ''),
          )
        : element.use[position] !== '-' && !insideTexts.some((text) => path.startsWith(`${text}.`))
    const held = namesIn(version)
    const missing = Object.entries<Element>(elements)
      .filter(([path, element]) => isPartOf(path, element) && !held.has(path))
      .map(([path]) => path)
    expect(missing).toEqual([])
  })
})

/** Elements whose table children are inside of a signed or encoded text. */
const insideTexts = ['deviceInfo', 'sdkServerSignedContent', 'acsSignedContent', 'threeDSMethodData', 'creq', 'cres']

describe('an example of an element', () => {
  const members = columns.flatMap((about) =>
    Object.entries(elements)
      .filter(([path, element]) => !path.includes('.') && 'presence' in element && about.message in element.presence)
      .map(([path]) => ({ ...about, path })),
  )
  /** Some elements stand beside some outcomes only: seeds that make several of them. */
  const outcomes = Array.from({ length: 60 }, (_, seed) => seed)

  plain('passes wherever the element may stand', () => {
    const refused: string[] = []
    for (const { path, ...about } of members) {
      // These depend on what is beside them.
      if (path === 'messageType' || path === 'messageVersion' || path.endsWith('Exponent')) continue
      const isTaken = outcomes.some((seed) => {
        const built = { ...sampleMessage({ ...about, fill: 'minimal', seed }), [path]: exampleOf(path, about) }
        try {
          parse(about, 'strict', JSON.stringify(built))
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error
          // The example may ask for others beside it (201); itself it is never wrong.
          return !error.errorDetail.split(',').some((name) => name === path || name.startsWith(`${path}.`))
        }
        return true
      })
      if (!isTaken) refused.push(`${about.version} ${about.message} ${about.channel} ${path}`)
    }
    expect([...new Set(refused)]).toEqual([])
  })
  plain('of an element that is none is undefined', () => {
    expect(exampleOf('threeDSServerTransId', { version: '2.2.0', message: 'AReq' })).toBeUndefined()
  })
})
