/**
 * The fourteen patterns. Every run draws its knobs from the ranges of the pattern, so no two are alike. What the attackers
 * know is what the pattern says: the number and name, sometimes the address, the shop account, the code or the browser.
 * Shops are those of everybody, so some of them tell the issuer little, whoever is buying.
 */
import { type Device, hex, linux, type MethodData, makeDevice, methodOf } from './device.ts'
import type { Draft, PatternId } from './events.ts'
import {
  type Address,
  addressAt,
  areqOf,
  type Basket,
  type Buyer,
  buyerOf,
  cardAt,
  cardNumber,
  day,
  type Holder,
  honestSignals,
  mobilePhone,
  personOf,
  providers,
  purchase,
  range,
  type Seat,
  type ShopAccount,
  type Span,
  typedByRobot,
} from './population.ts'
import { type Random, randomOf } from './random.ts'
import { abroad, addressIn, homes, type Network, networks, type Shop } from './world.ts'

export type Scene = {
  readonly seed: number
  readonly shops: readonly Shop[]
  readonly holders: readonly Holder[]
  /** What the population bought, in any order. */
  readonly genuine: readonly Draft[]
  /** When attacks happen. */
  readonly span: Span
}

type Stage = Scene & {
  readonly random: Random
  /** A holder who has bought something before the time, and whom nobody else has attacked. */
  readonly victim: (before: number) => Holder
  readonly when: () => number
}

type Pattern = {
  readonly id: PatternId
  /** How often it happens in one stream. */
  readonly runs: number
  /** Days until it is reported, and the share that never is; undefined: nobody tells the issuer. */
  readonly report?: { readonly medianDays: number; readonly never: number }
  readonly run: (stage: Stage) => readonly Omit<Draft, 'pattern' | 'who' | 'reportedAt'>[]
}

const minutes = 60 // seconds
const hours = 3_600

const throwAway = ['mailinator.com', 'yopmail.com', 'guerrillamail.com', 'sharklasers.com'] as const

/** Someone who makes up who they are as they need it. */
const inventedMail = (random: Random): string => {
  const domain = random.chance(0.2) ? random.pick(throwAway) : random.pick(providers)
  const { family, given } = personOf(random)
  const local = random.chance(0.5) ? `${random.letters(5)}${random.digits(5)}` : `${given}.${family}${random.digits(4)}`
  return `${local.toLowerCase()}@${domain}`
}
const inventedPhone = (random: Random): Holder['phone'] | undefined =>
  random.chance(0.3)
    ? { cc: '81', subscriber: `50${random.whole(1, 9)}${random.digits(7)}` } // an IP telephone
    : random.chance(0.1)
      ? undefined
      : mobilePhone(random)

/** Where goods go that nobody should be found with. */
const drop = (random: Random): Address => {
  const place = random.pick(homes)
  return random.chance(0.3)
    ? { line: `${random.whole(1, 9)}-${random.whole(1, 30)} Forwarding Center Suite ${random.digits(4)}`, place }
    : addressAt(place, random)
}

type Cover = { readonly vpn: number; readonly hosting: number; readonly local: number; readonly foreign: number }

function networkFor(cover: Cover, random: Random): Network {
  const kind = random.weighted([
    ['vpn', cover.vpn],
    ['hosting', cover.hosting],
    ['local', cover.local],
    ['foreign', cover.foreign],
  ] as const)
  return random.pick(
    kind === 'vpn'
      ? networks.vpns
      : kind === 'hosting'
        ? networks.hosting
        : kind === 'local'
          ? [...networks.home, ...networks.carriers]
          : networks.foreign,
  )
}

/** A thief's machine, dressed as a local one or not. */
function thiefSeat(random: Random, cover: Cover, ts: number, spoofs = random.chance(0.8)): Seat {
  const network = networkFor(cover, random)
  const language = spoofs ? 'ja' : random.pick(['en-US', 'zh-CN', 'vi-VN', 'ru-RU'])
  const device = makeDevice(random, random.chance(0.35) ? 'phone' : 'computer', language, ts)
  const tz = spoofs ? -540 : network.kind === 'isp' ? network.place.tz : random.pick([0, 300, -480, -180])
  return { device, ip: addressIn(network, random), tz, isSilent: random.chance(0.15) }
}

const robot = (random: Random, ts: number): Device => ({
  ...makeDevice(random, 'computer', 'en-US', ts),
  model: linux,
  version: 138,
  isHeadless: random.chance(0.7),
})

