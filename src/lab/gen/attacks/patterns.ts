/** The fourteen patterns (../../../../docs/attack-patterns.md). Every campaign draws its own numbers, so no two are alike. */
import { evenly, normalAt } from '../chance.ts'
import type { PatternId } from '../config.ts'
import { type Address, addressAt, day, rangeOf } from '../holders.ts'
import { whichOf } from '../life.ts'
import { modelFor } from '../models.ts'
import { addressIn, homes, networks, networksOf, places, providersAt } from '../world.ts'
import {
  type Act,
  addressOf,
  anyShop,
  countedCard,
  type Deed,
  drop,
  hour,
  inventedMail,
  inventedPhone,
  isDigital,
  isShipped,
  methodFor,
  midnightBefore,
  minute,
  networkFor,
  newAccount,
  ownSeat,
  type Pattern,
  personOf,
  pickShop,
  robotSeat,
  type Seat,
  type Stage,
  shippingShop,
  stolenFrom,
  strangersCard,
  temptation,
  thiefSeat,
} from './act.ts'

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))
const acts = (list: readonly Act[]): readonly Deed[] => list.map((act) => ({ act }))

/** What a thief shows: a machine of their own, or in a few cases everything of the holder's. */
function disguise(stage: Stage, h: number): { seat: Seat; mail: string; phone: string | undefined; isOwn: boolean } {
  const { chance, config, scene } = stage
  const { knowsMail } = config.attackers
  const isOwn = looksLikeHolder(stage)
  const seat = isOwn ? ownSeat(stage, h, stage.start) : thiefSeat(stage)
  const mail = isOwn || chance.chance(knowsMail) ? scene.holders.mail(h) : inventedMail(chance)
  return { seat, mail, phone: isOwn ? scene.holders.phone(h) : inventedPhone(chance), isOwn }
}
/** Spread evenly over the campaigns of a pattern: few of them already come to the share that is told. */
const looksLikeHolder = ({ n, config, scene }: Stage): boolean =>
  evenly((scene.keys.disguise >>> 0) / 2 ** 32, n) < config.attackers.looksKnown
const goodsTo = (stage: Stage, h: number): Address =>
  stage.chance.chance(stage.config.attackers.knowsAddress) ? stage.scene.holders.address(h) : drop(stage.chance)

const digitalBulk: Pattern = {
  id: 'digital_bulk',
  isFraud: true,
  days: 1,
  visible: 1,
  run: (stage) => {
    const { chance, start } = stage
    const h = stage.victim()
    const shop = pickShop(stage, ['5815', '5816', '6540'])
    const { seat, mail, phone } = disguise(stage, h)
    const deliveryMail = inventedMail(chance)
    const yen = chance.pick([3_000, 5_000, 10_000])
    const account = chance.chance(0.5) ? newAccount(chance) : undefined
    let ts = start
    return acts(
      times(chance.whole(5, 15), () => {
        const giftCards = chance.whole(1, 3)
        const act = {
          ...stolenFrom(stage, h, start),
          ts,
          shop,
          yen,
          mail,
          phone,
          shipTo: undefined,
          account,
          deliveryMail,
          giftCards,
          signals: 'thief',
          seat,
        } as const
        ts += chance.whole(15, 90)
        return act
      }),
    )
  },
}

const resale: Pattern = {
  id: 'resale',
  isFraud: true,
  days: 2,
  visible: 1,
  run: (stage) => {
    const { chance, start, scene } = stage
    const h = stage.victim()
    const { seat, mail, phone } = disguise(stage, h)
    return acts(
      times(chance.whole(1, 2), (i) => {
        const ts = start + i * chance.whole(5 * minute, 20 * hour)
        const shop = pickShop(stage, ['5732', '7922'])
        const to = chance.weighted([0.45, 0.15, 0.4])
        const address = to === 0 ? scene.holders.address(h) : to === 1 ? scene.holders.otherAddress(h, 0) : drop(chance)
        return {
          ...stolenFrom(stage, h, start),
          ts,
          shop,
          yen: Math.round(chance.lognormal(98_000, 0.45)),
          mail,
          phone,
          shipTo: isShipped(stage, shop) ? address : undefined,
          account: chance.chance(0.5) ? newAccount(chance) : undefined,
          isExpress: chance.chance(0.6),
          signals: 'thief',
          seat,
        }
      }),
    )
  },
}

