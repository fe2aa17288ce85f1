// POST /hook/feedback: what is told becomes a label, list entries, totals of merchants and records of sources; once, and in one unit.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api, put, shown, until } from '../../http/support.ts'
import type { Members } from '../../support/messages.ts'
import { pay, secretOf, send, thief, type WithSources, withSources } from './support.ts'

let sekisho: WithSources
beforeAll(async () => {
  sekisho = await withSources()
})
afterAll(() => sekisho.close())

let ids = 0
const newId = (): string => {
  ids += 1
  return `report-${ids}`
}
const tell = (body: Members, how = {}) => send(sekisho, 'feedback', { id: newId(), ...body }, how)
const labelOf = async (acsTransID: string) => (await shown(sekisho, acsTransID)).label as Members | undefined
const denied = async (): Promise<readonly Members[]> =>
  (await api(sekisho, '/lists/deny')).body.entries as readonly Members[]

describe('feedback', () => {
  test.each(['acsTransID', 'threeDSServerTransID', 'dsTransID'] as const)('finds a payment by its %s', async (name) => {
    const paid = await pay(sekisho)
    const { status, body } = await tell({ kind: 'confirmedGood', about: { [name]: paid[name].toUpperCase() } })
    expect(status).toBe(200)
    expect(body).toMatchObject({ outcome: 'labelled', acsTransID: paid.acsTransID, label: { kind: 'confirmedGood' } })
    expect(await labelOf(paid.acsTransID)).toMatchObject({ kind: 'confirmedGood' })
  })

  test('finds a payment by the order that an event has named', async () => {
    const { acsTransID, threeDSServerTransID } = await pay(sekisho)
    const order = { id: newId(), kind: 'order', acquirerMerchantID: 'SHOP-A', orderId: 'A-1001', state: 'placed' }
    expect((await send(sekisho, 'events', { ...order, threeDSServerTransID })).status).toBe(201)
    const { body } = await tell({ kind: 'fraud', about: { orderId: 'A-1001' } })
    expect(body).toMatchObject({ outcome: 'labelled', acsTransID })
    // Orders of one source are nobody else's.
    const { body: other } = await tell({ kind: 'fraud', about: { orderId: 'A-1001' } }, { source: 'beta' })
    expect(other).toMatchObject({ outcome: 'unmatched' })
  })

  test.each([
    [{ kind: 'fraud' }, 'fraud'],
    [{ kind: 'chargeback' }, 'fraud'],
    [{ kind: 'chargeback', because: 'fraud' }, 'fraud'],
    [{ kind: 'chargeback', because: 'notReceived' }, undefined],
    [{ kind: 'confirmedGood' }, 'confirmedGood'],
    [{ kind: 'review', verdict: 'NG' }, 'fraud'],
    [{ kind: 'review', verdict: 'OK' }, 'confirmedGood'],
    [{ kind: 'review', verdict: 'HOLD' }, undefined],
  ])('of the kind %j labels the payment: %s', async (said, kind) => {
    const { acsTransID } = await pay(sekisho)
    const { body } = await tell({ ...said, about: { acsTransID } })
    expect(body.outcome).toBe(kind === undefined ? 'kept' : 'labelled')
    expect((await labelOf(acsTransID))?.kind).toBe(kind)
  })

  test('counts once, however often it comes, and not with other words', async () => {
    const { acsTransID } = await pay(sekisho)
    const report = { id: newId(), kind: 'fraud', about: { acsTransID } }
    expect((await send(sekisho, 'feedback', report)).body).toMatchObject({ outcome: 'labelled', isRepeat: false })
    expect((await send(sekisho, 'feedback', report)).body).toMatchObject({ outcome: 'labelled', isRepeat: true })
    const other = await send(sekisho, 'feedback', { ...report, kind: 'confirmedGood' })
    expect(other.status).toBe(409)
    expect(await labelOf(acsTransID)).toMatchObject({ kind: 'fraud' })
    // The id of another source is another id.
    const beta = await send(sekisho, 'feedback', { ...report, kind: 'confirmedGood' }, { source: 'beta' })
    expect(beta.body).toMatchObject({ outcome: 'unmatched' })
  })

  test('that found no payment finds it when it comes again', async () => {
    const threeDSServerTransID = randomUUID()
    const report = { id: newId(), kind: 'fraud', about: { threeDSServerTransID } }
    expect((await send(sekisho, 'feedback', report)).body).toMatchObject({ outcome: 'unmatched', listed: [] })
    await pay(sekisho, { threeDSServerTransID })
    expect((await send(sekisho, 'feedback', report)).body).toMatchObject({ outcome: 'labelled' })
  })

  describe('that came before its payment', () => {
    const labelComes = (acsTransID: string, kind: string) =>
      until(async () => (await labelOf(acsTransID))?.kind === kind)
    const reportOf = async (id: string) =>
      ((await api(sekisho, '/hook/feedback')).body.reports as readonly Members[]).find((one) => one.id === id)

    test.each(['threeDSServerTransID', 'dsTransID'] as const)('waits for it by %s', async (name) => {
      const transID = randomUUID()
      const id = newId()
      const report = {
        id,
        kind: 'fraud',
        about: { [name]: transID.toUpperCase() },
        list: { kinds: ['email'], days: 7 },
      }
      expect((await send(sekisho, 'feedback', report)).body.outcome).toBe('unmatched')
      const { acsTransID } = await pay(sekisho, { ...thief(61), [name]: transID })
      await labelComes(acsTransID, 'fraud')
      expect(await reportOf(id)).toMatchObject({ outcome: 'labelled', acsTransID })
      // Its wish for the list was kept, too.
      expect((await denied()).some(({ reason }) => reason === 'fraud (alpha)')).toBe(true)
      expect((await send(sekisho, 'feedback', report)).body).toMatchObject({ outcome: 'labelled', isRepeat: true })
    })

    test('waits for the order that names it, whichever of the two comes first', async () => {
      for (const first of ['order', 'payment']) {
        const threeDSServerTransID = randomUUID()
        const orderId = `late-${first}`
        expect((await tell({ kind: 'confirmedGood', about: { orderId } })).body.outcome).toBe('unmatched')
        const order = { id: newId(), kind: 'order', acquirerMerchantID: 'SHOP-B', orderId, state: 'placed' }
        const named = () => send(sekisho, 'events', { ...order, threeDSServerTransID })
        if (first === 'order') expect((await named()).status).toBe(201)
        const { acsTransID } = await pay(sekisho, { threeDSServerTransID })
        if (first === 'payment') expect(await labelOf(acsTransID)).toBeUndefined()
        if (first === 'payment') expect((await named()).status).toBe(201)
        await labelComes(acsTransID, 'confirmedGood')
      }
    })

    test('does not find one of a merchant that its source does not speak for', async () => {
      const threeDSServerTransID = randomUUID()
      const report = { kind: 'fraud', about: { threeDSServerTransID } }
      expect((await tell(report, { source: 'beta' })).body.outcome).toBe('unmatched')
      const { acsTransID } = await pay(sekisho, { threeDSServerTransID, acquirerMerchantID: 'SHOP-A' })
      const matching = async () => (await shown(sekisho, acsTransID)).steps.find(({ kind }) => kind === 'matchFeedback')
      await until(async () => (await matching())?.done === true)
      expect(await labelOf(acsTransID)).toBeUndefined()
    })
  })

  test('of a source is about the payments of its merchants only', async () => {
    const other = await pay(sekisho, { acquirerMerchantID: 'SHOP-A' })
    const own = await pay(sekisho, { acquirerMerchantID: 'SHOP-B' })
    const beta = { source: 'beta' } as const
    expect((await tell({ kind: 'fraud', about: { acsTransID: other.acsTransID } }, beta)).body).toEqual({
      id: `report-${ids}`,
      outcome: 'unmatched',
      isRepeat: false,
      listed: [],
    })
    expect((await tell({ kind: 'fraud', about: { acsTransID: own.acsTransID } }, beta)).body.outcome).toBe('labelled')
    expect(await labelOf(other.acsTransID)).toBeUndefined()
  })

  test.each(['1795400671018', '20261123000000000', '123456-20261123-0123456780', 'A-4111', 'review-1795400671018'])(
    'names an order as shops name theirs: %s',
    async (name) => {
      const { threeDSServerTransID, acsTransID } = await pay(sekisho)
      const event = { id: newId(), kind: 'order', acquirerMerchantID: 'SHOP-C', orderId: name, state: 'placed' }
      expect((await send(sekisho, 'events', { ...event, threeDSServerTransID })).status).toBe(201)
      expect((await tell({ id: `${name}-${newId()}`, kind: 'fraud', about: { orderId: name } })).status).toBe(200)
      expect(await labelOf(acsTransID)).toMatchObject({ kind: 'fraud' })
    },
  )

  test('whose ids name two payments is about none', async () => {
    const [one, two] = [await pay(sekisho), await pay(sekisho)]
    const about = { acsTransID: one.acsTransID, threeDSServerTransID: two.threeDSServerTransID }
    expect((await tell({ kind: 'fraud', about })).body.outcome).toBe('unmatched')
  })

  test('a review does not move what is known', async () => {
    const { acsTransID } = await pay(sekisho)
    await put(sekisho, `/transactions/${acsTransID}/label`, { kind: 'confirmedGood' })
    const { body } = await tell({ kind: 'review', verdict: 'NG', about: { acsTransID } })
    expect(body).toMatchObject({ outcome: 'kept', label: { kind: 'confirmedGood' } })
  })

  test('a review teaches nothing; a fraud teaches once, and is taken back exactly', async () => {
    const email = 'learnt@mail.example.jp'
    const { acsTransID } = await pay(sekisho, { email })
    const fraudsNow = async () => {
      const features = (await shown(sekisho, (await pay(sekisho, { email })).acsTransID)).features as Members
      return features.frauds_email
    }
    const before = await fraudsNow()
    await tell({ kind: 'review', verdict: 'NG', about: { acsTransID } })
    expect(await fraudsNow()).toBe(before)
    await tell({ kind: 'fraud', about: { acsTransID }, list: false })
    await tell({ kind: 'chargeback', about: { acsTransID }, list: false })
    const after = await fraudsNow()
    expect(Number(after) - Number(before ?? 0)).toBe(1)
    await tell({ kind: 'confirmedGood', about: { acsTransID } })
    expect(await fraudsNow()).toBe(before)
  })
})

