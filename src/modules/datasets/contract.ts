import { z } from 'zod'
import { DatasetSpec } from '#core/dataset'
import { isObject } from '#core/exact-json'
import { defineContract, operation } from '#kernel/contract'
import { Paging } from '#kernel/paging'
import { versionOperations } from '#kernel/version-operations'

const Named = z.object({ name: z.string() })

export const DatasetColumn = z.object({
  name: z.string(),
  type: z.string(),
  nullable: z.boolean(),
  tags: z.array(z.string()),
})

export const DatasetItem = z.object({
  name: z.string(),
  kind: z.enum(['events', 'table']),
  columns: z.array(DatasetColumn),
  key: z.array(z.string()).optional(),
  rows: z.number().int(),
  bytes: z.number().int(),
  /** When rows came in last. */
  freshness: z.iso.datetime().nullable(),
  source: z.object({ kind: z.enum(['declared', 'inferred', 'pipeline']), name: z.string().optional() }),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
})
export type DatasetItem = z.output<typeof DatasetItem>

const Replacement = DatasetSpec.safeExtend({
  rows: z.unknown().optional(),
  bytes: z.unknown().optional(),
  freshness: z.unknown().optional(),
  source: z.unknown().optional(),
  version: z.int().optional().describe('The version that was changed; another current one is a conflict.'),
  createdAt: z.unknown().optional(),
})

export const QuarantinedItem = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  source: z.string(),
  reason: z.string(),
  problems: z.array(z.object({ at: z.string(), code: z.string(), message: z.string() })),
  row: z.string().describe('As it came.'),
  record: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'Its columns as an object, where the row is other text, such as a line of CSV: it is what is sent again. Absent when it is larger than 1 MiB.',
    ),
})
export type QuarantinedItem = z.output<typeof QuarantinedItem>

/** `z.record` would take a long number, which is an object here, and leave out a column named `__proto__`. */
const CorrectedRow = z
  .custom<Record<string, unknown>>(isObject, 'Write the row as an object of its columns.')
  .meta({ type: 'object', additionalProperties: {} })

export const DatasetProfile = z.object({
  /** Rows looked at: the latest ones. */
  rows: z.number().int(),
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      filled: z.number(),
      distinct: z.number().int(),
      min: z.string().nullable(),
      max: z.string().nullable(),
      top: z.array(z.object({ value: z.string(), count: z.number() })),
      /** Times are milliseconds since 1970. */
      histogram: z.array(z.object({ from: z.number(), to: z.number(), count: z.number() })),
    }),
  ),
})

export const datasetsContract = defineContract('datasets', {
  list: operation({
    method: 'GET',
    path: '/api/v1/datasets',
    permission: 'datasets.read',
    summary: 'The datasets of the workspace.',
    query: Paging.extend({ kind: z.enum(['events', 'table']).optional() }),
    answer: z.object({ items: z.array(DatasetItem), next: z.string().nullable() }),
    columns: ['name', 'kind', 'rows', 'bytes', 'freshness'],
  }),
  create: operation({
    method: 'POST',
    path: '/api/v1/datasets',
    permission: 'datasets.write',
    effect: 'write',
    subject: ({ body }) => ({ kind: 'dataset', id: body.name }),
    changes: 'get',
    summary: 'Make a dataset with declared columns.',
    body: DatasetSpec,
    example: {
      name: 'customers',
      kind: 'table',
      key: ['id'],
      columns: [
        { name: 'id', type: 'integer', nullable: false },
        { name: 'email', type: 'string', tags: ['personal'] },
      ],
    },
    answer: DatasetItem,
    status: 201,
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/datasets/{name}',
    permission: 'datasets.read',
    summary: 'One dataset with its columns, size and freshness.',
    params: Named,
    answer: DatasetItem,
  }),
  change: operation({
    method: 'PUT',
    path: '/api/v1/datasets/{name}',
    permission: 'datasets.write',
    effect: 'write',
    subject: ({ params }) => ({ kind: 'dataset', id: params.name }),
    changes: 'get',
    summary: 'Add columns or change tags; what would lose data is refused.',
    description: 'What GET answers may be changed and sent back as it is.',
    params: Named,
    body: Replacement,
    answer: DatasetItem,
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/v1/datasets/{name}',
    permission: 'datasets.write',
    effect: 'write',
    subject: ({ params }) => ({ kind: 'dataset', id: params.name }),
    changes: 'get',
    summary: 'Delete a dataset with all its rows.',
    params: Named,
    answer: z.void(),
    status: 204,
  }),
  ...versionOperations({
    kind: 'dataset',
    path: '/api/v1/datasets/{name}',
    params: Named,
    idParam: 'name',
    read: 'datasets.read',
    write: 'datasets.write',
    answer: DatasetItem,
  }),
  rows: operation({
    method: 'GET',
    path: '/api/v1/datasets/{name}/rows',
    permission: 'datasets.read',
    summary: 'Rows of a dataset, page by page.',
    params: Named,
    query: Paging.extend({
      filter: z.string().max(10_000).optional().describe('An expression, or the object form of a filter as JSON.'),
      sort: z
        .string()
        .max(100)
        .optional()
        .describe('A column to sort by, empty values last; otherwise position or key.'),
      order: z
        .enum(['asc', 'desc'])
        .default('asc')
        .describe('Of "sort", or of position or key; "desc" shows the latest events first.'),
    }),
    answer: z.object({ items: z.array(z.record(z.string(), z.unknown())), next: z.string().nullable() }),
  }),
  profile: operation({
    method: 'GET',
    path: '/api/v1/datasets/{name}/profile',
    permission: 'datasets.read',
    summary: 'How full each column is and what it holds.',
    params: Named,
    answer: DatasetProfile,
  }),
  quarantine: operation({
    method: 'GET',
    path: '/api/v1/datasets/{name}/quarantine',
    permission: 'datasets.read',
    summary: 'Rows that were rejected, with the reason, latest first.',
    params: Named,
    query: Paging,
    answer: z.object({ items: z.array(QuarantinedItem), next: z.string().nullable() }),
    columns: ['id', 'at', 'source', 'reason'],
  }),
  rejected: operation({
    method: 'GET',
    path: '/api/v1/quarantine',
    permission: 'datasets.read',
    summary: 'The datasets with rejected rows, and names whose every row was rejected so that there is no dataset yet.',
    query: Paging,
    answer: z.object({
      items: z.array(
        z.object({ name: z.string(), exists: z.boolean(), rows: z.number().int(), latest: z.iso.datetime() }),
      ),
      next: z.string().nullable(),
    }),
    command: 'quarantine list',
    columns: ['name', 'exists', 'rows', 'latest'],
  }),
  replay: operation({
    method: 'POST',
    path: '/api/v1/datasets/{name}/quarantine/replay',
    permission: 'datasets.write',
    effect: 'write',
    subject: ({ params }) => ({ kind: 'dataset', id: params.name }),
    summary: 'Send rejected rows again, corrected or as they are.',
    description:
      'Each entry names a rejected row and may carry it corrected, with the columns of the dataset; without, its `record` or else its `row` is sent. Rows go into the dataset directly, not through the steps of a pipeline. All rows are taken, or none. A row that is named twice is sent once, as its last entry says.',
    keepsDigits: true,
    params: Named,
    body: z.strictObject({
      rows: z
        .array(z.strictObject({ id: z.string(), row: CorrectedRow.optional() }))
        .min(1)
        .max(1000),
    }),
    answer: z.object({ replayed: z.number().int() }),
  }),
})
