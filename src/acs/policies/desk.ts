// The policies of a tenant: which one runs, how it came to, and what somebody works on. The newest release runs.
import type { Policy } from '../../risk/policy.ts'
import type { Clock, Policies, Store } from '../ports.ts'
import type { Problem } from '../yaml-problems.ts'
import type { PolicyDraft, PolicyRelease, ReleaseKind } from './kept.ts'
import { createListDesk, type ListDesk } from './list-desk.ts'
import { cardNumberIn, type LoadPolicy, longestPolicy, type ReadPolicy, readPolicy } from './text.ts'

/** What Sekisho, or this tenant, was started with. */
export interface BasePolicy {
  readonly text: string
  /** shipped: nobody has named one, so that a new release of Sekisho may bring another without taking anything away. */
  readonly from: 'shipped' | 'file' | 'tenant'
  /** Its name, without folders. */
  readonly file: string
}

/** The file of the start as it is now cannot be used; the policy before goes on. */
export interface FileProblem {
  readonly file: string
  /** By the machine's clock. */
  readonly at: number
  readonly problems: readonly Problem[]
}

export class DeskProblem extends Error {
  readonly kind: 'notFound' | 'notValid' | 'stale' | 'nothing' | 'tooLong' | 'cardNumber'
  readonly problems: ReadPolicy['problems']
  constructor(kind: DeskProblem['kind'], message: string, problems: ReadPolicy['problems'] = []) {
    super(message)
    this.kind = kind
    this.problems = problems
  }
}

export interface PolicyDesk extends Policies {
  /** The text of what runs, and its release. */
  text(): string
  release(): PolicyRelease
  releases(page: { readonly before?: number | undefined; readonly limit: number }): readonly PolicyRelease[]
  textOf(hash: string): string | undefined
  read(text: string): ReadPolicy
  draft(): PolicyDraft | undefined
  /** `revision`: the one that it was made from; 0 where there was none. Not given: whatever there is. Throws DeskProblem. */
  saveDraft(wanted: {
    readonly text: string
    readonly basedOn?: string | undefined
    readonly revision?: number | undefined
    readonly by: string
  }): Promise<PolicyDraft>
  discardDraft(): Promise<boolean>
  /** The text, or the draft; `basedOn`: of the policy that it is to take the place of. Throws DeskProblem. */
  publish(wanted: {
    readonly text?: string | undefined
    readonly basedOn: string
    readonly note?: string | undefined
    readonly by: string
  }): Promise<PolicyRelease>
  /** Publishes the text of an earlier release once more. Throws DeskProblem. */
  rollBack(wanted: {
    readonly release: number
    readonly basedOn?: string | undefined
    readonly note?: string | undefined
    readonly by: string
  }): Promise<PolicyRelease>
  /** The file has changed; it is valid. */
  renew(base: Pick<BasePolicy, 'text' | 'file'>): Promise<PolicyRelease>
  readonly desk: ListDesk
  /** Called whenever another policy or other lists are in force; the returned function takes it back. */
  onChange(listener: () => void): () => void
}

export interface DeskPorts {
  readonly store: Store
  readonly clock: Pick<Clock, 'now'>
  readonly tenant: number
  readonly load: LoadPolicy
  /** Valid. */
  readonly base: BasePolicy
  /** A text that ran before and is none any more, by this release of Sekisho. */
  readonly onUnreadable?: (release: PolicyRelease) => void
}

/** Policies that have decided before are kept read: records ask for them. */
const mostRead = 50
const startKinds: readonly ReleaseKind[] = ['start', 'file']

