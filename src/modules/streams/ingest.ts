/**
 * Events into the log. The good path hands the bytes to the engine untouched, which checks every row while it
 * reads them; only a block that it refuses is looked at row by row.
 */
import { isUtf8 } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import type { Dataset, Datasets } from '#modules/datasets'
import type { Clock } from '#ports/clock'
import { BlockRejected, type Appended, type Position } from '#ports/log'
import { streamErrors } from './errors.ts'
import { firstUse, without } from './first-use.ts'
import type { IncomingEvents, Ingested } from './index.ts'
import { inferColumns } from './infer.ts'
import { countLines } from './lines.ts'
import { bodyHash, readReceipt, writeReceipt, type Receipt } from './receipt.ts'
import { rejectedRows, shownProblems, type Attempt, type RejectedLine, type RejectedRows } from './rejected-rows.ts'

const keyLength = 255
const maximumEvents = 500_000

export type Ingest = (workspace: string, stream: string, events: IncomingEvents) => Promise<Ingested>

export interface IngestParts {
  readonly datasets: Datasets
  readonly clock: Clock
  /** The position before all events. */
  readonly start: Position
}

interface RowParts extends Pick<IngestParts, 'datasets' | 'start'> {
  readonly rejects: RejectedRows
}

export function ingestion({ datasets, clock, start }: IngestParts): Ingest {
  const parts: RowParts = { datasets, start, rejects: rejectedRows(datasets, clock) }
  return async (workspace, stream, { ndjson: given, faults = none, idempotencyKey: key }) => {
    if (key !== undefined && (key.length === 0 || key.length > keyLength)) throw streamErrors.bad_key({})
    const ndjson = Buffer.isBuffer(given) ? given : Buffer.from(given.buffer, given.byteOffset, given.byteLength)
    const count = countLines(ndjson)
    if (count > maximumEvents) throw streamErrors.too_many({ count, maximum: maximumEvents })
    const found = await datasets.find(workspace, stream)
    if (count === 0 && found === undefined) throw streamErrors.empty({ stream })
    const name = { workspace, name: stream }
    const receipt: Receipt = {
      body: key === undefined ? '' : bodyHash(ndjson),
      accepted: count,
      rejected: 0,
      problems: [],
    }
    const id = key === undefined ? randomUUID() : `key:${key}`
    const attempt: Attempt = { id, key, receipt, faults }
    const dataset = found ?? (await firstUse(datasets, name, without(ndjson, faults)))
    if (dataset === undefined) return await allRejected(parts, name, ndjson, attempt)
    let refusal: BlockRejected | undefined
    if (faults.size === 0 && isUtf8(ndjson)) {
      try {
        return await append(datasets, name, attempt, { ndjson, count, receipt })
      } catch (error) {
        if (!(error instanceof BlockRejected)) throw error
        refusal = error
      }
    }
    return await rowByRow(parts, dataset, { ...attempt, ndjson }, refusal)
  }
}

/** The rejected rows are durable in quarantine before the good ones are appended, and both before the answer. */
async function rowByRow(
  { datasets, rejects }: RowParts,
  dataset: Dataset,
  attempt: Attempt & { readonly ndjson: Buffer },
  refusal: BlockRejected | undefined,
): Promise<Ingested> {
  const { good, bad, problems } = await rejects.split(dataset, attempt.ndjson, attempt)
  const receipt: Receipt = { ...attempt.receipt, accepted: good.length, rejected: bad, problems: [...problems] }
  try {
    const ndjson = Buffer.from(good.length === 0 ? '' : `${good.join('\n')}\n`)
    return await append(datasets, dataset, attempt, { ndjson, count: good.length, receipt })
  } catch (error) {
    if (!(error instanceof BlockRejected)) throw error
    const refused = [{ at: 'rows', code: 'refused', message: (refusal ?? error).message }]
    await rejects.keep(
      dataset,
      attempt,
      good.map((line, number): RejectedLine => ({ number, line, problems: refused, part: 'rest' })),
    )
    const nothing: Receipt = {
      ...receipt,
      accepted: 0,
      rejected: bad + good.length,
      problems: [...problems, ...(good.length === 0 ? [] : refused)].slice(0, shownProblems),
    }
    return await append(datasets, dataset, attempt, { ndjson: Buffer.alloc(0), count: 0, receipt: nothing })
  }
}

interface GoodRows {
  readonly ndjson: Buffer
  readonly count: number
  readonly receipt: Receipt
}

async function append(
  datasets: Datasets,
  { workspace, name }: Pick<Dataset, 'workspace' | 'name'>,
  { id, key }: Attempt,
  { receipt, ...rows }: GoodRows,
): Promise<Ingested> {
  const identity = key === undefined ? { id, once: true } : { id, tag: writeReceipt(receipt) }
  return answer(await datasets.append(workspace, name, { ...identity, ...rows }), receipt, key)
}

/** No row fits the columns that the rows themselves suggest, so there is nothing to make a contract from; the rows are kept all the same. */
async function allRejected(
  { start, rejects }: RowParts,
  name: Pick<Dataset, 'workspace' | 'name'>,
  ndjson: Buffer,
  attempt: Attempt,
): Promise<Ingested> {
  const columns = [...inferColumns(without(ndjson, attempt.faults))]
  const { good, bad, problems } = await rejects.split({ ...name, columns }, ndjson, attempt)
  const empty = good.map((line, index): RejectedLine => {
    const problem = { at: 'rows', code: 'empty', message: `"${line}" has no column` }
    return { number: index + 1, line, problems: [problem], part: 'row' }
  })
  await rejects.keep(name, attempt, empty)
  return {
    accepted: 0,
    rejected: bad + empty.length,
    position: start,
    problems: [...problems, ...empty.flatMap((row) => row.problems)].slice(0, shownProblems),
  }
}

const none: ReadonlyMap<number, string> = new Map()

function answer(appended: Appended, receipt: Receipt, key: string | undefined): Ingested {
  const first = appended.duplicate ? (readReceipt(appended.tag) ?? receipt) : receipt
  if (key !== undefined && first.body !== receipt.body) throw streamErrors.key_reused({ key })
  return { accepted: first.accepted, rejected: first.rejected, position: appended.to, problems: first.problems }
}
