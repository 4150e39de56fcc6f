import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Actor } from '#core/actor'
import type { DatasetSpec } from '#core/dataset'
import type { Handlers } from '#kernel/contract'
import { cursors, pageAfter } from '#kernel/paging'
import { BlockRejected } from '#ports/log'
import { requireCurrentVersion } from '#kernel/definition-versions'
import { changedColumns } from './changes.ts'
import type { datasetsContract, DatasetItem } from './contract.ts'
import { datasetErrors } from './errors.ts'
import type { Dataset } from './index.ts'
import { isRestricted, type Reader } from './reader.ts'
import type { OpenDatasets } from './open-datasets.ts'
import { datasetProfile } from './profile.ts'
import { datasetRows } from './rows.ts'
import { datasetSizes } from './sizes.ts'

const datasetNames = cursors('datasets.list', z.string())
const rejectedNames = cursors('datasets.rejected', z.string())

export function datasetHandlers(datasets: OpenDatasets): Handlers<typeof datasetsContract> {
  const { face, rejects, ports } = datasets
  const items = async (reader: Reader, found: readonly Dataset[]): Promise<DatasetItem[]> => {
    const rows = await Promise.all(found.map((dataset) => datasets.rowsOf(dataset, reader)))
    const sizes = await datasetSizes(ports.warehouse, rows, await datasets.loads.latest(reader.workspace))
    return found.map((dataset) => item(dataset, sizes.get(dataset.name) ?? { rows: 0, bytes: 0, freshness: null }))
  }
  const only = async (actor: Actor, dataset: Dataset): Promise<DatasetItem> => {
    const [first] = await items(await face.readerOf(actor), [dataset])
    if (first === undefined) throw datasetErrors.unknown({ name: dataset.name })
    return first
  }
  /** Rejected rows are kept as they came: no row filter or mask fits them. */
  const requireUnrestricted = async (actor: Actor, name: string): Promise<void> => {
    if (isRestricted(await face.readerOf(actor), name)) throw datasetErrors.restricted({ name })
  }

  return {
    async list({ workspace, query, actor }) {
      const all = (await face.list(workspace)).filter(
        (dataset) => query.kind === undefined || dataset.kind === query.kind,
      )
      const page = pageAfter(datasetNames, all, { ...query, placeOf: ({ name }) => name })
      return { items: await items(await face.readerOf(actor), page.items), next: page.next }
    },
    async create({ workspace, body, actor }) {
      return await only(actor, await face.create(workspace, checkedKey(body), { kind: 'declared', name: actor.name }))
    },
    async get({ workspace, params, actor }) {
      return await only(actor, await face.get(workspace, params.name))
    },
    async change({ workspace, params, body, actor }) {
      const dataset = await face.get(workspace, params.name)
      const { name, version: current } = dataset
      requireCurrentVersion({ kind: 'dataset', id: name }, { given: body.version, current })
      const columns = [...changedColumns(dataset, checkedKey(body))]
      return await only(actor, await datasets.change(dataset, columns))
    },
    async remove({ workspace, params }) {
      await face.remove(workspace, params.name)
    },
    async rows({ params, query, signal, actor }) {
      const readable = await face.readable(await face.readerOf(actor), params.name)
      const { items: rows, next } = await datasetRows(ports.warehouse, readable, {
        limit: query.limit,
        cursor: query.cursor,
        filter: filterOf(query.filter),
        sort: query.sort,
        order: query.order,
        signal,
      })
      return { items: [...rows], next }
    },
    async profile({ params, signal, actor }) {
      const readable = await face.readable(await face.readerOf(actor), params.name)
      const { rows, columns } = await datasetProfile(ports.warehouse, readable, signal)
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
        items: kept.map(({ dataset: _dataset, stream: _stream, problems, ...row }) => ({
          ...row,
          problems: [...problems],
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
      const { name } = await face.get(workspace, params.name)
      const ids = [...new Set(body.rows.map((row) => row.id))]
      const kept = new Map((await rejects.find(workspace, name, ids)).map((row) => [row.id, row]))
      const missing = ids.filter((id) => !kept.has(id))
      if (missing.length > 0) throw datasetErrors.unknown_rejects({ ids: missing })
      const lines = body.rows.map(({ id, row }) =>
        row === undefined ? (kept.get(id)?.row ?? '').replaceAll('\n', ' ') : JSON.stringify(row),
      )
      const ndjson = Buffer.from(`${lines.join('\n')}\n`)
      const id = `replay:${createHash('sha256').update(ids.join('\n')).digest('hex')}`
      try {
        await face.append(workspace, name, { id, ndjson, count: lines.length })
      } catch (error) {
        if (error instanceof BlockRejected)
          throw datasetErrors.not_replayed({ name, reason: error.message }, { cause: error })
        throw error
      }
      await rejects.release(workspace, name, ids)
      return { replayed: lines.length }
    },
  }
}

/** Key columns always have a value, whatever the definition says. */
function checkedKey(spec: DatasetSpec): DatasetSpec {
  if (spec.kind !== 'table') return spec
  return {
    ...spec,
    columns: spec.columns.map((column) =>
      (spec.key ?? []).includes(column.name) ? { ...column, nullable: false } : column,
    ),
  }
}

/** In a query string a filter is an expression, or the object form as JSON. */
function filterOf(text: string | undefined): unknown {
  if (text === undefined || !text.trimStart().startsWith('{')) return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function item(dataset: Dataset, size: { rows: number; bytes: number; freshness: string | null }): DatasetItem {
  return {
    name: dataset.name,
    kind: dataset.kind,
    columns: dataset.columns.map((column) => ({ ...column, tags: [...column.tags] })),
    ...(dataset.key === undefined ? {} : { key: [...dataset.key] }),
    ...size,
    source: dataset.source,
    version: dataset.version,
    createdAt: dataset.createdAt,
  }
}
