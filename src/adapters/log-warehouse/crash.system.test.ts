import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { systemClock } from '#adapters/clock-system'
import { memoryLeases } from '#adapters/leases-memory'
import { BlockRejected, type Appended, type Block, type Log, type Position, type Topic } from '#ports/log'
import type { Metadata, Sql } from '#ports/metadata'
import { WarehouseUnavailable, type Warehouse } from '#ports/warehouse'
import { assertProperty, isLong, progress, seed } from '#tests/long-form'
import { openEngines, type Engines } from './embedded-fixture.ts'
import { openWarehouseLog } from './log.ts'

let stores: Engines
before(async () => {
  stores = await openEngines(undefined, { stuck: { slackMs: 0, graceMs: 100, maxStuck: 0 } })
})
after(async () => {
  await stores.remove()
})

/** Every call into a store is a point of a crash in the long run; otherwise one of 20 neighbours, which the seed chooses. */
const crashStep = isLong ? 1 : 20
const firstCrash = (moment: 'before' | 'after'): number => 1 + ((seed + (moment === 'before' ? 0 : 10)) % crashStep)

class Crash extends Error {}

/** A process that dies at its nth call into a store: before the call takes effect, or after it but before the answer. */
function mortal(
  at: number,
  moment: 'before' | 'after',
): { warehouse: Warehouse; metadata: Metadata; calls: () => number } {
  let calls = 0
  let dead = false
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    if (dead) throw new Crash()
    calls += 1
    const dies = calls === at
    if (dies && moment === 'before') dead = true
    if (dead) throw new Crash()
    const answer = await work()
    if (dies) dead = true
    if (dead) throw new Crash()
    return answer
  }
  const { warehouse, metadata } = stores
  const sql: Sql = {
    query: (text, values) => step(() => metadata.system.query(text, values)),
    transaction: (work) => step(() => metadata.system.transaction(work)),
  }
  return {
    calls: () => calls,
    metadata: { ...metadata, system: sql, inWorkspace: () => sql, script: (text) => metadata.script(text) },
    warehouse: {
      ...warehouse,
      rows: (text, options) => step(() => warehouse.rows(text, options)) as never,
      command: (text, options) => step(() => warehouse.command(text, options)),
      insert: (text, body, options) => step(() => warehouse.insert(text, body, options)),
      cancel: (id) => warehouse.cancel(id),
      endQuery: (id) => step(() => warehouse.endQuery(id)),
    },
  }
}

let made = 0
function newTopic(): Topic {
  made += 1
  const name = `crash${made}`
  return {
    workspace: 'w',
    name,
    database: 'ws_crash',
    table: name,
    rememberIdsMs: 86_400_000,
    columns: [{ name: 'n', type: 'Int64', required: true }],
  }
}

const bytes = (numbers: readonly number[]): Buffer => Buffer.from(numbers.map((n) => `{"n":${n}}\n`).join(''))

async function open(parts: { warehouse: Warehouse; metadata: Metadata }, topic: Topic): Promise<Log> {
  const log = await openWarehouseLog({
    ...parts,
    leases: memoryLeases(),
    clock: systemClock(),
    lingerMs: 0,
    patienceMs: 0,
  })
  await log.open(topic)
  return log
}

async function contents(topic: Topic): Promise<{ positions: number[]; numbers: number[] }> {
  const rows = await stores.warehouse.rows<{ n: string; p: string }>(
    `SELECT toString(n) AS n, toString(_position) AS p FROM ws_crash.${topic.table} ORDER BY _position`,
  )
  return { positions: rows.map((row) => Number(row.p)), numbers: rows.map((row) => Number(row.n)) }
}

/** The engine may have been killed a moment ago, and questions fail until that is noticed and the next one is ready. */
async function contentsOnceBack(topic: Topic): Promise<Awaited<ReturnType<typeof contents>>> {
  for (;;) {
    try {
      return await contents(topic)
    } catch (error) {
      if (!(error instanceof WarehouseUnavailable)) throw error
      await sleep(20)
    }
  }
}

