import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { openHouse, watch } from './house-fixture.ts'
import type { House } from './house-fixture.ts'

let house: House
before(async () => {
  house = await openHouse()
  await house.call('POST', '/api/v1/datasets', {
    name: 'orders',
    kind: 'events',
    columns: [
      { name: 'at', type: 'timestamp' },
      { name: 'amount', type: 'decimal(12,2)' },
      { name: 'region', type: 'string' },
    ],
  })
  const revenue = {
    code: 'REV',
    name: 'Revenue',
    dataset: 'orders',
    time: 'at',
    measure: { type: 'sum', expression: 'amount' },
    dimensions: ['region'],
    lateness: '1h',
  }
  const made = await house.call('POST', '/api/v1/metrics', revenue)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  await house.call('POST', '/api/v1/metrics', {
    code: 'COUNT',
    name: 'Orders',
    dataset: 'orders',
    time: 'at',
    measure: { type: 'count' },
  })
})
after(async () => await house.close())

const minuteNow = (): number => Math.floor(Date.now() / 60_000) * 60_000
const order = (at: number, amount: string, region = 'north') => ({ at: new Date(at).toISOString(), amount, region })
const sumOf = (points: Iterable<{ code: string; value: number }>, code: string): number =>
  [...points].filter((point) => point.code === code).reduce((sum, point) => sum + point.value, 0)

test('a socket starts with a snapshot and continues with what changes', async () => {
  await house.ingest('orders', [order(Date.now(), '10.50')])
  const watched = house.watch('/ws/kpi/REV?period=minute')
  const snapshot = await watched.next((frame) => frame.type === 'snapshot')
  assert.equal(watched.socket.protocol, 'bearer')
  assert.equal(sumOf(snapshot.points, 'REV'), 10.5)
  const { code, period, start, state, dataPoints } = snapshot.points[0]
  assert.deepEqual({ code, period, dataPoints }, { code: 'REV', period: 'minute', dataPoints: 1 })
  // Its minute may have ended before the snapshot was made.
  assert.ok(state === 'open' || (state === 'provisional' && Date.parse(start) < minuteNow()), state)
  await house.ingest('orders', [order(Date.now(), '4.50')])
  const update = await watched.next((frame) => frame.type === 'update')
  assert.equal(update.epoch, snapshot.epoch)
  assert.equal(update.offset, snapshot.offset + 1)
  assert.equal(sumOf(watched.held().values(), 'REV'), 15)
  await watched.close()
})

test('a late row corrects its period, also one outside the snapshot', async () => {
  const watched = house.watch('/ws/kpi/REV?period=minute')
  await watched.next((frame) => frame.type === 'snapshot')
  for (const ago of [20, 300]) {
    const at = minuteNow() - ago * 60_000
    await house.ingest('orders', [order(at, '7.00')])
    const update = await watched.next(
      (frame) =>
        frame.type === 'update' && frame.points.some((point: { start: string }) => Date.parse(point.start) === at),
    )
    const point = update.points.find((one: { start: string }) => Date.parse(one.start) === at)
    assert.deepEqual([point.value, point.state], [7, ago === 20 ? 'provisional' : 'final'])
  }
  await watched.close()
})

test('a broken connection resumes where it was; with a strange epoch it gets a snapshot', async () => {
  const first = house.watch('/ws/kpi/REV?period=day')
  const snapshot = await first.next((frame) => frame.type === 'snapshot')
  await first.close()
  await house.ingest('orders', [order(Date.now(), '1.00')])
  const again = house.watch(`/ws/kpi/REV?period=day&epoch=${snapshot.epoch}&offset=${snapshot.offset}`)
  const missed = await again.next(() => true)
  assert.deepEqual([missed.type, missed.offset], ['update', snapshot.offset + 1])
  assert.equal(missed.points[0].value, snapshot.points.at(-1).value + 1)
  await again.close()
  const strange = house.watch(`/ws/kpi/REV?period=day&epoch=strange&offset=3`)
  assert.equal((await strange.next(() => true)).type, 'snapshot')
  await strange.close()
})