const newAccount = (random: Random, shop: Shop, ts: number): ShopAccount => ({
  id: `acct-${shop.id}-${hex(random, 10)}`,
  since: ts,
  changed: undefined,
  passwordChanged: undefined,
  purchases: [],
  shipTos: new Map(),
})

const silentIn = (seat: Seat, ts: number, random: Random): MethodData | undefined =>
  seat.isSilent ? undefined : methodOf(seat.device, seat.tz, ts, random)

const badSignals = (buyer: Buyer, basket: Basket, random: Random): NonNullable<Draft['signals']> => ({
  ...honestSignals(buyer, basket, random),
  phoneReachable: random.chance(0.6),
  mailDeliverable: random.chance(0.85),
  loginFailures: random.chance(0.2) ? random.whole(2, 6) : 0,
})

const signalsOf = (buyer: Buyer, basket: Basket, random: Random): Draft['signals'] =>
  basket.shop.hook ? badSignals(buyer, basket, random) : undefined

/** The holder's number and name, the rest the thief's. */
const stolenFrom = (holder: Holder, ts: number, random: Random): Buyer => {
  const buyer = buyerOf(holder, ts)
  if (buyer === undefined) throw new Error('a victim without a card')
  return { ...buyer, phone: inventedPhone(random) }
}

const shipped = (shops: readonly Shop[]): readonly Shop[] => shops.filter(({ goods }) => goods === 'shipped')
const ofTrade = (shops: readonly Shop[], mcc: readonly string[]): readonly Shop[] =>
  shops.filter((shop) => mcc.includes(shop.mcc))

const digitalBulk: Pattern = {
  id: 'digital_bulk',
  runs: 3,
  report: { medianDays: 12, never: 0.1 },
  run: ({ random, shops, victim, when }) => {
    const start = when()
    const holder = victim(start)
    const shop = random.pick(ofTrade(shops, ['5815', '5816', '6540']))
    const seat = thiefSeat(random, { vpn: 0.4, hosting: 0.1, local: 0.4, foreign: 0.1 }, start)
    const buyer = stolenFrom(holder, start, random)
    const email = random.chance(0.3) ? holder.email : inventedMail(random)
    const deliveryEmail = inventedMail(random)
    const amount = random.pick([3_000, 5_000, 10_000])
    const account = random.chance(0.5) ? newAccount(random, shop, start) : undefined
    let ts = start
    return Array.from({ length: random.whole(5, 15) }, () => {
      const giftCards = random.whole(1, 3)
      const basket: Basket = { shop, amount, shipTo: undefined, account, email, deliveryEmail, giftCards }
      const event = {
        ts,
        areq: areqOf(buyer, seat, basket, ts),
        method: silentIn(seat, ts, random),
        signals: signalsOf(buyer, basket, random),
        pass: 0.05,
      }
      ts += random.whole(15, 90)
      return event
    })
  },
}

const resale: Pattern = {
  id: 'resale',
  runs: 10,
  report: { medianDays: 14, never: 0.1 },
  run: ({ random, shops, victim, when }) => {
    const start = when()
    const holder = victim(start)
    const seat = thiefSeat(random, { vpn: 0.3, hosting: 0.05, local: 0.6, foreign: 0.05 }, start)
    const buyer = stolenFrom(holder, start, random)
    const email = random.chance(0.4) ? holder.email : inventedMail(random)
    const goods = ofTrade(shops, ['5732', '7922'])
    return Array.from({ length: random.whole(1, 2) }, (_, i) => {
      const ts = start + i * random.whole(5 * minutes, 20 * hours)
      const shop = random.pick(goods)
      const to = random.weighted([
        [holder.address, 0.45],
        [holder.others[0] as Address, 0.15],
        [drop(random), 0.4],
      ])
      const basket: Basket = {
        shop,
        amount: random.lognormal(98_000, 0.45),
        shipTo: shop.goods === 'shipped' ? to : undefined,
        account: random.chance(0.5) ? newAccount(random, shop, ts) : undefined,
        email,
        express: random.chance(0.6),
      }
      return {
        ts,
        areq: areqOf(buyer, seat, basket, ts),
        method: silentIn(seat, ts, random),
        signals: signalsOf(buyer, basket, random),
        pass: 0.06,
      }
    })
  },
}

