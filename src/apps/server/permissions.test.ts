/** Which permission opens what: every operation, every socket, and whatever a definition may use. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { WebSocket } from 'ws'
import { connectors } from '#connectors'
import { operationsOf } from '#kernel/start-order'
import type { SocketRoute } from '#kernel/module'
import { callAt, type Reply } from '#tests/house/call'
import { openServer } from '#tests/house/server'
import { until } from '#tests/house/until'
import { modules } from './modules.ts'

const server = await openServer()
const { home } = server
after(() => server.close())

const all = modules({ home, files: [join(home, 'files')], demo: false })
const permissions = all.flatMap((module) => Object.keys(module.permissions as object))

const ask = async (method: string, path: string, token: string | undefined, body?: unknown): Promise<Reply> =>
  await callAt(server.url + path, {
    method,
    body: body as object | undefined,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })

const made = new Map<string, Promise<string>>()
/** A token with these permissions and no others. */
function holding(list: readonly string[]): Promise<string> {
  const name = list.toSorted().join(' ')
  const token =
    made.get(name) ??
    ask('POST', '/api/v1/tokens', server.token, { name: `token ${made.size}`, permissions: list }).then(
      ({ body }) => body.token as string,
    )
  made.set(name, token)
  return token
}
const without = (...left: string[]): Promise<string> => holding(permissions.filter((name) => !left.includes(name)))

const routes = all.flatMap((module) =>
  operationsOf(module).flatMap(([, { method, permission, path, aliases = [] }]) =>
    [path, ...aliases].map((each) => ({ method, permission, path: each.replaceAll(/\{\w+\}/g, 'nothing') })),
  ),
)

test('every operation needs a token, and the one permission that it names', async () => {
  for (const { method, path, permission } of routes) {
    if (permission === 'public') continue
    const name = `${method} ${path}`
    assert.equal((await ask(method, path, undefined)).status, 401, name)
    const refused = await ask(method, path, await without(permission))
    assert.deepEqual([refused.status, refused.body.code], [403, 'kernel.forbidden'], name)
    assert.ok(refused.body.detail.includes(`"${permission}"`), name)
    const allowed = await ask(method, path, await holding([permission]))
    assert.ok(allowed.status !== 401, name)
    // What the call uses may need more; then the refusal names the place.
    if (allowed.status === 403 && allowed.body.code !== 'identity.adminOnly')
      assert.ok(allowed.body.problems.length > 0, `${name}: ${JSON.stringify(allowed.body)}`)
  }
})

test('every socket needs each of the permissions that it names', async () => {
  const sockets = all.flatMap((module) => Object.values((module.sockets ?? {}) as Record<string, SocketRoute>))
  assert.ok(sockets.some(({ path }) => path.startsWith('/ws/dashboard/')))
  const shake = async (path: string, token: string): Promise<number> => {
    const socket = new WebSocket(server.url.replace('http', 'ws') + path.replaceAll(/\{\w+\}/g, 'nothing'), [
      'bearer',
      token,
    ])
    socket.on('error', () => {})
    const status = await new Promise<number>((resolve) => {
      socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
      socket.once('open', () => resolve(101))
    })
    socket.terminate()
    return status
  }
  for (const { path, permission, alsoNeeds = [] } of sockets) {
    for (const each of [permission, ...alsoNeeds]) assert.equal(await shake(path, await without(each)), 403, path)
    assert.equal(await shake(path, await holding([permission, ...alsoNeeds])), 101, path)
  }
  assert.equal(await shake('/ws/dashboard/nothing', await holding(['dashboards.read'])), 403)
})

await writeFile(join(home, 'files', 'people.csv'), 'id,name\n1,Ann\n')
for (const [name, kind] of [
  ['people', 'events'],
  ['visits', 'events'],
] as const)
  await ask('POST', '/api/v1/datasets', server.token, { name, kind, columns: [{ name: 'id', type: 'integer' }] })
