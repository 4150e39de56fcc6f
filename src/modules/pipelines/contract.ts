import { z } from 'zod'
import { PipelineSpec, TypedConfig } from '#core/pipeline'
import { defineContract, operation } from '#kernel/contract'
import { versionOperations } from '#kernel/version-operations'
import { Paging, previewRows } from '#kernel/paging'
import { ConnectorCheck, FoundStreams } from '#modules/connectors/contract'
import { QuarantinedItem } from '#modules/datasets/contract'

export const runStatuses = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
export const stepStatuses = ['waiting', 'running', 'succeeded', 'failed', 'skipped'] as const

const time = z.iso.datetime().nullable()
const JsonSchema = z.record(z.string(), z.unknown())

export const RunStep = z.object({
  name: z.string(),
  status: z.enum(stepStatuses),
  /** Null where the step is one statement with the next ones and its rows are not counted apart. */
  rows: z.number().nullable(),
  bytes: z.number().nullable(),
  startedAt: time,
  finishedAt: time,
  message: z.string().optional(),
})
export type RunStep = z.output<typeof RunStep>

export const RunError = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  remedy: z.string().optional(),
  step: z.string().optional(),
  problems: z
    .array(z.object({ at: z.string(), code: z.string(), message: z.string(), suggestion: z.string().optional() }))
    .optional(),
})
export type RunError = z.output<typeof RunError>

export const Run = z.object({
  id: z.string(),
  pipelineId: z.string(),
  status: z.enum(runStatuses),
  trigger: z.enum(['person', 'schedule', 'stream']),
  version: z.number(),
  attempt: z.number(),
  rows: z.object({ read: z.number(), written: z.number(), quarantined: z.number() }),
  bytes: z.number(),
  queuedAt: z.iso.datetime(),
  startedAt: time,
  finishedAt: time,
  steps: z.array(RunStep),
  error: RunError.optional(),
})
export type Run = z.output<typeof Run>

export const PipelineAnswer = z.object({
  ...PipelineSpec.shape,
  transformations: z.array(z.object({ type: z.string(), config: z.unknown() })),
  schedule: z.unknown().optional(),
  id: z.string(),
  version: z.number(),
  status: z.enum(['active', 'paused']),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  lastRun: Run.optional(),
  nextRunAt: z.iso.datetime().optional(),
})
export type PipelineAnswer = z.output<typeof PipelineAnswer>

/** Accepted as it is, so that the answer lists all problems at once; the schema documents it. */
const { $schema: _, ...bodySchema } = z.toJSONSchema(PipelineSpec, { io: 'input', unrepresentable: 'any' })
const Body = z.unknown().meta({ ...bodySchema })

/** A sample needs neither a name nor a destination. */
const PreviewBody = z.unknown().meta({ ...bodySchema, required: ['source'] })

/** What is no pipeline at all is answered with its problems too. */
const AnyBody = z.unknown().meta({ anyOf: [{ ...bodySchema }, {}] })

const Id = z.object({ id: z.string() })
const Problem = z.object({ at: z.string(), code: z.string(), message: z.string(), suggestion: z.string().optional() })
const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() })
const Column = z.object({ name: z.string(), type: z.string(), nullable: z.boolean() })

const example = {
  name: 'Active customers',
  type: 'batch',
  source: { type: 'file', config: { path: 'customers.csv' } },
  transformations: [{ type: 'filter', config: { field: 'status', operator: 'eq', value: 'active' } }],
  destination: { type: 'dataset', config: { dataset: 'customers' } },
  schedule: '0 6 * * *',
}

const keptSecrets =
  'A secret that is "***" is the one kept for this end, as long as every other setting that is not declared safe is as it was saved; else the answer is 422 with "secret_needed" at its place. It also needs "connectors.use".'

