import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEngine, type Engine } from '#adapters/chdb'
import { openClickhouse } from '#adapters/clickhouse'
import { postgresMetadata } from '#adapters/postgres'
import { ownDatabase, type OwnDatabase } from '#adapters/postgres/database-fixture'
import { storesTables } from '#kernel/guard-stores'
import type { Appended } from '#ports/log'
import { migrateOne } from '#kernel/migrations'
import { openWriter, rowsOf, type HolderMessage, type Place, type StopAt, type Writing } from './fencing-fixture.ts'

let home: string
let engine: Engine
let database: OwnDatabase
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'millrace-fencing-'))
  engine = await startEngine({ home, durability: 'process' })
  database = await ownDatabase(process.env['MILLRACE_TEST_POSTGRES_URL'] as string)
  const metadata = await postgresMetadata({ url: database.url })
  await migrateOne(metadata, storesTables)
  await metadata.close()
})
after(async () => {
  await engine.stop()
  await database.drop()
  await rm(home, { recursive: true, force: true })
})

interface Holder {
  readonly child: ChildProcess
  readonly said: HolderMessage[]
  /** Resolves when it has sent such a message. */
  until(what: (message: HolderMessage) => boolean): Promise<void>
}

function startHolder(place: Place, stopAt: StopAt): Holder {
  const child = fork(join(import.meta.dirname, 'fencing-fixture.ts'), [JSON.stringify([place, stopAt])])
  const said: HolderMessage[] = []
  child.on('message', (message: HolderMessage) => void said.push(message))
  return {
    child,
    said,
    async until(what) {
      while (!said.some(what)) {
        assert.equal(child.exitCode, null, 'the holder has ended')
        await sleep(20)
      }
    },
  }
}

/** SIGSTOP takes effect a moment after it is sent. */
async function isStopped(pid: number): Promise<void> {
  while (!/\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await sleep(5)
}

/** How many entries of the journal, and how many rows, there are of a block. */
async function blockAt(
  { databaseUrl, endpoint, topic }: Place,
  id: string,
): Promise<{ intended: number; rows: number }> {
  const metadata = await postgresMetadata({ url: databaseUrl })
  const warehouse = openClickhouse({ endpoint: async () => endpoint, features: { localFiles: false } })
  try {
    const entries = await metadata.system.query('select from log.block where topic = $1 and id = $2', [topic.name, id])
    const found = await warehouse.rows<{ n: string }>(
      `SELECT toString(count()) AS n FROM ${topic.database}.${topic.table} WHERE id = {id:String}`,
      { parameters: { id } },
    )
    return { intended: entries.rows.length, rows: Number(found[0]?.n) }
  } finally {
    await warehouse.close()
    await metadata.close()
  }
}

const cases: readonly StopAt[] = ['before the insert', 'in the insert', 'before the attach']
for (const stopAt of cases) {
  test(
    `a holder that is stopped ${stopAt} and continues after another took over changes nothing`,
    { skip: process.platform !== 'linux' && 'looks at /proc', timeout: 120_000 },
    async () => {
      const table = `t${cases.indexOf(stopAt)}`
      const place: Place = {
        databaseUrl: database.url,
        endpoint: await engine.endpoint(10_000),
        topic: {
          workspace: 'w',
          name: table,
          database: 'ws_w',
          table,
          columns: [
            { name: 'id', type: 'String', required: true },
            { name: 'n', type: 'Int64', required: true },
          ],
        },
      }
      const holder = startHolder(place, stopAt)
      let writer: Writing | undefined
      try {
        await holder.until((message) => 'stopping' in message)
        await isStopped(holder.child.pid ?? 0)
        assert.deepEqual(
          await blockAt(place, 'c'),
          { intended: 1, rows: 0 },
          'it stopped between the journal and the rows',
        )

        writer = await openWriter(place)
        const owed = new Map<string, Pick<Appended, 'rows' | 'to'>>()
        for (const id of ['c', 'd', 'e']) {
          const block = { id, ndjson: rowsOf(id), count: 3, once: id === 'd' }
          owed.set(id, await writer.log.append(place.topic, block))
        }
        holder.child.kill('SIGCONT')
        await holder.until((message) => 'ended' in message)
        owed.set('f', await writer.log.append(place.topic, { id: 'f', ndjson: rowsOf('f'), count: 3 }))

        for (const message of holder.said) if ('appended' in message) owed.set(message.appended, message)
        const refused = holder.said.flatMap((message) => ('refused' in message ? [message] : []))
        assert.ok(
          refused.some(({ refused: id, code }) => id === 'late' && code === 'log.taken_over'),
          JSON.stringify(holder.said),
        )
        const rows = await writer.warehouse.rows<{ id: string; p: string }>(
          `SELECT id, toString(_position) AS p FROM ws_w.${table} ORDER BY _position, id`,
        )
        assert.deepEqual(
          rows.map(({ p }) => Number(p)),
          rows.map((_, index) => index + 1),
          'positions are dense, none is there twice',
        )
        assert.deepEqual([...owed.keys()].toSorted(), ['a', 'b', 'c', 'd', 'e', 'f'])
        assert.equal(rows.length, 18)
        for (const [id, { rows: count, to }] of owed)
          assert.deepEqual(
            rows.slice(Number(to) - count, Number(to)).map((row) => row.id),
            [id, id, id],
            `block ${id} is where it was acknowledged`,
          )
        const again = await writer.log.append(place.topic, { id: 'c', ndjson: rowsOf('c'), count: 3 })
        assert.deepEqual([again.duplicate, again.to], [true, owed.get('c')?.to])
      } finally {
        holder.child.kill('SIGKILL')
        await writer?.close()
      }
    },
  )
}
