import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import LongestFirst from './test/support/longest-first.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // No file changes what a module holds, so a worker loads the modules once and not for every file.
    isolate: false,
    testTimeout: 60_000, // a busy machine is slow, not wrong
    hookTimeout: 120_000,
    // What waits for a browser or a process may miss its moment on a busy machine. Only that is tried once more, and the
    // last lines of the run name it.
    retry: {
      count: 1,
      condition:
        /timed? ?out|timeout|not within|not happen in time|interrupted by another navigation|has been closed|ECONNRESET/i,
    },
    // Tests in a browser and of timers wait more than they work: two files at a time, on a small machine too.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    reporters: ['default', './test/support/rules-reporter.ts', './test/support/summary-reporter.ts'],
  },
})
