/** Blocks of network addresses as one looks things up by them. Of IPv6 the first 64 bits count, see ../net/address.ts. */
import { type Address, addressOf } from '../net/address.ts'

/** `name` is that of the block: two addresses of it give the same one. */
export type Block = { readonly family: 4 | 6; readonly length: number; readonly name: string }

/** An address is a block of its own. Undefined: it is neither. */
export function blockOf(text: string): Block | undefined {
  const [ip = '', size, more] = text.split('/')
  const address = addressOf(ip)
  if (address === undefined || more !== undefined) return undefined
  const whole = address.family === 4 ? 32 : 128
  if (size !== undefined && (!/^\d{1,3}$/.test(size) || Number(size) > whole)) return undefined
  const length = Math.min(size === undefined ? whole : Number(size), address.family === 4 ? 32 : 64)
  return { family: address.family, length, name: blockIn(address, length) }
}

/** The name of the block of that length in which an address lies. */
export function blockIn({ family, high, low }: Address, length: number): string {
  const cut = (bits: number, kept: number): number => Math.floor(bits / 2 ** (32 - kept))
  if (family === 4) return `4/${length}/${cut(low, length)}`
  return length <= 32 ? `6/${length}/${cut(high, length)}` : `6/${length}/${high}/${cut(low, length - 32)}`
}