const overseasVpnBurst: Pattern = {
  id: 'overseas_vpn_burst',
  isFraud: true,
  days: 2,
  visible: 1,
  run: (stage) => {
    const { chance } = stage
    const shop = shippingShop(stage)
    const yen = Math.round(chance.magnitude(4_000, 40_000))
    const gap = chance.whole(2, 60)
    let ts = midnightBefore(stage.start) + Math.floor(chance.between(0.8, 4.5) * hour)
    return acts(
      times(chance.whole(18, 40), () => {
        // Half of the numbers belong to people who buy at home, the others to such as have never bought like this.
        const h = chance.chance(0.5) ? stage.victim() : -1
        const { family, given } = personOf(chance)
        const stolen =
          h >= 0
            ? stolenFrom(stage, h, ts)
            : {
                card: strangersCard(stage),
                cardAgeDays: chance.whole(60, 2_000),
                latin: `${given} ${family}`,
                bill: drop(chance),
                holder: -1,
              }
        const act: Act = {
          ...stolen,
          ts,
          shop,
          yen,
          mail: inventedMail(chance),
          phone: inventedPhone(chance),
          shipTo: drop(chance),
          account: chance.chance(0.5) ? newAccount(chance) : undefined,
          signals: 'thief',
          seat: thiefSeat(stage, { vpn: 0.5, hosting: 0.35, local: 0, foreign: 0.15 }, chance.chance(0.5)),
        }
        ts += 1 + Math.floor(chance.unit() * 2 * gap)
        return act
      }),
    )
  },
}

/** Fast at one shop, or slowly through many of them, two attempts at each. */
const enumeration: Pattern = {
  id: 'enumeration',
  isFraud: true,
  days: 2,
  visible: 1,
  run: (stage) => {
    const { chance, start, scene, config } = stage
    const { attempts: range, gap: gaps, slow, hits } = config.enumerations
    const isSlow = chance.chance(slow)
    const attempts = Math.round(chance.magnitude(...range))
    const order = chance.shuffled(times(scene.shops.n, (i) => i))
    const one = anyShop(stage)
    const yen = chance.pick([1, 50, 100, 110])
    const gap = isSlow ? chance.between(5, 15) : chance.magnitude(...gaps)
    const addresses = times(Math.round(chance.magnitude(1, attempts)), () => {
      const network = networkFor({ vpn: 0.3, hosting: 0.5, local: 0.1, foreign: 0.1 }, chance)
      return { network, ip: addressOf(network, chance) }
    })
    const hasScreen = chance.chance(0.5)
    const machine = robotSeat(chance, '', 0, hasScreen, 0)
    const bin = rangeOf(chance.below(scene.ranges), scene.ranges)
    const counts = chance.chance(0.5)
    const first = chance.below(1_000_000_000)
    const hitRate = chance.magnitude(...hits)
    let at = start
    return acts(
      times(attempts, (i) => {
        const ts = Math.floor(at)
        at += gap * chance.between(0.5, 1.5)
        const hit = chance.chance(hitRate) ? stage.victim() : -1
        const { family, given } = personOf(chance)
        const latin = chance.chance(0.5)
          ? `${chance.letters(6)} ${chance.letters(7)}`.toUpperCase()
          : `${given} ${family}`
        const where = chance.pick(addresses)
        const seat = isSlow
          ? { ...machine, ...where, method: machine.method && { ...machine.method, deviceId: chance.hex() } }
          : { ...machine, ...where }
        const bill = addressAt(chance.below(homes), chance)
        const shop = isSlow ? (order[Math.floor(i / 2) % order.length] as number) : one
        return {
          ...(hit >= 0 ? stolenFrom(stage, hit, ts) : { cardAgeDays: Number.NaN, holder: -1, card: '' }),
          ...(hit < 0 && { card: countedCard(bin, counts ? first + i : chance.below(1_000_000_000)) }),
          latin,
          bill,
          ts,
          shop,
          yen,
          mail: `${chance.letters(8)}${chance.digits(3)}@${chance.pick(['gmail.com', 'yahoo.co.jp', 'mailinator.com', 'yopmail.com'])}`,
          phone: undefined,
          shipTo: isShipped(stage, shop) ? bill : undefined,
          account: undefined,
          signals: 'robot',
          seat,
        }
      }),
    )
  },
}

