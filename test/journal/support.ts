// What the tests of the journal share: a machine whose clock says another day, and a run of payments.

import type { Clock } from '../../src/acs/ports.ts'
import { systemClock } from '../../src/clock.ts'
import { buy, openChallenge, otherThan, type Purchase, passedAtSecondTry } from '../console/purchases.ts'
import type { Members } from '../support/messages.ts'
import type { Running } from '../support/running.ts'
import { tenantOf } from '../tenants/support.ts'

/** The machine's clock on another day. */
export function machineOn(day: string): Clock {
  const offset = Date.parse(day) - systemClock.now()
  return {
    now: () => systemClock.now() + offset,
    schedule: (at, work) => systemClock.schedule(at - offset, work),
  }
}

export async function apiText(sekisho: Running, path: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(`${sekisho.acs}/api/v1${path}`, init)
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status} ${text}`)
  return text
}

export async function apiJson(
  sekisho: Running,
  path: string,
  body?: unknown,
  method = body === undefined ? 'GET' : 'POST',
): Promise<{ readonly status: number; readonly body: Members }> {
  const response = await fetch(`${sekisho.acs}/api/v1${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Members }
}

/** A tenant whose ids and times follow from the seed alone. */
export async function seeded(sekisho: Running, name: string, seed: string): Promise<Running> {
  const tenant = tenantOf(sekisho, name)
  const { status, body } = await apiJson(tenant, '/reset', {
    seed,
    clock: { mode: 'frozen', now: '2026-01-01T00:00:00Z' },
  })
  if (status !== 200) throw new Error(`HTTP ${status}: ${JSON.stringify(body)}`)
  return tenant
}

export const canonicalOf = (sekisho: Running): Promise<string> => apiText(sekisho, '/journal/export?form=canonical')
export const fileOf = (sekisho: Running): Promise<string> => apiText(sekisho, '/journal/export')

export const frictionless = '4000000000005100'
export const challenged = '4000000000007700'
export const risky = '4111110000000021'

/** Four payments: frictionless, one the engine decides, a challenge with a wrong code first, and a cancel. */
export async function fourPayments(sekisho: Running): Promise<readonly Purchase[]> {
  const first = await buy(sekisho, frictionless)
  const second = await buy(sekisho, risky)
  const third = await passedAtSecondTry(sekisho, challenged)
  const fourth = await buy(sekisho, challenged, { purchaseAmount: '990' })
  await (await openChallenge(sekisho, fourth)).answer('cancel')
  return [first, second, third, fourth]
}

export { buy, openChallenge, otherThan, type Purchase, passedAtSecondTry }
