/** What one module does with its own jobs. */
import type { Jobs } from '#ports/jobs'
import { requestScope } from '../logs/request-scope.ts'
import { check } from '../problems/problems.ts'
import type { JobModule } from './declarations.ts'
import type { JobEntries } from './job-entries.ts'
import type { JobDefinition, JobDefinitions, ModuleJobs } from './jobs.ts'

export interface ModuleJobsParts {
  readonly queue: Jobs
  readonly entries: JobEntries
  readonly cancel: ModuleJobs['cancel']
}

/** Refuses the jobs that the module does not declare. */
export function moduleJobs(module: JobModule, { queue, entries, cancel }: ModuleJobsParts): ModuleJobs {
  const declared = new Set(Object.values((module.jobs ?? {}) as JobDefinitions))
  const own = (definition: JobDefinition): void => {
    if (!declared.has(definition))
      throw new Error(`The module "${module.name}" does not declare the job "${definition.name}".`)
  }
  return {
    async enqueue(workspace, definition, given, options = {}) {
      own(definition)
      parsed(definition, given)
      const actor = requestScope.getStore()?.actor
      const id = await entries.record(definition, workspace, given, { ...options, actor })
      await entries.add(definition, { workspace, id }, options.delayMs)
      return id
    },
    async schedule(workspace, definition, { key, cron, zone, payload }) {
      own(definition)
      parsed(definition, payload)
      await queue.schedule(definition.name, { key, cron, zone, data: { ...(payload as object), workspace } })
    },
    async unschedule(definition, key) {
      own(definition)
      await queue.unschedule(definition.name, key)
    },
    cancel,
  }
}

function parsed(definition: JobDefinition, payload: unknown): object {
  const { value, problems } = check(definition.payload, payload)
  if (problems.length > 0 || typeof value !== 'object' || value === null)
    throw new Error(`The payload of the job "${definition.name}" is wrong: ${JSON.stringify(problems.slice(0, 3))}`)
  return value
}
