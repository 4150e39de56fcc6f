/** Rows that break the contract of their stream, on their way into quarantine. */
import { hash, randomUUID } from 'node:crypto'
import { malformed, rowCheck, type RowProblem } from '#core/row-check'
import type { Dataset, Datasets, QuarantinedRow } from '#modules/datasets'
import type { Clock } from '#ports/clock'
import { linesOf } from './lines.ts'
import type { Receipt } from './receipt.ts'
import { slices } from './slices.ts'

/** One post of events. */
export interface Attempt {
  /** Of its block. */
  readonly id: string
  readonly key: string | undefined
  readonly receipt: Receipt
  /** Lines that are rejected whatever the contract says. */
  readonly faults: ReadonlyMap<number, string>
}

export interface RejectedLine {
  readonly number: number
  readonly line: string
  readonly problems: readonly RowProblem[]
  /** `rest`: refused with its block, though it fits by itself; its number counts such rows only. */
  readonly part: 'row' | 'rest'
}

export interface SplitRows {
  readonly good: readonly string[]
  /** How many do not fit; they are in quarantine. */
  readonly bad: number
  /** The first of them. */
  readonly problems: readonly RowProblem[]
}

export interface RejectedRows {
  /** With an idempotency key the ids of the rows are the same when the post is repeated. */
  keep(dataset: DatasetName, attempt: Attempt, lines: readonly RejectedLine[]): Promise<void>
  /** The rows that fit; those that do not are in quarantine when it resolves. */
  split(dataset: DatasetName & Pick<Dataset, 'columns'>, ndjson: Buffer, attempt: Attempt): Promise<SplitRows>
}

type DatasetName = Pick<Dataset, 'workspace' | 'name'>

export const shownProblems = 10
/** So many rejected rows go to quarantine at once. */
const maxBatch = 5_000

export function rejectedRows({ quarantine }: Pick<Datasets, 'quarantine'>, clock: Clock): RejectedRows {
  const keep: RejectedRows['keep'] = async ({ workspace, name }, attempt, lines) => {
    const at = new Date(clock.now()).toISOString()
    await quarantine.keep(
      workspace,
      { dataset: name },
      lines.map((line) => quarantinedRow(attempt, line, at)),
    )
  }
  return {
    keep,
    async split(dataset, ndjson, attempt) {
      const check = rowCheck(dataset.columns)
      const rest = slices()
      const good: string[] = []
      const problems: RowProblem[] = []
      let waiting: RejectedLine[] = []
      let bad = 0
      for (const { number, bytes } of linesOf(ndjson)) {
        const fault = attempt.faults.get(number)
        const verdict = fault === undefined ? check(bytes, number) : { problems: [malformed(number, fault)] }
        if ('line' in verdict) good.push(verdict.line)
        else {
          bad += 1
          waiting.push({ number, line: bytes.toString('utf8').trim(), problems: verdict.problems, part: 'row' })
          problems.push(...verdict.problems.slice(0, shownProblems - problems.length))
          if (waiting.length === maxBatch) {
            await keep(dataset, attempt, waiting)
            waiting = []
          }
        }
        await rest()
      }
      await keep(dataset, attempt, waiting)
      return { good, bad, problems }
    },
  }
}

function quarantinedRow(
  { key, receipt }: Attempt,
  { number, line, problems, part }: RejectedLine,
  at: string,
): QuarantinedRow {
  const id =
    key === undefined
      ? randomUUID()
      : hash('sha256', JSON.stringify([key, receipt.body, part, number]), 'hex').slice(0, 32)
  const reason = problems.map((problem) => problem.message).join('; ')
  return { id, at, source: 'stream', reason: reason.slice(0, 1000), problems, row: line }
}
