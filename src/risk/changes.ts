/** All that might have been otherwise about a purchase. */
import { amounts } from './changes/amount.ts'
import { cardholder } from './changes/cardholder.ts'
import type { Change } from './changes/change.ts'
import { history } from './changes/history.ts'
import { merchant, wishes } from './changes/merchant.ts'

/** In the order in which equals are preferred: what the holder can do, what the shop can do, what is past. */
export const changes: readonly Change[] = [...amounts, ...cardholder, ...wishes, ...merchant, ...history]