const overseasVpnBurst: Pattern = {
  id: 'overseas_vpn_burst',
  runs: 1,
  report: { medianDays: 10, never: 0.1 },
  run: ({ random, shops, victim, when }) => {
    const midnight = Math.floor((when() + 9 * hours) / day) * day - 9 * hours
    const start = midnight + Math.floor(random.between(0.8, 4.5) * hours)
    const shop = random.pick(shipped(shops))
    const amount = Math.round(random.magnitude(4_000, 40_000))
    const gap = random.whole(2, 60)
    let ts = start
    return Array.from({ length: random.whole(18, 40) }, () => {
      const seat = thiefSeat(random, { vpn: 0.5, hosting: 0.35, local: 0, foreign: 0.15 }, ts, random.chance(0.5))
      // Half of the numbers belong to people who buy at home, the others to such as have never bought like this.
      const known = random.chance(0.5) ? victim(ts) : undefined
      const person = personOf(random)
      const buyer: Buyer =
        known === undefined
          ? { ...person, card: cardNumber(range, random), phone: inventedPhone(random), bill: drop(random) }
          : stolenFrom(known, ts, random)
      const basket: Basket = {
        shop,
        amount,
        shipTo: drop(random),
        account: random.chance(0.5) ? newAccount(random, shop, ts) : undefined,
        email: inventedMail(random),
      }
      const event = {
        ts,
        areq: areqOf(buyer, seat, basket, ts),
        method: silentIn(seat, ts, random),
        signals: signalsOf(buyer, basket, random),
        pass: 0.03,
      }
      ts += 1 + Math.floor(random.unit() * 2 * gap)
      return event
    })
  },
}

/** Fast at one shop, or slowly through all of them, two attempts at each. */
const enumeration: Pattern = {
  id: 'enumeration',
  runs: 1,
  report: { medianDays: 0.5, never: 0 },
  run: ({ random, shops, victim, when }) => {
    const start = when()
    const isSlow = random.chance(0.35)
    const order = random.shuffled(shops)
    const one = random.pick(shops)
    const attempts = isSlow ? 2 * order.length : Math.round(random.magnitude(45, 300))
    const amount = random.pick([1, 50, 100, 110])
    const gap = isSlow ? random.between(5, 20) : random.magnitude(0.05, 20)
    const addresses = Array.from({ length: Math.round(random.magnitude(1, attempts)) }, () =>
      addressIn(networkFor({ vpn: 0.3, hosting: 0.5, local: 0.1, foreign: 0.1 }, random), random),
    )
    const machine = robot(random, start)
    const hasScreen = random.chance(0.5)
    const counts = random.chance(0.5)
    const first = Number(random.digits(6))
    const hitRate = random.magnitude(0.0005, 0.01)
    let at = start
    return Array.from({ length: attempts }, (_, i) => {
      const ts = Math.floor(at)
      at += gap * random.between(0.5, 1.5)
      const shop = isSlow ? (order[Math.floor(i / 2)] as Shop) : one
      const hit = random.chance(hitRate) ? victim(ts) : undefined
      const number = hit === undefined ? undefined : cardAt(hit, ts)?.number
      const next = counts ? `${range}00${String((first + i * 10) % 1_000_000).padStart(6, '0')}` : range
      const person = personOf(random)
      const buyer: Buyer = {
        ...person,
        latin: random.chance(0.5) ? `${random.letters(6)} ${random.letters(7)}`.toUpperCase() : person.latin,
        card: number ?? cardNumber(next, random),
        phone: undefined,
        bill: addressAt(random.pick(homes), random),
      }
      const device = isSlow ? { ...machine, id: hex(random, 32), idSince: ts } : machine
      const seat: Seat = { device, ip: random.pick(addresses), tz: 0, isSilent: random.chance(0.5) }
      const basket: Basket = {
        shop,
        amount,
        shipTo: shop.goods === 'shipped' ? buyer.bill : undefined,
        account: undefined,
        email: `${random.letters(8)}${random.digits(3)}@${random.pick([...providers, ...throwAway])}`,
      }
      const areq = areqOf(buyer, seat, basket, ts)
      const { browserScreenWidth, browserScreenHeight, ...blind } = areq
      return {
        ts,
        areq: hasScreen ? areq : { ...blind, acctNumber: buyer.card },
        method: silentIn(seat, ts, random),
        signals: shop.hook ? { behaviour: typedByRobot(random) } : undefined,
        pass: 0,
      }
    })
  },
}

