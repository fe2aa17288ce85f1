// What is kept of policies and of the lists beside them.
import type { ListKind } from '../../risk/policy/lists.ts'

/** start: Sekisho was started with it. file: the file changed while it ran. */
export type ReleaseKind = 'start' | 'file' | 'published' | 'rolledBack'

/** A policy began to decide. The newest release is the one that runs. */
export interface PolicyRelease {
  readonly id: number
  readonly at: number
  readonly hash: string
  readonly kind: ReleaseKind
  readonly name: string
  readonly version: number
  /** Whose token it was; api: nobody needs one here. */
  readonly by: string
  readonly note?: string | undefined
  /** Where it came from: the name of a file; the release that was gone back to. */
  readonly file?: string | undefined
  readonly of?: number | undefined
}
export type NewRelease = Omit<PolicyRelease, 'id'> & { readonly text: string }

/** A text that somebody works on; it need not be valid. */
export interface PolicyDraft {
  readonly text: string
  /** Of the policy that ran when it was begun. */
  readonly basedOn: string
  /** Counted with every change. */
  readonly revision: number
  readonly at: number
  readonly by: string
}

export type ListName = 'allow' | 'deny'

export interface KeptEntry {
  readonly id: number
  readonly list: ListName
  readonly kind: ListKind
  /** As in a policy: what belongs to a person is its keyed hash. */
  readonly value: string
  /** What people are shown in its place. */
  readonly shown?: string | undefined
  readonly reason: string
  /** As they were written: a day, or a time with its zone. */
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly at: number
  readonly by: string
}
export type NewEntry = Omit<KeptEntry, 'id'>

export interface ListChange {
  readonly id: number
  readonly at: number
  readonly what: 'added' | 'changed' | 'removed' | 'imported'
  readonly list: ListName
  readonly by: string
  /** Of an import: how many were added and how many changed. */
  readonly added?: number | undefined
  readonly changed?: number | undefined
  /** Of one entry. */
  readonly entryId?: number | undefined
  readonly kind?: ListKind | undefined
  readonly shown?: string | undefined
  readonly reason?: string | undefined
}
export type NewListChange = Omit<ListChange, 'id'>

interface Page {
  /** Only rows with a smaller id. */
  readonly before?: number | undefined
  readonly limit: number
}

export interface PolicyReads {
  text(tenant: number, hash: string): string | undefined
  release(tenant: number, id: number): PolicyRelease | undefined
  /** Newest first. */
  releases(tenant: number, page: Page): readonly PolicyRelease[]
  /** The newest of these kinds. */
  lastOf(tenant: number, kinds: readonly ReleaseKind[]): PolicyRelease | undefined
  draft(tenant: number): PolicyDraft | undefined
  /** Oldest first. */
  entries(tenant: number): readonly KeptEntry[]
  entry(tenant: number, id: number): KeptEntry | undefined
  /** Newest first. */
  changes(tenant: number, page: Page): readonly ListChange[]
}

export interface PolicyShelf extends PolicyReads {
  addRelease(tenant: number, release: NewRelease): PolicyRelease
  saveDraft(tenant: number, draft: PolicyDraft): void
  /** False: there was none. */
  dropDraft(tenant: number): boolean
  /** In the place of one with the same list, kind and value. */
  putEntry(tenant: number, entry: NewEntry): { readonly entry: KeptEntry; readonly before?: KeptEntry }
  dropEntry(tenant: number, id: number): boolean
  addChange(tenant: number, change: NewListChange): void
}
