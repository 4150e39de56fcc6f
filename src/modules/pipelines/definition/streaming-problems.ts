/** What only a batch can do: a streaming pipeline reads on and on, and sees a slice at a time. No pipeline writes into the stream it reads. */
import type { Problem } from '#core/errors'
import type { PipelineSpec } from '#core/pipeline'
import type { SettingsValidation } from '#modules/connectors'
import type { ValidatedStep } from '../steps/catalogue.ts'
import { endDataset } from './end-dataset.ts'

export function streamingProblems(
  spec: PipelineSpec,
  source: SettingsValidation | undefined,
  destination: SettingsValidation | undefined,
  steps: readonly (ValidatedStep | { readonly problems: readonly Problem[] })[],
): readonly Problem[] {
  if (spec.type !== 'streaming') return ownStreamProblems(source, destination)
  const problems: Problem[] = []
  const from = source?.connector
  if (from !== undefined && from.source?.continuous !== true) {
    problems.push({
      at: 'source.type',
      code: 'not_continuous',
      message: `The connector "${from.type}" cannot be read continuously; use "stream", or make the pipeline a batch.`,
    })
  }
  const into = destination?.connector
  if (into !== undefined && into.destination?.continuous !== true) {
    problems.push({
      at: 'destination.type',
      code: 'not_continuous',
      message: `The connector "${into.type}" cannot be filled continuously; use "dataset" or "postgresql", or make the pipeline a batch.`,
    })
  }
  if (into?.destination?.replaces?.(destination?.settings) === true) {
    problems.push({
      at: 'destination.config.mode',
      code: 'replaces_slices',
      message:
        'A streaming pipeline loads slice by slice, and each would replace the one before; use "append" or "merge", or make the pipeline a batch.',
    })
  }
  const read = ownStream(source, destination)
  if (read !== undefined) {
    problems.push({
      at: 'destination.config',
      code: 'reads_itself',
      message: `A streaming pipeline that writes into "${read}" would read its own rows again without end; name another dataset.`,
    })
  }
  for (const step of steps) {
    if ('problems' in step || step.step.gathers !== true) continue
    problems.push({
      at: step.at.replace(/config$/, 'type'),
      code: 'gathers_slices',
      message: `A streaming pipeline works slice by slice, and "${step.step.type}" would gather each slice by itself; make the pipeline a batch, or define a metric, which gathers all rows and stays current.`,
    })
  }
  return problems
}

/** A batch that appends to its stream doubles it with each run; one that replaces it takes away events as they come. */
function ownStreamProblems(
  source: SettingsValidation | undefined,
  destination: SettingsValidation | undefined,
): readonly Problem[] {
  const read = source?.connector?.source?.continuous === true ? ownStream(source, destination) : undefined
  if (read === undefined) return []
  return [
    {
      at: 'destination.config',
      code: 'reads_itself',
      message: `A pipeline that reads the stream "${read}" cannot write into it, because each run would read the rows of the run before; name another dataset.`,
    },
  ]
}

/** The dataset that is both read and written. */
function ownStream(
  source: SettingsValidation | undefined,
  destination: SettingsValidation | undefined,
): string | undefined {
  const read = endDataset(source?.connector?.source?.inside, source?.settings)
  return read === endDataset(destination?.connector?.destination?.inside, destination?.settings) ? read : undefined
}
