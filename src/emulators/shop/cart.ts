// The cart: one currency, product ids with quantities, and what follows from them.
import { z } from 'zod'
import { type Currency, type CurrencyCode, currencies, currencyCodes, type Product, products } from './products.ts'

const cartLines = z.array(z.object({ productId: z.string(), quantity: z.int().min(1).max(99) })).readonly()
const cartSchema = z.union([
  z.object({ currency: z.enum(currencyCodes), lines: cartLines }),
  cartLines.transform((lines) => ({ currency: '392' as const, lines })), // as orders were kept before there were euros
])
export type Cart = z.infer<typeof cartSchema>

export interface Line {
  readonly product: Product
  readonly quantity: number
  readonly price: number
  readonly amount: number
}

export const emptyCart = (currency: CurrencyCode): Cart => ({ currency, lines: [] })

export const readCart = (json: string): Cart => cartSchema.parse(JSON.parse(json))

export const currencyOf = (cart: Cart): Currency => currencies[cart.currency]

/** The cart with `quantity` of the product; none removes it, more than 99 is 99. Unknown products change nothing. */
export function withQuantity(cart: Cart, productId: string, quantity: number): Cart {
  if (!products.some(({ id }) => id === productId) || !Number.isInteger(quantity)) return cart
  const { lines } = cart
  if (quantity < 1) return { ...cart, lines: lines.filter((line) => line.productId !== productId) }
  const line = { productId, quantity: Math.min(quantity, 99) }
  const place = lines.findIndex((known) => known.productId === productId)
  return { ...cart, lines: place === -1 ? [...lines, line] : lines.with(place, line) }
}

export const quantityOf = (cart: Cart, productId: string): number =>
  cart.lines.find((line) => line.productId === productId)?.quantity ?? 0

export const countOf = (cart: Cart): number => cart.lines.reduce((sum, { quantity }) => sum + quantity, 0)

export const linesOf = (cart: Cart): readonly Line[] =>
  cart.lines.flatMap(({ productId, quantity }) => {
    const product = products.find(({ id }) => id === productId)
    if (product === undefined) return []
    const price = product.price[cart.currency]
    return [{ product, quantity, price, amount: price * quantity }]
  })

export const totalOf = (lines: readonly Line[]): number => lines.reduce((total, { amount }) => total + amount, 0)
