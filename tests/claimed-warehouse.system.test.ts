import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startEngine } from '#adapters/chdb'
import { startServer, type ServerProcess } from './server-process.ts'
import { freePort } from '../tools/testing/free-port.ts'

test('a ClickHouse serves one installation; another one is refused with the name of the first, and changes nothing', async () => {
  const place = mkdtempSync(join(tmpdir(), 'millrace-claimed-'))
  const engine = await startEngine({ home: join(place, 'engine'), durability: 'process' })
  const { url, username, password } = await engine.endpoint(10_000)
  const environment = { CLICKHOUSE_URL: url.replace('//', `//${username}:${password}@`) }
  const servers: ServerProcess[] = []
  const started = async (home: string): Promise<ServerProcess> => {
    const server = startServer({ home: join(place, home), port: await freePort(), environment })
    servers.push(server)
    return server
  }
  try {
    const first = await started('first')
    await first.ready()
    const sent = await first.ask('/api/v1/streams/orders/events', { json: [{ id: 1 }, { id: 2 }] })
    assert.equal(sent.status, 202)
    const other = await started('other')
    await assert.rejects(other.ready(), (error: Error) => {
      const sentence = `belongs to another installation, for which process ${first.pid} on ${hostname()} claimed it on 2`
      assert.ok(error.message.includes(sentence), error.message)
      return true
    })
    const answer = await first.ask('/query', { json: { sql: 'select count() from orders' } })
    assert.deepEqual(((await answer.json()) as { rows: unknown }).rows, [['2']])
    await first.stop()
    const again = await started('first')
    await again.ready()
    const hidden = await again.ask('/query', { json: { sql: 'select * from millrace_system.claim' } })
    assert.equal(hidden.status, 422)
    assert.doesNotMatch(await hidden.text(), /installation/)
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
    await engine.stop()
    rmSync(place, { recursive: true, force: true })
  }
})
