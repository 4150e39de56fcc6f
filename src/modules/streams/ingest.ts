/**
 * Events into the log. The good path hands the bytes to the engine untouched, which checks every row while it
 * reads them; only a block that it refuses is looked at row by row.
 */
import { isUtf8 } from 'node:buffer'
import { hash, randomUUID } from 'node:crypto'
import { Name } from '#core/dataset'
import { isMillraceError } from '#core/errors'
import type { Dataset, Datasets, QuarantinedRow } from '#modules/datasets'
import type { Clock } from '#ports/clock'
import { BlockRejected, type Appended, type Position } from '#ports/log'
import { streamErrors } from './errors.ts'
import type { IncomingEvents, Ingested } from './index.ts'
import { inferColumns } from './infer.ts'
import { countLines, linesOf } from './lines.ts'
import { bodyHash, readReceipt, writeReceipt, type Receipt } from './receipt.ts'
import { malformed, rowCheck, type RowProblem } from './row-check.ts'
import { slices } from './slices.ts'

const shownProblems = 10
const keyLength = 255
const maximumEvents = 500_000
/** So many rejected rows go to quarantine at once. */
const quarantinedAtOnce = 5_000

export type Ingest = (workspace: string, stream: string, events: IncomingEvents) => Promise<Ingested>

export interface IngestParts {
  readonly datasets: Datasets
  readonly clock: Clock
  /** The position before all events. */
  readonly start: Position
}

