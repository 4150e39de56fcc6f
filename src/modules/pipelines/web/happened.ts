import type { Tone } from '#ui/Status'
import type { Run } from './pipeline-api.ts'

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
