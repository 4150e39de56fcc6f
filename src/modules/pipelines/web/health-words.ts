import type { Tone } from '#ui/Status'
import type { Pipeline } from './pipeline-api.ts'
import { runTones } from './run-words.ts'

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
