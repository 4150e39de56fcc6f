/** The metadata database ends under a running server: what was acknowledged stays, and the server recovers by itself. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startServer } from './server-process.ts'
import { freePort } from '../tools/testing/free-port.ts'

const home = mkdtempSync(join(tmpdir(), 'millrace-panic-'))
after(() => rmSync(home, { recursive: true, force: true }))

test(
  'a server whose metadata panics refuses with 503, then takes events again and has each once',
  { timeout: 180_000 },
  async () => {
    const server = startServer({ home, port: await freePort() })
    const log = join(home, 'metadata', 'pg_wal')
    let accepted = 0
    let next = 1
    /** Sends a block until it is accepted, always under the same key, as a client should; answers the statuses on the way. */
    const send = async (most: number): Promise<readonly number[]> => {
      const statuses: number[] = []
      const body = Array.from({ length: 50 }, (_, k) => JSON.stringify({ id: next + k })).join('\n')
      while (statuses.at(-1) !== 202 && statuses.length < most) {
        const answer = await server.ask('/api/v1/streams/notes/events', {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': `block-${next}` },
        })
        const { code } = (await answer.json()) as { code?: string }
        if (answer.status !== 202) assert.equal(`${answer.status} ${code}`, '503 kernel.metadataUnavailable')
        statuses.push(answer.status)
        if (answer.status !== 202) await sleep(200)
      }
      if (statuses.at(-1) === 202) {
        next += 50
        accepted += 50
      }
      return statuses
    }
    try {
      await server.ready()
      for (let block = 0; block < 5; block += 1) assert.deepEqual(await send(1), [202])
      await rename(log, `${log}.away`)
      const made: string[] = []
      let refused: { status: number; code: string } | undefined
      for (let n = 0; n < 3000 && refused === undefined; n += 1) {
        const name = `p${n}`
        const answer = await server.ask('/api/v1/pipelines', {
          json: {
            name,
            type: 'batch',
            source: {
              type: 'file',
              config: { path: Array.from({ length: 400 }, () => Math.random().toString(36).slice(2, 12)).join('') },
            },
            destination: { type: 'dataset', config: { dataset: 'd' } },
          },
        })
        if (answer.status === 201) made.push(name)
        else refused = { status: answer.status, code: ((await answer.json()) as { code: string }).code }
      }
      assert.deepEqual(refused, { status: 503, code: 'kernel.metadataUnavailable' })
      assert.deepEqual(await send(3), [503, 503, 503])
      const ready = (await (await server.ask('/ready')).json()) as {
        ready: boolean
        parts: { name: string; ok: boolean; detail?: string }[]
      }
      assert.equal(ready.ready, false)
      assert.match(ready.parts.find(({ name }) => name === 'metadata')?.detail ?? '', /pg_wal/)

      await rename(`${log}.away`, log)
      await server.ready(30_000)
      for (let block = 0; block < 5; block += 1) assert.equal((await send(20)).at(-1), 202)
      const rows = async () => ((await (await server.ask('/api/v1/datasets/notes')).json()) as { rows: number }).rows
      assert.equal(Number(await rows()), accepted)
      const distinct = await server.ask('/query', { json: { sql: 'select count(distinct id) as n from notes' } })
      assert.equal(Number(((await distinct.json()) as { rows: [[number]] }).rows[0][0]), accepted)
      for (const name of [made[0], made.at(-1)]) {
        const found = (await (await server.ask(`/api/v1/pipelines?name=${name}`)).json()) as { items: object[] }
        assert.equal(found.items.length, 1, name)
      }
      const run = await server.ask('/api/v1/pipelines', {
        json: {
          name: 'after',
          type: 'batch',
          source: { type: 'dataset', config: { dataset: 'notes' } },
          destination: { type: 'dataset', config: { dataset: 'copied', key: ['id'] } },
        },
      })
      const { id } = (await run.json()) as { id: string }
      const ended = (await (await server.ask(`/api/v1/pipelines/${id}/run?wait=30s`, { method: 'POST' })).json()) as {
        status: string
      }
      assert.equal(ended.status, 'succeeded', JSON.stringify(ended))
      assert.ok(!server.over())
    } finally {
      await server.stop()
    }
  },
)