export async function openPolicyDesk(ports: DeskPorts): Promise<PolicyDesk> {
  const { store, clock, tenant, load, base } = ports
  const shelf = store.policies
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  const known = new Map<string, Policy>()
  const byHash = (hash: string): Policy | undefined => {
    const found = known.get(hash)
    if (found !== undefined) return found
    const text = shelf.text(tenant, hash)
    const policy = text === undefined ? undefined : readPolicy(text, load).policy
    // Of a model with another file by now: what decided then is not there any more.
    if (policy?.hash !== hash) return undefined
    if (known.size >= mostRead) known.delete(known.keys().next().value ?? '')
    known.set(hash, policy)
    return policy
  }
  const valid = (text: string): Policy => {
    const { policy, problems } = readPolicy(text, load)
    if (policy === undefined) {
      const [first] = problems
      throw new DeskProblem('notValid', first?.message ?? 'not valid', problems)
    }
    return policy
  }
  const begin = (
    { hash, name, version }: Policy,
    text: string,
    how: Pick<PolicyRelease, 'kind' | 'by' | 'note' | 'file' | 'of'>,
  ) => ({ ...how, at: clock.now(), hash, name, version, text })

  let running!: Policy
  let release!: PolicyRelease
  /** What is on disk by now: of two releases at once the later one. */
  const take = (): PolicyRelease => {
    const [newest] = shelf.releases(tenant, { limit: 1 })
    if (newest === undefined) throw new Error('no policy was ever released')
    const policy = byHash(newest.hash)
    if (policy === undefined) throw new Error(`policy ${newest.hash} cannot be read`)
    if (newest.id !== release?.id) {
      running = policy
      release = newest
      changed()
    }
    return newest
  }

  /** Whether what was published over the API since goes on, or the policy of the start counts. */
  function startsAnew(): boolean {
    const [newest] = shelf.releases(tenant, { limit: 1 })
    const last = shelf.lastOf(tenant, startKinds)
    if (newest === undefined || last === undefined) return true
    if (byHash(newest.hash) === undefined) {
      ports.onUnreadable?.(newest)
      return true
    }
    if (last.hash === first.hash) return false
    // Another text that came with Sekisho is nobody's wish: what was published stays.
    return !(base.from === 'shipped' && last.file === base.file && !startKinds.includes(newest.kind))
  }
  const first = valid(base.text)
  /** A release whose model has another file by now is another policy: what stands in its text goes on under its new hash. */
  async function renewModels(): Promise<void> {
    const [newest] = shelf.releases(tenant, { limit: 1 })
    const text = newest && shelf.text(tenant, newest.hash)
    const policy = text === undefined ? undefined : readPolicy(text, load).policy
    if (newest === undefined || text === undefined || policy === undefined || policy.hash === newest.hash) return
    const { kind, by, note, file, of } = newest
    await store.unit((unit) => unit.policies.addRelease(tenant, begin(policy, text, { kind, by, note, file, of })))
  }
  await renewModels()
  if (startsAnew()) {
    await store.unit((unit) =>
      unit.policies.addRelease(tenant, begin(first, base.text, { kind: 'start', by: 'start', file: base.file })),
    )
  }
  take()

  const checkLatest = (newest: PolicyRelease | undefined, basedOn: string | undefined): void => {
    if (basedOn !== undefined && newest?.hash !== basedOn)
      throw new DeskProblem('stale', `another policy runs by now: ${newest?.hash ?? 'none'}`)
  }

  const desk = createListDesk({ store, clock, tenant, zone: () => running.issuer.zone.offsetMinutes, changed })

  return {
    running: () => running,
    byHash,
    lists: () => desk.index(),
    text: () => shelf.text(tenant, release.hash) ?? '',
    release: () => release,
    releases: (page) => shelf.releases(tenant, page),
    textOf: (hash) => shelf.text(tenant, hash),
    read: (text) => readPolicy(text, load),
    draft: () => shelf.draft(tenant),
    async saveDraft({ text, basedOn, revision, by }) {
      if (text.length > longestPolicy) throw new DeskProblem('tooLong', `longer than ${longestPolicy} characters`)
      const line = cardNumberIn(text)
      if (line !== undefined)
        throw new DeskProblem('cardNumber', `line ${line}: card numbers do not belong into a policy`)
      return store.unit((unit) => {
        const before = unit.policies.draft(tenant)
        if (revision !== undefined && revision !== (before?.revision ?? 0))
          throw new DeskProblem('stale', 'somebody else has changed the draft')
        const [newest] = unit.policies.releases(tenant, { limit: 1 })
        const draft: PolicyDraft = {
          text,
          basedOn: basedOn ?? before?.basedOn ?? newest?.hash ?? '',
          revision: (before?.revision ?? 0) + 1,
          at: clock.now(),
          by,
        }
        unit.policies.saveDraft(tenant, draft)
        return draft
      })
    },
    discardDraft: () => store.unit((unit) => unit.policies.dropDraft(tenant)),
    async publish({ text, basedOn, note, by }) {
      const made = await store.unit((unit) => {
        const draft = unit.policies.draft(tenant)
        const wanted = text ?? draft?.text
        if (wanted === undefined) throw new DeskProblem('notFound', 'there is no draft')
        const line = cardNumberIn(wanted)
        if (line !== undefined)
          throw new DeskProblem('cardNumber', `line ${line}: card numbers do not belong into a policy`)
        const [newest] = unit.policies.releases(tenant, { limit: 1 })
        checkLatest(newest, basedOn)
        const policy = valid(wanted)
        if (newest?.hash === policy.hash) throw new DeskProblem('nothing', 'this is the policy that runs')
        if (draft !== undefined && draft.text === wanted) unit.policies.dropDraft(tenant)
        return unit.policies.addRelease(tenant, begin(policy, wanted, { kind: 'published', by, note }))
      })
      take()
      return made
    },
    async rollBack({ release: id, basedOn, note, by }) {
      const made = await store.unit((unit) => {
        const earlier = unit.policies.release(tenant, id)
        if (earlier === undefined) throw new DeskProblem('notFound', 'no such release')
        const [newest] = unit.policies.releases(tenant, { limit: 1 })
        checkLatest(newest, basedOn)
        if (newest?.hash === earlier.hash) throw new DeskProblem('nothing', 'this is the policy that runs')
        const text = unit.policies.text(tenant, earlier.hash) ?? ''
        return unit.policies.addRelease(tenant, begin(valid(text), text, { kind: 'rolledBack', by, note, of: id }))
      })
      take()
      return made
    },
    async renew({ text, file }) {
      await store.unit((unit) => {
        const policy = valid(text)
        const [newest] = unit.policies.releases(tenant, { limit: 1 })
        if (newest?.hash !== policy.hash)
          unit.policies.addRelease(tenant, begin(policy, text, { kind: 'file', by: 'file', file }))
      })
      return take()
    },
    desk,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
