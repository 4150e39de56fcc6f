import { z } from 'zod'
import { defineContract, operation } from '#kernel/contract'

/** Rows of a JSON answer unless the caller says otherwise, and the most one may ask for. */
export const defaultLimit = 1000
export const maxLimit = 100_000

export const Question = z.strictObject({
  sql: z.string().min(1).max(100_000),
  parameters: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'is a name of letters, digits and "_"'), z.json())
    .default({}),
  limit: z.number().int().min(1).max(maxLimit).default(defaultLimit),
})
export type Question = z.output<typeof Question>

export const Answer = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.unknown())),
  rowCount: z.number().int(),
  truncated: z.boolean(),
  elapsedMs: z.number(),
  cached: z.boolean(),
})
export type Answer = z.output<typeof Answer>

/** What `Accept` may name beside JSON, and the engine's name for it. These stream the whole result. */
export const streamedFormats = {
  'text/csv': 'CSVWithNames',
  'application/vnd.apache.arrow.stream': 'ArrowStream',
  'application/vnd.apache.parquet': 'Parquet',
  // What clients also call these.
  'application/vnd.apache.arrow.file': 'Arrow',
  'application/x-parquet': 'Parquet',
} as const

export const exploreContract = defineContract('explore', {
  query: operation({
    method: 'POST',
    path: '/query',
    aliases: ['/api/v1/query'],
    permission: 'explore.query',
    effect: 'read',
    summary: 'Ask the workspace’s datasets a question in SQL.',
    description:
      'One SELECT in ClickHouse’s dialect over the datasets of the workspace and the views `kpi_values_minute`, `kpi_values_hour` and `kpi_values_day`. Values are bound as `{name:Type}`. ' +
      'JSON answers hold at most `limit` rows; `Accept: text/csv`, Arrow or Parquet stream the whole result.',
    body: Question,
    example: { sql: 'SELECT region, sum(amount) AS revenue FROM orders GROUP BY region', limit: 100 },
    answer: { raw: true, contentTypes: ['application/json', ...Object.keys(streamedFormats)], json: Answer },
    command: false,
  }),
})
