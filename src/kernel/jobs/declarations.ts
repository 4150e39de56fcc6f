/** What modules declare about jobs, checked as data before anything starts. */
import { nextTime } from '#core/cron'
import type { JobDefinitions } from './jobs.ts'

export interface JobModule {
  readonly name: string
  readonly jobs?: JobDefinitions
}

export function jobFaults({ name, jobs = {} }: JobModule): string[] {
  return Object.entries(jobs).flatMap(([key, definition]) => {
    if (definition.name !== `${name}.${key}`)
      return [`The job "${key}" of "${name}" is named "${definition.name}", and has to be "${name}.${key}".`]
    if (definition.schedule === undefined) return []
    if (!definition.payload.safeParse({}).success)
      return [`The job "${definition.name}" has a schedule, so its payload must accept {}.`]
    return isSchedule(definition.schedule)
      ? []
      : [`The schedule of the job "${definition.name}" is not a cron with a zone.`]
  })
}

/** What the started module lacks, or brings too much. */
export function workFaults({ name, jobs = {} }: JobModule, work: Readonly<Record<string, unknown>> = {}): string[] {
  return [
    ...Object.keys(jobs)
      .filter((key) => work[key] === undefined)
      .map((key) => `The module "${name}" brings no handler for the job "${name}.${key}".`),
    ...Object.keys(work)
      .filter((key) => jobs[key] === undefined)
      .map((key) => `The module "${name}" handles the job "${key}" and does not declare it.`),
  ]
}

function isSchedule({ cron, zone }: { readonly cron: string; readonly zone: string }): boolean {
  try {
    nextTime(cron, zone, 0)
    return true
  } catch {
    return false
  }
}
