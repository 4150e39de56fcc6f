/** The statement that reads NDJSON strictly, checks it and numbers its rows. */
import { quoteName } from '#core/dataset'
import { sqlString } from '#core/sql-text'
import type { Topic } from '#ports/log'
import type { Fence } from './fence.ts'
import { numbered } from './select-stage.ts'
import { strictColumn } from './strict-columns.ts'
import { tableOf } from './topic-columns.ts'

/** What does not depend on the block is made once per topic. */
export function insertStatement(topic: Topic, fence: Pick<Fence, 'refusal'>): (count: number, after: bigint) => string {
  const strict = topic.columns.map((column) => strictColumn(column))
  const names = topic.columns.map((column) => quoteName(column.name))
  const into = `INSERT INTO ${tableOf(topic)} (${[...names, '_position', '_ingested_at'].join(', ')})`
  const structure = sqlString(strict.map((column) => column.read).join(', '))
  const values = strict.map((column) => column.value)
  const checks = strict.flatMap((column) =>
    column.faults.map((fault) => `throwIf(${fault.when}, ${sqlString(`millrace: ${fault.says}`)})`),
  )
  const fenced = fence.refusal === undefined ? [] : [fence.refusal]
  return (count, after) => {
    const wrongCount = `throwIf(blockSize() != ${count}, 'millrace: the lines are not one JSON object each')`
    return (
      `${into} SELECT ${numbered(values, after)} FROM input(${structure}) ` +
      `WHERE ${sum([...fenced, wrongCount, ...checks])} = 0 FORMAT JSONEachRow`
    )
  }
}

/** Added in pairs: the engine bounds how deep a statement is, and a chain is as deep as the topic is wide. */
function sum(terms: readonly string[]): string {
  if (terms.length < 2) return terms[0] ?? '0'
  const middle = Math.ceil(terms.length / 2)
  return `(${sum(terms.slice(0, middle))} + ${sum(terms.slice(middle))})`
}
