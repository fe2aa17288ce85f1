/**
 * Every knob of the generator, with its unit and where its preset value comes from. docs/lab-population.md is written from these
 * descriptions. A preset is a file that turns all of them; a user names a preset and what is to be changed.
 */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { wordsOf } from '../experiment/problems.ts'
import { mostEvents } from './limits.ts'

/** Of what a seed gives: raised whenever the same knobs and seed give another stream. */
export const version = 1

type Note = { readonly unit: string; readonly source?: string }
/** Judgement, unless said otherwise: our own guess, to be turned by whoever knows better. */
const told = <T extends z.ZodType>(schema: T, description: string, { unit, source = 'judgement' }: Note): T =>
  schema.meta({ description, unit, source })

const number = z.number()
const positive = number.positive()
const from0 = number.min(0)
const shareNumber = number.min(0).max(1)
const design = 'design'
const attackList = 'attack-patterns'
const share = (description: string, source = 'judgement', of = 'share') =>
  told(shareNumber, description, { unit: of, source })
const pair = (schema: z.ZodType<number> = number) => z.tuple([schema, schema])
const day = z.iso.date()

const holders = z.strictObject({
  perDay: z.strictObject({
    mean: told(positive, 'Mean of a holder’s purchases that come with an AReq', { unit: 'per day' }),
    shape: told(positive, 'Shape of the gamma distribution over holders: lower means a few buy most', {
      unit: 'number',
      source: design,
    }),
    most: told(positive, 'No holder buys more than this', { unit: 'per day' }),
  }),
  spend: z.strictObject({
    median: told(positive, 'Median over holders of what each usually spends at a shop of price factor 1', {
      unit: 'JPY',
    }),
    sigma: told(from0, 'Spread of that over holders', { unit: 'log' }),
    spread: told(pair(positive), 'Spread of one holder’s amounts: each has one from this range', { unit: 'log' }),
  }),
  ageBands: told(z.record(z.string(), shareNumber), 'Share of the holders in each age band', { unit: 'share' }),
  abroad: share('Holders who live abroad', design),
  foreignLanguage: share('Holders at home whose browser speaks another language', design),
  privateBrowsing: share('Holders who use private windows, each with a new device id', design),
  privateWindows: share('Of their purchases, in a private window'),
  vpn: share('Holders with the habit of a VPN', design),
  vpnUsed: share('Of their purchases, through it'),
  relay: share('Holders with a privacy relay on the telephone'),
  owls: share('Holders who buy at night'),
  partners: share('Of every second holder: shares address, network and perhaps the computer with the one before'),
  guests: share('Holders who often buy as guests'),
  aliases: share('Holders who write +shop behind the name of the mail box'),
  secondMail: share('Holders with a second mail box'),
  gamers: share('Holders who buy digital goods in rows'),
  newCards: told(from0, 'New customers, of the holders', { unit: 'share per year' }),
  cardYears: told(positive, 'Years until a card has another number (expiry and loss together)', {
    unit: 'years',
    source: design,
  }),
  deviceMonths: told(positive, 'Months until a device is replaced', { unit: 'months', source: design }),
  emptiedDays: told(positive, 'Days until the storage of a browser is emptied, so that its device id is lost', {
    unit: 'days',
  }),
  updateDays: told(positive, 'Days until a browser has another version', { unit: 'days' }),
  secondDevice: share('Holders who also have a computer'),
  thirdDevice: share('Holders who have one more'),
  keepsId: share('Devices whose browser keeps the id that the 3DS Method leaves'),
  silentMethod: share('Purchases in which the 3DS Method does not answer'),
  outOfHome: share('Purchases by telephone that go through the carrier'),
  elsewhere: share('Purchases from another network of the town: a friend’s, a café’s'),
  lent: share(
    'Purchases by somebody of the family or a friend, with the card and the holder’s leave: another browser, network, mail box and telephone',
  ),
  wifiDays: told(positive, 'Days until the address at home changes within the provider’s block', { unit: 'days' }),
  gatewayHolders: told(positive, 'Holders of this issuer behind one address of a carrier', { unit: 'holders' }),
  app: share('Purchases by telephone made in a shop’s app (deviceChannel 01)'),
  tripsAtHome: told(from0, 'Journeys within the country, of one to four days', { unit: 'per year' }),
  tripsAbroad: told(from0, 'Journeys abroad, of three to nine days', { unit: 'per year' }),
  gifts: share('Shipped purchases that go to somebody else’s address'),
})

