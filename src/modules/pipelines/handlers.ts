import { parseExact } from '#core/exact-json'
import type { Handlers } from '#kernel/contract'
import type { DefinitionVersions } from '#kernel/definition-versions'
import { versionsPage, withRestoreAdvice } from '#kernel/version-operations'
import { requirePermissions } from '#kernel/needed-permissions'
import { isRestricted } from '#modules/datasets'
import type { PipelineAnswer, pipelinesContract, Run } from './contract.ts'
import { catalogueHandlers } from './catalogue-handlers.ts'
import { nextRunAt, nextRunsOf } from './definition/definition.ts'
import { neededPermissions } from './definition/definition-permissions.ts'
import { pipelineErrors } from './errors.ts'
import type { LiveRuns } from './runs/live-runs.ts'
import type { Operations } from './operations.ts'
import { probeHandlers } from './definition/probe-handlers.ts'
import { refOf, versionOf } from './definition/pipeline-store.ts'
import type { PipelineStore, StoredPipeline } from './definition/pipeline-store.ts'
import { fitProblems, previewSteps, sampled } from './runs/preview.ts'
import type { Clock } from '#ports/clock'
import type { RunNeeds } from './runs/run-context.ts'
import { runHandlers } from './runs/run-handlers.ts'
import type { RunStore } from './runs/run-store.ts'

export interface HandlerParts {
  readonly needs: RunNeeds
  readonly pipelines: PipelineStore
  readonly runs: RunStore
  readonly live: LiveRuns
  readonly operations: Operations
  readonly clock: Clock
  /** Those that all modules declare, and what each allows. */
  readonly permissions: ReadonlyMap<string, string>
  readonly versions: DefinitionVersions
}

export function pipelineHandlers({
  needs,
  pipelines,
  runs,
  live,
  operations,
  clock,
  permissions,
  versions,
}: HandlerParts): Handlers<typeof pipelinesContract> {
  const answer = async (workspace: string, stored: StoredPipeline): Promise<PipelineAnswer> => {
    const latest = await runs.latest(workspace, [stored.id])
    return answerOf(stored, latest.get(stored.id), clock.now())
  }
  return {
    ...runHandlers({ pipelines, runs, live, operations }),
    ...catalogueHandlers,
    ...probeHandlers(pipelines, needs.connectors),
    list: async ({ workspace, query }) => {
      const page = await pipelines.list(workspace, query)
      const latest = await runs.latest(
        workspace,
        page.items.map((stored) => stored.id),
      )
      return {
        items: page.items.map((stored) => answerOf(stored, latest.get(stored.id), clock.now())),
        next: page.next,
      }
    },
    create: async ({ actor, workspace, body }) => answer(workspace, await operations.create(actor, body)),
    get: async ({ workspace, params }) => answer(workspace, await pipelines.get(workspace, params.id)),
    replace: async ({ actor, workspace, params, body }) =>
      answer(workspace, await operations.replace(actor, params.id, body)),
    remove: ({ workspace, params }) => operations.remove(workspace, params.id),
    versions: async ({ workspace, params, query }) => {
      const stored = await pipelines.get(workspace, params.id)
      return await versionsPage(versions, { workspace, ref: refOf(stored), current: versionOf(stored) }, query)
    },
    restore: async ({ workspace, params, query, actor }) => {
      const stored = await pipelines.get(workspace, params.id)
      const earlier = await versions.get(workspace, refOf(stored), versionOf(stored), params.version)
      const change = { ...(earlier as object), version: query.current }
      return await withRestoreAdvice({ kind: 'pipeline', version: params.version }, async () =>
        answer(workspace, await operations.replace(actor, params.id, change)),
      )
    },
    validate: async ({ actor, body, query, signal }) => {
      const { pipeline, problems } = await pipelines.validateBody(actor, body, query.pipeline)
      if (pipeline !== undefined) requirePermissions(actor, neededPermissions(pipeline, needs.connectors), permissions)
      const all =
        pipeline === undefined
          ? problems
          : await fitProblems(needs, await needs.datasets.readerOf(actor), pipeline, signal)
      const nextRuns = nextRunsOf(body, clock.now())
      return {
        valid: all.length === 0,
        problems: all.map((problem) => ({ ...problem })),
        ...(nextRuns.length === 0 ? {} : { nextRuns }),
      }
    },
    preview: async ({ actor, body, query, signal }) => {
      const { pipeline, problems } = await pipelines.validateBody(actor, previewable(body), query.pipeline)
      if (pipeline === undefined)
        throw pipelineErrors.invalid({ name: 'preview', count: problems.length }, { problems })
      const needed = neededPermissions(pipeline, needs.connectors).filter(
        ({ at }) => at !== 'destination' || Object.hasOwn(body as object, 'destination'),
      )
      requirePermissions(actor, needed, permissions)
      return {
        sampled,
        steps: await previewSteps(needs, await needs.datasets.readerOf(actor), pipeline, {
          rows: query.rows,
          loads: hasDestination(body),
          signal,
        }),
      }
    },
    pause: async ({ workspace, params }) => answer(workspace, await operations.pause(workspace, params.id)),
    resume: async ({ workspace, params }) => answer(workspace, await operations.resume(workspace, params.id)),
    quarantine: async ({ workspace, params, query, actor }) => {
      requirePermissions(
        actor,
        [{ permission: 'datasets.read', at: 'id', what: 'the rows in quarantine' }],
        permissions,
      )
      const { spec } = await pipelines.get(workspace, params.id)
      if (isRestricted(await needs.datasets.readerOf(actor))) throw pipelineErrors.restricted({ name: spec.name })
      const { items, next } = await needs.datasets.quarantine.list(workspace, { pipeline: params.id }, query)
      return {
        items: items.map(({ dataset, record, ...row }) => ({
          ...row,
          problems: [...row.problems],
          ...(record === undefined ? {} : { record: parseExact(record) as Record<string, unknown> }),
          ...(dataset === '' ? {} : { dataset }),
        })),
        next,
      }
    },
  }
}

function answerOf(stored: StoredPipeline, lastRun: Run | undefined, now: number): PipelineAnswer {
  const { spec, id, version, status, createdAt, updatedAt } = stored
  return {
    ...spec,
    id,
    version,
    status,
    createdAt,
    updatedAt,
    ...(lastRun === undefined ? {} : { lastRun }),
    ...(spec.schedule === undefined || status === 'paused' ? {} : { nextRunAt: nextRunAt(spec.schedule, now) }),
  }
}

function hasDestination(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'destination' in body
}

/** A preview needs neither a name nor a destination. */
function previewable(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  return { name: 'preview', type: 'batch', destination: { type: 'dataset', config: { dataset: 'preview' } }, ...body }
}
