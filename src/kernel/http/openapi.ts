/** The contracts of all modules as one OpenAPI 3.1 document. */
import { z } from 'zod'
import type { Operation, RawAnswer, RawBody } from '../module/contract.ts'
import type { Module } from '../module/module.ts'
import { commandOf, operationsOf } from '../module/start-order.ts'

type Json = Record<string, unknown>

export function openapi(modules: readonly Module[], version: string): Json {
  const schemas: Record<string, Json> = { Problem: problemSchema }
  const paths: Record<string, Json> = {}
  for (const module of modules) {
    for (const [key, operation] of operationsOf(module)) {
      for (const [index, path] of [operation.path, ...(operation.aliases ?? [])].entries()) {
        const id = `${module.name}.${key}${index > 0 ? `.${index + 1}` : ''}`
        const entry = describe(module, key, operation, id, schemas)
        paths[path] = { ...paths[path], [operation.method.toLowerCase()]: entry }
      }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millrace',
      version,
      description: 'Raw data into live numbers, explanations and actions.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { session: [] }],
    tags: [
      ...modules.map(({ name, about }) => ({ name, description: about })),
      { name: 'server', description: 'For those who look after the server.' },
    ],
    paths: { ...paths, ...vitalPaths },
    components: {
      schemas,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API token. The admin token of an embedded server is in the file admin.token of its home.',
        },
        session: { type: 'apiKey', in: 'cookie', name: 'millrace_session' },
      },
      responses: {
        Problem: {
          description: 'What went wrong, and what to do.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  }
}

const vitalPaths: Json = {
  '/health': vitalPath('health', 'Is the process alive?', 'application/json'),
  '/ready': vitalPath('ready', 'Does every part hold? 503 until all do.', 'application/json'),
  '/metrics': vitalPath(
    'metrics',
    'Measurements for Prometheus; from elsewhere than loopback with a token.',
    'text/plain',
  ),
}

function vitalPath(name: string, summary: string, type: string): Json {
  const responses = { '200': { description: 'Done.', content: { [type]: {} } } }
  return { get: { operationId: `server.${name}`, tags: ['server'], summary, security: [], responses } }
}

const problemSchema: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'problems', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable; programs may depend on it.' },
    detail: { type: 'string' },
    problems: {
      type: 'array',
      items: {
        type: 'object',
        required: ['at', 'code', 'message'],
        properties: {
          at: { type: 'string' },
          code: { type: 'string' },
          message: { type: 'string' },
          suggestion: { type: 'string' },
        },
      },
    },
    requestId: { type: 'string' },
  },
}

function describe(module: Module, key: string, operation: Operation, id: string, schemas: Record<string, Json>): Json {
  const command = commandOf(module, key, operation)
  const open = operation.permission === 'public'
  const schemaOf = (schema: z.ZodType, part: string) => jsonSchema(schema, `${id}.${part}`, schemas)
  const statuses = [operation.status ?? 200, ...(operation.otherStatuses ?? [])]
  return {
    operationId: id,
    tags: [module.name],
    summary: operation.summary,
    ...(operation.description && { description: operation.description }),
    ...(open && { security: [] }),
    ...(!open && { 'x-permission': operation.permission }),
    ...(command && { 'x-command': `millrace ${command}` }),
    parameters: [
      ...pathNames(operation.path).map((name) => ({
        name,
        in: 'path',
        required: true,
        schema: fieldSchema(operation.params, name, schemaOf) ?? { type: 'string' },
      })),
      ...queryParameters(operation.query, schemaOf),
    ],
    ...(operation.body && { requestBody: requestBody(operation.body, schemaOf) }),
    responses: {
      ...Object.fromEntries(statuses.map((status) => [String(status), success(operation.answer, schemaOf)])),
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

type SchemaOf = (schema: z.ZodType, part: string) => Json

export function pathNames(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
}

function fieldSchema(schema: z.ZodType | undefined, name: string, schemaOf: SchemaOf): Json | undefined {
  if (!schema) return undefined
  return (schemaOf(schema, 'params')['properties'] as Record<string, Json> | undefined)?.[name]
}

function queryParameters(query: z.ZodType | undefined, schemaOf: SchemaOf): Json[] {
  if (!query) return []
  const { properties = {}, required = [] } = schemaOf(query, 'query') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema
    return {
      name,
      in: 'query',
      required: required.includes(name),
      ...(description !== undefined && { description }),
      schema: rest,
    }
  })
}

function requestBody(body: z.ZodType | RawBody, schemaOf: SchemaOf): Json {
  if ('raw' in body)
    return { required: true, content: Object.fromEntries(body.contentTypes.map((type) => [type, rawSchema(type)])) }
  return {
    required: !body.safeParse(undefined).success,
    content: { 'application/json': { schema: schemaOf(body, 'body') } },
  }
}

function success(answer: z.ZodType | RawAnswer, schemaOf: SchemaOf): Json {
  if ('raw' in answer)
    return {
      description: 'Done.',
      content: Object.fromEntries(answer.contentTypes.map((type) => [type, rawSchema(type)])),
    }
  if (answer._zod.def.type === 'void' || answer._zod.def.type === 'undefined') return { description: 'Done.' }
  return { description: 'Done.', content: { 'application/json': { schema: schemaOf(answer, 'answer') } } }
}

function rawSchema(type: string): Json {
  return type.includes('json') && !type.includes('ndjson') ? { schema: {} } : { schema: { type: 'string' } }
}

/** Inline, except for what refers to itself or was given an id: that goes to `components.schemas`. */
export function jsonSchema(schema: z.ZodType, name: string, schemas: Record<string, Json>): Json {
  const {
    $schema: _,
    $defs = {},
    ...root
  } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json & { $defs?: Record<string, Json> }
  const place = (key: string): string => (key.startsWith('__') ? `${name}.${key.slice(2)}` : key)
  const rewrite = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(rewrite)
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => {
        if (key !== '$ref' || typeof value !== 'string') return [key, rewrite(value)]
        if (value === '#') return [key, `#/components/schemas/${name}`]
        return [key, `#/components/schemas/${place(value.replace('#/$defs/', ''))}`]
      }),
    )
  }
  for (const [key, definition] of Object.entries($defs)) schemas[place(key)] = rewrite(definition) as Json
  const written = rewrite(root) as Json
  if (!JSON.stringify(root).includes('"$ref":"#"')) return written
  schemas[name] = written
  return { $ref: `#/components/schemas/${name}` }
}