const base = '/api/v1/pipelines'
export const pipelinesContract = defineContract('pipelines', {
  list: operation({
    method: 'GET',
    path: base,
    permission: 'pipelines.read',
    summary: 'The pipelines of the workspace.',
    query: Paging.extend({ name: z.string().optional() }),
    answer: list(PipelineAnswer),
    columns: ['id', 'name', 'type', 'status', 'nextRunAt'],
  }),
  create: operation({
    method: 'POST',
    path: base,
    permission: 'pipelines.write',
    effect: 'write',
    subject: ({ answer }) => ({ kind: 'pipeline', id: answer?.id ?? '', ...(answer && { name: answer.name }) }),
    changes: 'get',
    summary: 'Make a pipeline.',
    body: Body,
    example,
    answer: PipelineAnswer,
    status: 201,
  }),
  get: operation({
    method: 'GET',
    path: `${base}/{id}`,
    permission: 'pipelines.read',
    summary: 'One pipeline as it is defined, with its last run.',
    params: Id,
    answer: PipelineAnswer,
  }),
  replace: operation({
    method: 'PUT',
    path: `${base}/{id}`,
    permission: 'pipelines.write',
    effect: 'write',
    subject: ({ params, answer }) => ({ kind: 'pipeline', id: params.id, ...(answer && { name: answer.name }) }),
    changes: 'get',
    summary: 'Change a pipeline.',
    params: Id,
    body: Body,
    example,
    answer: PipelineAnswer,
  }),
  remove: operation({
    method: 'DELETE',
    path: `${base}/{id}`,
    permission: 'pipelines.write',
    effect: 'write',
    subject: ({ params }) => ({ kind: 'pipeline', id: params.id }),
    changes: 'get',
    summary: 'Remove a pipeline with its runs; what it loaded stays.',
    params: Id,
    answer: z.void(),
    status: 204,
  }),
  ...versionOperations({
    kind: 'pipeline',
    path: `${base}/{id}`,
    params: Id,
    idParam: 'id',
    read: 'pipelines.read',
    write: 'pipelines.write',
    answer: PipelineAnswer,
  }),
  validate: operation({
    method: 'POST',
    path: `${base}/validate`,
    permission: 'pipelines.read',
    effect: 'read',
    summary: 'Validate a pipeline without saving it: every problem with its place.',
    query: z.object({ pipeline: z.string().optional() }),
    body: AnyBody,
    example,
    answer: z.object({
      valid: z.boolean(),
      problems: z.array(Problem),
      /** The next three scheduled times, where there is a schedule that is right by itself. */
      nextRuns: z.array(z.iso.datetime()).optional(),
    }),
  }),
  preview: operation({
    method: 'POST',
    path: `${base}/preview`,
    permission: 'pipelines.read',
    effect: 'read',
    summary: 'A sample of the rows after each step, without loading any.',
    query: z.object({
      pipeline: z.string().optional(),
      rows: z.coerce.number().int().min(1).max(previewRows.max).default(previewRows.default),
    }),
    body: PreviewBody,
    example,
    answer: z.object({
      sampled: z.number(),
      steps: z.array(
        z.object({
          name: z.string(),
          type: z.string(),
          columns: z.array(Column),
          rows: z.array(z.record(z.string(), z.unknown())),
          /** How many rows of the sample there are after the step, also those not shown. */
          rowCount: z.number().int(),
          problems: z.array(Problem).optional(),
        }),
      ),
    }),
  }),
  check: operation({
    method: 'POST',
    path: `${base}/{id}/check`,
    permission: 'pipelines.read',
    effect: 'read',
    summary: 'Test the settings of one end of a pipeline before they are saved, with the secrets it keeps.',
    description: keptSecrets,
    params: Id,
    body: TypedConfig.extend({ as: z.enum(['source', 'destination']) }),
    example: { as: 'source', type: 'file', config: { path: 'customers.csv' } },
    answer: ConnectorCheck,
  }),
  discover: operation({
    method: 'POST',
    path: `${base}/{id}/discover`,
    permission: 'pipelines.read',
    effect: 'read',
    summary: 'List what the source of a pipeline can read, with the secrets it keeps.',
    description: keptSecrets,
    params: Id,
    body: TypedConfig,
    example: { type: 'file', config: { path: 'customers.csv' } },
    answer: FoundStreams,
  }),
  run: operation({
    method: 'POST',
    path: `${base}/{id}/run`,
    permission: 'pipelines.run',
    effect: 'write',
    subject: ({ params }) => ({ kind: 'pipeline', id: params.id }),
    summary: 'Run a pipeline now.',
    params: Id,
    query: z.object({
      wait: z
        .string()
        .regex(/^\d+(ms|s|m)?$/, 'is a time such as 30s')
        .optional(),
    }),
    answer: z.union([z.object({ runId: z.string() }), Run]),
    status: 202,
    otherStatuses: [200],
  }),
  pause: operation({
    method: 'POST',
    path: `${base}/{id}/pause`,
    permission: 'pipelines.run',
    effect: 'write',
    subject: ({ params, answer }) => ({ kind: 'pipeline', id: params.id, ...(answer && { name: answer.name }) }),
    summary: 'Pause a pipeline: no scheduled runs; a streaming one drains and ends.',
    params: Id,
    answer: PipelineAnswer,
  }),
  resume: operation({
    method: 'POST',
    path: `${base}/{id}/resume`,
    permission: 'pipelines.run',
    effect: 'write',
    subject: ({ params, answer }) => ({ kind: 'pipeline', id: params.id, ...(answer && { name: answer.name }) }),
    summary: 'Resume a paused pipeline.',
    params: Id,
    answer: PipelineAnswer,
  }),
  runs: operation({
    method: 'GET',
    path: `${base}/{id}/runs`,
    permission: 'pipelines.read',
    summary: 'The runs of a pipeline, latest first.',
    params: Id,
    query: Paging,
    answer: list(Run),
    columns: ['id', 'status', 'startedAt', 'finishedAt'],
  }),
  quarantine: operation({
    method: 'GET',
    path: `${base}/{id}/quarantine`,
    permission: 'pipelines.read',
    summary: 'Rows that a pipeline rejected, with the reason, latest first, whatever its destination.',
    description: 'Needs "datasets.read" too, because it shows rows.',
    params: Id,
    query: Paging,
    answer: list(QuarantinedItem.extend({ dataset: z.string().optional(), stream: z.string() })),
    columns: ['id', 'at', 'source', 'reason'],
  }),
  runGet: operation({
    method: 'GET',
    path: '/api/v1/runs/{id}',
    permission: 'pipelines.read',
    summary: 'One run with its steps.',
    params: Id,
    answer: Run,
    command: 'runs get',
  }),
  runCancel: operation({
    method: 'POST',
    path: '/api/v1/runs/{id}/cancel',
    permission: 'pipelines.run',
    effect: 'write',
    subject: ({ params }) => ({ kind: 'run', id: params.id }),
    summary: 'Cancel a run; the engine stops at once.',
    params: Id,
    answer: Run,
    command: 'runs cancel',
  }),
  runEvents: operation({
    method: 'GET',
    path: '/api/v1/runs/{id}/events',
    permission: 'pipelines.read',
    summary: 'The progress of a run as it happens, as server-sent events.',
    params: Id,
    answer: { raw: true, contentTypes: ['text/event-stream'] },
    command: false,
  }),
  runLogs: operation({
    method: 'GET',
    path: '/api/v1/runs/{id}/logs',
    permission: 'pipelines.read',
    summary: 'The log of a run.',
    params: Id,
    query: Paging,
    answer: list(z.object({ at: z.iso.datetime(), level: z.string(), message: z.string() })),
    command: 'runs logs',
  }),
  transformations: operation({
    method: 'GET',
    path: '/api/v1/transformations',
    permission: 'pipelines.read',
    summary: 'All transformations.',
    query: Paging,
    answer: list(
      z.object({
        type: z.string(),
        title: z.string(),
        about: z.string(),
        settings: JsonSchema,
        example: z.record(z.string(), z.unknown()),
      }),
    ),
    command: 'transformations list',
    columns: ['type', 'title', 'about'],
  }),
  rules: operation({
    method: 'GET',
    path: '/api/v1/quality/rules',
    permission: 'pipelines.read',
    summary: 'All quality rules.',
    query: Paging,
    answer: list(
      z.object({
        type: z.string(),
        title: z.string(),
        about: z.string(),
        settings: JsonSchema,
        example: z.record(z.string(), z.unknown()),
        severities: z.array(z.string()),
      }),
    ),
    command: 'quality rules',
    columns: ['type', 'title', 'about'],
  }),
})
