// The clock of the tenant: it runs with the machine's, or stands and is moved. What is due on the way happens, in order.
import type { Router } from 'express'
import { z } from 'zod'
import { type ClockState, ClockWentBack } from '../../clock.ts'
import { duration } from '../../faults/duration.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest, instant } from './request.ts'

export const shownClock = z.strictObject({
  mode: z.enum(['run', 'frozen']).describe('run: with the time of the machine; frozen: it stands'),
  now: z.iso.datetime(),
  offsetMs: z.number().describe('how far it is from the time of the machine'),
})

export const showClock = ({ mode, now, offsetMs }: ClockState): z.output<typeof shownClock> => ({
  mode,
  now: new Date(now).toISOString(),
  offsetMs,
})

/** Ten years at once, or to the end of the times that ISO 8601 and the messages have. */
const longestMs = 10 * 366 * 86_400_000
const lastMoment = Date.parse('9999-12-31T23:59:59Z')
export const clockMoment = instant.refine((at) => at >= 0 && at <= lastMoment, 'a moment from 1970 to 9999 expected')

const readClock = operation({
  id: 'readClock',
  method: 'get',
  path: '/clock',
  tag: 'Clock',
  summary: 'What time it is for this tenant',
  answers: { 200: { description: 'Its clock', schema: shownClock } },
})

const moveClock = operation({
  id: 'moveClock',
  method: 'post',
  path: '/clock',
  tag: 'Clock',
  summary: 'Advance, set, freeze the clock, or let it run',
  description:
    'Timers that are due on the way fire in the order of their times, and what each of them does is over before the next; then the answer comes.',
  body: z
    .strictObject({
      advance: duration(longestMs).optional().describe('by so much, such as "10m"'),
      set: clockMoment.optional().describe('to a later moment, ISO 8601 or milliseconds since 1970'),
      freeze: z.literal(true).optional().describe('it stands'),
      at: clockMoment.optional().describe('with freeze: at a later moment'),
      run: z.literal(true).optional().describe('it goes on from where it stands'),
    })
    .refine(
      ({ advance, set, freeze, run }) => [advance, set, freeze, run].filter((one) => one !== undefined).length === 1,
      'one of advance, set, freeze and run expected',
    )
    .refine(({ at, freeze }) => at === undefined || freeze === true, { path: ['at'], message: 'only with freeze' }),
  answers: {
    200: { description: 'The clock after that', schema: shownClock },
    409: { description: 'A clock does not go back' },
  },
})

export const clockOperations = [readClock, moveClock] as const

export function mountClock(router: Router, { clock }: AdminPorts): void {
  mount(router, '', readClock, (_given, _req, res) => {
    res.json(showClock(clock.state()))
  })
  mount(router, '', moveClock, async ({ body: { advance, set, freeze, at } }, _req, res) => {
    try {
      if (advance !== undefined) {
        if (clock.now() + advance > lastMoment) throw new BadRequest(400, 'advance', 'no further than to the year 9999')
        await clock.advance(advance)
      } else if (set !== undefined) await clock.set(set)
      else if (freeze === true) await clock.freeze(at)
      else await clock.run()
    } catch (error) {
      if (!(error instanceof ClockWentBack)) throw error
      const where = set !== undefined ? 'set' : 'at'
      throw new BadRequest(
        409,
        where,
        `${error.message}; POST /api/v1/reset makes the tenant anew, with a clock as asked`,
      )
    }
    res.json(showClock(clock.state()))
  })
}