const metric = {
  code: 'PEOPLE',
  name: 'People',
  dataset: 'people',
  time: '_ingested_at',
  measure: { type: 'count' },
}
await ask('POST', '/api/v1/metrics', server.token, metric)
await ask('POST', '/api/v1/dashboards', server.token, { name: 'board', tiles: [{ metric: 'PEOPLE' }] })

interface Use {
  readonly method: string
  readonly path: string
  readonly operation: string
  readonly body: unknown
  /** What the body uses: the place in it and the permission for that. */
  readonly uses: readonly (readonly [at: string, permission: string])[]
}

/** Without any one of the permissions the answer is 403 and names the place; with all of them it is another. */
async function checkUse({ method, path, operation, body, uses }: Use): Promise<void> {
  for (const [at, permission] of uses) {
    const { status, body: problem } = await ask(method, path, await without(permission), body)
    const name = `${method} ${path} ${JSON.stringify(body)} without ${permission}`
    assert.deepEqual([status, problem.code], [403, 'kernel.forbidden'], `${name}: ${JSON.stringify(problem)}`)
    assert.ok(problem.detail.includes(`"${permission}"`), name)
    const found = problem.problems.find((one: { at: string }) => one.at === at)
    assert.ok(found?.message.includes(`"${permission}"`), `${name}: ${JSON.stringify(problem.problems)}`)
  }
  const allowed = await ask(method, path, await holding([operation, ...uses.map(([, one]) => one)]), body)
  assert.ok(![401, 403].includes(allowed.status), `${method} ${path}: ${JSON.stringify(allowed.body)}`)
}

test('a metric is defined by who may read its dataset, and a tile made by who may see its metric', async () => {
  const uses = [['dataset', 'datasets.read']] as const
  const operation = 'metrics.write'
  await checkUse({ method: 'POST', path: '/api/v1/metrics', operation, body: { ...metric, code: 'OTHER' }, uses })
  await checkUse({ method: 'PUT', path: '/api/v1/metrics/PEOPLE', operation, body: metric, uses })
  const tiles = [{ metric: 'PEOPLE' }]
  for (const [method, path] of [
    ['POST', '/api/v1/dashboards'],
    ['PUT', '/api/v1/dashboards/board'],
  ] as const)
    await checkUse({
      method,
      path,
      operation: 'dashboards.write',
      body: { name: 'board', tiles },
      uses: [['tiles[0].metric', 'metrics.read']],
    })
})

const settings: Readonly<Record<string, object>> = {
  dataset: { dataset: 'people' },
  stream: { stream: 'visits' },
  file: { path: 'people.csv' },
  http: { url: 'http://127.0.0.1:9/none' },
  postgresql: { host: '127.0.0.1', port: 9, database: 'd', user: 'u', password: 'p', table: 't' },
}
const permissionOf = (part: { readonly permission?: string } | undefined): string =>
  part?.permission ?? 'connectors.use'

test('checking a connector and looking around with it needs what its use needs', async () => {
  for (const { type, source, destination, streams } of connectors) {
    const operation = 'connectors.use'
    const path = `/api/v1/connectors/${type}`
    const config = settings[type]
    for (const [as, side] of Object.entries({ source, destination }))
      if ((await side?.load())?.check !== undefined) {
        const uses = [[as, permissionOf(side)]] as const
        await checkUse({ method: 'POST', path: `${path}/check`, operation, body: { config, as }, uses: own(uses) })
      }
    if (streams === undefined) continue
    const uses = own([['source', permissionOf(streams)]])
    await checkUse({ method: 'POST', path: `${path}/discover`, operation, body: {}, uses })
  }
})

/** Those beside the permission of the operation itself, whose refusal names no place. */
function own(uses: Use['uses']): Use['uses'] {
  return uses.filter(([, permission]) => permission !== 'connectors.use')
}

