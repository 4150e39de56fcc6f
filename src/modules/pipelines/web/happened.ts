import type { Tone } from '#ui/Status'
import type { Pipeline, Run } from './pipeline-api.ts'

export interface Happening {
  readonly run: Run
  readonly at: string
  readonly tone: Tone
  readonly does: string
}

const endings: Readonly<Record<string, { readonly tone: Tone; readonly does: string }>> = {
  succeeded: { tone: 'good', does: 'finished' },
  failed: { tone: 'bad', does: 'failed' },
  cancelled: { tone: 'idle', does: 'was cancelled' },
}

/** Each run's last change, newest first. */
export function happened(runs: readonly Run[]): Happening[] {
  return runs
    .map((run): Happening => {
      const ending = endings[run.status]
      if (ending !== undefined) return { run, at: run.finishedAt ?? run.queuedAt, ...ending }
      return run.startedAt === null
        ? { run, at: run.queuedAt, tone: 'wait', does: 'is queued' }
        : { run, at: run.startedAt, tone: 'busy', does: 'is running' }
    })
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
}

/** The pipelines whose runs can be among the latest. */
export function lastAtWork(pipelines: readonly Pipeline[], count: number): readonly Pipeline[] {
  const at = ({ lastRun }: Pipeline): number =>
    lastRun === undefined || lastRun === null
      ? 0
      : Date.parse(lastRun.finishedAt ?? lastRun.startedAt ?? lastRun.queuedAt)
  return pipelines
    .filter((pipeline) => at(pipeline) > 0)
    .toSorted((one, other) => at(other) - at(one))
    .slice(0, count)
}
