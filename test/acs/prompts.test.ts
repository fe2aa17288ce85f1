import { describe, expect, test } from 'vitest'
import { promptsFor } from '../../src/acs/challenge/prompts.ts'

const asking = (messageVersion: string, ...challengeInds: readonly string[]) => ({ messageVersion, challengeInds })
const planned = { challenge: { prompts: ['trustList', 'deviceBinding'] as ('trustList' | 'deviceBinding')[] } }

describe('beside a challenge', () => {
  test('nothing is asked that nobody wants asked (CHL-TL-1)', () => {
    for (const version of ['2.1.0', '2.2.0', '2.3.1'])
      for (const ind of ['01', '03', '04', '08']) expect(promptsFor(asking(version, ind), undefined)).toBeUndefined()
  })

  test('the trust list is asked since 2.2.0, the device since 2.3.1 (CHL-TL-1, CHL-TL-4, CHL-TL-5)', () => {
    expect(promptsFor(asking('2.1.0', '09', '12'), planned)).toBeUndefined()
    expect(promptsFor(asking('2.2.0', '09', '12'), planned)).toEqual(['trustList'])
    expect(promptsFor(asking('2.3.1', '09', '12'), undefined)).toEqual(['trustList', 'deviceBinding'])
    expect(promptsFor(asking('2.3.1', '12'), undefined)).toEqual(['deviceBinding'])
    expect(promptsFor(asking('2.3.1', '01'), planned)).toEqual(['trustList', 'deviceBinding'])
  })

  test('what was agreed to is not asked again for a shop, but for a plan', () => {
    const isKept = { trustList: true, deviceBinding: false }
    expect(promptsFor({ ...asking('2.3.1', '09', '12'), isKept }, undefined)).toEqual(['deviceBinding'])
    expect(promptsFor({ ...asking('2.3.1', '09', '12'), isKept }, planned)).toEqual(['trustList', 'deviceBinding'])
  })

  test('what could not be kept is not asked', () => {
    const canKeep = { trustList: false, deviceBinding: true }
    expect(promptsFor({ ...asking('2.3.1', '09', '12'), canKeep }, planned)).toEqual(['deviceBinding'])
  })
})
