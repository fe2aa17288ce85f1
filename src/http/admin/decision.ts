// Why a transaction was decided as it was: evidence to the score, steps to the answer, and what would have changed it.
import { Router } from 'express'
import { z } from 'zod'
import { basisOf } from '../../acs/kept-inputs.ts'
import type { Transaction } from '../../acs/ports.ts'
import { decidersOf } from '../../acs/queries/deciders.ts'
import { type EngineWord, explainedOf } from '../../acs/queries/decision.ts'
import { controllable, explainedShape } from './explained.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { uuid } from './request.ts'
import { transactionOf } from './transactions.ts'

const sentence = z.strictObject({ en: z.string(), ja: z.string() })
const outcome = z.looseObject({ transStatus: z.string().optional() })

const getDecision = operation({
  id: 'getDecision',
  method: 'get',
  path: '/transactions/{acsTransID}/decision',
  tag: 'Decisions',
  summary: 'Why it was decided so, and what would have changed it',
  params: z.object({ acsTransID: uuid }),
  query: z.object({ controllable }),
  answers: {
    200: {
      description: 'the decision explained',
      schema: z
        .strictObject({
          acsTransID: z.string(),
          at: z.number(),
          transStatus: z.string().describe('of the ARes'),
          transStatusReason: z.string().optional(),
          decidedBy: z.enum(['stub', 'override', 'scenario', 'engine']),
          deciders: z.array(
            z.strictObject({
              by: z.enum(['stub', 'override', 'scenario', 'engine']),
              isChosen: z.boolean(),
              outcome: outcome.nullable(),
              why: sentence,
            }),
          ),
          ...explainedShape,
        })
        .meta({ id: 'ExplainedDecision' }),
    },
  },
})

export const decisionOperations = [getDecision] as const

/** Of a record of an earlier program, or of elsewhere, some of it may be missing. */
function engineOf({ details, engineStatus, transStatus }: Transaction): EngineWord {
  const word = (details.engine ?? details.decision) as Partial<EngineWord>
  return {
    ...word,
    action: word.action ?? 'unavailable',
    transStatus: word.transStatus ?? ((engineStatus ?? transStatus) as EngineWord['transStatus']),
    because: word.because ?? [],
  }
}

export function decisionRouter(ports: AdminPorts): Router {
  const { store, policies } = ports
  const router = Router()
  mount(router, '/transactions', getDecision, async ({ params, query }, _req, res) => {
    const transaction = await transactionOf(ports, params.acsTransID)
    const { id, acsTransID, at, transStatus, transStatusReason, decidedBy, score, details } = transaction
    const journal = await store.journalOf(id)
    const masked = journal.find((one) => one.messageType === 'AReq' && one.party === undefined)?.masked
    const ofTheDay = policies.byHash(details.policyHash ?? '')
    res.json({
      ...{ acsTransID, at, transStatus },
      ...(transStatusReason !== undefined && { transStatusReason }),
      decidedBy,
      deciders: decidersOf(transaction),
      ...explainedOf({
        score,
        details,
        engine: engineOf(transaction),
        basis: basisOf(transaction, masked),
        policy: ofTheDay ?? policies.running(),
        isOfTheDay: ofTheDay !== undefined,
        controllable: query.controllable,
      }),
    })
  })
  return router
}