export function ingestion({ datasets, clock, start }: IngestParts): Ingest {
  return async (workspace, stream, { ndjson: given, faults = none, idempotencyKey: key }) => {
    if (key !== undefined && (key.length === 0 || key.length > keyLength)) throw streamErrors.bad_key({})
    const ndjson = Buffer.isBuffer(given) ? given : Buffer.from(given.buffer, given.byteOffset, given.byteLength)
    const count = countLines(ndjson)
    if (count > maximumEvents) throw streamErrors.too_many({ count, maximum: maximumEvents })
    const found = await datasets.find(workspace, stream)
    if (count === 0 && found === undefined) throw streamErrors.empty({ stream })
    const dataset = found ?? (await firstUse(workspace, stream, faults.size === 0 ? ndjson : without(ndjson, faults)))
    if (dataset === undefined) return await allRejected(workspace, stream, ndjson, { faults, key })
    const receipt: Receipt = {
      body: key === undefined ? '' : bodyHash(ndjson),
      accepted: count,
      rejected: 0,
      problems: [],
    }
    const identity =
      key === undefined ? { id: randomUUID(), once: true } : { id: `key:${key}`, tag: writeReceipt(receipt) }
    if (faults.size === 0 && isUtf8(ndjson)) {
      try {
        return answer(await datasets.append(workspace, stream, { ...identity, ndjson, count }), receipt, key)
      } catch (error) {
        if (!(error instanceof BlockRejected)) throw error
        return await rowByRow(dataset, ndjson, { ...identity, key, receipt, faults }, error)
      }
    }
    return await rowByRow(dataset, ndjson, { ...identity, key, receipt, faults }, undefined)
  }

  async function firstUse(workspace: string, stream: string, ndjson: Buffer): Promise<Dataset | undefined> {
    if (!Name.safeParse(stream).success) throw streamErrors.bad_name({ stream })
    const columns = [...inferColumns(ndjson)]
    if (columns.length === 0 || !(await hasGoodRow(ndjson, columns))) return undefined
    try {
      return await datasets.create(workspace, { name: stream, kind: 'events', columns }, { kind: 'inferred' })
    } catch (error) {
      if (isMillraceError(error) && error.code === 'datasets.taken') return await datasets.get(workspace, stream)
      throw error
    }
  }

  interface Attempt {
    readonly id: string
    readonly key: string | undefined
    readonly receipt: Receipt
    readonly faults: ReadonlyMap<number, string>
  }

  /** The rejected rows are durable in quarantine before the good ones are appended, and both before the answer. */
  async function rowByRow(
    dataset: Dataset,
    ndjson: Buffer,
    attempt: Attempt,
    refusal: BlockRejected | undefined,
  ): Promise<Ingested> {
    const { good, bad, problems } = await splitRows(dataset, ndjson, attempt)
    const receipt: Receipt = { ...attempt.receipt, accepted: good.length, rejected: bad, problems }
    try {
      return await append(dataset, attempt, good, receipt)
    } catch (error) {
      if (!(error instanceof BlockRejected)) throw error
      const reason = (refusal ?? error).message
      const rest = good.map((line, index) =>
        rejected(attempt, index, line, [{ at: 'rows', code: 'refused', message: reason }], 'rest'),
      )
      await datasets.quarantine.keep(dataset.workspace, { dataset: dataset.name }, rest)
      const nothing: Receipt = {
        ...receipt,
        accepted: 0,
        rejected: bad + rest.length,
        problems: [...problems, ...(rest[0]?.problems ?? [])].slice(0, shownProblems),
      }
      return await append(dataset, attempt, [], nothing)
    }
  }

  async function append(
    { workspace, name }: Dataset,
    { id, key }: Attempt,
    lines: readonly string[],
    receipt: Receipt,
  ): Promise<Ingested> {
    const ndjson = Buffer.from(lines.length === 0 ? '' : `${lines.join('\n')}\n`)
    const identity = key === undefined ? { id, once: true } : { id, tag: writeReceipt(receipt) }
    return answer(await datasets.append(workspace, name, { ...identity, ndjson, count: lines.length }), receipt, key)
  }

  /** The rows that fit; those that do not are in quarantine when it resolves. */
  async function splitRows(
    dataset: Pick<Dataset, 'workspace' | 'name' | 'columns'>,
    ndjson: Buffer,
    attempt: Attempt,
  ): Promise<{ good: string[]; bad: number; problems: RowProblem[] }> {
    const check = rowCheck(dataset.columns)
    const rest = slices()
    const good: string[] = []
    const problems: RowProblem[] = []
    let waiting: QuarantinedRow[] = []
    let bad = 0
    const flush = async (): Promise<void> => {
      await datasets.quarantine.keep(dataset.workspace, { dataset: dataset.name }, waiting)
      waiting = []
    }
    for (const { number, bytes } of linesOf(ndjson)) {
      const fault = attempt.faults.get(number)
      const verdict = fault === undefined ? check(bytes, number) : { problems: [malformed(number, fault)] }
      if ('line' in verdict) good.push(verdict.line)
      else {
        bad += 1
        waiting.push(rejected(attempt, number, bytes.toString('utf8').trim(), verdict.problems, 'row'))
        problems.push(...verdict.problems.slice(0, shownProblems - problems.length))
        if (waiting.length === quarantinedAtOnce) await flush()
      }
      await rest()
    }
    await flush()
    return { good, bad, problems }
  }

  function rejected(
    { key, receipt }: Attempt,
    number: number,
    row: string,
    problems: readonly RowProblem[],
    part: string,
  ): QuarantinedRow {
    const id =
      key === undefined
        ? randomUUID()
        : hash('sha256', JSON.stringify([key, receipt.body, part, number]), 'hex').slice(0, 32)
    return {
      id,
      at: new Date(clock.now()).toISOString(),
      source: 'stream',
      reason: problems
        .map((problem) => problem.message)
        .join('; ')
        .slice(0, 1000),
      problems,
      row,
    }
  }

  /** No row fits the columns that the rows themselves suggest, so there is nothing to make a contract from; the rows are kept all the same. */
  async function allRejected(
    workspace: string,
    stream: string,
    ndjson: Buffer,
    { faults, key }: Pick<Attempt, 'faults' | 'key'>,
  ): Promise<Ingested> {
    // With a key the ids of the rows are the same when the post is repeated.
    const receipt: Receipt = { body: key === undefined ? '' : bodyHash(ndjson), accepted: 0, rejected: 0, problems: [] }
    const attempt: Attempt = { id: '', key, receipt, faults }
    const columns = [...inferColumns(faults.size === 0 ? ndjson : without(ndjson, faults))]
    const { good, bad, problems } = await splitRows({ workspace, name: stream, columns }, ndjson, attempt)
    const empty = good.map((line, index) =>
      rejected(attempt, index + 1, line, [{ at: 'rows', code: 'empty', message: `"${line}" has no column` }], 'row'),
    )
    await datasets.quarantine.keep(workspace, { dataset: stream }, empty)
    return {
      accepted: 0,
      rejected: bad + empty.length,
      position: start,
      problems: [...problems, ...empty.flatMap((row) => row.problems)].slice(0, shownProblems),
    }
  }
}

const none: ReadonlyMap<number, string> = new Map()

/** Usually the first row is one. */
async function hasGoodRow(ndjson: Buffer, columns: Dataset['columns']): Promise<boolean> {
  const check = rowCheck(columns)
  const rest = slices()
  for (const { bytes, number } of linesOf(ndjson)) {
    if ('line' in check(bytes, number)) return true
    await rest()
  }
  return false
}

function without(ndjson: Buffer, faults: ReadonlyMap<number, string>): Buffer {
  const kept = [...linesOf(ndjson)].filter(({ number }) => !faults.has(number))
  return Buffer.concat(kept.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]))
}

function answer(appended: Appended, receipt: Receipt, key: string | undefined): Ingested {
  const first = appended.duplicate ? (readReceipt(appended.tag) ?? receipt) : receipt
  if (key !== undefined && first.body !== receipt.body) throw streamErrors.key_reused({ key })
  return { accepted: first.accepted, rejected: first.rejected, position: appended.to, problems: first.problems }
}