const stolenNumber: Pattern = {
  id: 'stolen_number',
  runs: 10,
  report: { medianDays: 12, never: 0.1 },
  run: ({ random, shops, victim, when }) => {
    const start = when()
    const holder = victim(start)
    const seat = thiefSeat(random, { vpn: 0.3, hosting: 0.1, local: 0.5, foreign: 0.1 }, start)
    const buyer = stolenFrom(holder, start, random)
    const email = random.chance(0.12) ? holder.email : inventedMail(random)
    const to = random.chance(0.15) ? holder.address : drop(random)
    const places = random.shuffled(shops).slice(0, random.whole(1, 4))
    const times = Array.from({ length: 1 + random.poisson(1.6) }, () => start + Math.floor(random.unit() * 1.2 * day))
    return times.map((ts) => {
      const shop = random.pick(places)
      const basket: Basket = {
        shop,
        amount: holder.spend * shop.priceFactor * Math.exp(random.normal(0.45, 0.75)),
        shipTo: shop.goods === 'shipped' ? to : undefined,
        account: random.chance(0.5) ? newAccount(random, shop, ts) : undefined,
        email,
        ...(shop.goods === 'digital' && { deliveryEmail: email }),
        ...(shop.mcc === '6540' && { giftCards: random.whole(1, 3) }),
      }
      return {
        ts,
        areq: areqOf(buyer, seat, basket, ts),
        method: silentIn(seat, ts, random),
        signals: signalsOf(buyer, basket, random),
        pass: 0.03,
      }
    })
  },
}

const accountTakeover: Pattern = {
  id: 'account_takeover',
  runs: 10,
  report: { medianDays: 9, never: 0.1 },
  run: ({ random, shops, victim, when }) => {
    const start = when()
    const holder = victim(start)
    const seat = thiefSeat(random, { vpn: 0.3, hosting: 0.05, local: 0.55, foreign: 0.1 }, start)
    const buyer = buyerOf(holder, start) as Buyer // all that is stored there is the holder's own
    const changesPassword = random.chance(0.35)
    const to = random.chance(0.6) ? drop(random) : holder.address
    const taken = shops.filter(({ id }) => (holder.accounts.get(id)?.since ?? start) < start)
    const shop = random.pick(taken.length === 0 ? holder.favourites : taken)
    const old = holder.accounts.get(shop.id)
    const account: ShopAccount = {
      ...(old ?? newAccount(random, shop, start - 400 * day)),
      passwordChanged: changesPassword ? start - random.whole(0, 2 * day) : old?.passwordChanged,
      changed: random.chance(0.4) ? start - random.whole(0, hours) : old?.changed,
    }
    return Array.from({ length: 1 + random.poisson(1) }, (_, i) => {
      const ts = start + i * random.whole(3 * minutes, 6 * hours)
      const basket: Basket = {
        shop,
        amount: holder.spend * shop.priceFactor * Math.exp(random.normal(0.5, 0.6)),
        shipTo: shop.goods === 'shipped' ? to : undefined,
        account,
        email: holder.email,
        ...(shop.goods === 'digital' && { deliveryEmail: inventedMail(random) }),
        express: random.chance(0.4),
      }
      const signals = signalsOf(buyer, basket, random)
      return {
        ts,
        areq: areqOf(buyer, seat, basket, ts),
        method: silentIn(seat, ts, random),
        signals: signals && {
          ...signals,
          phoneReachable: true,
          mailDeliverable: true,
          loginFailures: random.whole(0, 8),
          passwordReset: changesPassword,
        },
        pass: 0.22,
      }
    })
  },
}

