import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ownDatabase, type OwnDatabase } from '#adapters/postgres/database-fixture'
import { startServer, type ServerProcess } from './server-process.ts'
import { freePort } from '../tools/testing/free-port.ts'

const place = mkdtempSync(join(tmpdir(), 'millrace-shared-'))
const servers: ServerProcess[] = []
let database: OwnDatabase
before(async () => {
  database = await ownDatabase(process.env['MILLRACE_TEST_POSTGRES_URL'] as string)
})
after(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  await database.drop()
  rmSync(place, { recursive: true, force: true })
})

async function started(home: string): Promise<ServerProcess> {
  const environment = { DATABASE_URL: database.url }
  const server = startServer({ home: join(place, home), port: await freePort(), environment })
  servers.push(server)
  return server
}

async function ended(server: ServerProcess): Promise<void> {
  while (!server.over()) await new Promise((resolve) => setTimeout(resolve, 20))
}

async function isRefused(server: ServerProcess, holder: ServerProcess): Promise<void> {
  await assert.rejects(server.ready(), (error: Error) => {
    const sentence = new RegExp(`in use by another server: process ${holder.pid} on ${hostname()}, since 2[0-9TZ:.-]+`)
    assert.match(error.message, sentence)
    return true
  })
  assert.match(server.said(), /waiting for up to \d+ s/)
}

test('two servers on one PostgreSQL: the second is refused and says who the first is', async () => {
  const first = await started('first')
  await first.ready()
  await isRefused(await started('second'), first)
  assert.equal((await first.ask('/ready')).status, 200)
})

test('the same home starts again at once after it was killed; a copy of the home is another home', async () => {
  const killed = servers[0] as ServerProcess
  killed.kill('server')
  await ended(killed)
  const again = await started('first')
  await again.ready()
  assert.doesNotMatch(again.said(), /waiting for up to/)
  mkdirSync(join(place, 'copy'))
  copyFileSync(join(place, 'first', 'home.id'), join(place, 'copy', 'home.id'))
  await isRefused(await started('copy'), again)
  again.kill('server')
  await ended(again)
})

test('another home takes over from a killed server within 15 s and says that it waits', async () => {
  const next = await started('next')
  await next.ready()
  assert.match(next.said(), /waiting for up to \d+ s to see whether it lives/)
  await isRefused(await started('first'), next)
})

test('a server that was stopped and replaced ends with a sentence when it continues', async () => {
  const stopped = servers.findLast((server) => !server.over()) as ServerProcess
  process.kill(stopped.pid, 'SIGSTOP')
  const next = await started('first')
  await next.ready()
  process.kill(stopped.pid, 'SIGCONT')
  await ended(stopped)
  assert.match(stopped.said(), new RegExp(`taken over by process ${next.pid} on ${hostname()}`))
  assert.equal((await next.ask('/ready')).status, 200)
})
