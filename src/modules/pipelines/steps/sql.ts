import { z } from 'zod'
import { isMillraceError } from '#core/errors'
import { sqlBlock } from '#plans/sql-block'
import { raw, sql } from '#sdk'
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
  build: async ({ sql: written }, input, tools) => {
    const staged = await tools.stage(input)
    try {
      const checked = await tools.check(written, staged)
      const columns = await tools.describe(sql`(${raw(checked.sql)})`)
      const reads = checked.reads.map((dataset) => `dataset:${dataset}`)
      return sqlBlock([staged.rows], { dialect: 'clickhouse', sql: checked.sql, columns, reads })
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
