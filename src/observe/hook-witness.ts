// What came of the doors of the hook: counters and log lines. Nothing here may see a secret or a body (SEC-LOG-1).
import type { Logger } from 'pino'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { HookWitness } from '../acs/hook/door-ports.ts'

/** Of all tenants together. */
export type HookMetrics = ReturnType<typeof createHookMetrics>

export function createHookMetrics(metrics: Registry) {
  const registers = [metrics]
  const heard = new Counter({
    name: 'sekisho_hook_assessments_total',
    help: 'Assessments that were heard, by door, source and verdict.',
    labelNames: ['door', 'source', 'verdict'],
    registers,
  })
  const unheard = new Counter({
    name: 'sekisho_hook_problems_total',
    help: 'What did not count at the hook, or was not there, by door, source and problem.',
    labelNames: ['door', 'source', 'problem'],
    registers,
  })
  const silent = new Counter({
    name: 'sekisho_hook_silent_total',
    help: 'Questions to which a source had nothing to say.',
    labelNames: ['door', 'source'],
    registers,
  })
  const duration = new Histogram({
    name: 'sekisho_hook_asking_seconds',
    help: 'How long an AReq waited for a source that was asked, or for the module.',
    labelNames: ['door', 'source'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 5],
    registers,
  })
  const open = new Gauge({
    name: 'sekisho_hook_circuits_open',
    help: 'Sources that are not asked for a while, by source; of all tenants.',
    labelNames: ['source'],
    registers,
  })
  const limited = new Counter({
    name: 'sekisho_hook_limited_total',
    help: 'Messages to the hook that were too many, by source.',
    labelNames: ['source'],
    registers,
  })
  return { heard, unheard, silent, duration, open, limited }
}

/** Of one tenant. A source that is not known has no name here: anybody could make more of them. */
export function createHookWitness(log: Logger, metrics: HookMetrics): HookWitness {
  const { heard, unheard, silent, duration, open, limited } = metrics
  return {
    heard({ door, source, verdict, ms, threeDSServerTransID }) {
      heard.inc({ door, source, verdict })
      if (ms !== undefined) duration.observe({ door, source }, ms / 1000)
      log.debug({ door, source, verdict, ms, threeDSServerTransID }, 'hook: heard')
    },
    unheard({ door, source = 'unknown', problem, ms, threeDSServerTransID, paths }) {
      unheard.inc({ door, source, problem })
      if (ms !== undefined) duration.observe({ door, source }, ms / 1000)
      const about = { door, source, problem, ms, threeDSServerTransID, ...(paths !== undefined && { paths }) }
      // Of an open circuit its opening was told.
      if (problem === 'circuitOpen') log.debug(about, 'hook: not heard')
      else log.warn(about, 'hook: not heard')
    },
    silent({ door, source, ms }) {
      silent.inc({ door, source })
      duration.observe({ door, source }, ms / 1000)
    },
    limited({ source = 'unknown' }) {
      limited.inc({ source })
      log.warn({ source }, 'hook: too many messages')
    },
    circuit({ source, isOpen }) {
      if (isOpen) open.inc({ source })
      else open.dec({ source })
      log.warn({ source }, isOpen ? 'hook: it fails too often, and is not asked for a while' : 'hook: it answers again')
    },
  }
}
