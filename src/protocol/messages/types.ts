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

/** A shape as TypeScript sees it; `P` is the path whose children an object has. */
type ShapeValue<S, P extends Path> = S extends { readonly type: 'boolean' }
  ? boolean
  : S extends { readonly type: 'object' }
    ? ObjectValue<P>
    : S extends { readonly type: 'array'; readonly items: 'object' }
      ? readonly ObjectValue<P>[]
      : S extends { readonly type: 'array' }
        ? readonly string[]
        : S extends { readonly type: 'any' }
          ? unknown
          : string

/** What the element may be in one version or another. */
type Value<P extends Path> =
  | ShapeValue<Table[P], P>
  | (Table[P] extends { readonly by: infer B } ? { [V in keyof B]: ShapeValue<B[V], P> }[keyof B] : never)

type ObjectValue<P extends string> = [ChildName<P>] extends [never]
  ? Readonly<Record<string, unknown>>
  : { readonly [N in ChildName<P>]?: `${P}.${N}` extends Path ? Value<`${P}.${N}`> : never }

/** Paths of the members of message `M` (children have no presence of their own). */
type MemberOf<M extends string> = {
  [K in Path]: Table[K] extends { readonly presence: { readonly [N in M]: string } } ? K : never
}[Path]

/** The letters of a member that is required wherever message `M` exists. */
type AlwaysRequired<M extends MessageType> = Table['messageVersion']['presence'] extends {
  readonly [N in M]: infer Letters
}
  ? Letters
  : never

type RequiredOf<M extends MessageType> = {
  [K in MemberOf<M>]: Table[K] extends { readonly presence: { readonly [N in M]: AlwaysRequired<M> } } ? K : never
}[MemberOf<M>]

/** Message `M` of any version, channel and category, as its parser lets it pass: what all of them require is there. */
export type Message<M extends MessageType> = Flatten<
  { readonly [K in Exclude<RequiredOf<M>, 'messageType'>]: Value<K> } & {
    readonly [K in Exclude<MemberOf<M>, RequiredOf<M>>]?: Value<K>
  } & { readonly messageType: M }
>

declare const checked: unique symbol
/** A brand that only a parser gives. */
export type Checked<T> = T & { readonly [checked]: true }

export type AReq = Checked<Message<'AReq'> & { readonly dsReferenceNumber: string; readonly dsTransID: string }>
export type ARes = Message<'ARes'>
export type CReq = Message<'CReq'>
export type CRes = Message<'CRes'>
export type RReq = Message<'RReq'>
export type RRes = Message<'RRes'>
export type Erro = Message<'Erro'>