describe('a fraud', () => {
  test('puts what the thief used on the deny list, with a reason and an end; it goes when it was no fraud', async () => {
    // The device is that of other payments, too.
    const own = async () => (await denied()).filter(({ kind }) => kind === 'email' || kind === 'shipTo')
    const before = (await own()).length
    const { acsTransID } = await pay(sekisho, thief(1))
    const { body } = await tell({ kind: 'fraud', about: { acsTransID } })
    const kinds = (body.listed as readonly Members[]).map(({ kind }) => kind)
    expect(kinds).toEqual(expect.arrayContaining(['email', 'shipTo']))
    expect(kinds).not.toContain('card')
    const entries = await own()
    expect(entries.length - before).toBe(2)
    const [entry] = entries
    expect(entry).toMatchObject({ reason: 'fraud (alpha)', by: 'hook:alpha', isHashed: true, force: 'inForce' })
    const days = (Date.parse(String(entry?.until)) - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(90)
    // It counts at once.
    expect((await pay(sekisho, thief(1))).transStatus).not.toBe('Y')
    await tell({ kind: 'confirmedGood', about: { acsTransID } })
    expect((await own()).length).toBe(before)
  })

  test('lists what it is asked to, for as long as that says', async () => {
    const { acsTransID } = await pay(sekisho, thief(2))
    const { body } = await tell({ kind: 'fraud', about: { acsTransID }, list: { kinds: ['card', 'phone'], days: 7 } })
    const [listed, ...more] = body.listed as readonly Members[]
    expect(more).toEqual([]) // no telephone was told
    expect(listed).toMatchObject({ kind: 'card' })
    expect(Math.round((Date.parse(String(listed?.until)) - Date.now()) / 86_400_000)).toBe(7)
  })

  test('lists nothing where it says so, and leaves what people have listed as it is', async () => {
    const { acsTransID } = await pay(sekisho, thief(3))
    const own = { kind: 'email', transaction: acsTransID, reason: 'seen by the desk' }
    expect((await put(sekisho, '/lists/deny', own, 'POST')).status).toBe(201)
    const before = await denied()
    expect((await tell({ kind: 'fraud', about: { acsTransID }, list: false })).body.listed).toEqual([])
    await tell({ kind: 'chargeback', about: { acsTransID }, list: { kinds: ['email'] } })
    expect(await denied()).toEqual(before)
  })

  test('what two frauds have listed goes with the second of them', async () => {
    const [one, two] = [await pay(sekisho, thief(4)), await pay(sekisho, thief(4))]
    const list = { kinds: ['email'] }
    await tell({ kind: 'fraud', about: { acsTransID: one.acsTransID }, list })
    await tell({ kind: 'fraud', about: { acsTransID: two.acsTransID }, list })
    const emails = async () =>
      (await denied()).filter(({ reason, kind }) => reason === 'fraud (alpha)' && kind === 'email')
    const count = (await emails()).length
    await tell({ kind: 'confirmedGood', about: { acsTransID: one.acsTransID } })
    expect((await emails()).length).toBe(count)
    await tell({ kind: 'confirmedGood', about: { acsTransID: two.acsTransID } })
    expect((await emails()).length).toBe(count - 1)
  })
})

describe('a table of reports', () => {
  const csv = (text: string, how = {}) => send(sekisho, 'feedback/csv', text, { type: 'text/csv', ...how })

  test('is taken whole', async () => {
    const [one, two] = [await pay(sekisho), await pay(sekisho)]
    const text = [
      'id,kind,acsTransID,threeDSServerTransID,because,note',
      `csv-1,fraud,${one.acsTransID},,,"told, by mail"`,
      `csv-2,chargeback,,${two.threeDSServerTransID},other,`,
      `csv-3,confirmedGood,${randomUUID()},,,`,
    ].join('\r\n')
    const { status, body } = await csv(text)
    expect(status).toBe(200)
    expect(body).toMatchObject({ rows: 3, labelled: 1, kept: 1, unmatched: 1, repeats: 0 })
    expect(await labelOf(one.acsTransID)).toMatchObject({ kind: 'fraud', note: 'told, by mail' })
    expect((await csv(text)).body).toMatchObject({ rows: 3, labelled: 0, repeats: 3 })
  })

  test('with one bad line is not taken at all', async () => {
    const { acsTransID } = await pay(sekisho)
    const rows = [`csv-4,fraud,${acsTransID}`, 'csv-5,theft,', `csv-4,confirmedGood,${acsTransID}`]
    const { status, body } = await csv(['id,kind,acsTransID', ...rows].join('\n'))
    expect(status).toBe(422)
    expect((body.problems as readonly Members[]).map(({ path }) => path)).toEqual(['line 3', 'line 4'])
    expect(await labelOf(acsTransID)).toBeUndefined()
  })

  test('that uses an id for something else is not taken at all', async () => {
    const [one, two] = [await pay(sekisho), await pay(sekisho)]
    await csv(`id,kind,acsTransID\ncsv-6,fraud,${one.acsTransID}`)
    const rows = [`csv-7,fraud,${two.acsTransID}`, `csv-6,confirmedGood,${one.acsTransID}`]
    expect((await csv(['id,kind,acsTransID', ...rows].join('\n'))).status).toBe(422)
    expect(await labelOf(two.acsTransID)).toBeUndefined()
    expect(await labelOf(one.acsTransID)).toMatchObject({ kind: 'fraud' })
  })

  test.each([
    ['no columns', ''],
    ['a strange column', 'id,kind,pan\n'],
    ['a column twice', 'id,kind,id\n'],
    ['an open quotation', 'id,kind\n"'],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe]).toString('latin1')],
  ])('with %s is refused', async (_what, text) => {
    expect([400, 422, 401]).toContain((await csv(text)).status)
  })
})

