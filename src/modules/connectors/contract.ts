import { z } from 'zod'
import { defineContract, operation } from '#kernel/contract'
import { Paging } from '#kernel/paging'
import { failureKinds } from '#sdk'
import { connectionOperations, Diagnosis } from './connections/contract.ts'

const JsonSchema = z.record(z.string(), z.unknown())

export const ConnectorItem = z.object({
  type: z.string(),
  title: z.string(),
  category: z.string(),
  about: z.string(),
  can: z.object({ read: z.boolean(), write: z.boolean(), stream: z.boolean(), cdc: z.boolean() }),
  proven: z.string(),
  /**
   * JSON Schema of the settings as source and as destination; secrets are `writeOnly`. `connection` holds those of
   * them that belong to the server or account.
   */
  settings: z.object({
    connection: JsonSchema.optional(),
    source: JsonSchema.optional(),
    destination: JsonSchema.optional(),
    connected: z
      .object({ source: JsonSchema.optional(), destination: JsonSchema.optional() })
      .optional()
      .describe('The settings that a pipeline gives beside the name of a connection.'),
  }),
  /** Whether `discover` lists what can be read. */
  discovers: z.boolean(),
  delivery: z.object({ guarantee: z.enum(['exactly once', 'at least once']), because: z.string() }).optional(),
})
export type ConnectorItem = z.output<typeof ConnectorItem>

const Type = z.object({ type: z.string() })
/** The settings are in `config` or, where it is absent, in the body itself. */
const Settings = z.looseObject({
  config: z.record(z.string(), z.unknown()).optional(),
  as: z.enum(['source', 'destination', 'connection']).optional(),
})

export const ConnectorCheck = z.object({
  ok: z.boolean(),
  message: z.string(),
  code: z.string().optional(),
  kind: z.enum(failureKinds).optional().describe('The kind of the failure.'),
  remedy: z.string().optional(),
  diagnosis: Diagnosis.optional(),
  elapsedMs: z.number(),
})
export type ConnectorCheck = z.output<typeof ConnectorCheck>

const FoundStream = z.object({
  name: z.string(),
  config: z.record(z.string(), z.unknown()),
  columns: z.array(z.object({ name: z.string(), type: z.string(), nullable: z.boolean() })).optional(),
})
export type FoundStream = z.output<typeof FoundStream>
export const FoundStreams = z.object({ items: z.array(FoundStream), next: z.string().nullable() })

export const connectorsContract = defineContract('connectors', {
  list: operation({
    method: 'GET',
    path: '/api/v1/connectors',
    permission: 'connectors.read',
    summary: 'All connectors and what each can do.',
    query: Paging.extend({ category: z.string().optional() }),
    answer: z.object({ items: z.array(ConnectorItem), next: z.string().nullable() }),
    columns: ['type', 'title', 'category', 'about'],
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/connectors/{type}',
    permission: 'connectors.read',
    summary: 'One connector with its settings.',
    params: Type,
    answer: ConnectorItem,
  }),
  check: operation({
    method: 'POST',
    path: '/api/v1/connectors/{type}/check',
    permission: 'connectors.use',
    effect: 'read',
    summary: 'Test a connection with these settings.',
    params: Type,
    body: Settings,
    answer: ConnectorCheck,
  }),
  discover: operation({
    method: 'POST',
    path: '/api/v1/connectors/{type}/discover',
    permission: 'connectors.use',
    effect: 'read',
    summary: 'List what can be read: tables, files, streams.',
    params: Type,
    body: Settings,
    answer: FoundStreams,
  }),
  ...connectionOperations,
})
