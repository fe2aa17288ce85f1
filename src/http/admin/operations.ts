// Every operation of the admin API, in the order of its document.
import { approvalsOperations } from './approvals.ts'
import { authenticationValuesOperations } from './authentication-values.ts'
import { cardsOperations } from './cards.ts'
import { challengeOperations } from './challenge.ts'
import { clockOperations } from './clock.ts'
import { decisionOperations } from './decision.ts'
import { documentOperations } from './docs.ts'
import { elementsOperations } from './elements.ts'
import { eventsOperations } from './events.ts'
import { explainOperations } from './explain.ts'
import { faultsOperations } from './faults.ts'
import { hookAfterOperations } from './hook-after.ts'
import { hookSourcesOperations } from './hook-sources.ts'
import { inboxOperations } from './inbox.ts'
import { journalOperations } from './journal.ts'
import { labOperations } from './lab.ts'
import { labelOperations } from './labels.ts'
import { lintOperations } from './lint.ts'
import { listsOperations } from './lists.ts'
import type { Operation } from './operation.ts'
import { policiesOperations } from './policies.ts'
import { scenariosOperations } from './scenarios.ts'
import { policyOperations } from './shown-policy.ts'
import { statsOperations } from './stats.ts'
import { stubsOperations } from './stubs.ts'
import { tenantOperations } from './tenants.ts'
import { transactionsOperations } from './transactions.ts'
import { verifyOperations } from './verify.ts'

export const allOperations: readonly Operation[] = [
  ...transactionsOperations,
  ...eventsOperations,
  ...statsOperations,
  ...authenticationValuesOperations,
  ...scenariosOperations,
  ...stubsOperations,
  ...faultsOperations,
  ...challengeOperations,
  ...approvalsOperations,
  ...inboxOperations,
  ...cardsOperations,
  ...journalOperations,
  ...verifyOperations,
  ...clockOperations,
  ...tenantOperations,
  ...policyOperations,
  ...policiesOperations,
  ...listsOperations,
  ...decisionOperations,
  ...explainOperations,
  ...labelOperations,
  ...hookSourcesOperations,
  ...hookAfterOperations,
  ...labOperations,
  ...elementsOperations,
  ...lintOperations,
  ...documentOperations,
]