describe('a report', () => {
  const about = { acsTransID: randomUUID() }
  test.each([
    ['without an id', { id: undefined, kind: 'fraud', about }, 'id'],
    ['of no kind', { kind: 'theft', about }, 'kind'],
    ['about nothing', { kind: 'fraud', about: {} }, 'about'],
    ['with ids that are none', { kind: 'fraud', about: { acsTransID: '1 or 1=1' } }, 'about.acsTransID'],
    ['of a review without a verdict', { kind: 'review', about }, 'verdict'],
    ['of a fraud with a verdict', { kind: 'fraud', verdict: 'NG', about }, 'verdict'],
    ['of a fraud with a reason of chargebacks', { kind: 'fraud', because: 'other', about }, 'because'],
    ['that would list what was confirmed', { kind: 'confirmedGood', about, list: { kinds: ['email'] } }, 'list'],
    ['that would allow', { kind: 'fraud', about, list: { allow: true } }, 'list'],
    ['with a card number', { kind: 'fraud', about, note: 'card 4111 1111 1111 1111' }, 'note'],
    ['with members that nobody knows', { kind: 'fraud', about, pan: '4111111111111111' }, 'pan'],
    ['with a prototype', { kind: 'fraud', about, constructor: { prototype: 1 } }, 'constructor'],
  ])('%s is refused, and names the member', async (_what, body, path) => {
    const answer = await tell(body as Members)
    expect(answer.status).toBe(422)
    expect(JSON.stringify(answer.body.problems)).toContain(path)
    expect(JSON.stringify(answer.body)).not.toContain('4111')
  })

  test.each([
    ['forged', { secret: secretOf('z') }, 401],
    ['of yesterday', { at: Date.now() - 86_400_000 }, 401],
    ['of tomorrow', { at: Date.now() + 86_400_000 }, 401],
    ['in another form', { type: 'text/plain' }, 415],
  ])('that is %s changes nothing', async (_what, how, status) => {
    const { acsTransID } = await pay(sekisho)
    expect((await tell({ kind: 'fraud', about: { acsTransID } }, how)).status).toBe(status)
    expect(await labelOf(acsTransID)).toBeUndefined()
  })

  test('that is too long, or nests for ever, is refused', async () => {
    expect((await send(sekisho, 'feedback', `{"a":"${'x'.repeat(20_000)}"}`)).status).toBe(413)
    expect((await send(sekisho, 'feedback', `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)).status).toBe(400)
    expect((await fetch(`${sekisho.acs}/hook/feedback`)).status).toBe(405)
  })

  test('of one tenant is nothing in another', async () => {
    const { acsTransID } = await pay(sekisho, {}, 'one')
    const report = { id: 'tenants', kind: 'fraud', about: { acsTransID } }
    expect((await send(sekisho, 'feedback', report)).body.outcome).toBe('unmatched')
    expect((await send(sekisho, 'feedback', report, { tenant: 'two' })).body.outcome).toBe('unmatched')
    expect((await send(sekisho, 'feedback', report, { tenant: 'one' })).body.outcome).toBe('labelled')
  })

  test('leaves no secret in the log', () => {
    expect(sekisho.log()).not.toMatch(/whsec_|4111111111111111/)
  })
})
