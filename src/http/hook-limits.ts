// How much the hook takes: of each source so many messages a minute, and of each address so many that were refused before it was clear
// who sends them. So nobody can use up what another may send. By the clock on the wall, in memory.
import { ipKeyGenerator, MemoryStore } from 'express-rate-limit'

export interface HookLimits {
  /** One more message of this source. A number: too many, in so many seconds there is room again. */
  noteSource(source: string): Promise<number | undefined>
  /** The same of an address, without counting. */
  waitOf(address: string | undefined): Promise<number | undefined>
  /** A message from there was not one of a source. */
  noteRefused(address: string | undefined): Promise<void>
  close(): void
}

const minuteMs = 60_000

export function createHookLimits(perMinute: number): HookLimits {
  const sources = new MemoryStore()
  const refused = new MemoryStore()
  for (const store of [sources, refused]) store.init({ windowMs: minuteMs } as Parameters<MemoryStore['init']>[0])
  const keyOf = (address: string | undefined): string => ipKeyGenerator(address ?? 'nowhere')
  const secondsTo = (time: Date | undefined): number =>
    Math.max(1, Math.ceil(((time?.getTime() ?? Date.now()) - Date.now()) / 1000))
  return {
    async noteSource(source) {
      const { totalHits, resetTime } = await sources.increment(source)
      return totalHits > perMinute ? secondsTo(resetTime) : undefined
    },
    async waitOf(address) {
      const { totalHits = 0, resetTime } = (await refused.get(keyOf(address))) ?? {}
      return totalHits >= perMinute ? secondsTo(resetTime) : undefined
    },
    async noteRefused(address) {
      await refused.increment(keyOf(address))
    },
    close() {
      sources.shutdown()
      refused.shutdown()
    },
  }
}
