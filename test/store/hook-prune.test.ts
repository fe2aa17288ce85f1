// `db prune` also takes what the hook keeps of payments that never came.
import { expect, test } from 'vitest'
import type { Assessment } from '../../src/risk/assessment.ts'
import { emptySource } from '../../src/risk/sources.ts'
import { openStore } from '../policies/support.ts'

const day = 86_400_000
const now = Date.parse('2026-11-22T03:00:00Z')
const tenant = 0
const id = '8a880dc0-d2d2-4067-bcb1-b08d1690b26e'

test('ids of messages, what was told ahead, and what waits for a payment go with what is as old', async () => {
  const store = await openStore()
  try {
    await store.unit(({ hook }) => {
      hook.seen.add(tenant, 'alpha', 'old', now - 9 * day)
      hook.seen.add(tenant, 'alpha', 'young', now - 1)
      const assessment: Assessment = { source: 'alpha', verdict: 'OK', reasons: [], issuedAt: '', about: {} }
      hook.ahead.put(tenant, id, now - 9 * day, assessment)
      hook.ahead.put(tenant, id, now - 1, { ...assessment, source: 'beta' })
      for (const [name, at] of Object.entries({ old: now - 9 * day, young: now - 1 })) {
        const report = { id: name, source: 'alpha', at, kind: 'fraud', about: {}, outcome: 'unmatched' } as const
        hook.feedback.put(tenant, report)
        hook.feedback.wait(tenant, `DS ${name}`, report)
      }
      hook.sources.put(tenant, 'alpha', emptySource)
    })
    await store.prune(now - 7 * day)
    expect(store.hook.ahead.of(tenant, id).map(({ assessment }) => assessment.source)).toEqual(['beta'])
    expect(store.hook.feedback.isAwaited(tenant, ['DS old'])).toBe(false)
    expect(store.hook.feedback.isAwaited(tenant, ['DS young'])).toBe(true)
    expect(store.hook.sources.get(tenant, 'alpha')).toEqual(emptySource)
    // Who comes again is known still.
    await store.unit(({ hook }) => {
      expect(hook.seen.add(tenant, 'alpha', 'young', now)).toBe(false)
      expect(hook.seen.add(tenant, 'alpha', 'old', now)).toBe(true)
    })
  } finally {
    await store.close()
  }
})
