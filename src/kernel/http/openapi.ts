/** The contracts of all modules as one OpenAPI 3.1 document. */
import type { Module } from '../module/module.ts'
import { operationsOf } from '../module/start-order.ts'
import { jsonSchema, type Json } from './json-schema.ts'
import { describeOperation } from './openapi-operation.ts'

export function openapi(modules: readonly Module[], version: string): Json {
  const schemas: Record<string, Json> = { Problem: problemSchema }
  const paths: Record<string, Json> = {}
  for (const module of modules) {
    for (const [key, operation] of operationsOf(module)) {
      for (const [index, path] of [operation.path, ...(operation.aliases ?? [])].entries()) {
        const id = `${module.name}.${key}${index > 0 ? `.${index + 1}` : ''}`
        const schemaOf = (schema: Parameters<typeof jsonSchema>[0], part: string) =>
          jsonSchema(schema, `${id}.${part}`, schemas)
        const entry = describeOperation({ module, modules, key, operation, id, schemaOf })
        paths[path] = { ...paths[path], [operation.method.toLowerCase()]: entry }
      }
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Millrace', version, description: about, license },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { session: [] }],
    tags: [
      ...modules.map(({ name, about: description }) => ({ name, description })),
      { name: 'server', description: 'For those who look after the server.' },
    ],
    paths: { ...paths, ...vitalPaths },
    components: { schemas, securitySchemes, responses, headers },
  }
}

const license = { name: 'Apache-2.0', identifier: 'Apache-2.0' }

const about = `Turns raw data into live numbers.

Errors are answered as \`application/problem+json\`; \`code\` is stable, and \`problems\` names each wrong place. Every path
answers 405 with \`Allow\` to a method that it does not take. Lists answer \`{items, next}\`: send \`next\` as \`cursor\` to
get the page after; \`next\` is null on the last one. Times are RFC 3339 in UTC, ranges include their start and not their end.
A parameter of the query with an empty value counts as absent.`

const securitySchemes: Json = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'An API token. The admin token of an embedded server is in the file admin.token of its home.',
  },
  session: { type: 'apiKey', in: 'cookie', name: 'millrace_session' },
}

const headers: Json = {
  RequestId: {
    description: 'Names the request in the log of the server. A request may bring its own.',
    schema: { type: 'string' },
  },
  Authenticate: { description: 'How to authenticate.', schema: { type: 'string' } },
  RetryAfter: { description: 'Seconds to wait before the next try.', schema: { type: 'integer' } },
}

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
const responses: Json = {
  HeadersTooLarge: {
    description: 'The address and the headers have more than 32 KiB together.',
    content: problemContent,
  },
}

const status = (schema: Json): Json => ({ 'application/json': { schema } })
const health = {
  type: 'object',
  required: ['status', 'version', 'uptimeSeconds'],
  properties: {
    status: { const: 'alive' },
    version: { type: 'string' },
    uptimeSeconds: { type: 'integer', minimum: 0 },
  },
}
const readiness = {
  type: 'object',
  required: ['ready'],
  properties: { ready: { type: 'boolean' } },
}
const vitalPaths: Json = {
  '/health': vitalPath('health', 'Is the process alive?', {
    '200': { description: 'It is.', content: status(health) },
  }),
  '/ready': vitalPath('ready', 'Does every part hold?', {
    '200': { description: 'They do.', content: status(readiness) },
    '503': { description: 'Not all do; the answer says which.', content: status(readiness) },
  }),
  '/metrics': vitalPath('metrics', 'Measurements for Prometheus; from elsewhere than loopback with a token.', {
    '200': { description: 'Done.', content: { 'text/plain': { schema: { type: 'string' } } } },
    '401': { description: 'Unauthorized: `kernel.unauthenticated`.', content: problemContent },
  }),
}

function vitalPath(name: string, summary: string, answers: Json): Json {
  const tooLarge = { '431': { $ref: '#/components/responses/HeadersTooLarge' } }
  const entry = { operationId: `server.${name}`, tags: ['server'], summary, security: [] }
  return { get: { ...entry, responses: { ...answers, ...tooLarge } } }
}

const problemSchema: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'problems', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', description: 'Stable; programs may depend on it.' },
    detail: { type: 'string' },
    problems: {
      type: 'array',
      items: {
        type: 'object',
        required: ['at', 'code', 'message'],
        properties: {
          at: { type: 'string', description: 'The place, such as `query.cursor` or `columns[0].type`.' },
          code: { type: 'string' },
          message: { type: 'string' },
          suggestion: { type: 'string' },
        },
      },
    },
    requestId: { type: 'string' },
  },
}