const stolenNumber: Pattern = {
  id: 'stolen_number',
  isFraud: true,
  days: 3,
  visible: 1,
  run: (stage) => {
    const { chance, start } = stage
    const h = stage.victim()
    const { seat, mail, phone } = disguise(stage, h)
    const to = goodsTo(stage, h)
    const somewhere = times(chance.whole(1, 4), () => anyShop(stage))
    return acts(
      times(1 + chance.poisson(1.6), (i) => {
        const ts = i === 0 ? start : start + Math.floor(chance.unit() * 1.2 * day)
        const shop = chance.pick(somewhere)
        return {
          ...stolenFrom(stage, h, start),
          ts,
          shop,
          yen: temptation(stage, h, shop),
          mail,
          phone,
          shipTo: isShipped(stage, shop) ? to : undefined,
          account: chance.chance(0.5) ? newAccount(chance) : undefined,
          deliveryMail: isDigital(stage, shop) ? mail : undefined,
          giftCards: stage.scene.shops.mcc[shop] === '6540' ? chance.whole(1, 3) : undefined,
          signals: 'thief',
          seat,
        }
      }),
    )
  },
}

const accountTakeover: Pattern = {
  id: 'account_takeover',
  isFraud: true,
  days: 2,
  visible: 0.8,
  run: (stage) => {
    const { chance, start, scene } = stage
    const { holders } = scene
    const h = stage.victim()
    const seat = looksLikeHolder(stage) ? ownSeat(stage, h, start) : thiefSeat(stage)
    const changesPassword = chance.chance(0.35)
    const to = chance.chance(0.6) ? drop(chance) : holders.address(h)
    const shop = holders.favourites[h * 8 + chance.below(holders.favouriteCount[h] as number)] as number
    const account = {
      id: `member-${100_000 + h}`,
      age: 5,
      change: chance.chance(0.4) ? 1 : 4,
      password: changesPassword ? (chance.chance(0.5) ? 2 : 3) : 1,
      purchases: chance.whole(1, 12),
      today: 0,
    }
    return acts(
      times(1 + chance.poisson(1), (i) => ({
        ...stolenFrom(stage, h, start), // all that is stored there is the holder's own
        ts: start + i * chance.whole(3 * minute, 6 * hour),
        shop,
        yen: temptation(stage, h, shop),
        mail: holders.mail(h),
        phone: holders.phone(h),
        shipTo: isShipped(stage, shop) ? to : undefined,
        account: { ...account, today: i },
        deliveryMail: isDigital(stage, shop) ? inventedMail(chance) : undefined,
        isExpress: chance.chance(0.4),
        signals: 'takeover',
        seat,
      })),
    )
  },
}

const phishingRelay: Pattern = {
  id: 'phishing_relay',
  isFraud: true,
  days: 1,
  visible: 0.9,
  run: (stage) => {
    const { chance, start, config } = stage
    const h = stage.victim()
    const seat = thiefSeat(stage, { ...config.attackers.networks, foreign: 0 }, true)
    const mail = chance.chance(config.attackers.knowsMail) ? stage.scene.holders.mail(h) : inventedMail(chance)
    const phone = inventedPhone(chance)
    let ts = start
    return acts(
      times(1 + chance.poisson(1), () => {
        const shop = pickShop(stage, ['6540', '5815', '5732'])
        const act: Act = {
          ...stolenFrom(stage, h, start),
          ts,
          shop,
          yen: chance.pick([5_000, 10_000, 20_000, 30_000, 50_000]),
          mail,
          phone,
          shipTo: isShipped(stage, shop) ? drop(chance) : undefined,
          account: chance.chance(0.5) ? newAccount(chance) : undefined,
          deliveryMail: isDigital(stage, shop) ? mail : undefined,
          giftCards: stage.scene.shops.mcc[shop] === '6540' ? chance.whole(1, 3) : undefined,
          signals: 'thief',
          seat,
        }
        ts += chance.whole(2 * minute, 40 * minute)
        return act
      }),
    )
  },
}

