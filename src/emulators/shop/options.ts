// Settings of the shop.
import type { Clock, Fetch, Log, Uuid } from '../ports.ts'
import type { Order, Table } from '../store.ts'

/** A card to try, offered at the checkout; a click fills the form. */
export interface TestCard {
  readonly acctNumber: string
  /** What it is for and what it leads to. */
  readonly about: { readonly en: string; readonly ja: string }
  /** YYMM; a date some years ahead if absent. */
  readonly cardExpiryDate?: string
  readonly cardholderName?: string
  readonly email?: string
  /**
   * Who decides about it: the scenario table, the risk engine, or the state it has in the issuer's register; or what its challenge
   * asks for: codes, choices, the banking app, or nothing at all.
   */
  readonly group?: 'scripted' | 'risk' | 'register' | 'codes' | 'choices' | 'app' | 'automatic'
  /** The transStatus it leads to, where that is always the same. */
  readonly transStatus?: string
}

/** The shop as the AReq names it. */
export interface Merchant {
  readonly threeDSRequestorID: string
  readonly merchantName: string
  readonly acquirerBIN: string
  readonly acquirerMerchantID: string
  readonly mcc: string
  readonly merchantCountryCode: string
}

export interface ShopOptions {
  readonly store: { readonly orders: Table<Order> }
  /** The 3DS Server's public address, without a slash at the end. */
  readonly threeDSServerUrl: string
  /** This router's own public address, without a slash at the end. */
  readonly publicUrl: string
  /** Origin of the ACS pages: the shop's CSP must let them be framed and posted to (SEC-CSP-10). */
  readonly acsPublicOrigin: string
  /** Where the simulated cardholder reads one-time codes; linked from the challenge page. */
  readonly inboxUrl?: string
  /** The console of the ACS, which shows a transaction at /transactions/<acsTransID>. */
  readonly consoleUrl?: string
  /** Where authorisations go, without a slash at the end; by default the acquirer that comes with the shop. */
  readonly acquirerUrl?: string
  /** Cards whose issuer declines an authorisation softly that comes without a challenge. */
  readonly softDeclines?: readonly string[]
  readonly cards: readonly TestCard[]
  /** The screening service that the shop may ask before 3-D Secure. */
  readonly screening?: {
    /** Without a slash at the end. */
    readonly api: string
    /** Its pages. */
    readonly publicUrl: string
    readonly secret: string
  }
  /** The admin API of the ACS, where it tells this shop how it decided. */
  readonly adminApi?: string | undefined
  readonly merchant?: Merchant
  readonly clock: Clock
  readonly uuid: Uuid
  readonly log: Log
  readonly fetch?: Fetch
  /** How long the processing screen stays at least [Req 145, 172]. */
  readonly processingScreenMs?: number
  /** FLOW-MTH-5: 10 s up to 2.2.0. */
  readonly methodWithinMs?: number
  /** How long the page waits for the browser to come back from the challenge once the result is there. */
  readonly returnWithinMs?: number
}

type Defaulted =
  | 'fetch'
  | 'merchant'
  | 'acquirerUrl'
  | 'softDeclines'
  | 'processingScreenMs'
  | 'methodWithinMs'
  | 'returnWithinMs'

/** The options with every default filled in. */
export type ShopSettings = ShopOptions & Required<Pick<ShopOptions, Defaulted>>
