/** What went wrong in a run, explained so that its author can do something about it. */
import { isMillraceError } from '#core/errors'
import type { MillraceError } from '#core/errors'
import { readCastFailure } from '#plans/clickhouse/casts'
import { WarehouseError, WarehouseUnavailable } from '#ports/warehouse'
import { pipelineErrors } from '../errors.ts'

export function explained(error: unknown, bySource: (error: unknown) => Error | undefined): MillraceError {
  if (isMillraceError(error)) return error
  const message = error instanceof Error ? error.message : String(error)
  const complaint = readCastFailure(message)
  if (complaint !== undefined) {
    return complaint.type === undefined
      ? pipelineErrors.empty_value({ column: complaint.column }, { cause: error })
      : pipelineErrors.cast({ column: complaint.column, type: complaint.type }, { cause: error })
  }
  const said = bySource(error)
  if (isMillraceError(said)) return said
  if (error instanceof WarehouseUnavailable) return pipelineErrors.engine_gone({}, { cause: error })
  if (error instanceof WarehouseError) {
    if (error.kind === 'disk_full') return pipelineErrors.disk({}, { cause: error })
    if (error.kind === 'memory') return pipelineErrors.memory({}, { cause: error })
    return pipelineErrors.engine({ because: shortened(error.failure.reason) }, { cause: error })
  }
  return pipelineErrors.bug({ because: shortened(message) }, { cause: error })
}

function shortened(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)} …` : text
}
