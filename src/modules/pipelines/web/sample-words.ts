/** What a step did to the sample, in words. */
import { formatCount, formatNumber } from '#ui/number'
import type { Preview } from './pipeline-api.ts'

type Sample = Pick<Preview['steps'][number], 'columns' | 'rows' | 'rowCount'>

/** "30 of 1,000 rows" where not all are shown. */
export function rowsText({ rows, rowCount }: Sample): string {
  return rows.length < rowCount
    ? `${formatNumber(rows.length)} of ${formatCount(rowCount, 'row')}`
    : formatCount(rowCount, 'row')
}

/** "588 fewer rows", "new: twice", "gone: status, cost". */
export function changesOf(before: Sample, after: Sample): string[] {
  const fewer = before.rowCount - after.rowCount
  const had = new Set(before.columns.map(({ name }) => name))
  const has = new Set(after.columns.map(({ name }) => name))
  const fresh = [...has].filter((name) => !had.has(name))
  const gone = [...had].filter((name) => !has.has(name))
  const retyped = after.columns.flatMap(({ name, type }) => {
    const was = before.columns.find((column) => column.name === name)?.type
    return was === undefined || was === type ? [] : [`${name} is ${type}`]
  })
  return [
    ...(fewer === 0 ? [] : [formatCount(Math.abs(fewer), `${fewer > 0 ? 'fewer' : 'more'} row`)]),
    ...(fresh.length === 0 ? [] : [`new: ${fresh.join(', ')}`]),
    ...(gone.length === 0 ? [] : [`gone: ${gone.join(', ')}`]),
    ...retyped,
  ]
}
