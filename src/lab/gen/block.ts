/** Some days of a stream, in columns. A block is made whole by one worker, and depends on no other block. */

import { Plan, type Planned } from './attacks/plan.ts'
import { fillAct, label, screenWhich } from './attacks/write.ts'
import { Chance } from './chance.ts'
import { day } from './holders.ts'
import { Buyer, Life, LifeTexts, type Times } from './life.ts'
import { begin, newOut, type Out } from './out.ts'
import { newPurchase, type PurchaseWords, wordsOf, write } from './purchase.ts'
import { blocksOf, type Scene } from './scene.ts'

export class Blocks {
  readonly out: Out = newOut()
  readonly count: number
  readonly #scene: Scene
  readonly #words: PurchaseWords
  readonly #life: Life
  readonly #plan: Plan
  readonly #buyer: Buyer
  readonly #p = newPurchase()
  readonly #chance = new Chance()
  readonly #times: Times = { n: 0, ts: new Float64Array(0), who: new Float64Array(0), which: new Float64Array(0) }

  constructor(scene: Scene) {
    this.#scene = scene
    this.count = blocksOf(scene.config)
    this.#words = wordsOf(this.out, scene)
    this.#life = new Life(scene)
    this.#plan = new Plan(scene, this.#life)
    this.#buyer = new Buyer(scene, this.#life, new LifeTexts(this.out, scene), this.out)
  }

  /** Makes a block in `out`; blocks are asked for in their order, some may be left out. Returns its rows. */
  make(block: number): number {
    const scene = this.#scene
    const { daysPerBlock, config, from, keys } = scene
    const first = block * daysPerBlock
    const end = Math.min(config.days, first + daysPerBlock)
    const times = this.#times
    times.n = 0
    for (let d = first; d < end; d++) this.#life.drawDay(d, times)
    const planned = this.#plan.between(from + first * day, from + end * day)
    const n = times.n + planned.length
    const order = inOrder(times, planned, from + first * day)
    begin(this.out, n)
    const p = this.#p
    for (let row = 0; row < n; row++) {
      const at = order[row] as number
      const isLife = at < times.n
      const one = isLife ? undefined : (planned[at - times.n] as Planned)
      if (one === undefined) {
        const h = times.who[at] as number
        const which = times.which[at] as number
        this.#buyer.fill(p, h, which, times.ts[at] as number)
        this.#chance.at(keys.screen, h, which)
      } else this.#do(one)
      write(this.out, this.#words, scene, p, row, this.#chance)
    }
    return n
  }

  #do(planned: Planned): void {
    const { deed, campaign, labelTs } = planned
    const p = this.#p
    const scene = this.#scene
    if ('act' in deed) {
      fillAct(p, this.out, scene, planned, deed.act)
      this.#chance.at(scene.keys.screen, -1 - p.kind, screenWhich(planned))
      return
    }
    const { holder, which, ts, shop, yen } = deed.own
    this.#buyer.fill(p, holder, which, ts, shop)
    if (yen !== undefined) p.yen = yen
    this.#chance.at(scene.keys.screen, holder, which)
    if (!deed.isFraud) return
    p.isFraud = 1
    label(p, this.out, planned)
    p.labelTs = labelTs
    p.pass = scene.config.attacks[campaign.pattern].pass
    p.abandon = Math.min(p.abandon, 1 - p.pass)
  }
}

/** Rows by their time; of one second those of people come first, holder by holder. */
function inOrder({ n, ts }: Times, planned: readonly Planned[], from: number): Float64Array {
  const all = n + planned.length
  const scale = 2 ** Math.ceil(Math.log2(Math.max(2, all)))
  const keys = new Float64Array(all)
  for (let i = 0; i < n; i++) keys[i] = ((ts[i] as number) - from) * scale + i
  for (let i = 0; i < planned.length; i++) keys[n + i] = ((planned[i] as Planned).ts - from) * scale + n + i
  keys.sort()
  for (let i = 0; i < all; i++) keys[i] = (keys[i] as number) % scale
  return keys
}
