/** Network addresses as numbers: IPv4 whole; of IPv6 the first 48 bits, the smallest block that is routed on its own. */
export type Address = { readonly family: 4 | 6; readonly value: number }

/** IPv4 written as IPv6 (::ffff:192.0.2.1) is IPv4. */
export function addressOf(text: string): Address | undefined {
  if (!text.includes(':')) {
    const value = ipv4(text)
    return value === undefined ? undefined : { family: 4, value }
  }
  const groups = groupsOf(text)
  if (groups === undefined) return undefined
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups
  if (a + b + c + d + e === 0 && f === 0xffff) return { family: 4, value: g * 65_536 + h }
  return { family: 6, value: (a * 65_536 + b) * 65_536 + c }
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
  const before = groups(halves[0] ?? '', halves.length === 1)
  const after = groups(halves[1] ?? '', true)
  if (before === undefined || after === undefined) return undefined
  const gap = 8 - before.length - after.length
  if (halves.length === 1 ? gap !== 0 : gap < 1) return undefined
  return [...before, ...new Array<number>(gap).fill(0), ...after]
}

/** The last two groups of an address may be written as IPv4. */
function groups(text: string, isEnd: boolean): readonly number[] | undefined {
  if (text === '') return []
  const out: number[] = []
  const parts = text.split(':')
  for (const [i, part] of parts.entries()) {
    if (part.includes('.')) {
      const last = isEnd && i === parts.length - 1 ? ipv4(part) : undefined
      if (last === undefined) return undefined
      out.push(last >>> 16, last & 0xffff)
    } else if (/^[\da-f]{1,4}$/i.test(part)) out.push(Number.parseInt(part, 16))
    else return undefined
  }
  return out
}

/** From and to, both within. */
export type Block = { readonly family: 4 | 6; readonly from: number; readonly to: number }

/** 192.0.2.0/24, 2001:db8::/32, or one address. An IPv6 block that is smaller than /48 counts for the whole of it. */
export function blockOf(text: string): Block | undefined {
  const [base = '', length, more] = text.split('/')
  const address = addressOf(base.trim())
  if (address === undefined || more !== undefined) return undefined
  const { family, value } = address
  const most = family === 4 ? 32 : 128
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length.trim()) ? Number(length) : Number.NaN
  if (!(bits >= 0 && bits <= most)) return undefined
  const size = 2 ** Math.max(0, (family === 4 ? 32 : 48) - bits)
  const from = Math.floor(value / size) * size
  return { family, from, to: from + size - 1 }
}

/** What a provider has: /16 of IPv4, /32 of IPv6. */
export const providerBlockOf = ({ family, value }: Address): string =>
  family === 4 ? `4/${value >>> 16}` : `6/${Math.floor(value / 65_536)}`
