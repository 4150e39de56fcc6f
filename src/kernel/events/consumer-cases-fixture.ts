/** What holds for the consumers of events, on every metadata database. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Metadata, Sql } from '#ports/metadata'
import { until } from '#tests/house/until'
import { countEvents, deliveryFixture, measured, untilTurned, type Payload } from './delivery-fixture.ts'
import type { DeliveredEvent } from './events.ts'
import { purgeEvents } from './retention.ts'

export function registerConsumerCases(given: () => Metadata, { concurrent }: { concurrent: boolean }): void {
  test('a handler that does not end is aborted after a minute and counts as failed', async () => {
    const { open: openServer, clock } = deliveryFixture(given())
    const reasons: unknown[] = []
    let attempts = 0
    const server = await openServer({
      handler: async (_, signal) => {
        attempts += 1
        if (attempts > 1) return
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        reasons.push((signal.reason as Error).message)
      },
    })
    await server.emit('north', 'a', 1)
    await server.deliver()
    await untilTurned('2 attempts', () => attempts === 2, { clock, stepMs: 1_000 })
    assert.deepEqual(reasons, ['The handler had not finished after 60 s.'])
    await server.stop()
  })

  test('stopping waits for the handler that runs and takes no further event', async () => {
    const { open: openServer } = deliveryFixture(given())
    const began = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const seen: number[] = []
    const handler = async ({ payload }: DeliveredEvent): Promise<void> => {
      began.resolve()
      await goOn.promise
      seen.push((payload as Payload).n)
    }
    const server = await openServer({ handler })
    await server.emit('north', 'a', 1)
    await server.emit('north', 'a', 2)
    await server.deliver()
    await began.promise
    const stopped = server.stop()
    goOn.resolve()
    await stopped
    assert.deepEqual(seen, [1])
    const next = await openServer({ handler })
    await next.deliver()
    await until('2 seen', () => seen.length === 2)
    assert.deepEqual(seen, [1, 2])
    await next.stop()
  })

  test('a new consumer begins now or with the oldest event, and one that is not declared any more is forgotten', async () => {
    const { open: openServer } = deliveryFixture(given())
    const seen: string[] = []
    const handler = ({ payload }: DeliveredEvent): void => void seen.push(`${(payload as Payload).n}`)
    const alone = await openServer()
    await alone.emit('north', 'a', 1)
    await alone.deliver()
    const { rows } = await given().system.query<{ n: number }>('select last as n from kernel.event_order')
    const before = rows[0]!.n
    await waitForPosition(given(), before)
    await alone.stop()

    const fromNow = await openServer({ handler, from: 'now' })
    await fromNow.emit('north', 'a', 2)
    await fromNow.deliver()
    await until('1 seen', () => seen.length === 1)
    await fromNow.stop()
    assert.deepEqual(seen, ['2'])

    await (await openServer()).stop()
    const fromOldest = await openServer({ handler, from: 'oldest' })
    await fromOldest.deliver()
    await until('3 seen', () => seen.length === 3)
    assert.deepEqual(seen, ['2', '1', '2'])
    await fromOldest.stop()
  })

  test('when nothing happens, the database is not asked', async () => {
    const { open: openServer, clock } = deliveryFixture(given())
    let statements = 0
    const counted = (sql: Sql): Sql => ({
      query: (text, values) => (statements++, sql.query(text, values)),
      transaction: (work) => (statements++, sql.transaction(work)),
    })
    const over: Metadata = {
      ...given(),
      system: counted(given().system),
      inWorkspace: (workspace) => counted(given().inWorkspace(workspace)),
    }
    const seen: number[] = []
    const server = await openServer({ handler: ({ payload }) => void seen.push(payload.n), over })
    await server.deliver()
    await server.emit('north', 'a', 1)
    await until('1 seen', () => seen.length === 1)
    await untilQuiet(() => statements)
    const before = statements
    for (let hour = 0; hour < 48; hour += 1) await clock.advance(3_600_000)
    await untilQuiet(() => statements)
    assert.equal(statements, before)
    await server.stop()
  })

  test('events are kept for a week, and longer while a consumer has not got past them', async () => {
    const { open: openServer, definition, clock } = deliveryFixture(given())
    let failing = true
    const seen: number[] = []
    const server = await openServer({
      handler: ({ payload }) => {
        if (payload.key === 'bad' && failing) throw new Error('no')
        seen.push(payload.n)
      },
    })
    await server.emit('north', 'good', 1)
    await server.emit('north', 'bad', 2)
    await server.deliver()
    await until('1 parked', () => measured(server, 'millrace_outbox_parked') === 1)
    await server.stop()
    const late = await openServer({ handler: () => undefined })
    await late.emit('north', 'good', 3)
    const day = 86_400_000
    await purgeEvents(given(), clock.now() + 6 * day)
    assert.equal(await countEvents(given(), definition.name), 3)
    await purgeEvents(given(), clock.now() + 8 * day)
    assert.equal(await countEvents(given(), definition.name), 2, 'the parked one and the one not yet delivered stay')
    failing = false
    const again = await openServer({ handler: ({ payload }) => void seen.push(payload.n) })
    await again.deliver()
    await untilTurned('3 seen', () => seen.length === 3, { clock, stepMs: 500 })
    await until('0 parked', () => measured(again, 'millrace_outbox_parked') === 0)
    await again.stop()
    await purgeEvents(given(), clock.now() + 8 * day)
    assert.equal(await countEvents(given(), definition.name), 0)
  })

  const overlapping = { skip: concurrent ? false : 'one transaction at a time' }
  test('an event whose transaction ends after that of a later one is not lost', overlapping, async () => {
    const { open: openServer } = deliveryFixture(given())
    const seen: number[] = []
    const server = await openServer({ handler: ({ payload }) => void seen.push(payload.n) })
    await server.deliver()
    const goOn = Promise.withResolvers<void>()
    const emitted = Promise.withResolvers<void>()
    const slow = server.ports.metadata.inWorkspace('north').transaction(async (session) => {
      await server.emitIn(session, 'slow', 1)
      emitted.resolve()
      await goOn.promise
    })
    await emitted.promise
    await server.emit('north', 'fast', 2)
    await until('1 seen', () => seen.length === 1)
    goOn.resolve()
    await slow
    await until('2 seen', () => seen.length === 2)
    assert.deepEqual(seen, [2, 1])
    await server.stop()
  })

  test('changes of one thing stay in order, whichever transaction began first', overlapping, async () => {
    const { open: openServer, target } = deliveryFixture(given())
    await given().script(`create table if not exists public.counted (id text primary key, n int);
        grant select, update on public.counted to millrace_app;
        insert into public.counted values ('${target}', 0)`)
    const seen: number[] = []
    const server = await openServer({ handler: ({ payload }) => void seen.push(payload.n) })
    const change = async (session: Parameters<typeof server.emitIn>[0]): Promise<void> => {
      const { rows } = await session.query<{ n: number }>(
        'update public.counted set n = n + 1 where id = $1 returning n',
        [target],
      )
      await server.emitIn(session, 'counted', rows[0]!.n)
    }
    const north = server.ports.metadata.inWorkspace('north')
    const other = Promise.withResolvers<void>()
    const hasId = Promise.withResolvers<void>()
    // It has the lower transaction id and changes the row later.
    const first = north.transaction(async (session) => {
      await session.query('select pg_current_xact_id()')
      hasId.resolve()
      await other.promise
      await change(session)
    })
    await hasId.promise
    // Work of somebody else, begun between the two and still open.
    const stranger = Promise.withResolvers<void>()
    const strangerHasId = Promise.withResolvers<void>()
    const open = north.transaction(async (session) => {
      await session.query('select pg_current_xact_id()')
      strangerHasId.resolve()
      await stranger.promise
    })
    await strangerHasId.promise
    await north.transaction(change)
    await server.deliver()
    await until('1 seen', () => seen.length === 1)
    other.resolve()
    await first
    await until('2 seen', () => seen.length === 2)
    assert.deepEqual(seen, [1, 2])
    stranger.resolve()
    await open
    await server.stop()
  })
}

async function waitForPosition(metadata: Metadata, after: number): Promise<void> {
  let last = after
  while (last <= after) {
    const { rows } = await metadata.system.query<{ n: number }>(
      'select count(*) filter (where position is null) as open, (select last from kernel.event_order) as n from kernel.event',
    )
    const open = (rows[0] as unknown as { open: number }).open
    if (open === 0) return
    last = rows[0]?.n ?? 0
  }
}

/** Until the number has stayed the same for a while. */
async function untilQuiet(read: () => number): Promise<void> {
  let last = -1
  let same = 0
  const isQuiet = (): boolean => {
    same = read() === last ? same + 1 : 0
    last = read()
    return same > 50
  }
  await until('quiet', isQuiet, { everyMs: 2 })
}
