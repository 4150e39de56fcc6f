import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { defineContract, operation } from '../module/contract.ts'
import { jsonSchema } from './json-schema.ts'
import { openapi } from './openapi.ts'
import { shelfErrors, shelfModule } from '../module/test-house.ts'

const shelf = shelfModule({ aborted: 0, stopped: [] })
// `any`: the document is looked into as JSON
const document = openapi([shelf], '1.0.0') as any

test('every path of every operation is there, with its permission and command', () => {
  assert.deepEqual(Object.keys(document.paths).toSorted(), [
    '/api/v1/books',
    '/api/v1/books/{name}',
    '/api/v1/pour',
    '/api/v1/read',
    '/books/{name}',
    '/health',
    '/metrics',
    '/ready',
  ])
  const list = document.paths['/api/v1/books'].get
  assert.deepEqual(
    [list.operationId, list['x-permission'], list['x-command']],
    ['shelf.list', 'shelf.read', 'millrace shelf list'],
  )
  assert.deepEqual(document.paths['/api/v1/read'].get.security, [])
  assert.equal('x-command' in document.paths['/api/v1/pour'].post, false)
})

test('parameters say where they are and whether they are needed', () => {
  const [limit, kind] = document.paths['/api/v1/books'].get.parameters
  assert.deepEqual([limit.name, limit.in, limit.required, limit.schema.default], ['limit', 'query', false, 5])
  assert.equal(kind.name, 'kind')
  assert.deepEqual(document.paths['/api/v1/books/{name}'].get.parameters[0], {
    name: 'name',
    in: 'path',
    required: true,
    schema: { type: 'string' },
  })
})

test('bodies, raw bodies, streamed answers and empty answers are told apart', () => {
  assert.equal(
    document.paths['/api/v1/books'].post.requestBody.content['application/json'].schema.additionalProperties,
    false,
  )
  assert.ok('application/octet-stream' in document.paths['/api/v1/pour'].post.requestBody.content)
  assert.deepEqual(Object.keys(document.paths['/api/v1/read'].get.responses['200'].content), [
    'text/plain',
    'text/event-stream',
  ])
  assert.equal('content' in document.paths['/api/v1/books/{name}'].delete.responses['204'], false)
})

test('every status of success is there with its answer', () => {
  const start = operation({
    method: 'POST',
    effect: 'read',
    path: '/start',
    permission: 'public',
    summary: 'Start.',
    answer: z.object({ id: z.string() }),
    status: 202,
    otherStatuses: [200],
  })
  const { responses } = (openapi([{ ...shelf, contract: defineContract('shelf', { start }) }], '1') as any).paths[
    '/start'
  ].post // `any` as above
  assert.deepEqual(
    Object.keys(responses).filter((status) => status < '300'),
    ['200', '202'],
  )
  assert.deepEqual(responses['200'], responses['202'])
})

test('an operation names the statuses that its shape and the errors of its module allow', () => {
  const statuses = (path: string, method: string) => Object.keys(document.paths[path][method].responses)
  assert.deepEqual(statuses('/api/v1/books', 'get'), ['200', '400', '401', '403', '404', '422', '431', '503', '504'])
  const withErrors = openapi([{ ...shelf, errors: shelfErrors }], '1') as any // `any` as above
  assert.match(withErrors.paths['/api/v1/books/{name}'].get.responses['404'].description, /`shelf\.unknown`/)
  for (const status of ['408', '409', '413', '415'])
    assert.ok(statuses('/api/v1/books', 'post').includes(status), status)
})

test('a schema that refers to itself moves to the components, and every reference leads somewhere', () => {
  const Tree = z.object({
    name: z.string(),
    get children() {
      return z.array(Tree)
    },
  })
  const contract = defineContract('forest', {
    plant: operation({
      method: 'POST',
      effect: 'read',
      path: '/trees',
      permission: 'public',
      summary: 'Plant.',
      body: Tree,
      answer: z.object({ left: Tree, right: Tree }),
    }),
  })
  const forest = openapi([{ ...shelf, name: 'forest', permissions: {}, sockets: {}, contract }], '1') as any // `any`: looked into as JSON
  const references = [...JSON.stringify(forest).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)]
  assert.ok(references.length >= 4)
  for (const [, kind, name] of references)
    assert.ok(name !== undefined && name in forest.components[kind as string], `${kind}/${name}`)
})

test('what JSON Schema cannot say is left open', () => {
  assert.deepEqual(jsonSchema(z.custom(), 'x', {}), {})
})
