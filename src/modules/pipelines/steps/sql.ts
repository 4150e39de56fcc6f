import { z } from 'zod'
import { isMillraceError } from '#core/errors'
import { literal, raw, sql } from '#sdk'
import { given, relationOf } from '../plan/relation.ts'
import type { RelationColumn } from '../plan/relation.ts'
import { defineStep } from './step.ts'

export const sqlStep = defineStep({
  type: 'sql',
  title: 'SQL',
  about: 'A SELECT over the rows so far, which are the table "input"; datasets of the workspace may be joined.',
  permission: 'explore.query',
  settings: z.strictObject({
    sql: z.string().min(1).max(100_000).meta({ title: 'SQL', description: 'A SELECT over "input".' }),
  }),
  example: { sql: 'SELECT region, sum(amount) AS revenue FROM input GROUP BY region' },
  apply: async ({ sql: written }, input, tools) => {
    const staged = await tools.stage(input)
    try {
      const checked = await tools.check(written, staged)
      const query = sql`(${raw(checked.sql)})`
      const relation = relationOf(query, await tools.describe(query))
      return { ...relation, columns: relation.columns.map(counted) }
    } catch (error) {
      if (!isMillraceError(error) || error.kind !== 'invalid') throw error
      const problems =
        error.problems.length > 0 ? error.problems : [{ at: '', code: error.code, message: error.message }]
      return {
        problems: problems.map((problem) => ({
          ...problem,
          at: problem.at.startsWith('sql') ? problem.at : ['sql', problem.at].filter((part) => part !== '').join('.'),
        })),
      }
    }
  },
})

/** What `count()` gives is an integer to everybody; one beyond 63 bits stops the run rather than turning negative. */
function counted(column: RelationColumn): RelationColumn {
  if (!/^(Nullable\()?UInt64\b/.test(column.engine ?? '')) return column
  const engine = column.nullable ? 'Nullable(Int64)' : 'Int64'
  return {
    name: column.name,
    type: 'integer',
    nullable: column.nullable,
    engine,
    sql: sql`accurateCast(${given(column.name)}, ${raw(literal(engine))})`,
  }
}
