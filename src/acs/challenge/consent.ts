// What the cardholder has agreed to beside a challenge, written into the register: the shop on the trust list, the device as bound.
// Spec: CHL-TL-2, CHL-TL-3; evaluated only with a successful authentication.
import type { Facts } from '../../risk/facts.ts'
import type { Card, Transaction } from '../ports.ts'
import { mostKept } from '../register.ts'
import type { Verdict } from './state.ts'

const deviceOf = ({ details }: Pick<Transaction, 'details'>): string | undefined =>
  (details.facts as Facts | undefined)?.keys.device

const nameOf = ({ deviceChannel, details }: Pick<Transaction, 'details' | 'deviceChannel'>): string =>
  details.deviceName ?? (deviceChannel === '01' ? 'app' : 'browser')

/** The row to be kept; the same one where nothing was agreed to. */
export function withConsent(
  card: Card,
  transaction: Pick<Transaction, 'details' | 'merchantName' | 'deviceChannel'>,
  { transStatus, consent, at }: Pick<Verdict, 'transStatus' | 'consent' | 'at'>,
): Card {
  if (transStatus !== 'Y' || consent === undefined) return card
  const { acquirerMerchantID } = transaction.details
  const device = deviceOf(transaction)
  const { trusts = [], devices = [] } = card
  const isNewShop = consent.trustList === true && acquirerMerchantID !== undefined
  const isNewDevice = consent.deviceBinding === true && device !== undefined
  if (!isNewShop && !isNewDevice) return card
  const { merchantName } = transaction
  return {
    ...card,
    ...(isNewShop && {
      trusts: [
        ...trusts.filter((shop) => shop.acquirerMerchantID !== acquirerMerchantID),
        { acquirerMerchantID, ...(merchantName !== undefined && { merchantName }), at },
      ].slice(-mostKept),
    }),
    ...(isNewDevice && {
      devices: [...devices.filter(({ id }) => id !== device), { id: device, name: nameOf(transaction), at }].slice(
        -mostKept,
      ),
    }),
  }
}