const phishingRelay: Pattern = {
  id: 'phishing_relay',
  runs: 10,
  report: { medianDays: 6, never: 0.05 },
  run: ({ random, shops, victim, when }) => {
    const start = when()
    const holder = victim(start)
    const seat = thiefSeat(random, { vpn: 0.45, hosting: 0.05, local: 0.5, foreign: 0 }, start, true)
    const buyer = stolenFrom(holder, start, random)
    const email = random.chance(0.3) ? holder.email : inventedMail(random)
    const goods = ofTrade(shops, ['6540', '5815', '5732'])
    let ts = start
    return Array.from({ length: 1 + random.poisson(1) }, () => {
      const shop = random.pick(goods)
      const basket: Basket = {
        shop,
        amount: random.pick([5_000, 10_000, 20_000, 30_000, 50_000]),
        shipTo: shop.goods === 'shipped' ? drop(random) : undefined,
        account: random.chance(0.5) ? newAccount(random, shop, ts) : undefined,
        email,
        ...(shop.goods === 'digital' && { deliveryEmail: email }),
        ...(shop.mcc === '6540' && { giftCards: random.whole(1, 3) }),
      }
      const event = {
        ts,
        areq: areqOf(buyer, seat, basket, ts),
        method: silentIn(seat, ts, random),
        signals: signalsOf(buyer, basket, random),
        pass: 0.8,
      }
      ts += random.whole(2 * minutes, 40 * minutes)
      return event
    })
  },
}

const deviceReplay: Pattern = {
  id: 'device_replay',
  runs: 10,
  report: { medianDays: 12, never: 0.1 },
  run: ({ random, shops, victim, genuine, when }) => {
    const start = when()
    const holder = victim(start)
    const taken = genuine.findLast(({ who, ts, method }) => who === `holder-${holder.n}` && ts < start && method)
    const bought = taken?.areq
    const device = holder.devices[0] as Device
    const network = random.pick(
      [...networks.home, ...networks.carriers].filter(({ prefix }) => !holder.wifi.startsWith(`${prefix}.`)),
    )
    const ip = addressIn(network, random)
    const isMissing = random.chance(0.4)
    const buyer = stolenFrom(holder, start, random)
    const email = random.chance(0.5) ? holder.email : inventedMail(random)
    const never = shops.filter((shop) => !holder.accounts.has(shop.id) && !holder.favourites.includes(shop))
    return Array.from({ length: 1 + random.poisson(0.8) }, (_, i) => {
      const ts = start + i * random.whole(4 * minutes, 8 * hours)
      const shop = random.pick(never)
      const basket: Basket = {
        shop,
        amount: holder.spend * shop.priceFactor * Math.exp(random.normal(0.45, 0.75)),
        shipTo: shop.goods === 'shipped' ? (random.chance(0.2) ? holder.address : drop(random)) : undefined,
        account: random.chance(0.5) ? newAccount(random, shop, ts) : undefined,
        email,
        ...(shop.goods === 'digital' && { deliveryEmail: email }),
      }
      const areq = areqOf(buyer, { device, ip, tz: holder.home.tz, isSilent: isMissing }, basket, ts)
      const { browserUserAgent, browserLanguage, browserTZ } = bought ?? areq
      const { browserScreenWidth, browserScreenHeight, browserColorDepth } = bought ?? areq
      return {
        ts,
        areq: {
          ...areq,
          browserUserAgent,
          browserLanguage,
          browserTZ,
          browserScreenWidth,
          browserScreenHeight,
          browserColorDepth,
        },
        method: isMissing ? undefined : (taken?.method ?? methodOf(device, holder.home.tz, start - 9 * day, random)),
        signals: signalsOf(buyer, basket, random),
        pass: 0.05,
      }
    })
  },
}

/** One name and one address, never written the same way twice. */
const spelled = ({ line, place }: Address, i: number): Address => {
  const [numbers = '', town = ''] = line.split(' ')
  const [a = '1', b = '1', c = '1'] = numbers.split('-')
  const forms = [
    line,
    `${town} ${a}-${b}-${c}`,
    `${town} ${a} chome ${b}-${c}`,
    `${a}−${b}−${c} ${town}`,
    `${town.toUpperCase()} ${a}-${b}-${c}`,
    `${a}-${b}-${c}, ${town}`,
    `${a}-${b}-${c} ${town} #`,
  ]
  return { line: forms[i % forms.length] ?? line, place }
}
const aliasOf = (box: string, i: number): string => {
  const [local = '', domain = ''] = box.split('@')
  const cut = 1 + (i % Math.max(1, local.length - 1))
  return i % 2 === 0 ? `${local}+${i + 1}@${domain}` : `${local.slice(0, cut)}.${local.slice(cut)}@${domain}`
}
const nameOf = ({ family, given }: { family: string; given: string }, i: number): string =>
  [`${given} ${family}`, `${family} ${given}`, `${given} ${family.replace('O', 'OH')}`, `${given[0]} ${family}`][
    i % 4
  ] ?? family