const part = (type: string): object => ({ type, config: settings[type] })
const places = { dataset: 'result' }
const targets: Readonly<Record<string, object>> = {
  dataset: places,
  file: { path: 'out.csv' },
  postgresql: { ...settings['postgresql'], table: 'result' },
}
const sqlStep = { type: 'sql', config: { sql: 'SELECT * FROM input' } }

test('a pipeline is saved, validated and previewed only by who may use each thing in it', async () => {
  const sources = connectors.flatMap(({ type, source }) => (source === undefined ? [] : [{ type, source }]))
  const destinations = connectors.flatMap(({ type, destination }) =>
    destination === undefined ? [] : [{ type, destination }],
  )
  const cases = [
    ...sources.map((from) => ({ from, into: destinations.find(({ type }) => type === 'dataset')!, steps: [sqlStep] })),
    ...destinations.map((into) => ({ from: sources.find(({ type }) => type === 'dataset')!, into, steps: [] })),
  ]
  const kept = await ask('POST', '/api/v1/pipelines', server.token, {
    name: 'kept',
    type: 'batch',
    source: part('file'),
    destination: { type: 'dataset', config: places },
  })
  assert.equal(kept.status, 201, JSON.stringify(kept.body))
  for (const [index, { from, into, steps }] of cases.entries()) {
    const body = {
      name: `case ${index}`,
      type: 'batch',
      source: part(from.type),
      transformations: [{ type: 'filter', config: 'id > 0' }, ...steps],
      destination: { type: into.type, config: targets[into.type] },
    }
    const uses = [
      ['source', permissionOf(from.source)],
      ...steps.map(() => ['transformations[1]', 'explore.query'] as const),
      ['destination', permissionOf(into.destination)],
    ] as const
    const base = '/api/v1/pipelines'
    await checkUse({ method: 'POST', path: base, operation: 'pipelines.write', body, uses })
    await checkUse({
      method: 'PUT',
      path: `${base}/${kept.body.id}`,
      operation: 'pipelines.write',
      body: { ...body, name: 'kept' },
      uses,
    })
    await checkUse({ method: 'POST', path: `${base}/validate`, operation: 'pipelines.read', body, uses })
    await checkUse({ method: 'POST', path: `${base}/preview`, operation: 'pipelines.read', body, uses })
    const { name: _, destination: __, ...sample } = body
    const read = uses.filter(([at]) => at !== 'destination')
    await checkUse({ method: 'POST', path: `${base}/preview`, operation: 'pipelines.read', body: sample, uses: read })
  }
})

test('a pipeline over a connection is saved, changed, validated and previewed only by who may use connectors', async () => {
  const { table: _, ...connection } = settings['postgresql'] as { table: string }
  const make = { name: 'far', type: 'postgresql', settings: connection }
  assert.equal((await ask('POST', '/api/v1/connections', server.token, make)).status, 201)
  const base = '/api/v1/pipelines'
  const body = (name: string, ends: object) => ({ name, type: 'batch', transformations: [], ...ends })
  const reads = { source: { connection: 'far', config: { table: 't' } }, destination: part('dataset') }
  const writes = { source: part('dataset'), destination: { connection: 'far', config: { table: 'r' } } }
  for (const [at, ends] of Object.entries({ source: reads, destination: writes })) {
    const kept = await ask('POST', base, server.token, body(`through ${at}`, ends))
    assert.equal(kept.status, 201, JSON.stringify(kept.body))
    const used = body(`other ${at}`, ends)
    for (const [method, path, permission] of [
      ['POST', base, 'pipelines.write'],
      ['PUT', `${base}/${kept.body.id}`, 'pipelines.write'],
      ['POST', `${base}/validate`, 'pipelines.read'],
      ['POST', `${base}/preview`, 'pipelines.read'],
    ] as const) {
      const lacking = await ask(method, path, await without('connectors.use'), used)
      assert.deepEqual([lacking.status, lacking.body.code], [403, 'kernel.forbidden'], `${method} ${path}`)
      assert.ok(lacking.body.problems.some((one: { at: string }) => one.at === at))
      const uses = ['connectors.use', 'datasets.read', 'datasets.write']
      const allowed = await ask(method, path, await holding([permission, ...uses]), used)
      assert.ok(![401, 403].includes(allowed.status), `${method} ${path}: ${JSON.stringify(allowed.body)}`)
    }
  }
})

