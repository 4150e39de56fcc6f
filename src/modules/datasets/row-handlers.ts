/** What is asked about the rows of datasets, kept and rejected. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Actor } from '#core/actor'
import { parseExact } from '#core/exact-json'
import { filterOfText } from '#core/filter-text'
import { keyedQueue } from '#core/keyed-queue'
import type { Handlers } from '#kernel/contract'
import { cursors, pageAfter } from '#kernel/paging'
import { BlockRejected } from '#ports/log'
import type { Dataset, KeptRow } from './index.ts'
import type { datasetsContract } from './contract.ts'
import { datasetErrors } from './errors.ts'
import { isRestricted } from './reader.ts'
import type { OpenDatasets } from './open-datasets.ts'
import { datasetProfile } from './profile.ts'
import { replayProblems } from './replay-problems.ts'
import { datasetRows } from './rows.ts'

const rejectedNames = cursors('datasets.rejected', z.string())

type RowHandlers = Pick<Handlers<typeof datasetsContract>, 'rows' | 'profile' | 'quarantine' | 'rejected' | 'replay'>

interface ReplayEntry {
  /** Corrected; without it the kept row is sent. */
  readonly row: Readonly<Record<string, unknown>> | undefined
  readonly index: number
}

export function rowHandlers({ face, rejects, ports }: OpenDatasets): RowHandlers {
  /** Rejected rows are kept as they came: no row filter or mask fits them. */
  const requireUnrestricted = async (actor: Actor, name: string): Promise<void> => {
    if (isRestricted(await face.readerOf(actor), name)) throw datasetErrors.restricted({ name })
  }

  const inTurn = keyedQueue()
  const replay = async (workspace: string, dataset: Dataset, rows: ReadonlyMap<string, ReplayEntry>): Promise<void> => {
    const { name, columns } = dataset
    const ids = [...rows.keys()]
    const kept = new Map((await rejects.find(workspace, name, ids)).map((row) => [row.id, row]))
    const missing = ids.filter((id) => !kept.has(id))
    if (missing.length > 0) throw datasetErrors.unknown_rejects({ name, ids: missing })
    const sent = [...rows].map(([id, { row, index }]) => ({
      id,
      index,
      line: row === undefined ? textOf(kept.get(id)).replaceAll('\n', ' ') : JSON.stringify(row),
    }))
    const ndjson = Buffer.from(`${sent.map(({ line }) => line).join('\n')}\n`)
    const block = `replay:${createHash('sha256').update(ids.join('\n')).digest('hex')}`
    try {
      await face.append(workspace, name, { id: block, ndjson, count: sent.length })
    } catch (error) {
      if (!(error instanceof BlockRejected)) throw error
      const problems = await replayProblems(columns, sent)
      const reason = problems[0]?.message ?? error.message
      throw datasetErrors.not_replayed({ name, reason }, { problems, cause: error })
    }
    await rejects.release(workspace, name, ids)
  }

  return {
    async rows({ params, query, signal, actor }) {
      const readable = await face.readable(await face.readerOf(actor), params.name)
      const { items: rows, next } = await datasetRows(ports, readable, {
        limit: query.limit,
        cursor: query.cursor,
        filter: query.filter === undefined ? undefined : filterOfText(query.filter),
        sort: query.sort,
        order: query.order,
        signal,
      })
      return { items: [...rows], next }
    },
    async profile({ params, signal, actor }) {
      const readable = await face.readable(await face.readerOf(actor), params.name)
      const { rows, columns } = await datasetProfile(ports, readable, signal)
      return {
        rows,
        columns: columns.map((column) => ({ ...column, top: [...column.top], histogram: [...column.histogram] })),
      }
    },
    async quarantine({ workspace, params, query, actor }) {
      await requireUnrestricted(actor, params.name)
      const { items: kept, next } = await rejects.list(workspace, { dataset: params.name }, query)
      // Rows may have been rejected before any made the dataset.
      if (kept.length === 0) await face.get(workspace, params.name)
      return {
        items: kept.map(({ dataset: _dataset, stream: _stream, problems, record, ...row }) => ({
          ...row,
          problems: [...problems],
          ...(record === undefined ? {} : { record: parseExact(record) as Record<string, unknown> }),
        })),
        next,
      }
    },
    async rejected({ workspace, query, actor }) {
      const reader = await face.readerOf(actor)
      const names = (await rejects.names(workspace)).filter(({ name }) => !isRestricted(reader, name))
      const { items, next } = pageAfter(rejectedNames, names, { ...query, placeOf: ({ name }) => name })
      const known = new Set((await face.list(workspace)).map(({ name }) => name))
      return { items: items.map((each) => ({ ...each, exists: known.has(each.name) })), next }
    },
    async replay({ workspace, params, body, actor }) {
      await requireUnrestricted(actor, params.name)
      const dataset = await face.get(workspace, params.name)
      const rows = new Map(body.rows.map(({ id, row }, index) => [id, { row, index }]))
      // Two calls at once would both find a row that they both name.
      await inTurn(`${workspace}/${dataset.name}`, () => replay(workspace, dataset, rows))
      return { replayed: rows.size }
    },
  }
}

function textOf(row: KeptRow | undefined): string {
  return row?.record ?? row?.row ?? ''
}
