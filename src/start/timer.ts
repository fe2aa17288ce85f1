// Performs a timer effect: the event that it stands for, taken through the machine.
import { setTimeout as pause } from 'node:timers/promises'
import { type AdvancePorts, advance } from '../acs/challenge/advance.ts'
import type { Effect } from '../acs/ports.ts'

/**
 * A plan may end a challenge with its ARes. The RReq still comes after it: the ARes passes the DS on its way to the 3DS Server, and
 * neither knows of the transaction before. By the clock on the wall, since it is the network that takes its time.
 */
export const headStartMs = 100

export async function performTimer(ports: AdvancePorts, effect: Effect): Promise<undefined> {
  const { timer = 'answer' } = effect.payload
  if (effect.dueAt <= effect.createdAt && effect.attempts === 0) await pause(headStartMs)
  const event = { type: 'timeout', at: ports.clock.now(), timer } as const
  await advance(ports, (unit) => unit.challengeOf(effect.transactionId), event, { finishes: effect })
  return undefined
}