/** The victim's browser data come from a false page, so that its run of the 3DS Method is new to the issuer, once. */
const deviceReplay: Pattern = {
  id: 'device_replay',
  isFraud: true,
  days: 2,
  visible: 0.8,
  run: (stage) => {
    const { chance, start, scene, config } = stage
    const { holders } = scene
    const h = stage.victim()
    const own = ownSeat(stage, h, start)
    const network = chance.pick(networksOf.home.filter((one) => one !== own.network))
    const data = own.method?.data.replace(/}$/, `,"clock":${(start - 9 * day) * 1_000 + chance.below(1_000)}}`)
    const seat: Seat = {
      ...own,
      network,
      ip: addressOf(network, chance),
      method: chance.chance(0.4) || data === undefined ? undefined : { deviceId: own.method?.deviceId, data },
    }
    const mail = chance.chance(0.5) ? holders.mail(h) : inventedMail(chance)
    const phone = inventedPhone(chance)
    return acts(
      times(1 + chance.poisson(0.8), (i) => {
        const shop = anyShop(stage)
        return {
          ...stolenFrom(stage, h, start),
          ts: start + i * chance.whole(4 * minute, 8 * hour),
          shop,
          yen: temptation(stage, h, shop),
          mail,
          phone,
          shipTo: isShipped(stage, shop)
            ? chance.chance(config.attackers.knowsAddress)
              ? holders.address(h)
              : drop(chance)
            : undefined,
          account: chance.chance(0.5) ? newAccount(chance) : undefined,
          deliveryMail: isDigital(stage, shop) ? mail : undefined,
          signals: 'thief',
          seat,
        }
      }),
    )
  },
}

/** One name and one address, never written the same way twice. */
function spelled(address: Address, i: number): Address {
  const [numbers = '', town = ''] = address.line.split(' ')
  const [a = '1', b = '1', c = '1'] = numbers.split('-')
  const forms = [
    `${a}-${b}-${c} ${town}`,
    `${town} ${a}-${b}-${c}`,
    `${town} ${a} chome ${b}-${c}`,
    `${a}−${b}−${c} ${town}`,
    `${town.toUpperCase()} ${a}-${b}-${c}`,
    `${a}-${b}-${c}, ${town}`,
  ]
  return { ...address, line: forms[i % forms.length] as string }
}
function aliasOf(box: string, i: number): string {
  const [local = '', domain = ''] = box.split('@')
  const cut = 1 + (i % Math.max(1, local.length - 1))
  return i % 2 === 0 ? `${local}+${i + 1}@${domain}` : `${local.slice(0, cut)}.${local.slice(cut)}@${domain}`
}
const nameOf = ({ family, given }: { family: string; given: string }, i: number): string =>
  [`${given} ${family}`, `${family} ${given}`, `${given} ${family.replace('O', 'OH')}`, `${given[0]} ${family}`][
    i % 4
  ] ?? family

/** Somebody's machines at home. */
function homeSeats(stage: Stage, n: number, phones: boolean): readonly Seat[] {
  const { chance } = stage
  const place = chance.below(homes)
  const network = chance.pick(providersAt[place] as readonly number[])
  const ip = addressOf(network, chance)
  return times(n, () => {
    const model = modelFor(phones && chance.chance(0.5), chance)
    const canvas = chance.hex().slice(0, 8)
    const id = chance.chance(0.75) ? chance.hex() : undefined
    const method = methodFor(chance, { model, canvas, language: 0, tz: -540 }, id, 0.06)
    return { network, ip, model, version: 3, language: 0, tz: -540, isHeadless: false, hasScreen: true, method }
  })
}

const firstDiscount: Pattern = {
  id: 'first_discount',
  isFraud: false,
  days: 40,
  visible: 0.3,
  run: (stage) => {
    const { chance, start, scene } = stage
    const person = personOf(chance)
    const seats = homeSeats(stage, chance.whole(1, 2), true)
    const address = addressAt((networks[(seats[0] as Seat).network] as (typeof networks)[number]).place, chance)
    const box = `${person.given}${person.family}${chance.digits(3)}@gmail.com`.toLowerCase()
    const cards = times(chance.whole(1, 5), () => strangersCard(stage))
    const purchases = chance.shuffled(cards.flatMap((card) => times(chance.whole(2, 6), () => card))).slice(0, 20)
    // Who offers something to newcomers tells of them.
    let shop = shippingShop(stage)
    for (let i = 0; i < 40 && scene.shops.tier[shop] !== 0; i++) shop = shippingShop(stage)
    const phone = inventedPhone(chance)
    const gap = chance.magnitude(600, 86_400)
    let ts = start
    return acts(
      purchases.map((card, i) => {
        const bill = spelled(address, i)
        const act: Act = {
          card,
          cardAgeDays: 400,
          latin: nameOf(person, i),
          bill,
          holder: -1,
          ts,
          shop,
          yen: 980,
          mail: aliasOf(box, i),
          phone,
          shipTo: bill,
          account: newAccount(chance),
          isFirstOffer: true,
          signals: 'offer',
          seat: chance.pick(seats),
        }
        ts += Math.min(2 * day, Math.max(600, Math.floor(gap * chance.lognormal(1, 0.6))))
        return act
      }),
    )
  },
}