const firstDiscount: Pattern = {
  id: 'first_discount',
  runs: 2,
  run: ({ random, shops, when }) => {
    const start = when()
    const person = personOf(random)
    const home = random.pick(homes)
    const address = addressAt(home, random)
    const ip = addressIn(random.pick(networks.home.filter(({ place }) => place === home)), random)
    const devices = Array.from({ length: random.whole(1, 2) }, () =>
      makeDevice(random, random.pick(['phone', 'computer']), 'ja', start - 200 * day),
    )
    const box = `${person.given}${person.family}${random.digits(3)}@gmail.com`.toLowerCase()
    const cards = Array.from({ length: random.whole(1, 5) }, () => cardNumber(range, random))
    const purchases = cards.flatMap((card) => Array.from({ length: random.whole(2, 6) }, () => card))
    const accounts = Math.max(2, Math.min(20, purchases.length))
    // Who offers something to newcomers tells of them: in the AReq or to the hook.
    const shop = random.pick(
      shipped(shops).filter(
        ({ country, tier, hook }) => country === '392' && (tier === 'full' || (tier === 'some' && hook)),
      ),
    )
    const phone = mobilePhone(random)
    const gap = random.magnitude(600, 86_400)
    let ts = start
    const owned = Array.from({ length: accounts }, () => ({ account: undefined as ShopAccount | undefined }))
    return random.shuffled(purchases).map((card, i) => {
      const slot = owned[i % accounts] as { account: ShopAccount | undefined }
      slot.account ??= newAccount(random, shop, ts)
      const { account } = slot
      const buyer: Buyer = { ...person, latin: nameOf(person, i), card, phone, bill: spelled(address, i) }
      const seat: Seat = { device: random.pick(devices), ip, tz: -540, isSilent: random.chance(0.04) }
      const email = aliasOf(box, i)
      const basket: Basket = { shop, amount: 980, shipTo: buyer.bill, account, email, firstOffer: true }
      const event = {
        ts,
        areq: areqOf(buyer, seat, basket, ts),
        method: silentIn(seat, ts, random),
        signals: shop.hook ? honestSignals(buyer, basket, random) : undefined,
        pass: 0.9,
      }
      ts += Math.min(345_600, Math.max(600, Math.floor(gap * random.lognormal(1, 0.6))))
      return event
    })
  },
}

const affiliate: Pattern = {
  id: 'affiliate',
  runs: 2,
  run: ({ random, shops, when }) => {
    const start = when()
    const home = random.pick(homes)
    const address = addressAt(home, random)
    const ip = addressIn(random.pick(networks.home.filter(({ place }) => place === home)), random)
    const devices = Array.from({ length: random.whole(1, 5) }, () =>
      makeDevice(random, 'computer', 'ja', start - 90 * day),
    )
    const cards = Array.from({ length: random.whole(2, 6) }, () => cardNumber(range, random))
    const shop = random.pick(shops.filter(({ tier }) => tier !== 'minimum'))
    let ts = start
    return Array.from({ length: random.whole(12, 40) }, (_, i) => {
      const person = personOf(random)
      const buyer: Buyer = {
        ...person,
        card: random.pick(cards),
        phone: inventedPhone(random),
        bill: spelled(address, i),
      }
      const seat: Seat = { device: random.pick(devices), ip, tz: -540, isSilent: random.chance(0.1) }
      const basket: Basket = {
        shop,
        amount: random.whole(500, 3_000),
        shipTo: shop.goods === 'shipped' ? buyer.bill : undefined,
        account: newAccount(random, shop, ts),
        email: inventedMail(random),
      }
      const event = {
        ts,
        areq: areqOf(buyer, seat, basket, ts),
        method: silentIn(seat, ts, random),
        signals: shop.hook
          ? { ...honestSignals(buyer, basket, random), behaviour: typedByRobot(random), firstTimeOffer: true }
          : undefined,
        pass: 0.9,
      }
      ts += random.whole(30, 900)
      return event
    })
  },
}

