import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { exportStream } from '../../../src/lab/files/export.ts'
import { importStream } from '../../../src/lab/files/import.ts'
import { cellsOfAReq } from '../../../src/lab/files/journal.ts'
import { openStream } from '../../../src/lab/stream/store.ts'
import { desk, imported } from './support.ts'

const { folder, put, clear } = desk()
afterAll(clear)
const out = join(folder, 'out')

describe('Parquet of others', async () => {
  const duckdb = await import('@duckdb/node-api').catch(() => undefined)
  const written = async (query: string, options: string): Promise<string> => {
    const path = join(folder, 'others.parquet')
    const instance = await duckdb?.DuckDBInstance.create(':memory:')
    const connection = await instance?.connect()
    await connection?.run(`COPY (${query}) TO '${path}' (FORMAT parquet, ${options})`)
    connection?.closeSync()
    instance?.closeSync()
    return path
  }
  const rows = 3_000
  const query = `SELECT i AS id, TIMESTAMP '2026-01-01' + INTERVAL (i) MINUTE AS ts, 'card ' || (i % 7) AS card, 'shop' AS merchant,
    CAST(i * 100 AS BIGINT) AS "purchaseAmount", CAST(5411 AS SMALLINT) AS mcc, CAST(36 AS INTEGER) AS "merchantCountryCode",
    CASE WHEN i % 2 = 0 THEN NULL ELSE i / 10.0 END AS "cardAgeDays", i % 50 = 0 AS "isFraud",
    CAST(0.25 AS DECIMAL(4, 2)) AS "pChallengePass", CAST(i AS VARCHAR) AS other FROM range(${rows}) t(i)`
  test.skipIf(duckdb === undefined).each([
    ['snappy', 'COMPRESSION snappy'],
    ['zstd, in small row groups', 'COMPRESSION zstd, ROW_GROUP_SIZE 2048'],
    ['gzip', 'COMPRESSION gzip'],
    ['lz4', 'COMPRESSION lz4_raw'],
    ['brotli', 'COMPRESSION brotli'],
    ['no compression, of the second version', 'COMPRESSION uncompressed, PARQUET_VERSION v2'],
  ])('is read with its types: %s', async (_, options) => {
    const { events, leftOut, columnsLeftOut, meta } = await imported({ events: [await written(query, options)], out })
    expect(leftOut.shown).toEqual([])
    expect(columnsLeftOut).toEqual(['other'])
    expect(events).toHaveLength(rows)
    const from = Date.UTC(2026, 0, 1) / 1000
    expect(events[2_501]).toEqual({
      ...{ id: '2501', ts: from + 2_501 * 60, card: 'card 2', merchant: 'shop', purchaseAmount: 250_100, mcc: '5411' },
      ...{ merchantCountryCode: '036', cardAgeDays: 250.1, isFraud: 0, pChallengePass: 0.25 },
    })
    expect(meta.from).toBe(from)
  })
  test.skipIf(duckdb === undefined)('is turned into what is read, where it holds what our reader refuses', async () => {
    const path = await written(`SELECT *, INTERVAL (id % 3) DAY AS delay FROM (${query})`, 'COMPRESSION snappy')
    const { events, meta } = await imported({ events: [path], out, slices: ['delay'] })
    expect(events).toHaveLength(rows)
    expect(events[1]).toMatchObject({ id: '1', purchaseAmount: 100, mcc: '5411', delay: '1 day' })
    expect(meta.made).toMatchObject({ files: ['others.parquet'] })
  })
  test.skipIf(duckdb === undefined)('with a wrong row is told by the number of the row', async () => {
    const path = await written(
      "SELECT i AS ts, 'c' AS card, 'm' AS merchant, 5 - i AS \"purchaseAmount\" FROM range(8) t(i)",
      'ROW_GROUP_SIZE 2048',
    )
    const { leftOut } = await imported({ events: [path], out })
    expect(leftOut.shown).toEqual([
      'others.parquet:7: purchaseAmount: -1 is not a whole number of minor units, 0 or more',
      'others.parquet:8: purchaseAmount: -2 is not a whole number of minor units, 0 or more',
    ])
  })
})