test('a crash between any two steps loses nothing acknowledged and keeps no half block', async () => {
  const work = (log: Log, topic: Topic): Promise<unknown>[] => [
    log.append(topic, { id: 'a', ndjson: bytes([1, 2]), count: 2 }),
    log.append(topic, { id: 'b', ndjson: bytes([3]), count: 1 }),
    log.append(topic, { id: 'bad', ndjson: Buffer.from('{"n":"x"}'), count: 1 }),
    log.append(topic, { id: 's', select: 'SELECT number + 100 AS n FROM numbers(5)', count: 5 }),
    log.append(topic, { id: 'u', select: 'SELECT number + 200 AS n FROM numbers(4)' }),
    log.append(topic, { id: 'c', ndjson: bytes([4]), count: 1 }),
  ]
  const sizes: Record<string, number> = { a: 2, b: 1, bad: 0, s: 5, u: 4, c: 1 }
  const step = progress('crashes')
  for (const moment of ['before', 'after'] as const) {
    for (let at = firstCrash(moment); ; at += crashStep) {
      step()
      const topic = newTopic()
      const process = mortal(at, moment)
      let answers: PromiseSettledResult<unknown>[] = []
      try {
        const log = await open(process, topic)
        answers = await Promise.allSettled(work(log, topic))
      } catch (error) {
        assert.ok(error instanceof Crash)
      }
      const survivor = await open(stores, topic)
      const { positions, numbers } = await contents(topic)
      assert.deepEqual(
        positions,
        positions.map((_, index) => index + 1),
        `dense after a crash ${moment} call ${at}`,
      )
      answers.forEach((answer, index) => {
        const id = Object.keys(sizes)[index] as string
        if (answer.status === 'rejected') return
        const { rows: count, to } = answer.value as Appended
        const rows = numbers.slice(Number(to) - count, Number(to))
        assert.equal(rows.length, sizes[id], `block ${id} is there after a crash ${moment} call ${at}`)
      })
      await Promise.allSettled(work(survivor, topic))
      const complete = await contents(topic)
      assert.deepEqual(
        complete.positions,
        complete.positions.map((_, index) => index + 1),
      )
      assert.deepEqual(
        complete.numbers.toSorted((x, y) => x - y),
        [1, 2, 3, 4, 100, 101, 102, 103, 104, 200, 201, 202, 203],
        `once each after a crash ${moment} call ${at}`,
      )
      await survivor.remove(topic)
      await survivor.close()
      if (process.calls() < at) break
    }
  }
})

test('a crash during a replacement leaves the rows of before or those of the select, and a retry ends it once', async () => {
  const step = progress('crashes')
  for (const rows of [2, 0])
    for (const moment of ['before', 'after'] as const)
      for (let at = firstCrash(moment); ; at += crashStep) {
        step()
        const topic = newTopic()
        const block: Block = { id: 'r', select: `SELECT number + 100 AS n FROM numbers(${rows})`, replace: true }
        const first = await open(stores, topic)
        await first.append(topic, { id: 'a', ndjson: bytes([1, 2, 3]), count: 3 })
        await first.close()
        const process = mortal(at, moment)
        const answer = await open(process, topic)
          .then((log) => log.append(topic, block))
          .catch(() => undefined)
        const survivor = await open(stores, topic)
        const { numbers } = await contents(topic)
        const [old, fresh] = [[1, 2, 3], [100, 101].slice(0, rows)]
        const place = `${rows} rows, a crash ${moment} call ${at}`
        assert.ok(JSON.stringify(numbers) === JSON.stringify(old) ? !answer : String(numbers) === String(fresh), place)
        await survivor.append(topic, block)
        const appended = await survivor.append(topic, { id: 'c', ndjson: bytes([4]), count: 1 })
        assert.equal(appended.to, String(4 + rows), place)
        const { positions, numbers: after } = await contents(topic)
        assert.deepEqual([after, positions[0]], [[...fresh, 4], 4], place)
        assert.equal(await survivor.replacedUpTo(topic), '3', place)
        await survivor.remove(topic)
        await survivor.close()
        if (answer !== undefined && process.calls() < at) break
      }
})

