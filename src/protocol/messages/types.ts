// Message types made from the element table. Spec: Annex A (Table A.1), Annex B.
import type { elements } from '../tables/elements.ts'
import type { MessageType } from '../tables/types.ts'

export type { Leg, MessageType, Version } from '../tables/types.ts'

type Table = typeof elements
type Path = keyof Table
type Flatten<T> = { readonly [K in keyof T]: T[K] }

/** Children of `P`: paths one step below it. */
type ChildName<P extends string> = {
  [K in Path]: K extends `${P}.${infer Rest}` ? (Rest extends `${string}.${string}` ? never : Rest) : never
}[Path]

type Value<P extends Path> = Table[P] extends { readonly type: 'boolean' }
  ? boolean
  : Table[P] extends { readonly type: 'object' }
    ? ObjectValue<P>
    : Table[P] extends { readonly type: 'array'; readonly items: 'object' }
      ? readonly ObjectValue<P>[]
      : Table[P] extends { readonly type: 'array' }
        ? readonly string[]
        : Table[P] extends { readonly type: 'any' }
          ? unknown
          : string

type ObjectValue<P extends string> = [ChildName<P>] extends [never]
  ? Readonly<Record<string, unknown>>
  : { readonly [N in ChildName<P>]?: `${P}.${N}` extends Path ? Value<`${P}.${N}`> : never }

/** Paths of the members of message `M` (children have no presence of their own). */
type MemberOf<M extends string> = {
  [K in Path]: Table[K] extends { readonly presence: { readonly [N in M]: string } } ? K : never
}[Path]

/** The presence letter of a browser payment in 2.2.0: the third of the second group; messages without channel have one letter. */
type BrowserLetter<Letters extends string> =
  Letters extends `${string} ${infer _A}${infer _B}${infer Letter}${infer _Rest} ${string}`
    ? Letter
    : Letters extends `${string} ${infer Letter} ${string}`
      ? Letter
      : never

type RequiredOf<M extends string> = {
  [K in MemberOf<M>]: Table[K] extends { readonly presence: { readonly [N in M]: infer Letters extends string } }
    ? BrowserLetter<Letters> extends 'R'
      ? K
      : never
    : never
}[MemberOf<M>]

/** Message `M` of version 2.2.0 in the browser channel, as its parser lets it pass: required members are there. */
export type Message<M extends MessageType> = Flatten<
  { readonly [K in Exclude<RequiredOf<M>, 'messageType'>]: Value<K> } & {
    readonly [K in Exclude<MemberOf<M>, RequiredOf<M>>]?: Value<K>
  } & { readonly messageType: M }
>

declare const checked: unique symbol
/** A brand that only a parser gives. */
export type Checked<T> = T & { readonly [checked]: true }

export type AReq = Checked<
  Message<'AReq'> & { readonly dsReferenceNumber: string; readonly dsTransID: string; readonly dsURL: string }
>
export type ARes = Message<'ARes'>
export type CReq = Message<'CReq'>
export type CRes = Message<'CRes'>
export type RReq = Message<'RReq'>
export type RRes = Message<'RRes'>
export type Erro = Message<'Erro'>
