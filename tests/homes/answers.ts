/** The questions that a home is asked: every list and item route, values, SQL, and what each token may do. */
import type { ServerProcess } from '../server-process.ts'
import type { RecordedAnswer } from './home-record.ts'

interface Subjects {
  /** Their rows are loaded by runs that the kill cut off: in any order, at any time. */
  readonly movingDatasets: ReadonlySet<string>
  /** Their runs continue, or come by schedule. */
  readonly movingPipelines: ReadonlySet<string>
  readonly tokens: Readonly<Record<string, string>>
}

type Item = Readonly<Record<string, unknown>>
const range = 'from=2026-03-19T00:00:00Z&to=2026-04-07T00:00:00Z'
const valueQuestions = [
  `period=day&${range}`,
  `period=hour&from=2026-03-28T00:00:00Z&to=2026-03-31T00:00:00Z&zone=Europe/Berlin`,
  `period=day&${range}&zone=Asia/Kolkata`,
  `period=week&${range}&zone=America/St_Johns&fill=null`,
  `period=day&from=2026-03-25&to=2026-04-02&compare=previous`,
]
const dimensionQuestions = [
  `period=day&${range}&by=region`,
  `period=day&from=2026-03-25&to=2026-04-02&zone=Europe/Berlin&by=region,channel`,
  `period=day&${range}&filter=${encodeURIComponent("channel = 'web'")}`,
  `period=day&${range}&by=express&filter=${encodeURIComponent('quantity > 3')}`,
]
const statements = [
  'SELECT count() AS n, sum(amount) AS amount, sum(quantity) AS q, uniqExact(id) AS ids, sum(cityHash64(extra)) AS h FROM orders',
  'SELECT region, channel, sum(amount) AS a, avg(weight) AS w FROM orders GROUP BY region, channel ORDER BY region, channel',
  'SELECT count() AS n, sum(value) AS v, sum(id) AS ids FROM readings',
  'SELECT * FROM kpi_values_day ORDER BY ALL',
  "SELECT * FROM kpi_values_hour WHERE code = 'H.SUM' ORDER BY ALL",
  'SELECT o.region, r.revenue, sum(o.amount) AS a FROM orders o JOIN revenue_by_region r ON r.region = o.region GROUP BY ALL ORDER BY ALL',
]

/** A request that changes nothing for each permission: without it the answer is 403, with it anything else. */
const nothing = '00000000-0000-0000-0000-000000000000'
const guarded = [
  ['GET', '/api/v1/tokens'],
  ['POST', '/api/v1/tokens'],
  ['DELETE', `/api/v1/tokens/${nothing}`],
  ['GET', '/api/v1/datasets'],
  ['POST', '/api/v1/datasets'],
  ['GET', '/api/v1/datasets/orders/rows'],
  ['GET', '/api/v1/datasets/orders/quarantine'],
  ['PUT', '/api/v1/datasets/no-such-dataset'],
  ['DELETE', '/api/v1/datasets/no-such-dataset'],
  ['POST', '/api/v1/datasets/orders/quarantine/replay'],
  ['POST', '/api/v1/streams/orders/events'],
  ['GET', '/api/v1/streams'],
  ['GET', '/api/v1/metrics'],
  ['POST', '/api/v1/metrics'],
  ['GET', '/api/v1/metrics/H.SUM/values'],
  ['POST', '/stream/start'],
  ['GET', '/api/v1/dashboards'],
  ['POST', '/api/v1/dashboards'],
  ['POST', '/query'],
  ['GET', '/api/v1/connectors'],
  ['POST', '/api/v1/connectors/file/check'],
  ['POST', '/api/v1/connectors/file/discover'],
  ['GET', '/api/v1/pipelines'],
  ['POST', '/api/v1/pipelines/validate'],
  ['POST', '/api/v1/pipelines/preview'],
  ['DELETE', `/api/v1/pipelines/${nothing}`],
  ['POST', `/api/v1/runs/${nothing}/cancel`],
  ['POST', '/api/v1/pipelines'],
  ['POST', `/api/v1/pipelines/${nothing}/run`],
  ['POST', `/api/v1/pipelines/${nothing}/pause`],
  ['GET', '/api/v1/monitoring/metrics'],
  ['GET', '/api/v1/demo'],
] as const

