import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Column } from '#core/dataset'
import type { Problem } from '#core/errors'
import { rowCheck } from '#core/row-check'

export interface SentRow {
  readonly id: string
  /** In the request, counted from 0. */
  readonly index: number
  readonly line: string
}

const maxProblems = 10

/** Which rows of a replay do not fit, with the column and the value: the engine refuses the block as a whole. */
export async function replayProblems(
  columns: readonly Column[],
  sent: readonly SentRow[],
): Promise<readonly Problem[]> {
  const check = rowCheck(columns)
  const problems: Problem[] = []
  for (const { id, index, line } of sent) {
    const place = index + 1
    const verdict = check(Buffer.from(line), place)
    if ('problems' in verdict)
      problems.push(
        ...verdict.problems.map(({ at, code, message }) => ({
          at: at.replace(`rows.${place}`, `rows[${index}].row`),
          code,
          message: message.replace(`row ${place}`, `row ${place} ("${id}")`),
        })),
      )
    if (problems.length >= maxProblems) return problems.slice(0, maxProblems)
    await nextTurn()
  }
  return problems
}