test('Parquet is written a file for each day, and its types are those that others expect', async () => {
  const day = 86_400
  const csv = [0, 1, day - 1, day, 3 * day]
    .map((ts, at) => `${ts},c${at},m,${at},${at % 2 === 0 ? '' : '02'}\n`)
    .join('')
  const events = [put('events.csv', `ts,card,merchant,purchaseAmount,deviceChannel\n${csv}`)]
  const { meta } = await importStream({ events, out })
  const stream = await openStream(out)
  const { files } = await exportStream(stream, { format: 'parquet', out: join(folder, 'days') })
  expect(files.map((path) => path.slice(-18))).toEqual([
    '1970-01-01.parquet',
    '1970-01-02.parquet',
    '1970-01-04.parquet',
  ])
  const again = await importStream({ events: files, out: join(folder, 'again') })
  expect(again.meta.hash).toBe(meta.hash)
  const { parquetReadObjects, asyncBufferFromFile, parquetMetadataAsync } = await import('hyparquet')
  const file = await asyncBufferFromFile(files[0] ?? '')
  expect((await parquetMetadataAsync(file)).schema.map(({ name, type }) => [name, type])).toEqual([
    ['stream', undefined],
    ['ts', 'DOUBLE'],
    ['card', 'BYTE_ARRAY'],
    ['merchant', 'BYTE_ARRAY'],
    ['deviceChannel', 'BYTE_ARRAY'],
    ['purchaseAmount', 'DOUBLE'],
  ])
  expect(await parquetReadObjects({ file, columns: ['ts', 'deviceChannel'] })).toEqual([
    { ts: 0, deviceChannel: null },
    { ts: 1, deviceChannel: '02' },
    { ts: day - 1, deviceChannel: null },
  ])
})

test('a Parquet file that was cut off is told, wherever it ends', async () => {
  await importStream({ events: [put('events.csv', 'ts,card,merchant,purchaseAmount\n1,c,m,2\n')], out })
  const path = join(folder, 'whole.parquet')
  await exportStream(await openStream(out), { format: 'parquet', out: path })
  const whole = readFileSync(path)
  for (let end = 0; end < whole.length; end += 90) {
    const events = [put('cut.parquet', whole.subarray(0, end))]
    await expect(importStream({ events, out }), `cut off at ${end}`).rejects.toMatchObject({ name: 'LabFileError' })
  }
})

test('a stream is written with the columns that are wanted, and one that is not there is named', async () => {
  await importStream({ events: [put('events.csv', 'ts,card,merchant,purchaseAmount\n1,"a ""b"", c",m,2\n')], out })
  const stream = await openStream(out)
  const path = join(folder, 'some.csv')
  expect(await exportStream(stream, { format: 'csv', out: path, columns: ['card', 'ts'] })).toEqual({
    events: 1,
    files: [path],
    columns: ['ts', 'card'],
  })
  expect(readFileSync(path, 'utf8')).toBe('ts,card\n1,"a ""b"", c"\n')
  await expect(exportStream(stream, { format: 'jsonl', out: path, columns: ['email'] })).rejects.toThrow(
    'imported: the stream has no column email',
  )
})

