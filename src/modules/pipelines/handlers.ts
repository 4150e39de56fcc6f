import { Readable } from 'node:stream'
import type { Handlers } from '#kernel/contract'
import { JsonReply, RawReply } from '#kernel/contract'
import type { DefinitionVersions } from '#kernel/definition-versions'
import { versionsPage } from '#kernel/version-operations'
import { requirePermissions } from '#kernel/needed-permissions'
import { isRestricted } from '#modules/datasets'
import { pageOf } from '#kernel/paging'
import { settingsSchema } from '#sdk'
import type { PipelineAnswer, pipelinesContract, Run } from './contract.ts'
import { nextRunAt, nextRunsOf } from './definition/definition.ts'
import { neededPermissions } from './definition/definition-permissions.ts'
import { pipelineErrors } from './errors.ts'
import type { LiveRuns } from './runs/live-runs.ts'
import type { Operations } from './operations.ts'
import { refOf, versionOf } from './definition/pipeline-store.ts'
import type { PipelineStore, StoredPipeline } from './definition/pipeline-store.ts'
import { fitProblems, previewSteps, sampled } from './runs/preview.ts'
import { rules } from './quality/catalogue.ts'
import { severities } from '#core/pipeline'
import type { Clock } from '#ports/clock'
import type { RunNeeds } from './runs/run-context.ts'
import type { RunStore } from './runs/run-store.ts'
import { steps } from './steps/catalogue.ts'

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
  const found = async (workspace: string, id: string): Promise<Run> => {
    const run = await runs.find(workspace, id)
    if (run === undefined) throw pipelineErrors.unknown_run({ id })
    return run
  }
  return {
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
    restore: async ({ workspace, params, actor }) => {
      const stored = await pipelines.get(workspace, params.id)
      const earlier = await versions.get(workspace, refOf(stored), versionOf(stored), params.version)
      return answer(workspace, await operations.replace(actor, params.id, earlier))
    },
    validate: async ({ actor, workspace, body, query, signal }) => {
      const { pipeline, problems } = await pipelines.validateBody(workspace, body, query.pipeline)
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
    preview: async ({ actor, workspace, body, query, signal }) => {
      const { pipeline, problems } = await pipelines.validateBody(workspace, previewable(body), query.pipeline)
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
    run: async ({ workspace, params, query, signal }) => {
      const runId = await operations.run(workspace, params.id, 'person')
      if (query.wait === undefined) return { runId }
      const ended = live.waitForEnd(runId, Math.min(300_000, milliseconds(query.wait)), signal)
      const early = await runs.find(workspace, runId)
      if (early === undefined || early.status === 'queued' || early.status === 'running') await ended
      return new JsonReply(await found(workspace, runId), 200)
    },
    pause: async ({ workspace, params }) => answer(workspace, await operations.pause(workspace, params.id)),
    resume: async ({ workspace, params }) => answer(workspace, await operations.resume(workspace, params.id)),
    runs: async ({ workspace, params, query }) => {
      await pipelines.get(workspace, params.id)
      return runs.list(workspace, params.id, query)
    },
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
        items: items.map(({ dataset, ...row }) => ({
          ...row,
          problems: [...row.problems],
          ...(dataset === '' ? {} : { dataset }),
        })),
        next,
      }
    },
    runGet: ({ workspace, params }) => found(workspace, params.id),
    runCancel: async ({ workspace, params, signal }) => {
      await operations.cancel(workspace, await found(workspace, params.id), signal)
      return found(workspace, params.id)
    },
    runEvents: async ({ workspace, params, signal }) => {
      await found(workspace, params.id)
      return new RawReply(
        'text/event-stream',
        Readable.from(eventsOf(params.id, () => found(workspace, params.id), live, signal)),
        { 'cache-control': 'no-store' },
      )
    },
    runLogs: async ({ workspace, params, query }) => {
      await found(workspace, params.id)
      const lines = await runs.logs(workspace, params.id)
      return pageOf(
        `pipelines.runLogs:${params.id}`,
        lines.map(({ at, level, message }) => ({ at, level, message })),
        query,
      )
    },
    transformations: ({ query }) =>
      pageOf(
        'pipelines.transformations',
        steps.map((step) => ({
          type: step.type,
          title: step.title,
          about: step.about,
          settings: settingsSchema(step.settings),
          example: { ...step.example },
        })),
        query,
      ),
    rules: ({ query }) =>
      pageOf(
        'pipelines.rules',
        rules.map((rule) => ({
          type: rule.type,
          title: rule.title,
          about: rule.about,
          settings: settingsSchema(rule.settings),
          example: { ...rule.example },
          severities: [...severities],
        })),
        query,
      ),
  }
}

/** Progress as it happens; the last event is the run as it ended. */
async function* eventsOf(
  runId: string,
  run: () => Promise<Run>,
  live: LiveRuns,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let wake = (): void => undefined
  let latest: unknown
  const heard = live.listen(runId, (progress) => {
    latest = progress
    wake()
  })
  const gone = (): void => wake()
  signal.addEventListener('abort', gone, { once: true })
  try {
    for (;;) {
      const now = await run()
      yield event('run', now)
      if (now.status !== 'queued' && now.status !== 'running') return
      for (let quiet = 0; quiet < 20 && !signal.aborted; quiet += 1) {
        const woken = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(false), 500)
          wake = () => {
            clearTimeout(timer)
            resolve(true)
          }
          if (latest !== undefined) wake()
        })
        if (!woken && latest === undefined) continue
        const progress = latest as { status: string } | undefined
        latest = undefined
        if (progress === undefined) continue
        if (progress.status !== 'running') break
        yield event('progress', progress)
      }
      if (signal.aborted) return
    }
  } finally {
    heard.close()
    signal.removeEventListener('abort', gone)
  }
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
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

function milliseconds(wait: string): number {
  const [, amount = '0', unit = 's'] = /^(\d+)(ms|s|m)?$/.exec(wait) ?? []
  return Number(amount) * ({ ms: 1, s: 1000, m: 60_000 }[unit] ?? 1000)
}
