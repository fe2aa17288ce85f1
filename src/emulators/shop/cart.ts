// The cart: product ids and quantities, and what follows from them.
import { z } from 'zod'
import { type Product, products } from './products.ts'

const cartLines = z.array(z.object({ productId: z.string(), quantity: z.int().min(1).max(99) }))
export type Cart = z.infer<typeof cartLines>

export interface Line {
  readonly product: Product
  readonly quantity: number
  readonly amount: number
}

export const readCart = (json: string): Cart => cartLines.parse(JSON.parse(json))

/** The cart with `quantity` of the product; none removes it, more than 99 is 99. Unknown products change nothing. */
export function withQuantity(cart: Cart, productId: string, quantity: number): Cart {
  if (!products.some(({ id }) => id === productId) || !Number.isInteger(quantity)) return cart
  const others = cart.filter((line) => line.productId !== productId)
  if (quantity < 1) return others
  const line = { productId, quantity: Math.min(quantity, 99) }
  const place = cart.findIndex((known) => known.productId === productId)
  return place === -1 ? [...cart, line] : cart.with(place, line)
}

export const quantityOf = (cart: Cart, productId: string): number =>
  cart.find((line) => line.productId === productId)?.quantity ?? 0

export const linesOf = (cart: Cart): readonly Line[] =>
  cart.flatMap(({ productId, quantity }) => {
    const product = products.find(({ id }) => id === productId)
    return product === undefined ? [] : [{ product, quantity, amount: product.price * quantity }]
  })

export const totalOf = (lines: readonly Line[]): number => lines.reduce((total, { amount }) => total + amount, 0)