test('random blocks, retries and crashes: the topic holds what a naive log would hold', async () => {
  const Step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('append' as const),
        id: fc.integer({ min: 0, max: 12 }),
        size: fc.integer({ min: 0, max: 4 }),
        once: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('select' as const),
        id: fc.integer({ min: 20, max: 24 }),
        size: fc.integer({ min: 1, max: 6 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('broken' as const), id: fc.integer({ min: 30, max: 33 }) }) },
  )
  const Life = fc.record({
    diesAt: fc.integer({ min: 5, max: 40 }),
    moment: fc.constantFrom('before' as const, 'after' as const),
    bursts: fc.array(fc.array(Step, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
  })
  await assertProperty(
    fc.asyncProperty(fc.array(Life, { minLength: 1, maxLength: 3 }), async (lives) => {
      const topic = newTopic()
      const acknowledged = new Map<string, { to: number; numbers: number[] }>()
      const tried = new Map<number, string>()
      let fresh = 0
      for (const { diesAt, moment, bursts } of [
        ...lives,
        { diesAt: Infinity, moment: 'before' as const, bursts: [[]] },
      ]) {
        const log = await open(mortal(diesAt, moment), topic).catch(() => undefined)
        if (log === undefined) continue
        for (const burst of bursts) {
          await Promise.allSettled(
            burst.map(async (step) => {
              const once = step.kind === 'append' && step.once
              if (once) fresh += 1
              const id = once ? `once${fresh}` : `id${step.id}`
              // The same id always stands for the same rows.
              const size =
                step.kind === 'append' && once
                  ? step.size
                  : step.kind === 'broken'
                    ? 1
                    : (step.id % 5) + (step.kind === 'select' ? 1 : 0)
              const base = once ? 100_000 + fresh * 100 : step.id * 100
              const numbers = Array.from({ length: size }, (_, index) => base + index)
              for (const number of numbers) tried.set(number, id)
              const block: Block =
                step.kind === 'select'
                  ? {
                      id,
                      select: `SELECT number + ${base} AS n FROM numbers(${size})`,
                      ...(step.id % 2 === 0 ? {} : { count: size }),
                    }
                  : step.kind === 'broken'
                    ? { id, ndjson: Buffer.from('{"n":"x"}'), count: 1 }
                    : { id, ndjson: bytes(numbers), count: size, ...(once ? { once } : {}) }
              try {
                const { rows, to } = await log.append(topic, block)
                assert.notEqual(step.kind, 'broken')
                assert.equal(rows, size)
                const earlier = acknowledged.get(id)
                if (earlier !== undefined) assert.equal(earlier.to, Number(to), 'a retry answers the first position')
                else acknowledged.set(id, { to: Number(to), numbers })
              } catch (error) {
                assert.ok(error instanceof Crash || error instanceof BlockRejected, String(error))
              }
            }),
          ).then((outcomes) => {
            for (const one of outcomes) if (one.status === 'rejected') throw one.reason
          })
        }
      }
      const survivor = await open(stores, topic)
      const { positions, numbers } = await contents(topic)
      assert.deepEqual(
        positions,
        positions.map((_, index) => index + 1),
        'positions are dense',
      )
      assert.equal(new Set(numbers).size, numbers.length, 'no row is there twice')
      for (const [id, block] of acknowledged) {
        assert.deepEqual(
          numbers.slice(block.to - block.numbers.length, block.to),
          block.numbers,
          `block ${id} is where it was acknowledged`,
        )
      }
      const present = new Set(numbers.map((number) => tried.get(number)))
      for (const id of present) {
        const whole = [...tried].filter(([, owner]) => owner === id).map(([number]) => number)
        assert.ok(
          whole.every((number) => numbers.includes(number)),
          `block ${id} is there whole`,
        )
      }
      await survivor.remove(topic)
      await survivor.close()
    }),
    { short: 10, long: 500 },
  )
})

test('an engine that is killed again and again under appends costs time, not rows', () =>
  appendUnder(async (appended) => {
    await appended()
    await sleep(seed % 300)
    if (stores.engine.pid !== undefined) process.kill(stores.engine.pid, 'SIGKILL')
  }))

test('an engine that is restarted because a query does not stop costs time, not rows', () =>
  appendUnder(async () => {
    const before = stores.engine.pid
    const sql = 'SELECT arrayLevenshteinDistanceWeighted(range(200001), range(200001), range(200001), range(200001))'
    await assert.rejects(stores.warehouse.rows(sql, { limits: { seconds: 0.3 } }))
    while (stores.engine.pid === before) await sleep(10)
  }))

const disturbances = isLong ? 30 : 2

/**
 * Appends while `disturb` is done again and again; every acknowledged block is there once, in order. What `disturb`
 * gets waits until 20 more blocks are appended.
 */
async function appendUnder(disturb: (appended: () => Promise<void>) => Promise<void>): Promise<void> {
  const topic = newTopic()
  const log = await openWarehouseLog({ ...stores, leases: memoryLeases(), clock: systemClock() })
  await log.open(topic)
  let over = false
  const appended: { id: string; to: Position; n: number }[] = []
  let n = 0
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    for (let block = 0; !over; block += 1) {
      const [id, first] = [`${writer}-${block}`, (n += 3)]
      for (;;) {
        try {
          const { to } = await log.append(topic, { id, ndjson: bytes([first, first + 1, first + 2]), count: 3 })
          appended.push({ id, to, n: first })
          break
        } catch (error) {
          if (!(error instanceof WarehouseUnavailable)) throw error
        }
      }
    }
  })
  const more = async (): Promise<void> => {
    const enough = appended.length + 20
    while (!over && appended.length < enough) await sleep(5)
  }
  const end = (): void => {
    over = true
  }
  const disturbing = (async () => {
    for (let time = 0; !over && time < disturbances; time += 1) await disturb(more)
    await more()
  })()
  await Promise.all([Promise.all(writers).finally(end), disturbing.finally(end)])
  const { positions, numbers } = await contentsOnceBack(topic)
  assert.deepEqual(
    positions,
    positions.map((_, index) => index + 1),
  )
  assert.equal(numbers.length, appended.length * 3)
  for (const { to, n: first } of appended)
    assert.deepEqual(numbers.slice(Number(to) - 3, Number(to)), [first, first + 1, first + 2])
  await log.close()
}