const goodsKinds = ['shipped', 'digital', 'tickets', 'service'] as const
const shops = z.strictObject({
  purchasesPerDay: told(
    positive,
    'Mean of a shop’s purchases with this issuer’s cards; sets how many shops there are',
    { unit: 'per day' },
  ),
  popularity: told(from0, 'Exponent of popularity: the n-th shop sells in proportion to n to the minus this', {
    unit: 'exponent',
  }),
  favourites: told(pair(z.int().min(1).max(8)), 'Favourite shops of a holder', { unit: 'shops', source: design }),
  elsewhere: share('Purchases at a shop that is no favourite'),
  trades: told(
    z.array(z.tuple([z.string(), z.enum(goodsKinds), positive, positive])).min(1),
    'Trades: MCC, goods, price beside what its customers usually spend, share of the shops',
    { unit: 'rows', source: design },
  ),
  tiers: told(
    z.strictObject({ full: shareNumber, some: shareNumber, minimum: shareNumber }),
    'How much shops tell in an AReq: everything, the usual, what they must',
    { unit: 'shares', source: design },
  ),
  foreign: share('Shops abroad, which charge in their own currency'),
  signals: share('Shops that send signals with their assessments (telephone, mail, log-in, typing)'),
  wishes: told(
    z.strictObject({
      none: shareNumber,
      rather: shareNumber,
      exempt: shareNumber,
      first: shareNumber,
      dear: shareNumber,
      always: shareNumber,
    }),
    'What shops wish by threeDSRequestorChallengeInd: nothing (01), no challenge (02), an exemption (05, by the shop’s own risk analysis), a challenge (03) for a new customer, a challenge (03) above an amount, always one (04)',
    { unit: 'shares', source: design },
  ),
  dearFrom: told(positive, 'From this amount on the shops of `dear` wish a challenge', { unit: 'JPY' }),
  firstOffers: share('First purchases at a shop that take an introductory price'),
})

const eye = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  share: shareNumber,
  apart: from0,
  cuts: z.tuple([shareNumber, shareNumber, shareNumber]),
})
const screenings = z.strictObject({
  share: share('Shops that send the verdict and score of a screening', design),
  second: share('Of those, with a second one'),
  quality: told(
    from0,
    'Multiplies how well every screening tells frauds from purchases; 0: verdicts tell nothing (placebo)',
    { unit: 'factor' },
  ),
  bias: told(from0, 'Spread of each shop’s own bias, in deviations of what its screening sees', {
    unit: 'deviations',
    source: design,
  }),
  sources: told(
    z.array(eye).min(1).max(8),
    'Screenings: name, share of the shops that have one, deviations between purchases and frauds in what it sees, and the shares of good purchases that are OK, at most REVIEW, at most HOLD',
    { unit: 'rows' },
  ),
})

const methods = ['sms', 'mail', 'app', 'passkey'] as const
const byMethod = z.strictObject({ sms: shareNumber, mail: shareNumber, app: shareNumber, passkey: shareNumber })
const challenge = z.strictObject({
  methods: told(byMethod, 'How holders are asked', { unit: 'shares' }),
  pass: told(byMethod, 'Challenges that holders pass', { unit: 'shares', source: 'bands' }),
  abandon: told(byMethod, 'Challenges that holders leave; what is neither passed nor left has failed', {
    unit: 'shares',
    source: 'abandon-jp, bands',
  }),
  olderAbandon: told(from0, 'Abandonment of the oldest band beside the mean; the youngest as much below', {
    unit: 'factor',
  }),
  appAbandon: told(from0, 'Abandonment in an app beside a browser', { unit: 'factor' }),
  thiefAbandon: share('Of challenges that an attacker cannot pass, those that are left; the others fail'),
  relayed: told(
    byMethod,
    'Challenges of a phishing relay that are passed, by method: a code is handed over, a passkey is not',
    { unit: 'shares', source: attackList },
  ),
})

