// Every operation of the admin API, in the order of its document.
import { authenticationValuesOperations } from './authentication-values.ts'
import { cardsOperations } from './cards.ts'
import { documentOperations } from './docs.ts'
import { elementsOperations } from './elements.ts'
import { lintOperations } from './lint.ts'
import type { Operation } from './operation.ts'
import { policyOperations } from './shown-policy.ts'
import { statsOperations } from './stats.ts'

export const allOperations: readonly Operation[] = [
  ...statsOperations,
  ...authenticationValuesOperations,
  ...cardsOperations,
  ...policyOperations,
  ...elementsOperations,
  ...lintOperations,
  ...documentOperations,
]
