import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { pgliteMetadata } from '#adapters/pglite'
import type { Metadata, Sql } from '#ports/metadata'
import { assertProperty } from '#tests/long-form'
import { migrate } from '../module/migrations.ts'
import { deliveryFixture, untilTurned, type Opened } from './delivery-fixture.ts'

const home = await mkdtemp(join(tmpdir(), 'millrace-events-'))
const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
await migrate(metadata, [])
after(async () => {
  await metadata.close()
  await rm(home, { recursive: true, force: true })
})

const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('emit' as const), key: fc.integer({ min: 0, max: 2 }), failures: fc.constantFrom(0, 0, 0, 1, 3) }) }, // prettier-ignore
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass time' as const), ms: fc.integer({ min: 1, max: 5_000 }) }) }, // prettier-ignore
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill' as const), turns: fc.integer({ min: 0, max: 40 }) }) },
)

test('each event is handled at least once and in order per key, whatever fails and whenever the server is killed', async () => {
  await assertProperty(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const { open, clock } = deliveryFixture(metadata)
      const emitted: { key: string; n: number; failuresLeft: number }[] = []
      const handled = new Set<number>()
      const outOfOrder: string[] = []
      const start = async (): Promise<Opened & { kill(): void }> => {
        const { mortal, kill } = killable(metadata)
        const server = await open({
          over: mortal,
          handler: async ({ payload: { key, n } }) => {
            await turn()
            const earlier = emitted.find((each) => each.key === key && each.n < n && !handled.has(each.n))
            if (earlier !== undefined) outOfOrder.push(`${key}: ${n} came before ${earlier.n}`)
            const own = emitted[n]
            if (own !== undefined && own.failuresLeft > 0) {
              own.failuresLeft -= 1
              throw new Error('planned')
            }
            handled.add(n)
          },
        })
        await server.deliver()
        return { ...server, kill }
      }
      let server = await start()
      for (const each of steps) {
        if (each.do === 'emit') {
          const n = emitted.length
          emitted.push({ key: `key ${each.key}`, n, failuresLeft: each.failures })
          await server.emit('north', `key ${each.key}`, n)
        } else if (each.do === 'pass time') await clock.advance(each.ms)
        else {
          for (let n = 0; each.do === 'kill' && n < each.turns; n += 1) await turn()
          if (each.do === 'kill') server.kill()
          await server.stop()
          server = await start()
        }
      }
      await untilTurned('all handled', () => handled.size === emitted.length, { clock, stepMs: 500 })
      await server.stop()
      assert.deepEqual(outOfOrder, [])
    }),
    { short: 25, long: 300 },
  )
})

/** Metadata of a process that can be killed: from then on nothing it does reaches the database. */
function killable(real: Metadata): { mortal: Metadata; kill: () => void } {
  let dead = false
  const alive = (): void => {
    if (dead) throw new Error('killed')
  }
  const wrap = (sql: Sql): Sql => ({
    query: async (text, values) => {
      alive()
      return await sql.query(text, values)
    },
    transaction: async (work) =>
      await sql.transaction(async (session) => {
        const result = await work({
          query: async (text, values) => {
            alive()
            return await session.query(text, values)
          },
        })
        alive()
        return result
      }),
  })
  return {
    mortal: { ...real, system: wrap(real.system), inWorkspace: (workspace) => wrap(real.inWorkspace(workspace)) },
    kill: () => (dead = true),
  }
}
