/**
 * What shops tell beside a verdict, as JSON. From a pool: a text of its own for each purchase would tell no more and cost much,
 * so names and addresses in kanji, which would be of one person, are left out.
 */
import { Chance, keyOf } from './chance.ts'

const signalKinds = ['honest', 'offer', 'shipped', 'thief', 'takeover', 'robot', 'hoarder', 'vacant', 'hotel'] as const
export type SignalKind = (typeof signalKinds)[number]
const each = 96

type Told = Readonly<Record<string, unknown>>

/** People type unevenly; some paste, some let the browser fill the form. */
function typed(chance: Chance): Told {
  const total = Math.round(chance.lognormal(40_000, 0.6))
  if (chance.chance(0.35)) {
    return { keys: chance.whole(0, 6), fills: chance.whole(2, 6), taps: 4, total }
  }
  const mean = Math.round(chance.lognormal(190, 0.3))
  return {
    keys: chance.whole(20, 70),
    pastes: chance.chance(0.08) ? 1 : 0,
    corrections: chance.poisson(2),
    taps: chance.whole(2, 9),
    total,
    toFirst: Math.min(total, Math.round(chance.lognormal(2_500, 0.5))),
    gapMean: mean,
    gapSpread: Math.round(mean * chance.between(0.45, 1.1)),
  }
}
/** A script that fills the form: even keys, no corrections, at once. */
function typedByRobot(chance: Chance): Told {
  const mean = chance.whole(5, 60)
  return {
    keys: chance.whole(20, 60),
    taps: 0,
    toFirst: chance.whole(20, 300),
    total: chance.whole(500, 4_000),
    gapMean: mean,
    gapSpread: Math.round(mean * chance.between(0, 0.03)),
    scripted: chance.chance(0.5) ? chance.whole(5, 40) : 0,
  }
}
const honest = (chance: Chance): Told => ({
  phoneReachable: chance.chance(0.97),
  mailDeliverable: chance.chance(0.98),
  loginFailures: chance.chance(0.06) ? chance.whole(1, 2) : 0,
  passwordReset: false,
  behaviour: typed(chance),
})

const told: { readonly [K in SignalKind]: (chance: Chance) => Told } = {
  honest,
  offer: (chance) => ({ ...honest(chance), firstTimeOffer: true }),
  shipped: (chance) => ({ ...honest(chance), addressVacant: chance.chance(0.01) }),
  thief: (chance) => ({
    ...honest(chance),
    phoneReachable: chance.chance(0.6),
    mailDeliverable: chance.chance(0.85),
    loginFailures: chance.chance(0.2) ? chance.whole(2, 6) : 0,
  }),
  takeover: (chance) => ({ ...honest(chance), loginFailures: chance.whole(0, 8), passwordReset: chance.chance(0.35) }),
  robot: (chance) => ({ behaviour: typedByRobot(chance) }),
  hoarder: (chance) => {
    const { behaviour, ...others } = honest(chance)
    return others // a script leaves no typing behind
  },
  vacant: (chance) => ({ ...honest(chance), phoneReachable: chance.chance(0.25), addressVacant: chance.chance(0.85) }),
  hotel: (chance) => ({
    ...honest(chance),
    phoneReachable: chance.chance(0.25),
    ...(chance.chance(0.85) && { addressKind: chance.pick(['hotel', 'weeklyMansion']) }),
  }),
}

/** The same in every stream. */
const key = keyOf('sekisho', 'signals')
export const signalTexts: readonly string[] = signalKinds.flatMap((kind, k) =>
  Array.from({ length: each }, (_, i) => JSON.stringify(told[kind](new Chance().at(key, k, i)))),
)
/** One of the pool. */
export const signalsOf = (kind: SignalKind, chance: Chance): number =>
  signalKinds.indexOf(kind) * each + chance.below(each)
