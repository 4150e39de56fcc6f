import { columnTypeOf } from '#core/dataset'
import type { EngineColumn } from '#sdk'
import { findColumn } from './columns.ts'
import type { Fit, Plan } from './plan.ts'

/** The rows as `stored` wants them; a column that the input lacks is empty. */
export function fit(input: Plan, stored: readonly EngineColumn[]): Fit {
  return {
    kind: 'fit',
    input,
    stored,
    columns: stored.map(({ name, type: engine, holds }) => {
      const { type, nullable } = columnTypeOf(engine)
      const column = findColumn(input, name)
      return {
        name,
        type: holds ?? type,
        nullable: column === undefined || nullable,
        engine,
        origins: column?.origins ?? [],
      }
    }),
    rowOrigins: input.rowOrigins,
  }
}
