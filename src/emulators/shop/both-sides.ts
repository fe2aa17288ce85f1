// The issuer's decision with the merchant's opinion and without it, as the ACS tells it to its operator.
import { z } from 'zod'
import type { ShopSettings } from './options.ts'

const words = z.object({ en: z.string(), ja: z.string() })
const side = z.object({
  transStatus: z.string(),
  action: z.string(),
  band: z.string(),
  /** Log-odds. */
  score: z.number(),
})
export type Side = z.infer<typeof side>

const decision = z.object({
  decidedBy: z.string(),
  score: z.number(),
  band: z.string(),
  engine: z.object({ action: z.string(), transStatus: z.string() }),
  assessments: z
    .array(
      z.object({
        source: z.string(),
        door: z.string(),
        verdict: z.string(),
        weight: z.number(),
        labelled: z.object({ good: z.number(), fraud: z.number() }).optional(),
      }),
    )
    .default([]),
  unheard: z.array(z.object({ door: z.string(), problem: z.string(), text: words })).default([]),
  withoutAll: side.optional(),
  conflict: z.object({ text: words }).optional(),
})

export interface BothSides {
  readonly with: Side & { readonly probability: number }
  readonly without: (Side & { readonly probability: number }) | undefined
  readonly heard: z.infer<typeof decision>['assessments']
  readonly unheard: z.infer<typeof decision>['unheard']
  readonly conflict: z.infer<typeof words> | undefined
  /** Nothing of the plan: the engine was asked. */
  readonly isEngines: boolean
  readonly isSame: boolean
}

const withinMs = 5_000

const probable = (one: Side) => ({ ...one, probability: 1 / (1 + Math.exp(-one.score)) })

/** Undefined: the ACS is elsewhere, keeps it to itself, or did not answer in time. */
export async function bothSidesOf(
  { adminApi, fetch }: ShopSettings,
  acsTransID: string | undefined,
): Promise<BothSides | undefined> {
  if (adminApi === undefined || acsTransID === undefined) return undefined
  try {
    const response = await fetch(`${adminApi}/transactions/${encodeURIComponent(acsTransID)}/decision`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(withinMs),
    })
    if (response.status !== 200) return undefined
    const told = decision.parse(await response.json())
    const { score, band, engine, withoutAll, assessments, unheard, conflict } = told
    return {
      with: probable({ ...engine, score, band }),
      without: withoutAll && probable(withoutAll),
      heard: assessments,
      unheard,
      conflict: conflict?.text,
      isEngines: told.decidedBy === 'engine',
      isSame: withoutAll?.transStatus === engine.transStatus,
    }
  } catch {
    return undefined
  }
}
