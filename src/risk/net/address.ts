/** Network addresses as numbers: IPv4 whole, of IPv6 the first 64 bits, which one household has for itself. */
export type Address = { readonly family: 4 | 6; readonly high: number; readonly low: number }

/** IPv4 in `low`; IPv6 in two halves of 32 bits. IPv4 written as IPv6 (::ffff:192.0.2.1) is IPv4. */
export function addressOf(text: string): Address | undefined {
  if (!text.includes(':')) {
    const low = ipv4(text)
    return low === undefined ? undefined : { family: 4, high: 0, low }
  }
  const groups = groupsOf(text.toLowerCase())
  if (groups === undefined) return undefined
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups
  if (a === 0 && b === 0 && c === 0 && d === 0 && e === 0 && f === 0xffff)
    return { family: 4, high: 0, low: g * 65_536 + h }
  return { family: 6, high: a * 65_536 + b, low: c * 65_536 + d }
}

export function ipv4(text: string): number | undefined {
  let value = 0
  let octet = -1
  let dots = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 46) {
      if (octet < 0) return undefined
      value = value * 256 + octet
      octet = -1
      dots++
    } else if (code >= 48 && code <= 57) {
      octet = (octet < 0 ? 0 : octet) * 10 + code - 48
      if (octet > 255) return undefined
    } else return undefined
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : undefined
}

function groupsOf(text: string): readonly number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const before = groups(halves[0] ?? '')
  const after = groups(halves[1] ?? '')
  if (before === undefined || after === undefined) return undefined
  const gap = 8 - before.length - after.length
  if (halves.length === 1 ? gap !== 0 : gap < 1) return undefined
  return [...before, ...new Array<number>(gap).fill(0), ...after]
}

function groups(text: string): readonly number[] | undefined {
  if (text === '') return []
  const out: number[] = []
  const parts = text.split(':')
  for (const [i, part] of parts.entries()) {
    if (part.includes('.')) {
      const last = i === parts.length - 1 ? ipv4(part) : undefined
      if (last === undefined) return undefined
      out.push(last >>> 16, last & 0xffff)
    } else if (/^[\da-f]{1,4}$/.test(part)) out.push(Number.parseInt(part, 16))
    else return undefined
  }
  return out
}

/** What a network is told by when its country is known as well: /16 of IPv4, /32 of IPv6. */
export function blockOf(address: Address): string {
  return address.family === 4 ? `4/${address.low >>> 16}` : `6/${address.high}`
}