describe('the export of a journal', () => {
  const header = { format: 'sekisho-journal', formatVersion: 1, version: '0.1.0', tenant: 'default' }
  const transaction = (id: string, more: object = {}) => ({
    kind: 'transaction',
    acsTransID: id,
    at: 1_767_225_600_123,
    panHash: 'f6b723d71971f580b84adbf2a566b784',
    panMask: '400000******7700',
    details: {
      facts: {
        device: 'id',
        keys: { device: 'nHks' },
        network: { country: '826', kind: 'isp', lat: 51.51, lon: -0.13 },
      },
      inputs: { opinions: [{ source: 'screening', verdict: 'NG', score: 0.9 }] },
    },
    ...more,
  })
  const areq = {
    ...{
      messageType: 'AReq',
      acctNumber: '400000******7700',
      cardExpiryDate: '***',
      acctID: '***',
      messageVersion: '2.2.0',
    },
    ...{
      acquirerMerchantID: 'SHOP-1',
      merchantName: 'Shop',
      purchaseAmount: '1200',
      browserTZ: '-540',
      email: 'a@b.example',
    },
    ...{ threeDSRequestorChallengeInd: ['02', '01'], browserJavascriptEnabled: true },
    ...{ mobilePhone: { cc: '81', subscriber: '9012345678' }, acctInfo: { chAccAgeInd: '05', nbPurchaseAccount: '3' } },
    ...{ merchantRiskIndicator: { shipIndicator: '01', giftCardAmount: '10' } },
    threeDSRequestorAuthenticationInfo: [{ threeDSReqAuthMethod: '02', threeDSReqAuthTimestamp: '202512312359' }],
  }
  const message = (id: string | undefined, more: object = {}) => ({
    ...{
      kind: 'message',
      by: 'ACS',
      at: 1_767_225_600_000,
      link: 'DS→ACS',
      messageType: 'AReq',
      message: areq,
      acsTransID: id,
    },
    ...more,
  })
  const lines = (...objects: readonly unknown[]): string => objects.map((one) => `${JSON.stringify(one)}\n`).join('')
  test('has an event for each transaction with its AReq, its verdict and its label', async () => {
    const label = { kind: 'fraud', at: 1_767_400_000_000 }
    const run = put(
      'run.ndjson',
      lines(header, transaction('t1', { label }), message('t1'), message(undefined, { by: 'DS' })),
    )
    const { events, leftOut, columnsLeftOut } = await imported({ events: [run], out })
    expect(leftOut.shown).toEqual([])
    expect(columnsLeftOut).toEqual([])
    expect(events).toEqual([
      {
        ...{ id: 't1', ts: 1_767_225_600, card: 'f6b723d71971f580b84adbf2a566b784', bin: '400000' },
        ...{ merchant: 'SHOP-1', merchantName: 'Shop', messageVersion: '2.2.0', purchaseAmount: 1200, browserTZ: -540 },
        ...{ email: 'a@b.example', mobilePhone: '81-9012345678', chAccAgeInd: '05', nbPurchaseAccount: 3 },
        ...{
          shipIndicator: '01',
          giftCardAmount: 10,
          threeDSReqAuthMethod: '02',
          threeDSReqAuthTimestamp: '202512312359',
        },
        ...{ threeDSRequestorChallengeInd: '02', browserJavascriptEnabled: 'true', deviceId: 'nHks', ipCountry: '826' },
        ...{ ipType: 'isp', ipLat: 51.51, ipLon: -0.13, merchantSource: 'screening', merchantVerdict: 'NG' },
        ...{ merchantScore: 0.9, isFraud: 1, labelTs: 1_767_400_000 },
      },
    ])
  })
  test('that is not whole is told', async () => {
    const run = put(
      'run.ndjson',
      lines(header, transaction('t1'), transaction('t2'), message('t1'), message('t9'), { kind: 'transaction' }, 'x'),
    )
    const { events, leftOut } = await imported({ events: [run], out })
    expect(events).toHaveLength(1)
    expect(leftOut.shown).toEqual([
      'run.ndjson:5: an AReq whose transaction is not in the file',
      'run.ndjson:6: a transaction without a acsTransID that can be read',
      'run.ndjson:7: not a JSON object',
      'run.ndjson:3: a transaction without its AReq',
    ])
  })
  test('gives nothing of a card number but its range', () => {
    expect(JSON.stringify(cellsOfAReq({ ...areq, acctNumber: '4000000000007700' }))).not.toContain('4000')
  })
})

describe('scores of elsewhere', () => {
  test('become a stream with a column for each score, a day beginning at its first second', async () => {
    const file = put(
      'scores.csv',
      'id,day,card,y,amount,ours,theirs\na,2,c1,0,100,-1.5,0.2\nb,1,c2,1,,3e2,0.9\nc,1,c1,0,5,0,1\n',
    )
    const { events, meta } = await imported({ events: [file], out, isScores: true })
    expect(events).toEqual([
      { id: 'b', ts: 86_400, card: 'c2', isFraud: 1, ours: 300, theirs: 0.9 },
      { id: 'c', ts: 86_400, card: 'c1', isFraud: 0, purchaseAmount: 5, ours: 0, theirs: 1 },
      { id: 'a', ts: 172_800, card: 'c1', isFraud: 0, purchaseAmount: 100, ours: -1.5, theirs: 0.2 },
    ])
    expect(meta.made).toMatchObject({ by: 'import of scores', scores: ['ours', 'theirs'] })
  })
  test('may have dates for days; a row needs all scores', async () => {
    const file = put('scores.csv', 'day,card,y,s\n1970-01-03,c1,0,1\n1970-01-04,c1,0,\n4.5,c1,0,1\n')
    const { events, leftOut } = await imported({ events: [file], out, isScores: true })
    expect(events).toEqual([{ ts: 172_800, card: 'c1', isFraud: 0, s: 1 }])
    expect(leftOut.shown).toEqual([
      'scores.csv:3: s: not sent',
      'scores.csv:4: day: "4.5" is no number; expected a whole number of days, or a date such as 2026-03-31',
    ])
  })
  test('need their columns', async () => {
    const of = (csv: string) => imported({ events: [put('scores.csv', csv)], out, isScores: true })
    await expect(of('day,card,s\n1,c,1\n')).rejects.toThrow('scores.csv: there is no column y; see docs/lab-import.md')
    await expect(of('day,card,y\n1,c,1\n')).rejects.toThrow('scores.csv: there is no column with a score')
  })
})
