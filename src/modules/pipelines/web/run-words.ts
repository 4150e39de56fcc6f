import type { Tone } from '#ui/Status'
import type { RunBar, RunState } from '#ui/RunBars'
import { formatCount } from '#ui/number'
import { formatDuration, formatExactTime } from '#ui/time'
import { durationOf, type Pipeline, type Run } from './pipeline-api.ts'

export const runTones: Readonly<Record<RunState, { readonly tone: Tone; readonly word: string }>> = {
  queued: { tone: 'wait', word: 'Queued' },
  running: { tone: 'busy', word: 'Running' },
  succeeded: { tone: 'good', word: 'Succeeded' },
  failed: { tone: 'bad', word: 'Failed' },
  cancelled: { tone: 'idle', word: 'Cancelled' },
}

/** A pipeline's health: what it does now, or how its last run ended. */
export function healthOf({ status, type, lastRun }: Pipeline): { readonly tone: Tone; readonly word: string } {
  if (lastRun?.status === 'running' || lastRun?.status === 'queued') return runTones[lastRun.status]
  if (status === 'paused')
    return { tone: 'idle', word: lastRun?.status === 'failed' ? 'Paused after a failure' : 'Paused' }
  if (lastRun?.status === 'failed') return { tone: 'bad', word: 'Failing' }
  if (lastRun === undefined || lastRun === null) return { tone: 'wait', word: 'Not run yet' }
  return lastRun.status === 'cancelled'
    ? runTones.cancelled
    : { tone: 'good', word: type === 'streaming' ? 'Running' : 'Healthy' }
}

const order: readonly Tone[] = ['bad', 'warn', 'busy', 'wait', 'good', 'idle']

/** What needs a person first: what fails, then what was paused after a failure. */
export function byHealth(a: Pipeline, b: Pipeline): number {
  return urgency(a) - urgency(b) || a.name.localeCompare(b.name, undefined, { numeric: true })
}

function urgency(pipeline: Pipeline): number {
  const { tone } = healthOf(pipeline)
  return tone === 'idle' && pipeline.lastRun?.status === 'failed' ? order.indexOf('bad') + 0.5 : order.indexOf(tone)
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