const affiliate: Pattern = {
  id: 'affiliate',
  isFraud: false,
  days: 2,
  visible: 0.4,
  run: (stage) => {
    const { chance, start, scene } = stage
    const seats = homeSeats(stage, chance.whole(1, 5), false)
    const address = addressAt((networks[(seats[0] as Seat).network] as (typeof networks)[number]).place, chance)
    const cards = times(chance.whole(2, 6), () => strangersCard(stage))
    let shop = anyShop(stage)
    for (let i = 0; i < 40 && scene.shops.tier[shop] === 2; i++) shop = anyShop(stage)
    let ts = start
    return acts(
      times(chance.whole(12, 40), (i) => {
        const { family, given } = personOf(chance)
        const bill = spelled(address, i)
        const act: Act = {
          card: chance.pick(cards),
          cardAgeDays: 300,
          latin: `${given} ${family}`,
          bill,
          holder: -1,
          ts,
          shop,
          yen: chance.whole(500, 3_000),
          mail: inventedMail(chance),
          phone: inventedPhone(chance),
          shipTo: isShipped(stage, shop) ? bill : undefined,
          account: newAccount(chance),
          signals: 'robot',
          seat: chance.pick(seats),
        }
        ts += chance.whole(30, 900)
        return act
      }),
    )
  },
}

/** Ten in the morning; fans are there as well, since a burst at a ticket shop alone is nobody's fault. */
const ticketHoarding: Pattern = {
  id: 'ticket_hoarding',
  isFraud: false,
  days: 2,
  visible: 0.5,
  run: (stage) => {
    const { chance, scene } = stage
    const shop = pickShop(stage, ['7922'])
    const start = midnightBefore(stage.start) + 10 * hour
    const addresses = times(chance.whole(2, 12), () => {
      const network = networkFor({ vpn: 0.2, hosting: 0.4, local: 0.4, foreign: 0 }, chance)
      return { network, ip: addressOf(network, chance) }
    })
    const machines = times(chance.whole(2, 6), () => robotSeat(chance, '', 0, true, -540))
    const price = chance.pick([7_800, 9_800, 12_000, 15_000])
    const robots = acts(
      times(chance.whole(60, 160), () => {
        const { family, given } = personOf(chance)
        return {
          card: strangersCard(stage),
          cardAgeDays: 500,
          latin: `${given} ${family}`,
          bill: addressAt(chance.below(homes), chance),
          holder: -1,
          ts: start + Math.floor(chance.unit() * 60),
          shop,
          yen: price * chance.whole(2, 4),
          mail: inventedMail(chance),
          phone: inventedPhone(chance),
          shipTo: undefined,
          account: { ...newAccount(chance), age: 3 },
          signals: 'hoarder',
          seat: { ...chance.pick(machines), ...chance.pick(addresses) },
        }
      }),
    )
    const fans = times(chance.whole(10, 20), (i): Deed => {
      const ts = start + Math.floor(chance.unit() * 600)
      const holder = chance.below(scene.holders.n)
      return { own: { ts, holder, which: ownWhich(scene.from, ts, i), shop }, isFraud: false }
    })
    return [...robots, ...fans.filter((fan) => 'own' in fan && scene.holders.hasCard(fan.own.holder, fan.own.ts))]
  },
}
/** A number that no visit of the day has. */
const ownWhich = (from: number, ts: number, i: number): number =>
  whichOf(Math.floor((ts - from) / day), 15, i % 8) + 4_096 * 1_024 * (1 + Math.floor(i / 8))

const bnplNonpayment: Pattern = {
  id: 'bnpl_nonpayment',
  isFraud: false,
  days: 30,
  visible: 0.4,
  run: (stage) => {
    const { chance, start } = stage
    const room = addressAt(chance.below(homes), chance)
    const signals = chance.chance(0.4) ? 'vacant' : 'hotel'
    const shop = shippingShop(stage)
    let ts = start
    return acts(
      times(chance.whole(4, 10), (i) => {
        const { family, given } = personOf(chance)
        const bill = spelled(room, i)
        const act: Act = {
          card: strangersCard(stage),
          cardAgeDays: 200,
          latin: `${given} ${family}`,
          bill,
          holder: -1,
          ts,
          shop,
          yen: Math.round(chance.lognormal(22_000, 0.5)),
          mail: inventedMail(chance),
          phone: inventedPhone(chance),
          shipTo: bill,
          account: chance.chance(0.4) ? newAccount(chance) : undefined,
          signals,
          seat: thiefSeat(stage, { vpn: 0.1, hosting: 0, local: 0.9, foreign: 0 }, true),
        }
        ts += chance.whole(1, 60) * hour
        return act
      }),
    )
  },
}