export async function collectAnswers(server: ServerProcess, subjects: Subjects): Promise<RecordedAnswer[]> {
  const found: RecordedAnswer[] = []
  const get = async (path: string): Promise<Item> => {
    const answer = await jsonOf(server, { method: 'GET', path })
    found.push({ method: 'GET', path, answer })
    return answer as Item
  }
  const items = async (path: string): Promise<readonly Item[]> => (await get(path))['items'] as readonly Item[]
  const named = (item: Item, field: string): string => encodeURIComponent(String(item[field]))

  await get('/api/v1/session')
  await get('/api/v1/tokens')
  for (const dataset of await items('/api/v1/datasets')) {
    const path = `/api/v1/datasets/${named(dataset, 'name')}`
    await get(path)
    if (subjects.movingDatasets.has(String(dataset['name']))) continue
    await get(`${path}/rows?limit=1000`)
    await get(`${path}/rows?limit=5&order=desc`)
    await get(`${path}/profile`)
  }
  await get(`/api/v1/datasets/orders/rows?limit=200&filter=${encodeURIComponent("region = 'south' and amount > 500")}`)
  for (const stream of await items('/api/v1/streams')) {
    if (!subjects.movingDatasets.has(String(stream['name'])))
      await get(`/api/v1/streams/${named(stream, 'name')}/events?after=10&limit=20`)
  }
  for (const metric of await items('/api/v1/metrics')) {
    const path = `/api/v1/metrics/${named(metric, 'code')}`
    await get(path)
    for (const question of valueQuestions) await get(`${path}/values?${question}`)
    if (metric['code'] === 'H.RAW') {
      for (const zone of ['UTC', 'Europe/Berlin'])
        await get(`${path}/values?period=day&from=2026-02-01&to=2026-03-01&zone=${zone}`)
      await get(`${path}/values?period=month&from=2026-01-01&to=2026-04-01&by=name&fill=zero`)
    }
    if (metric['dataset'] === 'orders')
      for (const question of dimensionQuestions) await get(`${path}/values?${question}`)
  }
  await get(`/query/history/H.SUM?period=day&${range}`)
  for (const dashboard of await items('/api/v1/dashboards')) await get(`/api/v1/dashboards/${named(dashboard, 'id')}`)
  const quarantines = ['orders', 'south_orders', 'creditors']
  for (const pipeline of await items('/api/v1/pipelines?limit=200')) {
    const path = `/api/v1/pipelines/${named(pipeline, 'id')}`
    await get(path)
    if (/(file|postgres), checked$/.test(String(pipeline['name']))) quarantines.push(String(pipeline['name']))
    if (subjects.movingPipelines.has(String(pipeline['id']))) continue
    for (const run of await items(`${path}/runs`)) {
      await get(`/api/v1/runs/${named(run, 'id')}`)
      await get(`/api/v1/runs/${named(run, 'id')}/logs`)
    }
  }
  for (const name of quarantines) await get(`/api/v1/datasets/${encodeURIComponent(name)}/quarantine?limit=1000`)
  for (const sql of statements) {
    const question = { method: 'POST', path: '/query', body: { sql, limit: 100_000 } } as const
    found.push({ ...question, answer: await jsonOf(server, question) })
  }
  for (const token of Object.keys(subjects.tokens)) {
    for (const [method, path] of guarded) {
      const question = { method, path, token }
      found.push({ ...question, allowed: await isAllowed(server, question, subjects.tokens) })
    }
  }
  return found
}

/** What the server answers now. Refusals are answers too. */
export async function jsonOf(server: ServerProcess, question: RecordedAnswer): Promise<unknown> {
  const { method, path, body } = question
  const answer = await server.ask(path, { method, ...(body === undefined ? {} : { json: body }) })
  const text = await answer.text()
  return text === '' ? { status: answer.status } : (JSON.parse(text) as unknown)
}

export async function isAllowed(
  server: ServerProcess,
  { method, path, token = '' }: RecordedAnswer,
  tokens: Readonly<Record<string, string>>,
): Promise<boolean> {
  const headers = { authorization: `Bearer ${tokens[token]}` }
  const answer = await server.ask(path, {
    method,
    headers,
    ...(method === 'POST' || method === 'PUT' ? { body: '{"": 1' } : {}),
  })
  await answer.arrayBuffer()
  return answer.status !== 401 && answer.status !== 403
}
