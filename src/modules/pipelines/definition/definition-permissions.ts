/** Which permissions the parts of a pipeline need, as its connectors and steps declare them. */
import type { NeededPermission } from '#kernel/needed-permissions'
import type { Connectors } from '#modules/connectors'
import type { ValidatedPipeline } from './definition.ts'

export function neededPermissions(pipeline: ValidatedPipeline, connectors: Connectors): readonly NeededPermission[] {
  const { source, destination } = pipeline.spec
  const steps = pipeline.steps.flatMap(({ step, at }) =>
    step.permission === undefined
      ? []
      : [{ permission: step.permission, at: at.replace(/\.config$/, ''), what: `the step "${step.type}"` }],
  )
  return [connectors.needed('source', source.type), ...steps, connectors.needed('destination', destination.type)]
}
