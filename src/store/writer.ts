// Group commit: units of work of one turn of the event loop share a transaction; a bad unit fails alone.
import type { Database } from 'better-sqlite3'

interface Job {
  readonly run: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
  result?: { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: unknown }
}

export interface WriterHooks {
  /** Before each unit of work. */
  begin(): void
  /** The unit failed alone; undo what it left in memory. */
  undo(): void
  /** All units of the group have run; writes that were put off are made now, within the same commit. */
  beforeCommit(): void
  /** The whole group failed; nothing of it is on disk. */
  undoAll(): void
  /** The group is durable. */
  done(): void
}

export class Writer {
  readonly #hooks: WriterHooks
  readonly #statements
  #queue: Job[] = []
  #isScheduled = false
  #isClosed = false

  constructor(db: Database, hooks: WriterHooks) {
    this.#hooks = hooks
    this.#statements = {
      begin: db.prepare('begin immediate'),
      savepoint: db.prepare('savepoint unit'),
      release: db.prepare('release unit'),
      rollbackTo: db.prepare('rollback to unit'),
      commit: db.prepare('commit'),
      rollback: db.prepare('rollback'),
      inTransaction: () => db.inTransaction,
    }
  }

  /** Resolves with what `work` returned once it is durable; rejects when the unit or the commit failed. `work` may run twice. */
  unit<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#isClosed) {
        reject(new Error('the store is closed'))
        return
      }
      this.#queue.push({ run: work, resolve: (value) => resolve(value as T), reject })
      if (!this.#isScheduled) {
        this.#isScheduled = true
        setImmediate(() => this.flush())
      }
    })
  }

  /** Commits what is queued, now. */
  flush(): void {
    const jobs = this.#queue
    this.#queue = []
    this.#isScheduled = false
    if (jobs.length === 0) return
    if (!this.#commitTogether(jobs)) this.#commitApart(jobs)
    for (const { result, resolve, reject } of jobs) {
      if (result?.ok === true) resolve(result.value)
      else reject(result?.reason)
    }
  }

  /** The quick way, without savepoints (each of them copies every page that is touched). False: a unit failed, nothing is kept. */
  #commitTogether(jobs: readonly Job[]): boolean {
    const { begin, commit } = this.#statements
    try {
      begin.run()
      for (const job of jobs) {
        this.#hooks.begin()
        job.result = { ok: true, value: job.run() }
      }
      this.#hooks.beforeCommit()
      commit.run()
    } catch {
      this.#rollBack()
      return false
    }
    this.#hooks.done()
    return true
  }

  /** The careful way: every unit again, under a savepoint of its own, so that a bad one fails alone. */
  #commitApart(jobs: readonly Job[]): void {
    const { begin, savepoint, release, rollbackTo, commit } = this.#statements
    try {
      begin.run()
      for (const job of jobs) {
        savepoint.run()
        this.#hooks.begin()
        try {
          job.result = { ok: true, value: job.run() }
        } catch (reason) {
          rollbackTo.run()
          this.#hooks.undo()
          job.result = { ok: false, reason }
        }
        release.run()
      }
      this.#hooks.beforeCommit()
      commit.run()
    } catch (reason) {
      this.#rollBack()
      for (const job of jobs) job.result = { ok: false, reason }
      return
    }
    this.#hooks.done()
  }

  #rollBack(): void {
    if (this.#statements.inTransaction()) this.#statements.rollback.run()
    this.#hooks.undoAll()
  }

  close(): void {
    this.flush()
    this.#isClosed = true
  }
}
