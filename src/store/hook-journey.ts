// What shoppers did, on SQLite, by the keyed hash of a shopper; and which payment belongs to which order.
import type { Database } from 'better-sqlite3'
import type { JourneyEvent, NewJourneyEvent } from '../acs/hook/journey-event.ts'
import type { JourneyShelf } from '../acs/hook/ports.ts'

interface Row {
  readonly id: number
  readonly tenant: number
  readonly at: number
  readonly shopper: string
  readonly record: string
}

const eventOf = ({ id, tenant, at, shopper, record }: Row): JourneyEvent =>
  ({ ...(JSON.parse(record) as object), id, tenant, at, shopper }) as JourneyEvent

const everything = Number.MAX_SAFE_INTEGER

export function openJourneyShelf(db: Database): JourneyShelf {
  const columns = 'select id, tenant, at, shopper, record from journey_event'
  const hot = {
    of: db.prepare(`${columns} where tenant = ? and shopper = ? order by at desc, id desc limit ?`),
    list: db.prepare(`${columns} where tenant = ? and id < ? order by id desc limit ?`),
    add: db.prepare(
      `insert or ignore into journey_event (tenant, at, shopper, kind, source, event_id, record)
       values (?, ?, ?, ?, ?, ?, ?)`,
    ),
    order: db
      .prepare('select server_trans_id from hook_order where tenant = ? and source = ? and order_id = ?')
      .pluck(),
    putOrder: db.prepare(
      `insert into hook_order (tenant, source, order_id, server_trans_id) values (?, ?, ?, ?)
       on conflict do update set server_trans_id = excluded.server_trans_id`,
    ),
  }
  // Whether it is worth looking: most servers are never told of any shopper.
  const tenants = new Set(db.prepare('select distinct tenant from journey_event').pluck().all() as number[])
  return {
    has: (tenant) => tenants.has(tenant),
    of: (tenant, shopper, limit) => (hot.of.all(tenant, shopper, limit) as Row[]).map(eventOf),
    list: (tenant, { limit, before = everything }) => (hot.list.all(tenant, before, limit) as Row[]).map(eventOf),
    serverTransIDOf: (tenant, source, orderId) => hot.order.get(tenant, source, orderId) as string | undefined,
    add(tenant, event: NewJourneyEvent) {
      const { at, shopper, ...kept } = event
      const { source = null, eventId = null } = event
      const done = hot.add.run(tenant, at, shopper, event.kind, source, eventId, JSON.stringify(kept))
      tenants.add(tenant)
      return done.changes === 0 ? undefined : { ...event, id: Number(done.lastInsertRowid), tenant }
    },
    putOrder: (tenant, source, orderId, threeDSServerTransID) =>
      void hot.putOrder.run(tenant, source, orderId, threeDSServerTransID),
  }
}