const calendar = z.strictObject({
  weekend: told(positive, 'Purchases on Saturdays and Sundays beside other days', { unit: 'factor' }),
  season: told(positive, 'Purchases from 10 to 30 December beside other days', { unit: 'factor' }),
  campaigns: told(
    z.array(z.strictObject({ on: day, days: z.int().positive(), factor: positive })),
    'Campaign days of shops: first day, how many, and the volume beside other days',
    { unit: 'rows', source: design },
  ),
  mandate: told(
    z.strictObject({ on: day, before: shareNumber }).nullable(),
    'The day from which every shop uses 3-D Secure, and the share of the shops that did before',
    { unit: 'day, share', source: 'vol-jp-2025, jp-roadmap' },
  ),
  newDevices: told(
    z.strictObject({ on: day, share: shareNumber, days: positive }).nullable(),
    'The day on which a new telephone is sold, the share of the telephones that it replaces, and within how many days',
    { unit: 'day, share, days', source: design },
  ),
})

export const patternIds = [
  'digital_bulk',
  'resale',
  'overseas_vpn_burst',
  'enumeration',
  'stolen_number',
  'account_takeover',
  'phishing_relay',
  'device_replay',
  'first_discount',
  'affiliate',
  'ticket_hoarding',
  'bnpl_nonpayment',
  'impossible_travel',
  'family_or_friendly',
] as const
export type PatternId = (typeof patternIds)[number]

const pattern = z.strictObject({
  per10k: from0.meta({ description: 'Campaigns of the pattern per 10,000 genuine purchases' }),
  least: z.int().min(0).meta({ description: 'At least so many in a stream, spread evenly over its days' }),
  ramp: pair(from0).meta({ description: 'How frequent they are on the first day beside the last' }),
  doublesOn: day.nullable().meta({ description: 'From this day on they are twice as frequent' }),
  pass: shareNumber.meta({ description: 'Challenges that the one at the keyboard passes' }),
  report: z.strictObject({ medianDays: positive, sigma: from0, never: shareNumber }).nullable().meta({
    description:
      'Days until the issuer hears of it (log-normal), and the share that is never reported; null: nobody tells',
  }),
})
const attacks = z.strictObject(
  Object.fromEntries(
    patternIds.map((id) => [
      id,
      told(pattern, `Pattern ${id}: per10k, least, ramp, doublesOn, pass, report`, {
        unit: 'knobs of a pattern',
        source: attackList,
      }),
    ]),
  ) as { readonly [P in PatternId]: typeof pattern },
)

const attackers = z.strictObject({
  night: share('Campaigns that begin from 00:00 to 04:59', 'bands'),
  networks: told(
    z.strictObject({ vpn: shareNumber, hosting: shareNumber, local: shareNumber, foreign: shareNumber }),
    'Where attackers come from: exits of VPNs, data centres, providers at home, providers abroad',
    { unit: 'shares', source: attackList },
  ),
  spoofsLocale: share('Attackers who set language and clock to those of the victim’s country', attackList),
  knowsMail: share('Attackers who use the victim’s mail box'),
  knowsAddress: share('Attackers who have goods sent to the victim’s address'),
  looksKnown: share(
    'Attackers who are in all they show the victim: device, network, mail (stolen session or remote control of the device)',
  ),
  amount: told(
    z.strictObject({ mean: number, sigma: from0 }),
    'Logarithm of what is tried beside what the victim usually spends',
    { unit: 'log', source: attackList },
  ),
  denied: told(
    z.strictObject({ median: positive, sigma: from0 }),
    'What a holder or the family denies afterwards: things that are worth it',
    { unit: 'JPY, log' },
  ),
  capDays: told(pair(positive), 'A fraud that is reported is reported at the latest after so many days', {
    unit: 'days',
    source: design,
  }),
  reissueDays: told(from0, 'Days from the report until the victim has a card with another number', { unit: 'days' }),
})

