import { z } from 'zod'
import { ObjectRef } from '#core/object-ref'
import { operation } from '#kernel/contract'
import { Paging, previewRows } from '#kernel/paging'
import { versionOperations } from '#kernel/version-operations'
import { failureKinds, sourceModes } from '#sdk'

const Name = z
  .string()
  .min(1)
  .max(100)
  .regex(
    /^[^\u0000-\u001f\u007f-\u009f/\s]([^\u0000-\u001f\u007f-\u009f/]*[^\u0000-\u001f\u007f-\u009f/\s])?$/,
    'has no "/", no control characters and no space at its ends',
  )
  .describe('Unique in the workspace.')
const Settings = z
  .record(z.string(), z.unknown())
  .describe('The settings that GET /api/v1/connectors/{type} lists under "settings.connection".')

export const ConnectionBody = z.strictObject({ name: Name, type: z.string().min(1).max(100), settings: Settings })
export type ConnectionBody = z.output<typeof ConnectionBody>

export const ConnectionItem = z.object({
  name: z.string(),
  type: z.string(),
  /** `***` in place of each secret. */
  settings: Settings,
  version: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
})
export type ConnectionItem = z.output<typeof ConnectionItem>

export const Connection = ConnectionItem.extend({
  usedBy: z.array(ObjectRef).describe('What would break without it, and keeps it from being deleted.'),
})
export type Connection = z.output<typeof Connection>

/** What GET answers may be changed and sent back as it is. */
const Replacement = z.strictObject({
  name: z.string().max(100).optional().describe('As it is: a connection keeps its name.'),
  type: z.string().max(100).optional().describe('As it is: a connection keeps its type.'),
  settings: Settings.describe('A secret that is absent or "***" is kept, null removes it.'),
  version: z.int().optional().describe('The version that was changed; another current one is a conflict.'),
  createdAt: z.unknown().optional(),
  updatedAt: z.unknown().optional(),
  usedBy: z.unknown().optional(),
})
export type Replacement = z.output<typeof Replacement>

const Column = z.object({ name: z.string(), type: z.string(), nullable: z.boolean() })
export const ConnectionStream = z.object({
  name: z.string(),
  columns: z.array(Column).describe('Empty where finding them out would mean reading the stream.'),
  primaryKey: z.array(z.string()),
  cursors: z.array(z.string()).describe('Columns that grow with each change.'),
  modes: z.array(z.enum(sourceModes)),
})
export type ConnectionStream = z.output<typeof ConnectionStream>

export const Diagnosis = z.object({ kind: z.enum(failureKinds), detail: z.string(), remedy: z.string() })
export const ConnectionCheck = z.object({ ok: z.boolean(), summary: z.string(), diagnosis: Diagnosis.optional() })
export type ConnectionCheck = z.output<typeof ConnectionCheck>

const params = z.object({ name: z.string().max(100) })
const path = '/api/v1/connections/{name}' as const
const { versions, restore } = versionOperations({
  kind: 'connection',
  path,
  params,
  idParam: 'name',
  read: 'connections.read',
  write: 'connections.write',
  answer: Connection,
})

export const connectionOperations = {
  connectionList: operation({
    method: 'GET',
    path: '/api/v1/connections',
    permission: 'connections.read',
    command: 'connections list',
    summary: 'The connections of the workspace, by name.',
    query: Paging.extend({ type: z.string().max(100).optional().describe('Only those of this connector.') }),
    answer: z.object({ items: z.array(ConnectionItem), next: z.string().nullable() }),
    columns: ['name', 'type', 'updatedAt'],
  }),
  connectionCreate: operation({
    method: 'POST',
    path: '/api/v1/connections',
    permission: 'connections.write',
    effect: 'write',
    command: 'connections create',
    subject: ({ body }) => ({ kind: 'connection', id: body.name, name: body.name }),
    changes: 'connectionGet',
    summary: 'Make a connection: the settings of a server or account under a name, with its secrets sealed.',
    body: ConnectionBody,
    answer: Connection,
    status: 201,
  }),
  connectionGet: operation({
    method: 'GET',
    path,
    permission: 'connections.read',
    command: 'connections get',
    summary: 'One connection with its settings; secrets are shown as "***".',
    params,
    answer: Connection,
  }),
  connectionReplace: operation({
    method: 'PUT',
    path,
    permission: 'connections.write',
    effect: 'write',
    command: 'connections replace',
    subject: ({ params: { name } }) => ({ kind: 'connection', id: name, name }),
    changes: 'connectionGet',
    summary: 'Change the settings of a connection.',
    description:
      'A secret that is absent or "***" is kept as long as every other setting that is not declared safe stays the same; else the answer is 422 with "secret_needed" at its place. null removes a secret.',
    params,
    body: Replacement,
    answer: Connection,
  }),
  connectionRemove: operation({
    method: 'DELETE',
    path,
    permission: 'connections.write',
    effect: 'write',
    command: 'connections remove',
    subject: ({ params: { name } }) => ({ kind: 'connection', id: name, name }),
    changes: 'connectionGet',
    summary: 'Delete a connection that nothing uses, with its secrets.',
    params,
    answer: z.void(),
    status: 204,
  }),
  connectionCheck: operation({
    method: 'POST',
    path: `${path}/check`,
    permission: 'connectors.use',
    effect: 'read',
    command: 'connections check',
    summary: 'Test a connection; a failure is answered with its kind and what to do.',
    params,
    body: z
      .strictObject({
        settings: Settings.optional().describe('Tested in place of those of the connection, before they are saved.'),
      })
      .default({}),
    answer: ConnectionCheck,
  }),
  connectionStreams: operation({
    method: 'GET',
    path: `${path}/streams`,
    permission: 'connectors.use',
    command: 'connections streams',
    summary: 'What can be read through a connection: tables and views, with columns, keys and modes.',
    params,
    query: Paging,
    answer: z.object({ items: z.array(ConnectionStream), next: z.string().nullable() }),
    columns: ['name', 'primaryKey', 'cursors', 'modes'],
  }),
  connectionPreview: operation({
    method: 'POST',
    path: `${path}/preview`,
    permission: 'connectors.use',
    effect: 'read',
    command: 'connections preview',
    summary: 'The first rows of a stream of a connection.',
    params,
    body: z.strictObject({
      stream: z.string().min(1).max(500).describe('A name that the streams of the connection list.'),
      limit: z.int().min(1).max(previewRows.max).default(previewRows.default),
    }),
    answer: z.object({ columns: z.array(Column), rows: z.array(z.record(z.string(), z.unknown())) }),
  }),
  connectionVersions: { ...versions, command: 'connections versions' },
  connectionRestore: { ...restore, command: 'connections restore' },
}