const ticketHoarding: Pattern = {
  id: 'ticket_hoarding',
  runs: 1,
  run: ({ random, shops, when }) => {
    const shop = random.pick(ofTrade(shops, ['7922']))
    const start = openingOn(when())
    const devices = Array.from({ length: random.whole(2, 6) }, () => robot(random, start - 3 * day))
    const addresses = Array.from({ length: random.whole(2, 12) }, () =>
      addressIn(networkFor({ vpn: 0.2, hosting: 0.4, local: 0.4, foreign: 0 }, random), random),
    )
    const price = random.pick([7_800, 9_800, 12_000, 15_000])
    return Array.from({ length: random.whole(60, 160) }, () => {
      const ts = start + Math.floor(random.unit() * 60)
      const person = personOf(random)
      const buyer: Buyer = {
        ...person,
        card: cardNumber(range, random),
        phone: inventedPhone(random),
        bill: addressAt(random.pick(homes), random),
      }
      const device = { ...random.pick(devices), language: 'ja' }
      const seat: Seat = { device, ip: random.pick(addresses), tz: -540, isSilent: random.chance(0.3) }
      const account = { ...newAccount(random, shop, ts), since: start - random.whole(1, 60) * day }
      const basket: Basket = {
        shop,
        amount: price * random.whole(2, 4),
        shipTo: undefined,
        account,
        email: inventedMail(random),
      }
      const { behaviour, ...signals } = honestSignals(buyer, basket, random)
      return {
        ts,
        areq: areqOf(buyer, seat, basket, ts),
        method: silentIn(seat, ts, random),
        signals: shop.hook ? signals : undefined, // a script leaves no typing behind
        pass: 0.9,
      }
    })
  },
}

/** Ten in the morning, in Tokyo. */
const openingOn = (ts: number): number => Math.floor((ts + 9 * hours) / day) * day + hours

/** Fans are there at ten as well; a burst at a ticket shop alone is nobody's fault. */
export function openings(scene: Scene, drafts: readonly Draft[]): readonly Draft[] {
  const random = randomOf(scene.seed, 'openings')
  const robots = drafts.filter(({ pattern }) => pattern === 'ticket_hoarding')
  const [first] = robots
  const shop = scene.shops.find(({ id }) => id === first?.areq.acquirerMerchantID)
  if (first === undefined || shop === undefined) return []
  const start = openingOn(first.ts)
  return random
    .shuffled(scene.holders)
    .slice(0, random.whole(10, 20))
    .flatMap((holder) => {
      const ts = start + Math.floor(random.unit() * 600)
      const device = random.pick(holder.devices)
      const seat: Seat = { device, ip: holder.wifi, tz: holder.home.tz, isSilent: random.chance(0.04) }
      const draft = purchase(holder, shop, seat, ts, random)
      return draft === undefined ? [] : [draft]
    })
}

