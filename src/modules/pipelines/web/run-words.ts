import type { Tone } from '#ui/Status'
import type { RunBar, RunState } from '#ui/RunBars'
import { formatCount } from '#ui/number'
import { formatDuration, formatExactTime } from '#ui/time'
import { durationOf, type Run } from './pipeline-api.ts'

export const runTones: Readonly<Record<RunState, { readonly tone: Tone; readonly word: string }>> = {
  queued: { tone: 'wait', word: 'Queued' },
  running: { tone: 'busy', word: 'Running' },
  succeeded: { tone: 'good', word: 'Succeeded' },
  failed: { tone: 'bad', word: 'Failed' },
  cancelled: { tone: 'idle', word: 'Cancelled' },
}

/** "12 rows rejected" */
export function rejectedText({ rows }: Pick<Run, 'rows'>): string {
  return `${formatCount(rows.quarantined, 'row')} rejected`
}

/** Runs come newest first; bars go from old to new. */
export function barsOf(runs: readonly Run[], now: number, linked = false): RunBar[] {
  return runs.toReversed().map((run) => {
    const duration = durationOf(run, now)
    const when =
      run.startedAt === null || run.startedAt === undefined ? 'not started' : formatExactTime(Date.parse(run.startedAt))
    const link = linked ? { to: `/pipelines/${run.pipelineId}`, search: { run: run.id } } : {}
    return {
      id: run.id,
      state: run.status,
      duration,
      ...link,
      title: [
        runTones[run.status].word,
        formatDuration(duration),
        `${formatCount(run.rows.written, 'row')} written`,
        ...(run.rows.quarantined === 0 ? [] : [rejectedText(run)]),
        when,
      ].join(', '),
    }
  })
}
