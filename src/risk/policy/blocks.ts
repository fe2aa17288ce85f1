/**
 * Blocks of network addresses as lists look things up by them. All bits count (net/address.ts cuts IPv6 at 48, which would list a
 * whole neighbourhood). Both families lie in one space: an IPv4 address is one of ::ffff:0:0/96.
 */
import { ipv4 } from '../net/address.ts'

const mapped = 0xffff_0000_0000n

function v6Of(text: string): bigint | undefined {
  const tail = /[\d.]*\.[\d.]*$/.exec(text)?.[0]
  const last = tail === undefined ? undefined : ipv4(tail)
  if (tail !== undefined && last === undefined) return undefined
  const hex =
    tail === undefined || last === undefined
      ? text
      : `${text.slice(0, -tail.length)}${(last >>> 16).toString(16)}:${(last & 0xffff).toString(16)}`
  const halves = hex.split('::')
  if (halves.length > 2) return undefined
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const gap = 8 - head.length - rest.length
  if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined
  let bits = 0n
  for (const group of [...head, ...new Array<string>(gap).fill('0'), ...rest]) {
    if (!/^[\da-f]{1,4}$/i.test(group)) return undefined
    bits = (bits << 16n) | BigInt(Number.parseInt(group, 16))
  }
  return bits
}

/** 128 bits; undefined: no address. */
export function bitsOf(address: string): bigint | undefined {
  if (address.length > 45) return undefined
  if (address.includes(':')) return v6Of(address)
  const bits = ipv4(address)
  return bits === undefined ? undefined : mapped | BigInt(bits)
}

/** Of its 128 bits the first `length` are those of the block. */
export type Block = { readonly length: number; readonly name: string }

/** An address is a block of its own. Undefined: it is neither. */
export function blockOf(text: string): Block | undefined {
  const [address = '', size, more] = text.split('/')
  const bits = bitsOf(address)
  if (bits === undefined || more !== undefined) return undefined
  const own = address.includes(':') ? 128 : 32
  if (size !== undefined && (!/^\d{1,3}$/.test(size) || Number(size) > own)) return undefined
  const length = 128 - own + (size === undefined ? own : Number(size))
  return { length, name: blockIn(bits, length) }
}

/** A block of IPv6 that is larger than that of all IPv4 holds none of it: `::/0` is every IPv6 address. */
export const mayHold = (length: number, bits: bigint): boolean => length >= 96 || bits >> 32n !== mapped >> 32n

/** The name of the block of that length in which an address lies. */
export const blockIn = (bits: bigint, length: number): string => `${length}/${bits >> BigInt(128 - length)}`
