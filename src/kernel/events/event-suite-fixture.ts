/** What holds for events on every metadata database: registered for PGlite and for PostgreSQL. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Metadata, Sql } from '#ports/metadata'
import { until } from '#tests/house/until'
import { migrate } from '../module/migrations.ts'
import { registerConsumerCases } from './consumer-cases-fixture.ts'
import { countEvents, deliveryFixture, measured, untilTurned, type Payload } from './delivery-fixture.ts'
import type { DeliveredEvent } from './events.ts'

export interface EventSuiteOptions {
  readonly open: () => Promise<{ metadata: Metadata; closed: () => Promise<void> }>
  /** Two transactions can be open at once. */
  readonly concurrent: boolean
}

export function registerEventSuite(name: string, { open, concurrent }: EventSuiteOptions): void {
  describe(`events: ${name}`, () => {
    let metadata: Metadata
    let closed: () => Promise<void>
    before(async () => {
      ;({ metadata, closed } = await open())
      await migrate(metadata, [])
    })
    after(async () => {
      await metadata.close()
      await closed()
    })

    registerOutboxCases(() => metadata)
    registerConsumerCases(() => metadata, { concurrent })
  })
}

function registerOutboxCases(given: () => Metadata): void {
  test('an event is delivered after its transaction, with everything that was written', async () => {
    const { open: openServer, definition, clock } = deliveryFixture(given())
    const seen: DeliveredEvent[] = []
    const server = await openServer({ handler: (event) => void seen.push(event) })
    await server.deliver()
    await server.emit('north', 'a', 1)
    await until('1 seen', () => seen.length === 1)
    const { id, ...rest } = seen[0]!
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(rest, {
      name: definition.name,
      workspace: 'north',
      subject: { kind: 'number', id: 'a', name: 'a' },
      key: 'a',
      payload: { key: 'a', n: 1 },
      at: new Date(clock.now()),
      attempt: 1,
    })
    await server.stop()
    assert.equal(measured(server, 'millrace_outbox_delivered_total'), 1)
  })

  test('an event of a transaction that was rolled back does not exist', async () => {
    const { open: openServer, definition } = deliveryFixture(given())
    const server = await openServer()
    const stop = new Error('stop')
    await assert.rejects(
      server.ports.metadata.inWorkspace('north').transaction(async (session) => {
        await server.emitIn(session, 'a', 1)
        throw stop
      }),
      stop,
    )
    assert.equal(await countEvents(given(), definition.name), 0)
  })

  test('an event needs a transaction for a workspace, of the metadata that the module was given', async () => {
    const { open: openServer, definition } = deliveryFixture(given())
    const server = await openServer()
    for (const sql of [server.ports.metadata.system, given().inWorkspace('north')] as Sql[])
      await assert.rejects(
        sql.transaction(async (session) => await server.emitIn(session, 'a', 1)),
        /needs a session of a transaction/,
      )
    const wrong = server.ports.metadata
      .inWorkspace('north')
      .transaction(async (session) => await server.emitIn(session, 'a', 1.5))
    await assert.rejects(wrong, /does not fit its schema/)
    const foreign = server.emitOf({ name: 'other' })
    const undeclared = server.ports.metadata.inWorkspace('north').transaction(
      async (session) =>
        await foreign(session, definition, {
          subject: { kind: 'number', id: 'a', name: 'a' },
          payload: { key: 'a', n: 1 },
        }),
    )
    await assert.rejects(undeclared, /does not declare the event/)
    assert.equal(await countEvents(given(), definition.name), 0)
  })

  test('a workspace sees only its own events', async () => {
    const { open: openServer, definition } = deliveryFixture(given())
    const server = await openServer()
    await server.emit('north', 'a', 1)
    const { rows } = await given()
      .inWorkspace('south')
      .query('select * from kernel.event where name = $1', [definition.name])
    assert.deepEqual(rows, [])
  })

  test('what was committed and not delivered before the end of a server is delivered at the next start', async () => {
    const { open: openServer } = deliveryFixture(given())
    const seen: number[] = []
    const handler = (event: DeliveredEvent): void => void seen.push((event.payload as Payload).n)
    const first = await openServer({ handler })
    for (const n of [1, 2, 3]) await first.emit('north', 'a', n)
    const second = await openServer({ handler })
    await second.deliver()
    await until('3 seen', () => seen.length === 3)
    assert.deepEqual(seen, [1, 2, 3])
    await second.stop()
  })

  test('an event that fails holds back only its own key, and is tried again with growing pauses', async () => {
    const { open: openServer, clock } = deliveryFixture(given())
    const seen: string[] = []
    const tries: number[] = []
    const server = await openServer({
      handler: ({ payload: { key, n }, attempt }) => {
        if (key === 'bad' && n === 1) {
          tries.push(clock.now())
          if (attempt < 4) throw new Error('not yet')
        }
        seen.push(`${key}${n}`)
      },
    })
    for (const [key, n] of [
      ['bad', 1],
      ['good', 1],
      ['bad', 2],
      ['good', 2],
    ] as const)
      // prettier-ignore
      await server.emit('north', key, n)
    await server.deliver()
    await until('seen and parked', () => seen.length === 2 && measured(server, 'millrace_outbox_parked') === 2)
    await server.emit('north', 'bad', 3)
    await until('3 parked', () => measured(server, 'millrace_outbox_parked') === 3)
    await server.emit('south', 'bad', 4)
    await until('3 seen', () => seen.length === 3)
    assert.deepEqual(seen, ['good1', 'good2', 'bad4'])
    await untilTurned('6 seen', () => seen.length === 6, { clock, stepMs: 100 })
    assert.deepEqual(seen.slice(3), ['bad1', 'bad2', 'bad3'])
    const pauses = tries.slice(1).map((at, index) => at - tries[index]!)
    for (const [index, pause] of pauses.entries()) assert.ok(pause >= 1000 * 2 ** index, `${pauses}`)
    await until('0 parked', () => measured(server, 'millrace_outbox_parked') === 0)
    assert.equal(measured(server, 'millrace_outbox_failures_total'), 3)
    await server.stop()
  })

  test('what is parked is tried again after a restart, with the reason of the last failure kept', async () => {
    const { open: openServer, clock, target } = deliveryFixture(given())
    const failing = await openServer({
      handler: () => {
        throw new Error('the cellar is flooded')
      },
    })
    await failing.emit('north', 'a', 1)
    await failing.emit('north', 'a', 2)
    await failing.deliver()
    await until('2 parked', () => measured(failing, 'millrace_outbox_parked') === 2)
    await failing.stop()
    const { rows } = await given()
      .inWorkspace('north')
      .query('select attempts, error from kernel.event_parked where module = $1 order by position', [target])
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [
        { attempts: 1, error: 'the cellar is flooded' },
        { attempts: 0, error: null },
      ],
    )
    const seen: number[] = []
    const mended = await openServer({ handler: ({ payload }) => void seen.push(payload.n) })
    await mended.deliver()
    await untilTurned('2 seen', () => seen.length === 2, { clock, stepMs: 500 })
    assert.deepEqual(seen, [1, 2])
    await mended.stop()
  })
}
