/** `/openapi.json` is a valid OpenAPI 3.1 document and says what programs need to know. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { modules } from '#apps/server/modules'
import { openapi } from '#kernel/openapi'

type Json = Record<string, any> // `any`: the document is looked into as JSON

const document = openapi(modules({ home: '/nowhere', files: [], demo: true }), '1.0.0') as Json
const operations = Object.entries(document['paths'] as Record<string, Json>).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    method,
    operation,
  })),
)

/** The published schema of OpenAPI 3.1 (spec.openapis.org/oas/3.1/schema), Apache-2.0. Ajv takes its dynamic reference for one to the root. */
const published = JSON.parse(
  readFileSync(new URL('openapi-3.1.schema.json', import.meta.url), 'utf8').replaceAll(
    '"$dynamicRef": "#meta"',
    '"$ref": "#/$defs/schema"',
  ),
) as Json

function validator(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { 'media-range': true } })
  ;(formats as unknown as { default: (ajv: Ajv2020) => void } & ((ajv: Ajv2020) => void))(ajv)
  return ajv
}

test('the document is valid by the published schema of OpenAPI 3.1', () => {
  const validate = validator().compile(published)
  assert.ok(validate(document), JSON.stringify(validate.errors?.slice(0, 5), undefined, 2))
})

test('every schema of the document is valid JSON Schema, and every array says what it holds', () => {
  const ajv = validator()
  ajv.addSchema({ $id: 'http://document/', ...document })
  for (const { place, node } of schemasOf(document)) {
    assert.ok(ajv.validateSchema(node), `${place}: ${ajv.errorsText()}`)
    walk(node, place, (inner, at) => {
      if (inner['type'] === 'array') assert.ok('items' in inner || 'prefixItems' in inner, `${at} has no items`)
    })
  }
})

test('every operation names each status that it can answer, and no answer covers all others', () => {
  for (const { name, operation } of operations) {
    const statuses = Object.keys(operation.responses)
    assert.ok(!statuses.includes('default'), name)
    assert.ok(
      statuses.some((status) => status.startsWith('2')),
      name,
    )
    if (operation.security === undefined)
      for (const status of ['401', '403', '503']) assert.ok(statuses.includes(status), `${name} ${status}`)
    if (operation.requestBody)
      for (const status of ['400', '413', '415', '422']) assert.ok(statuses.includes(status), `${name} ${status}`)
  }
})

test('an error of a module is among the answers of its operations', () => {
  const replace = document['paths']['/api/v1/metrics/{code}'].put.responses
  assert.match(replace['404'].description, /`metrics\.unknown`/)
  assert.match(replace['409'].description, /`kernel\.staleVersion`/)
  assert.ok(!('409' in document['paths']['/api/v1/metrics'].get.responses))
})

test('answers and bodies in other types than JSON are named', () => {
  const query = document['paths']['/query'].post.responses['200'].content
  assert.deepEqual(Object.keys(query).toSorted(), [
    'application/json',
    'application/vnd.apache.arrow.file',
    'application/vnd.apache.arrow.stream',
    'application/vnd.apache.parquet',
    'application/x-parquet',
    'text/csv',
  ])
  assert.ok('columns' in query['application/json'].schema.properties)
  assert.ok('application/x-ndjson' in document['paths']['/api/v1/streams/{stream}/events'].post.requestBody.content)
  assert.ok('text/event-stream' in document['paths']['/api/v1/runs/{id}/events'].get.responses['200'].content)
})

test('cursors, times and limits have their form', () => {
  for (const { name, operation } of operations) {
    for (const { name: parameter, schema } of operation.parameters ?? []) {
      if (parameter === 'cursor') assert.equal(schema.pattern, '^[A-Za-z0-9_-]+$', name)
      if (parameter === 'limit')
        assert.deepEqual([schema.minimum, schema.maximum, schema.default], [1, 1000, 100], name)
      if (parameter === 'from' || parameter === 'to') assert.ok(schema.pattern ?? schema.format, `${name} ${parameter}`)
    }
  }
  for (const { place, node } of schemasOf(document))
    walk(node, place, (inner, at) => {
      for (const [field, schema] of Object.entries((inner['properties'] ?? {}) as Record<string, Json>))
        if (/[a-z](At)$/.test(field) && schema['type'] === 'string')
          assert.equal(schema['format'], 'date-time', `${at}.${field}`)
    })
})

test('what makes something has an example, and every example fits its schema', () => {
  const ajv = validator()
  ajv.addSchema({ $id: 'http://document/', components: document['components'] })
  let examples = 0
  for (const { name, operation } of operations) {
    const content = operation.requestBody?.content?.['application/json']
    if (content?.example === undefined) continue
    examples += 1
    const schema = JSON.parse(
      JSON.stringify(content.schema).replaceAll('"#/components', '"http://document/#/components'),
    ) as object
    assert.ok(ajv.validate(schema, content.example), `${name}: ${ajv.errorsText()}`)
  }
  assert.ok(examples >= 8, `${examples} examples`)
})

/** Each schema at the places of parameters, bodies, answers and components. */
function schemasOf(root: Json): { place: string; node: Json }[] {
  const found: { place: string; node: Json }[] = []
  const visit = (node: unknown, place: string): void => {
    if (typeof node !== 'object' || node === null) return
    for (const [key, value] of Object.entries(node)) {
      if (key === 'schema' && typeof value === 'object') found.push({ place: `${place}.schema`, node: value as Json })
      else if (key !== 'example') visit(value, `${place}.${key}`)
    }
  }
  visit(root['paths'], 'paths')
  for (const [name, node] of Object.entries(root['components'].schemas as Record<string, Json>))
    found.push({ place: name, node })
  return found
}

function walk(node: unknown, at: string, see: (node: Json, at: string) => void): void {
  if (typeof node !== 'object' || node === null) return
  if (!Array.isArray(node)) see(node as Json, at)
  for (const [key, value] of Object.entries(node))
    if (!['enum', 'const', 'default', 'examples'].includes(key)) walk(value, `${at}.${key}`, see)
}
