/** One operation of a contract as OpenAPI describes it. */
import { STATUS_CODES } from 'node:http'
import type { z } from 'zod'
import { successStatus, type Operation, type RawAnswer, type RawBody } from '../module/contract.ts'
import type { Module } from '../module/module.ts'
import { commandOf } from '../module/start-order.ts'
import { answerableErrors, type AnswerableError } from './answerable-errors.ts'
import type { Json, SchemaOf } from './json-schema.ts'
import { pathNames } from './path.ts'

export interface DescribedOperation {
  readonly module: Module
  readonly modules: readonly Module[]
  readonly key: string
  readonly operation: Operation
  readonly id: string
  readonly schemaOf: SchemaOf
}

export function describeOperation({ module, modules, key, operation, id, schemaOf }: DescribedOperation): Json {
  const command = commandOf(module, key, operation)
  const open = operation.permission === 'public'
  const statuses = [successStatus(operation), ...(operation.otherStatuses ?? [])]
  const refusals = [...answerableErrors(operation, module, modules)]
  return {
    operationId: id,
    tags: [module.name],
    summary: operation.summary,
    ...(operation.description && { description: operation.description }),
    ...(open && { security: [] }),
    ...(!open && { 'x-permission': operation.permission }),
    ...(command && { 'x-command': `millrace ${command}` }),
    parameters: [
      ...pathNames(operation.path).map((name) => pathParameter(operation.params, name, schemaOf)),
      ...queryParameters(operation.query, schemaOf),
      ...headerParameters(operation.headers),
    ],
    ...(operation.body && { requestBody: requestBody(operation.body, operation.example, schemaOf) }),
    responses: {
      ...Object.fromEntries(statuses.map((status) => [String(status), success(operation.answer, schemaOf)])),
      ...Object.fromEntries(refusals.map(([status, errors]) => [String(status), refusal(status, errors)])),
      '431': { $ref: '#/components/responses/HeadersTooLarge' },
    },
  }
}

function pathParameter(params: z.ZodType | undefined, name: string, schemaOf: SchemaOf): Json {
  const properties = params && (schemaOf(params, 'params')['properties'] as Record<string, Json> | undefined)
  return { name, in: 'path', required: true, ...described(properties?.[name] ?? { type: 'string' }) }
}

/** An empty value counts as absent, as the fields of a form that are left empty. */
function queryParameters(query: z.ZodType | undefined, schemaOf: SchemaOf): Json[] {
  if (!query) return []
  const { properties = {}, required = [] } = schemaOf(query, 'query') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(!required.includes(name) && { allowEmptyValue: true }),
    ...described(schema),
  }))
}

function headerParameters(headers: Operation['headers'] = {}): Json[] {
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }))
}

function described({ description, ...schema }: Json): Json {
  return { ...(description !== undefined && { description }), schema }
}

function requestBody(body: z.ZodType | RawBody, example: unknown, schemaOf: SchemaOf): Json {
  const given = example === undefined ? {} : { example }
  if ('raw' in body) return { required: true, content: rawContent(body, (schema) => schemaOf(schema, 'body')) }
  return {
    required: !body.safeParse(undefined).success,
    content: { 'application/json': { schema: schemaOf(body, 'body'), ...given } },
  }
}

function success(answer: z.ZodType | RawAnswer, schemaOf: SchemaOf): Json {
  const headers = { 'x-request-id': { $ref: '#/components/headers/RequestId' } }
  if ('raw' in answer)
    return { description: 'Done.', headers, content: rawContent(answer, (schema) => schemaOf(schema, 'answer')) }
  if (answer._zod.def.type === 'void' || answer._zod.def.type === 'undefined') return { description: 'Done.', headers }
  return { description: 'Done.', headers, content: { 'application/json': { schema: schemaOf(answer, 'answer') } } }
}

function rawContent({ contentTypes, json }: RawBody | RawAnswer, schemaOf: (schema: z.ZodType) => Json): Json {
  return Object.fromEntries(
    contentTypes.map((type) => [
      type,
      // OpenAPI 3.1 has no schema for one event of a stream.
      type === 'text/event-stream' ? {} : { schema: rawSchema(type, json && schemaOf(json)) },
    ]),
  )
}

function rawSchema(type: string, json: Json | undefined): Json {
  if (/[/+]json$/.test(type)) return json ?? {}
  return type.startsWith('text/') || /ndjson|jsonl/.test(type)
    ? { type: 'string' }
    : { type: 'string', contentMediaType: type }
}

function refusal(status: number, errors: readonly AnswerableError[]): Json {
  const title = STATUS_CODES[status] ?? String(status)
  return {
    description: `${title}: ${errors.map(({ code }) => `\`${code}\``).join(', ')}.`,
    headers: {
      'x-request-id': { $ref: '#/components/headers/RequestId' },
      ...(status === 401 && { 'www-authenticate': { $ref: '#/components/headers/Authenticate' } }),
      ...((status === 503 || status === 429) && { 'retry-after': { $ref: '#/components/headers/RetryAfter' } }),
    },
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}
