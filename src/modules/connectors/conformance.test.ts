/** Every connector that comes with Millrace keeps the rules of `src/sdk/conformance`. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import { connectors as all } from '#connectors'
import { openHouse, type House } from '#tests/house'
import datasetsModule from '#modules/datasets/module'
import { systemReader } from '#modules/datasets'
import exploreModule from '#modules/explore/module'
import identityModule from '#modules/identity/module'
import streamsModule from '#modules/streams/module'
import { bound, raw, sql } from '#sdk'
import type { Connector, SelectWriter, Surroundings } from '#sdk'
import { sourceChecks } from '#sdk/conformance/source-checks'
import type { SourceCase } from '#sdk/conformance/source-checks'
import { writerChecks } from '#sdk/conformance/writer-checks'
import type { DestinationCase } from '#sdk/conformance/writer-checks'
import { connectors } from './index.ts'
import { connectorsModule } from './module.ts'

const postgres = process.env['MILLRACE_TEST_POSTGRES_URL']
const skip = postgres === undefined ? 'set MILLRACE_TEST_POSTGRES_URL, or npm run test:services' : false
let house: House
let server: Server
let url: string
let around: Surroundings
before(async () => {
  house = await openHouse({
    egress: '127.0.0.0/8',
    modules: (home) => [
      identityModule,
      datasetsModule,
      streamsModule,
      connectorsModule({ connectors: all, home, files: [join(home, 'files')] }),
      exploreModule,
    ],
  })
  server = createServer(({ headers }, response) => {
    if (headers.authorization !== 'Bearer good') return void response.writeHead(401).end()
    response
      .setHeader('content-type', 'application/json')
      .end('[{"id":9007199254740993,"price":1.10},{"id":2,"price":null}]')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await house.file('people.csv', 'id,name\n1,Ann\n')
  const columns = [{ name: 'id', type: 'integer' }]
  await house.call('POST', '/api/v1/datasets', { name: 'visits', kind: 'events', columns })
  const signal = new AbortController().signal
  around = await house.running
    .face(connectors)
    .surroundings(systemReader('connectors', 'default'), { signal, seconds: 60 })
  if (postgres !== undefined)
    await withPostgres(
      'drop schema if exists conformance cascade; create schema conformance; create table conformance.source (id bigint primary key)',
    )
})
after(async () => {
  if (postgres !== undefined) await withPostgres('drop schema if exists conformance cascade')
  server.close()
  await house.close()
})

const connectorOf = (type: string): Connector => all.find((one) => one.type === type)!

async function withPostgres<Row extends object>(text: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: postgres })
  await client.connect()
  try {
    const { rows } = await client.query<Row>(text)
    return rows
  } finally {
    await client.end()
  }
}

function postgresConfig(): Record<string, unknown> {
  const { hostname, port, pathname, username, password } = new URL(postgres!)
  return {
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    user: username,
    password: decodeURIComponent(password),
    schema: 'conformance',
  }
}

const sources: Readonly<Record<string, () => Omit<SourceCase, 'connector' | 'around'>>> = {
  file: () => ({ config: { path: 'people.csv' } }),
  stream: () => ({ config: { stream: 'visits' } }),
  dataset: () => ({ config: { dataset: 'visits' } }),
  http: () => ({
    config: { url, token: 'good' },
    secrets: ['hidden-word'],
    badCredentials: { token: 'hidden-word' },
    unreachable: { url: 'http://127.0.0.1:9/', token: 'hidden-word' },
    records: ['{"id":9007199254740993,"price":1.10}', '{"id":2,"price":null}'],
  }),
  postgresql: () => ({
    config: { ...postgresConfig(), table: 'source' },
    secrets: ['hidden-word'],
    badCredentials: { password: 'hidden-word' },
    unreachable: { port: 9, password: 'hidden-word' },
  }),
}

test('every connector is tried out', () => {
  assert.deepEqual(
    Object.keys(sources).toSorted(),
    all.flatMap(({ type, source }) => (source ? [type] : [])).toSorted(),
  )
})

for (const [type, given] of Object.entries(sources))
  for (const [name, check] of Object.entries(sourceChecks))
    test(`${type}: ${name}`, { skip: type === 'postgresql' && skip }, () =>
      check({ ...given(), connector: connectorOf(type), around }),
    )

/** A destination that the engine fills, with two rows. */
function filled(type: string, config: object, more: Pick<DestinationCase, 'count' | 'leftovers'>): DestinationCase {
  return {
    connector: connectorOf(type),
    config: config as Record<string, unknown>,
    around,
    columns: [{ name: 'id', type: 'Int64' }],
    load: async (writer, id, commit) => {
      const broken = commit ? raw('') : sql` WHERE throwIf(number = ${bound(1, 'UInt8')}) = 0`
      const select = sql`SELECT toInt64(number) AS id FROM numbers(2)${broken}`
      const loading = (writer as SelectWriter).load({ id, select, count: 2, settings: {} })
      if (commit) return await loading
      await assert.rejects(loading)
      return { rows: 0, duplicate: false }
    },
    ...more,
  }
}

const destinations: Readonly<Record<string, () => DestinationCase>> = {
  dataset: () =>
    filled(
      'dataset',
      { dataset: 'filled', mode: 'append' },
      {
        count: async () => (await house.call('GET', '/api/v1/datasets/filled')).body.rows ?? 0,
        leftovers: async () => [],
      },
    ),
  postgresql: () =>
    filled(
      'postgresql',
      { ...postgresConfig(), table: 'target', mode: 'append' },
      {
        count: async () => {
          const [there] = await withPostgres<{ name: string | null }>(
            "select to_regclass('conformance.target')::text as name",
          )
          if (there?.name === null) return 0
          return Number(
            (await withPostgres<{ rows: string }>('select count(*) as rows from conformance.target'))[0]?.rows,
          )
        },
        leftovers: async () =>
          (
            await withPostgres<{ name: string }>(
              "select relname as name from pg_class where relname like '\\_millrace\\_stage%'",
            )
          ).map(({ name }) => name),
      },
    ),
}

for (const [type, given] of Object.entries(destinations))
  for (const [name, check] of Object.entries(writerChecks))
    test(`${type}, filled: ${name}`, { skip: type === 'postgresql' && skip }, () => check(given()))

test('file, filled: a load that is abandoned leaves the file as it was, and nothing beside it', async () => {
  await house.file('out/kept.csv', 'id\n7\n')
  const folder = join(house.home, 'files', 'out')
  await writerChecks['a load that is abandoned leaves nothing']!(
    filled(
      'file',
      { path: 'out/kept.csv' },
      {
        count: async () => (await readFile(join(folder, 'kept.csv'), 'utf8')).trim().split('\n').length - 1,
        leftovers: async () => (await readdir(folder)).filter((name) => name !== 'kept.csv'),
      },
    ),
  )
})