const adapting = z.strictObject({
  retry: share('Attackers who try another shop after a decline (closed loop only)', design),
  retries: told(z.int().min(0), 'How often at most', { unit: 'times' }),
  minutes: told(pair(positive), 'Minutes until they try again', { unit: 'minutes' }),
  lower: share('Of them, with a lower amount', design),
  factor: share('Lower amount beside the first', 'judgement', 'factor'),
  giveUpAfter: told(z.int().min(1), 'Attempts on one card that end in nothing until the attacker leaves it', {
    unit: 'times',
  }),
})

const enumerations = z.strictObject({
  attempts: told(pair(positive), 'Attempts of one campaign, evenly over the orders of magnitude', {
    unit: 'attempts',
    source: attackList,
  }),
  gap: told(pair(positive), 'Seconds between attempts, likewise', { unit: 'seconds', source: attackList }),
  slow: share('Campaigns that make two attempts at each of many shops instead of all at one', attackList),
  hits: told(pair(shareNumber), 'Numbers that exist', { unit: 'share', source: attackList }),
})

export const genConfigSchema = z.strictObject({
  name: told(z.string().regex(/^[a-z0-9-]+$/), 'Name of the stream', { unit: 'text' }),
  from: told(day, 'First day, in the issuer’s zone', { unit: 'day' }),
  days: told(z.int().min(2).max(4_000), 'Length of the stream', { unit: 'days' }),
  warmUpDays: told(z.int().min(0), 'Days before anything is measured: profiles grow', { unit: 'days' }),
  events: told(z.int().min(100).max(mostEvents), 'About so many events; sets how many holders there are', {
    unit: 'events',
  }),
  holders,
  shops,
  screenings,
  challenge,
  calendar,
  attacks,
  attackers,
  enumerations,
  adapting,
})
export type GenConfig = Readonly<z.infer<typeof genConfigSchema>>
export type Goods = (typeof goodsKinds)[number]
export const goodsOf = goodsKinds
export const challengeMethods = methods

export const presetNames = ['japan', 'europe', 'us'] as const
export type PresetName = (typeof presetNames)[number]

/** What is wrong with a set of knobs, a sentence for each. */
export class LabGenError extends Error {
  override readonly name = 'LabGenError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('; '))
    this.problems = problems
  }
}

type Json = { readonly [key: string]: unknown }
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
/** What is named is changed, the rest stays. Lists are replaced. */
const merged = (base: Json, changes: Json): Json =>
  Object.fromEntries(
    [...Object.entries(base), ...Object.entries(changes)].map(([key, value]) => {
      const old = base[key]
      return [key, isObject(old) && isObject(value) && value !== old ? merged(old, value) : value]
    }),
  )

const presetText = (name: PresetName): string =>
  readFileSync(new URL(`../../../src/lab/gen/presets/${name}.yaml`, import.meta.url), 'utf8')

/** Presets may build on another: `preset: japan` and what is different. */
function knobsOf(name: PresetName): Json {
  const { preset, ...knobs } = parse(presetText(name)) as Json
  return preset === undefined ? knobs : merged(knobsOf(preset as PresetName), knobs)
}

function checked(knobs: Json): GenConfig {
  const { success, data, error } = genConfigSchema.safeParse(knobs)
  if (!success)
    throw new LabGenError(
      wordsOf(error, genConfigSchema, knobs).map(({ path, message }) => `${path === '' ? 'knobs' : path}: ${message}`),
    )
  if (data.warmUpDays >= data.days) throw new LabGenError(['warmUpDays: must be fewer than days'])
  return data
}

export const configOf = (preset: PresetName, changes: Json = {}): GenConfig => checked(merged(knobsOf(preset), changes))

/** A file of a user: all knobs, or `preset: japan` and what is different. */
export function configFrom(text: string, changes: Json = {}): GenConfig {
  let told: unknown
  try {
    told = parse(text)
  } catch (error) {
    throw new LabGenError([error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)])
  }
  if (!isObject(told)) throw new LabGenError(['a file of knobs is a map of names and values'])
  const { preset, ...knobs } = told
  if (preset === undefined) return checked(merged(knobs, changes))
  if (!presetNames.includes(preset as PresetName))
    throw new LabGenError([`preset: there is no preset “${String(preset)}”; there are ${presetNames.join(', ')}`])
  return configOf(preset as PresetName, merged(knobs, changes))
}