const earth = 6_371 // km
function kmBetween(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const rad = Math.PI / 180
  const h =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2
  return 2 * earth * Math.asin(Math.sqrt(h))
}

/** The holder buys from the sofa; soon after the card is used on another continent. */
const impossibleTravel: Pattern = {
  id: 'impossible_travel',
  isFraud: true,
  days: 2,
  visible: 0.8,
  run: (stage) => {
    const { chance, scene, config } = stage
    const { holders } = scene
    const h = stage.victim()
    const home = places[holders.place[h] as number] as (typeof places)[number]
    const far = places.flatMap((place, i) => (i >= homes && kmBetween(place, home) > 1_000 ? [i] : []))
    const place = chance.pick(far)
    const there = places[place] as (typeof places)[number]
    const soonest = (kmBetween(there, home) / 900) * hour
    const anchor = stage.start
    const start = anchor + Math.max(120, Math.floor(chance.unit() * 0.6 * soonest))
    const network = chance.pick([
      ...(providersAt[place] as readonly number[]),
      networksOf.foreignCarriers[place - homes] as number,
    ])
    const ip = addressIn(network, chance.below(65_024))
    // Some come with the cookies and the looks of the holder's browser, taken by a program on it: then only the place is wrong.
    const isCopied = chance.chance(0.4)
    const own = ownSeat(stage, h, anchor)
    const language = there.language === 'en-US' || there.language === 'en-GB' ? 1 : 0
    const model = modelFor(true, chance)
    const canvas = chance.hex().slice(0, 8)
    const seat: Seat = isCopied
      ? { ...own, network, ip }
      : {
          network,
          ip,
          model,
          version: 3,
          language,
          tz: there.tz,
          isHeadless: false,
          hasScreen: true,
          method: methodFor(chance, { model, canvas, language, tz: there.tz }, chance.hex(), 0.1),
        }
    const mail = isCopied || chance.chance(config.attackers.knowsMail) ? holders.mail(h) : inventedMail(chance)
    const before: Deed = {
      own: {
        ts: anchor,
        holder: h,
        which: ownWhich(scene.from, anchor, 17),
        shop: holders.favourites[h * 8] as number,
      },
      isFraud: false,
    }
    const deeds = acts(
      times(chance.whole(1, 2), (i) => {
        const shop = anyShop(stage)
        return {
          ...stolenFrom(stage, h, start),
          ts: start + i * chance.whole(60, 900),
          shop,
          yen: temptation(stage, h, shop),
          mail,
          phone: inventedPhone(chance),
          shipTo: isShipped(stage, shop) ? drop(chance) : undefined,
          account: undefined,
          signals: 'thief',
          seat,
        }
      }),
    )
    return [before, ...deeds]
  },
}

/** The holder's own chair, browser and account; only the truth is another. */
const familyOrFriendly: Pattern = {
  id: 'family_or_friendly',
  isFraud: true,
  days: 1,
  visible: 0,
  run: (stage) => {
    const { chance, start, scene, config, n } = stage
    const h = stage.victim()
    const shop = scene.holders.favourites[h * 8 + chance.below(scene.holders.favouriteCount[h] as number)] as number
    const { median, sigma } = config.attackers.denied
    const yen = Math.round(median * Math.exp(sigma * normalAt(evenly(0.5, n))))
    return [{ own: { ts: start, holder: h, which: ownWhich(scene.from, start, 25), shop, yen }, isFraud: true }]
  },
}

export const patterns: { readonly [P in PatternId]: Pattern } = {
  digital_bulk: digitalBulk,
  resale,
  overseas_vpn_burst: overseasVpnBurst,
  enumeration,
  stolen_number: stolenNumber,
  account_takeover: accountTakeover,
  phishing_relay: phishingRelay,
  device_replay: deviceReplay,
  first_discount: firstDiscount,
  affiliate,
  ticket_hoarding: ticketHoarding,
  bnpl_nonpayment: bnplNonpayment,
  impossible_travel: impossibleTravel,
  family_or_friendly: familyOrFriendly,
}
