// Equal seeds give equal bytes: on another day, other ports, in another tenant of the same name.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Running, running } from '../support/running.ts'
import { canonicalOf, fourPayments, machineOn, seeded } from './support.ts'

let monday: Running
let tuesday: Running
beforeAll(async () => {
  monday = await running({}, { clock: machineOn('2026-03-02T09:00:00Z') })
  tuesday = await running({}, { clock: machineOn('2027-11-30T23:59:50Z') })
})
afterAll(async () => {
  await monday.close()
  await tuesday.close()
})

test('two runs of one seed on two days and on other ports are equal byte for byte', async () => {
  const one = await seeded(monday, 'shop', 'hakone')
  const other = await seeded(tuesday, 'shop', 'hakone')
  await fourPayments(one)
  await fourPayments(other)
  const text = await canonicalOf(one)
  expect(await canonicalOf(other)).toBe(text)
  expect(text.split('\n').length).toBeGreaterThan(60)
  expect(text).not.toMatch(/localhost|127\.0\.0\.1:[0-9]/)
})