test('a run has the rights of who saved the pipeline, not of who starts it, and ends with them', async () => {
  const rights = ['pipelines.read', 'pipelines.write', 'connectors.use', 'datasets.write', 'streams.read']
  const create = async (name: string, permissions: readonly string[]) =>
    (await ask('POST', '/api/v1/tokens', server.token, { name, permissions })).body as { id: string; token: string }
  const run = async (id: string, token: string) =>
    (await ask('POST', `/api/v1/pipelines/${id}/run?wait=60s`, token)).body
  const saver = await create('saver', rights)
  const starter = await holding(['pipelines.run'])
  const definition = {
    name: 'owned',
    type: 'batch',
    source: part('file'),
    destination: { type: 'dataset', config: { dataset: 'owned' } },
  }
  const { body: pipeline } = await ask('POST', '/api/v1/pipelines', saver.token, definition)
  assert.equal((await run(pipeline.id, starter)).status, 'succeeded')

  const { system } = server.ports.metadata
  await system.query('update identity.token set permissions = $2 where id = $1', [saver.id, '["datasets.write"]'])
  const other = await create('other', ['tokens.read'])
  await ask('DELETE', `/api/v1/tokens/${other.id}`, server.token)
  const lacking = await run(pipeline.id, server.token)
  assert.deepEqual([lacking.status, lacking.error.code], ['failed', 'pipelines.owner_lacks'])
  assert.match(lacking.error.detail, /"owned".*the token "saver".*"connectors.use".*the source "file"/)
  assert.equal(lacking.error.problems[0].at, 'source')

  await ask('DELETE', `/api/v1/tokens/${saver.id}`, server.token)
  const gone = await run(pipeline.id, server.token)
  assert.deepEqual([gone.status, gone.error.code], ['failed', 'pipelines.owner_gone'])
  assert.match(gone.error.detail, /"owned".*the token "saver"/)

  await ask('PUT', `/api/v1/pipelines/${pipeline.id}`, server.token, pipeline)
  assert.equal((await run(pipeline.id, starter)).status, 'succeeded')
})

test('a streaming run ends when its owner is revoked, and the pipeline is paused', async () => {
  const permissions = ['pipelines.write', 'streams.read', 'datasets.write']
  const { body: saver } = await ask('POST', '/api/v1/tokens', server.token, { name: 'streamer', permissions })
  const { body: pipeline } = await ask('POST', '/api/v1/pipelines', saver.token, {
    name: 'following',
    type: 'streaming',
    source: part('stream'),
    destination: { type: 'dataset', config: { dataset: 'followed', mode: 'append' } },
  })
  const send = (id: number) => ask('POST', '/api/v1/streams/visits/events', server.token, [{ id }])
  await send(1)
  const { runId } = (await ask('POST', `/api/v1/pipelines/${pipeline.id}/run`, server.token)).body
  await until(
    'the event is loaded',
    async () => (await ask('GET', '/api/v1/datasets/followed', server.token)).body.rows === 1,
  )
  await ask('DELETE', `/api/v1/tokens/${saver.id}`, server.token)
  await send(2)
  await until(
    'the run has failed',
    async () => (await ask('GET', `/api/v1/runs/${runId}`, server.token)).body.status === 'failed',
  )
  const { body: ended } = await ask('GET', `/api/v1/runs/${runId}`, server.token)
  assert.equal(ended.error.code, 'pipelines.owner_gone')
  assert.equal((await ask('GET', `/api/v1/pipelines/${pipeline.id}`, server.token)).body.status, 'paused')
  assert.equal((await ask('GET', '/api/v1/datasets/followed', server.token)).body.rows, 1)
})