test('groups, filters and zones are those of the address', async () => {
  await house.ingest('orders', [order(Date.now(), '2.00', 'south'), order(Date.now(), '3.00', 'south')])
  const grouped = house.watch('/ws/kpi/REV?period=day&by=region&zone=Asia/Kolkata')
  const { points } = await grouped.next((frame) => frame.type === 'snapshot')
  assert.deepEqual([...new Set(points.map((point: { dims: { region: string } }) => point.dims.region))].toSorted(), [
    'north',
    'south',
  ])
  assert.match(points[0].start, /T18:30:00/)
  await grouped.close()
  const filtered = house.watch(`/ws/kpi/REV?period=day&filter=${encodeURIComponent("region = 'south'")}`)
  assert.equal(sumOf((await filtered.next((frame) => frame.type === 'snapshot')).points, 'REV'), 5)
  await filtered.close()
})

test('what cannot be watched is said in an error frame, with every problem', async () => {
  for (const [path, code, words] of [
    ['/ws/kpi/NONE', 'metrics.unknown', /NONE/],
    ['/ws/kpi/REV?period=fortnight&zone=Mars', 'metrics.bad_question', /fortnight.*Mars/],
    ['/ws/kpi/REV?by=nothing', 'metrics.bad_question', /./],
    ['/ws/dashboard/none', 'dashboards.unknown', /none/],
  ] as const) {
    const watched = house.watch(path)
    const frame = await watched.next(() => true)
    assert.deepEqual([frame.type, frame.code], ['error', code])
    assert.match(frame.detail, words)
    await new Promise((resolve) => watched.socket.once('close', resolve))
  }
})

test('a dashboard carries all its tiles over one connection', async () => {
  const body = {
    name: 'shop',
    title: 'Shop',
    tiles: [{ metric: 'REV' }, { metric: 'COUNT' }, { metric: 'REV', filter: "region = 'south'" }],
  }
  const made = await house.call('POST', '/api/v1/dashboards', body)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const watched = house.watch(`/ws/dashboard/${made.body.id}?period=day`)
  const snapshot = await watched.next((frame) => frame.type === 'snapshot')
  assert.deepEqual(
    [
      ...new Set(snapshot.points.map((point: { code: string; tile?: number }) => `${point.code} ${point.tile}`)),
    ].toSorted(),
    ['COUNT undefined', 'REV 2', 'REV undefined'],
  )
  await house.ingest('orders', [order(Date.now(), '1.00', 'north')])
  const update = await watched.next((frame) => frame.type === 'update')
  assert.ok(
    update.points.some((point: { code: string }) => point.code === 'REV') ||
      update.points.some((point: { code: string }) => point.code === 'COUNT'),
  )
  const status = await house.call('GET', '/stream/status')
  assert.ok(status.body.connections >= 1)
  assert.ok(
    status.body.streams.some(
      (stream: { code: string; period: string; subscribers: number }) =>
        stream.code === 'COUNT' && stream.period === 'day' && stream.subscribers === 1,
    ),
  )
  await watched.close()
})

test('dashboards are made, listed, changed and deleted, and an unknown metric is named', async () => {
  const refused = await house.call('POST', '/api/v1/dashboards', { name: 'wrong', tiles: [{ metric: 'REW' }] })
  assert.deepEqual(
    [refused.status, refused.body.problems[0].at, refused.body.problems[0].suggestion],
    [422, 'tiles[0].metric', 'REV'],
  )
  const gone = await house.call('POST', '/api/v1/dashboards', { name: 'wrong', tiles: [{ metric: 'DELETED' }] })
  assert.equal(
    gone.body.problems[0].message,
    'There is no metric "DELETED". Choose another metric for the tile, or remove the tile.',
  )
  const made = await house.call('POST', '/api/v1/dashboards', { name: 'other', tiles: [] })
  assert.equal((await house.call('POST', '/api/v1/dashboards', { name: 'other', tiles: [] })).status, 409)
  const changed = await house.call('PUT', `/api/v1/dashboards/${made.body.id}`, { ...made.body, title: 'Another' })
  assert.deepEqual([changed.body.title, changed.body.version], ['Another', 2])
  assert.equal((await house.call('GET', '/api/v1/dashboards/other')).body.id, made.body.id)
  assert.ok((await house.call('GET', '/api/v1/dashboards?limit=1')).body.next)
  assert.equal((await house.call('DELETE', '/api/v1/dashboards/other')).status, 204)
  assert.equal((await house.call('GET', '/api/v1/dashboards/other')).status, 404)
})