const bnplNonpayment: Pattern = {
  id: 'bnpl_nonpayment',
  runs: 2,
  run: ({ random, shops, when }) => {
    const start = when()
    const room: Address = addressAt(random.pick(homes), random)
    const kind = random.pick(['weeklyMansion', 'hotel', 'vacant'])
    const asked = { ...random.pick(shipped(shops)), hook: true, tier: 'full' as const }
    let ts = start
    return Array.from({ length: random.whole(4, 10) }, (_, i) => {
      const person = personOf(random)
      const buyer: Buyer = {
        ...person,
        card: cardNumber(range, random),
        phone: inventedPhone(random),
        bill: spelled(room, i),
      }
      const seat = thiefSeat(random, { vpn: 0.1, hosting: 0, local: 0.9, foreign: 0 }, ts, true)
      const basket: Basket = {
        shop: asked,
        amount: random.lognormal(22_000, 0.5),
        shipTo: buyer.bill,
        account: random.chance(0.4) ? newAccount(random, asked, ts) : undefined,
        email: inventedMail(random),
      }
      const event = {
        ts,
        areq: areqOf(buyer, seat, basket, ts),
        method: silentIn(seat, ts, random),
        signals: {
          ...honestSignals(buyer, basket, random),
          phoneReachable: random.chance(0.25),
          addressVacant: kind === 'vacant' && random.chance(0.85),
          ...(kind !== 'vacant' && random.chance(0.85) && { addressKind: kind }),
        },
        pass: 0.5, // nobody has measured it
      }
      ts += random.whole(1, 60) * hours
      return event
    })
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

const impossibleTravel: Pattern = {
  id: 'impossible_travel',
  runs: 10,
  report: { medianDays: 1, never: 0 },
  run: ({ random, shops, victim, genuine, when }) => {
    const near = when()
    const holder = victim(near)
    // Right after something that the holder bought from the sofa.
    const before = genuine.find(
      ({ who, ts, areq }) => who === `holder-${holder.n}` && ts > near && areq.browserIP === holder.wifi,
    )
    const anchor = before ?? genuine.findLast(({ who, ts }) => who === `holder-${holder.n}` && ts <= near)
    if (anchor === undefined) return []
    const far = abroad.filter((place) => kmBetween(place, holder.home) > 1_000)
    const place = random.pick(far)
    const soonest = (kmBetween(place, holder.home) / 900) * hours
    const start = anchor.ts + Math.max(120, Math.floor(random.unit() * 0.6 * soonest))
    const network = random.pick([...networks.foreign, ...networks.foreignCarriers].filter((n) => n.place === place))
    const ip = addressIn(network, random)
    // Some come with the cookies and the looks of the holder's browser, taken by a program on it: then only the place is wrong.
    const isCopied = random.chance(0.4)
    const own = holder.devices.find(({ keepsId }) => keepsId) ?? (holder.devices[0] as Device)
    const device = isCopied ? own : makeDevice(random, 'phone', random.pick([place.language, 'ja']), start)
    const buyer = stolenFrom(holder, start, random)
    const email = isCopied || random.chance(0.4) ? holder.email : inventedMail(random)
    return Array.from({ length: random.whole(1, 2) }, (_, i) => {
      const ts = start + i * random.whole(60, 900)
      const shop = random.pick(shops)
      const basket: Basket = {
        shop,
        amount: holder.spend * shop.priceFactor * Math.exp(random.normal(0.3, 0.6)),
        shipTo: shop.goods === 'shipped' ? drop(random) : undefined,
        account: undefined,
        email,
      }
      const seat: Seat = { device, ip, tz: isCopied ? holder.home.tz : place.tz, isSilent: random.chance(0.1) }
      return {
        ts,
        areq: areqOf(buyer, seat, basket, ts),
        method: silentIn(seat, ts, random),
        signals: signalsOf(buyer, basket, random),
        pass: 0.05,
      }
    })
  },
}

/** The holder's own chair, browser and account; only the truth is another. */
const familyOrFriendly: Pattern = {
  id: 'family_or_friendly',
  runs: 10,
  report: { medianDays: 30, never: 0.3 },
  run: ({ random, victim, when }) => {
    const ts = when()
    const holder = victim(ts)
    const device = random.pick(holder.devices)
    const seat: Seat = { device, ip: holder.wifi, tz: holder.home.tz, isSilent: random.chance(0.04) }
    const bought = purchase(holder, random.pick(holder.favourites), seat, ts, random)
    return bought === undefined ? [] : [bought]
  },
}

export const patterns: readonly Pattern[] = [
  digitalBulk,
  resale,
  overseasVpnBurst,
  enumeration,
  stolenNumber,
  accountTakeover,
  phishingRelay,
  deviceReplay,
  firstDiscount,
  affiliate,
  ticketHoarding,
  bnplNonpayment,
  impossibleTravel,
  familyOrFriendly,
]

export function attacksOf(scene: Scene, ids: readonly PatternId[] = patterns.map(({ id }) => id)): readonly Draft[] {
  const firstBought = new Map<string, number>()
  for (const { who, ts } of scene.genuine) firstBought.set(who, Math.min(firstBought.get(who) ?? ts, ts))
  const queue = randomOf(scene.seed, 'victims').shuffled(scene.holders).slice()
  const victim = (before: number): Holder => {
    const at = queue.findIndex(
      (holder) => (firstBought.get(`holder-${holder.n}`) ?? before) < before && cardAt(holder, before),
    )
    const [found] = queue.splice(Math.max(0, at), 1)
    if (found === undefined) throw new Error('no victims left: the population is too small')
    return found
  }
  return patterns
    .filter(({ id }) => ids.includes(id))
    .flatMap(({ id, runs, report, run }) =>
      Array.from({ length: runs }, (_, i) => {
        const random = randomOf(scene.seed, id, i)
        const when = (): number => Math.floor(random.between(scene.span.from, scene.span.to))
        const told = run({ ...scene, random, victim, when })
        const isTold = report !== undefined && !random.chance(report.never)
        return told.map(
          (draft): Draft => ({
            ...draft,
            pattern: id,
            who: `${id}-${i}`,
            reportedAt: isTold ? draft.ts + Math.floor(random.lognormal(report.medianDays, 0.8) * day) : undefined,
          }),
        )
      }).flat(),
    )
}
