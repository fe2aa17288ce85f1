// What is told to others, on SQLite: a row for each receiver and event. Tries are effects (see outbound/effect-runner.ts).
import type { Database } from 'better-sqlite3'
import type { WebhookShelf } from '../acs/hook/ports.ts'
import type { NewWebhook, Webhook, WebhookEvent, WebhookState } from '../acs/hook/webhook-record.ts'

interface Row {
  readonly id: number
  readonly tenant: number
  readonly at: number
  readonly event: string
  readonly transaction_id: number | null
  readonly state: string
  readonly record: string
}

type Kept = Omit<NewWebhook, 'at' | 'event' | 'transactionId' | 'state'>

const webhookOf = ({ id, tenant, at, event, transaction_id, state, record }: Row): Webhook => ({
  ...(JSON.parse(record) as Kept),
  id,
  tenant,
  at,
  event: event as WebhookEvent,
  state: state as WebhookState,
  ...(transaction_id !== null && { transactionId: transaction_id }),
})

const everything = Number.MAX_SAFE_INTEGER

export function openWebhookShelf(db: Database): WebhookShelf {
  const columns = 'select id, tenant, at, event, transaction_id, state, record from webhook'
  const hot = {
    get: db.prepare(`${columns} where id = ? and tenant = ?`),
    list: db.prepare(
      `${columns} where tenant = ? and id < ? and (? is null or event = ?) and (? is null or state = ?)
       and (? is null or transaction_id = ?) and (? is null or record ->> '$.source' = ?) order by id desc limit ?`,
    ),
    add: db.prepare('insert into webhook (tenant, at, event, transaction_id, state, record) values (?, ?, ?, ?, ?, ?)'),
    save: db.prepare('update webhook set state = ?, record = ? where id = ? and tenant = ?'),
  }
  const get = (tenant: number, id: number): Webhook | undefined => {
    const row = hot.get.get(id, tenant) as Row | undefined
    return row === undefined ? undefined : webhookOf(row)
  }
  return {
    get,
    list(tenant, { limit, before = everything, event = null, state = null, transactionId = null, source = null }) {
      const of = [event, state, transactionId, source].flatMap((one) => [one, one])
      const rows = hot.list.all(tenant, before, ...of, limit)
      return (rows as Row[]).map(webhookOf)
    },
    add(tenant, webhook) {
      const { at, event, transactionId, state, ...kept } = webhook
      const { lastInsertRowid } = hot.add.run(tenant, at, event, transactionId ?? null, state, JSON.stringify(kept))
      return { ...webhook, tenant, id: Number(lastInsertRowid) }
    },
    save(tenant, id, state, change) {
      const before = get(tenant, id)
      if (before === undefined) return
      const { id: _id, tenant: _tenant, at: _at, event: _event, transactionId: _of, state: _state, ...kept } = before
      hot.save.run(state, JSON.stringify({ ...kept, ...change }), id, tenant)
    },
  }
}