test('a stream runs from its first counted subscriber to its last', async () => {
  const stream = { code: 'REV', period: 'hour' }
  assert.equal((await house.call('POST', '/stream/subscribers', stream)).body.subscribers, 1)
  assert.equal((await house.call('POST', '/api/v1/stream/subscribers', stream)).body.subscribers, 2)
  const running = async (): Promise<boolean> =>
    (await house.call('GET', '/stream/status')).body.streams.some(
      (one: { code: string; period: string }) => one.code === 'REV' && one.period === 'hour',
    )
  assert.equal(await running(), true)
  await house.call('DELETE', '/stream/subscribers', stream)
  assert.equal(await running(), true)
  await house.call('DELETE', '/stream/subscribers', stream)
  assert.equal(await running(), false)
  assert.ok((await house.call('POST', '/stream/start', stream)).body.since)
  await house.call('POST', '/stream/stop', stream)
  assert.equal(await running(), false)
  assert.equal((await house.call('POST', '/stream/start', { code: 'NONE', period: 'day' })).status, 404)
})

test('the same frames come as server-sent events, and resume by their id', async () => {
  const read = async (headers: Record<string, string>): Promise<string> => {
    const abort = new AbortController()
    const response = await fetch(`${house.running.url}/api/v1/metrics/COUNT/live?period=day`, {
      headers: { authorization: `Bearer ${house.token}`, ...headers },
      signal: abort.signal,
    })
    assert.equal(response.headers.get('content-type')?.split(';')[0], 'text/event-stream')
    let text = ''
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString()
      if (/^id: .*$/m.test(text) && text.endsWith('\n\n')) break
    }
    abort.abort()
    return text
  }
  const first = await read({})
  assert.match(first, /event: snapshot\nid: .+\ndata: \{"type":"snapshot"/)
  await house.ingest('orders', [order(Date.now(), '1.00')])
  const id = /^id: (.*)$/m.exec(first)?.[1] ?? ''
  assert.match(await read({ 'last-event-id': id }), /event: update\nid: /)
})

test('a deleted metric ends its sockets with a reason and leaves dashboards alive', async () => {
  await house.call('POST', '/api/v1/metrics', {
    code: 'GONE',
    name: 'Gone',
    dataset: 'orders',
    time: 'at',
    measure: { type: 'count' },
  })
  await house.call('POST', '/api/v1/dashboards', { name: 'mixed', tiles: [{ metric: 'GONE' }, { metric: 'COUNT' }] })
  const alone = house.watch('/ws/kpi/GONE?period=day')
  const mixed = house.watch('/ws/dashboard/mixed?period=day')
  await Promise.all([alone, mixed].map(async (one) => await one.next((frame) => frame.type === 'snapshot')))
  await house.call('DELETE', '/api/v1/metrics/GONE')
  assert.equal((await alone.next((frame) => frame.type === 'error')).code, 'metrics.unknown')
  await mixed.next((frame) => frame.type === 'snapshot')
  await house.ingest('orders', [order(Date.now(), '1.00')])
  const update = await mixed.next((frame) => frame.type === 'update')
  assert.equal(update.points[0].code, 'COUNT')
  await mixed.close()
})

test('a socket ends with the token it came in by', async () => {
  const { body } = await house.call('POST', '/api/v1/tokens', { name: 'short', permissions: ['metrics.read'] })
  const watched = watch(`${house.running.url.replace('http', 'ws')}/ws/kpi/REV?period=day`, body.token)
  await watched.next((frame) => frame.type === 'snapshot')
  const closed = new Promise((resolve) => watched.socket.once('close', resolve))
  await house.call('DELETE', `/api/v1/tokens/${body.id}`)
  assert.equal(await closed, 1008)
})

test('a client that answers no close frame is cut at once when its token is revoked', async () => {
  const { body } = await house.call('POST', '/api/v1/tokens', { name: 'deaf', permissions: ['metrics.read'] })
  const { host, port } = house.running.address
  const socket = connect(port, host)
  const closed = once(
    socket.on('error', () => {}),
    'close',
    { signal: AbortSignal.timeout(10_000) },
  )
  socket.write(
    `GET /ws/kpi/REV?period=day HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: bearer, ${body.token}\r\n\r\n`,
  )
  await once(socket, 'data')
  socket.resume()
  await house.call('DELETE', `/api/v1/tokens/${body.id}`)
  await closed
})
