/** What holds for every contract in the house, whoever wrote it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openapi } from '#kernel/openapi'
import { startOrder } from '#kernel/start-order'
import { modules } from './modules.ts'

const all = modules({ home: '/nowhere', files: ['/nowhere/files'], demo: true })
// `any`: the document is looked into as JSON
const document = openapi(all, '1.0.0') as any
const operations = Object.entries(document.paths as Record<string, Record<string, any>>).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation, name: `${method} ${path}` })),
)

test('the modules fit together, with the demo and without it', () => {
  startOrder(all)
  startOrder(modules({ home: '/nowhere', files: [], demo: false }))
})

test('every operation has its own id and says in one sentence what it does', () => {
  const ids = operations.map(({ operation }) => operation.operationId as string)
  assert.equal(new Set(ids).size, ids.length)
  for (const { name, operation } of operations) assert.match(operation.summary, /^[A-Z].*[.?]$/, name)
})

test('every reference of the document leads somewhere', () => {
  for (const [, kind, name] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)) {
    assert.ok(name !== undefined && name in document.components[kind as string], `${kind}/${name}`)
  }
})

test('every list answers items and the way to the next page', () => {
  for (const { name, operation } of operations) {
    const { properties } =
      Object.values<any>(operation.responses)[0]?.content?.['application/json']?.schema ??
      ({} as { properties?: object })
    if (properties && 'items' in properties) assert.ok('next' in properties, name)
  }
})

test('every list takes a limit and a cursor', () => {
  for (const { name, method, operation } of operations) {
    const schema = operation.responses['200']?.content?.['application/json']?.schema
    if (method !== 'get' || !schema?.properties?.items) continue
    const parameters = (operation.parameters as { name: string }[]).map((parameter) => parameter.name)
    assert.ok(
      parameters.includes('limit') && (parameters.includes('cursor') || parameters.includes('after')),
      `${name} takes ${parameters.join(', ')}`,
    )
  }
})

test('the paths that outside programs rely on are there', () => {
  const promised = [
    'post /api/v1/streams/{stream}/events',
    'get /api/v1/streams/{stream}/events',
    'get /api/v1/streams',
    'get /api/v1/datasets',
    'get /api/v1/datasets/{name}/rows',
    'get /api/v1/pipelines',
    'post /api/v1/pipelines/{id}/run',
    'get /api/v1/runs/{id}/events',
    'get /api/v1/connectors',
    'get /api/v1/transformations',
    'get /api/v1/quality/rules',
    'get /api/v1/monitoring/metrics',
    'get /api/v1/integrations',
    'get /api/v1/metrics/{code}/values',
    'post /query',
    'post /api/v1/query',
    'post /query/kpi',
    'get /query/history/{code}',
    'post /stream/start',
    'delete /stream/subscribers',
    'get /stream/status',
  ]
  const there = new Set(operations.map(({ name }) => name))
  assert.deepEqual(
    promised.filter((name) => !there.has(name)),
    [],
  )
})
