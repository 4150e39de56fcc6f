/** Fills a new home over HTTP, up to the moment before the runs that are to be caught. */
import assert from 'node:assert/strict'
import { Client } from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerProcess } from '../server-process.ts'
import {
  caught,
  dashboards,
  datasets,
  failing,
  finished,
  halfway,
  metrics,
  orders,
  readings,
  secrets,
  ticks,
  tokens,
} from './contents.ts'
import type { HomeRecord } from './home-record.ts'
import { withHttpSource } from './stand-in-servers.ts'

export type Filled = Pick<HomeRecord, 'tokens' | 'cookie' | 'repeated' | 'secrets' | 'schedules' | 'half'> & {
  /** Ids of pipelines by their key in `contents.ts`. */
  readonly ids: Readonly<Record<string, string>>
}

export async function send(
  server: ServerProcess,
  path: string,
  json: unknown,
  { method = 'POST', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Record<string, unknown>> {
  const answer = await server.ask(path, { method, headers, ...(json === undefined ? {} : { json }) })
  const text = await answer.text()
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

export async function fillHome(server: ServerProcess): Promise<Filled> {
  for (const dataset of datasets) await send(server, '/api/v1/datasets', dataset)
  const repeated = await sendEvents(server)
  const ids: Record<string, string> = {}
  const make = async (key: string, spec: object): Promise<string> =>
    (ids[key] = String((await send(server, '/api/v1/pipelines', spec))['id']))
  const run = async (id: string): Promise<string> =>
    String((await send(server, `/api/v1/pipelines/${id}/run?wait=60s`, undefined))['status'])
  await withHttpSource(async () => {
    for (const [key, spec] of Object.entries(finished)) {
      const status = await run(await make(key, spec))
      assert.equal(status, 'succeeded', `${spec.name}: ${await runsOf(server, ids[key] ?? '')}`)
    }
  })
  assert.equal(await run(await make('failing', failing)), 'failed')
  await send(server, `/api/v1/pipelines/${ids['checkedFile']}/pause`, undefined)
  for (const metric of metrics) await send(server, '/api/v1/metrics', metric)
  for (const dashboard of dashboards) await send(server, '/api/v1/dashboards', dashboard)
  const half = await loadHalf(server, await make('halfway', halfway))
  for (const [key, spec] of Object.entries(caught)) await make(key, spec)
  const schedules = Object.entries(finished).flatMap(([key, spec]) => {
    if (!('schedule' in spec)) return []
    const { schedule } = spec
    const when = typeof schedule === 'string' ? { cron: schedule, zone: 'UTC' } : schedule
    const status = key === 'checkedFile' ? ('paused' as const) : ('active' as const)
    return [{ id: ids[key] ?? '', name: spec.name, ...when, status }]
  })
  return {
    ids,
    repeated,
    half,
    schedules,
    ...(await signIn(server)),
    secrets: {
      http: { id: ids['http'] ?? '', token: secrets.httpToken, apiKey: secrets.httpApiKey },
      postgresSource: { id: ids['fromPostgres'] ?? '', password: secrets.postgresPassword },
      postgresDestination: { id: ids['intoPostgres'] ?? '', password: secrets.postgresPassword },
    },
  }
}

async function runsOf(server: ServerProcess, id: string): Promise<string> {
  return await (await server.ask(`/api/v1/pipelines/${id}/runs`)).text()
}

async function sendEvents(server: ServerProcess): Promise<HomeRecord['repeated']> {
  const path = '/api/v1/streams/orders/events'
  const key = 'the-third-block'
  let repeated: HomeRecord['repeated'] | undefined
  for (let first = 0; first < orders.length; first += 100) {
    const body: unknown[] = orders.slice(first, first + 100)
    if (first === 200)
      body.push({ ...orders[0], id: 'bad-amount', amount: 'a lot' }, { ...orders[0], id: 'no-day', ordered_at: 'x' })
    const headers: Record<string, string> = first === 200 ? { 'idempotency-key': key } : {}
    const answer = await send(server, path, body, { headers })
    if (first === 200) repeated = { path, key, body, answer }
  }
  await send(server, '/api/v1/streams/readings/events', readings.slice(0, readings.length / 2))
  // Columns are guessed from the first events, and one more is declared later.
  await send(server, '/api/v1/streams/web.visits-1/events', [
    { page: '/', at: '2026-03-21T08:00:00Z', seconds: 1.5, agent: { name: 'x', bot: false } },
    { page: '/a', at: '2026-03-21T08:01:00Z', seconds: null, agent: { name: 'y', bot: true } },
  ])
  const visits = '/api/v1/datasets/web.visits-1'
  const { columns, ...visit } = await send(server, visits, undefined, { method: 'GET' })
  const wider = { ...visit, columns: [...(columns as unknown[]), { name: 'country', type: 'string' }] }
  await send(server, visits, wider, { method: 'PUT' })
  await send(server, '/api/v1/streams/web.visits-1/events', [
    { page: '/b', at: '2026-03-22T08:00:00Z', seconds: 2, agent: null, country: 'IT' },
  ])
  await send(server, '/api/v1/streams/ticks/events', ticks)
  assert.ok(repeated)
  return repeated
}

/** Loads the first half of the readings, pauses, and sends the second half. */
async function loadHalf(server: ServerProcess, id: string): Promise<HomeRecord['half']> {
  const dataset = halfway.destination.config.dataset
  const low = readings.filter(({ value }) => value < 90).length
  const there = readings.slice(0, readings.length / 2).filter(({ value }) => value < 90).length
  await send(server, `/api/v1/pipelines/${id}/resume`, undefined)
  while (Number((await rows(server, `SELECT count() FROM ${dataset}`))?.[0]?.[0] ?? 0) < there) await sleep(50)
  await send(server, `/api/v1/pipelines/${id}/pause`, undefined)
  while (/"(running|queued)"/.test(await runsOf(server, id))) await sleep(50)
  await send(server, '/api/v1/streams/readings/events', readings.slice(readings.length / 2))
  return { id, dataset, missing: low - there, rows: low }
}

export async function rows(server: ServerProcess, sql: string): Promise<readonly unknown[][] | undefined> {
  const answer = await server.ask('/query', { json: { sql } })
  return answer.ok ? ((await answer.json()) as { rows: unknown[][] }).rows : undefined
}

async function signIn(server: ServerProcess): Promise<Pick<HomeRecord, 'tokens' | 'cookie'>> {
  const made: Record<string, string> = {}
  for (const token of tokens) {
    const { id, token: value } = await send(server, '/api/v1/tokens', token)
    made[token.name] = String(value)
    if (token.name === 'revoked') await send(server, `/api/v1/tokens/${String(id)}`, undefined, { method: 'DELETE' })
  }
  const answer = await fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: made['numbers'] }),
  })
  assert.equal(answer.status, 201, await answer.clone().text())
  return { tokens: made, cookie: (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '' }
}

/** What the pipelines over PostgreSQL read and write. */
export async function fillPostgres(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(`create role keeper login superuser password '${secrets.postgresPassword}'`)
  await client.query(`create table people as select i as id, 'person ' || i as name, (i / 8.0)::numeric(10,3) as score,
    '2026-01-01'::timestamptz + i * interval '1 hour' as born from generate_series(1, 25) i`)
  await client.end()
}
