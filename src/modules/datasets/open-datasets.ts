import { reservedDatasets } from '#core/dataset'
import type { ReferencesTo } from '#kernel/definition-locks'
import type { DefinitionVersions } from '#kernel/definition-versions'
import type { Emit } from '#kernel/events'
import type { Ports, WarehouseMigrations } from '#kernel/module'
import { catalogue, type Catalogue } from './catalogue.ts'
import { datasetErrors } from './errors.ts'
import { type Dataset, type Datasets, type Quarantine, type ReadableRows } from './index.ts'
import { keyedTable } from './keyed-table.ts'
import { maskKeys } from './mask-keys.ts'
import { readableRows } from './readable.ts'
import type { Reader } from './reader.ts'
import { tableLoads, type Loads } from './loads.ts'
import { workspacePlaces } from './places.ts'
import { quarantine } from './quarantine.ts'
import { reading } from './reading.ts'
import { datasetRemovals } from './removal.ts'
import { datasetRowsIn } from './rows-in.ts'
import { topics } from './topics.ts'

export interface OpenDatasets {
  readonly face: Datasets
  readonly ports: Pick<Ports, 'warehouse' | 'log'>
  readonly catalogue: Catalogue
  readonly loads: Loads
  readonly rejects: Quarantine
  /** Of a definition that was read just now. */
  rowsOf(dataset: Dataset, reader: Reader): Promise<ReadableRows>
  /** Replaces a dataset's columns: more of them, or other tags. They are asked for again when somebody else changed it meanwhile. */
  change(before: Dataset, columnsOf: (now: Dataset) => Dataset['columns']): Promise<Dataset>
  /** Prepares the place of every dataset and ends removals, so that nothing unfinished is left from a crash. */
  openAll(stopping: AbortSignal, failed: (dataset: Dataset, error: unknown) => void): Promise<void>
}

export interface DatasetParts {
  readonly ports: Pick<Ports, 'metadata' | 'warehouse' | 'log' | 'bus' | 'clock'>
  readonly warehouseMigrations: WarehouseMigrations
  readonly emit: Emit
  readonly versions: DefinitionVersions
  readonly referencesTo: ReferencesTo
}

export function openDatasets({
  ports: { metadata, warehouse, log, bus, clock },
  warehouseMigrations,
  emit,
  versions,
  referencesTo,
}: DatasetParts): OpenDatasets {
  const definitions = catalogue({ metadata, clock, emit, versions })
  const place = workspacePlaces(warehouse, warehouseMigrations)
  const table = keyedTable(warehouse)
  const loads = tableLoads(metadata, table)
  const streams = topics(log)
  const rejects = quarantine(warehouse, place)
  const maskKey = maskKeys(warehouse, async (workspace) => (await place(workspace)).system)

  const prepare = async (dataset: Dataset): Promise<void> => {
    await place(dataset.workspace)
    if (dataset.kind === 'events') await streams.open(dataset)
    else await table.prepare(dataset)
  }
  const change: OpenDatasets['change'] = async (before, columnsOf) => {
    const after = await definitions.change(before, columnsOf(before))
    if (after === undefined) {
      definitions.forget(before.workspace, before.name)
      return await change(await definitions.get(before.workspace, before.name), columnsOf)
    }
    await prepare(after)
    return after
  }
  const removals = datasetRemovals({
    metadata,
    emit,
    versions,
    definitions,
    referencesTo,
    async deleteRows(dataset) {
      if (dataset.kind === 'events') await streams.close(dataset)
      else await table.drop(dataset)
      await rejects.remove(dataset.workspace, { dataset: dataset.name })
    },
  })

  const face: Datasets = {
    find: definitions.find,
    get: definitions.get,
    list: definitions.list,
    async create(workspace, spec, source) {
      if (reservedDatasets.has(spec.name)) throw datasetErrors.reserved({ name: spec.name })
      const dataset = await definitions.add(workspace, spec, source)
      try {
        await prepare(dataset)
      } catch (error) {
        await removals.undoMade(dataset)
        throw error
      }
      return dataset
    },
    async extend(workspace, name, columns) {
      const dataset = await definitions.get(workspace, name)
      const added = (now: Dataset) => {
        const known = new Set(now.columns.map((column) => column.name))
        return columns.filter((column) => !known.has(column.name)).map((column) => ({ ...column, nullable: true }))
      }
      return added(dataset).length === 0 ? dataset : await change(dataset, (now) => [...now.columns, ...added(now)])
    },
    remove: removals.remove,
    hold: definitions.hold,
    place,
    ...reading({
      log,
      maskKey,
      get: definitions.get,
      open: (workspace, name) => face.open(workspace, name),
    }),
    ...datasetRowsIn({ log, bus, definitions, streams, table, loads }),
    quarantine: rejects,
  }

  return {
    face,
    ports: { warehouse, log },
    catalogue: definitions,
    loads,
    rejects,
    rowsOf: (dataset, reader) => readableRows(dataset, reader, { maskKey, positions: log.positions.sql }),
    change,
    async openAll(stopping, failed) {
      await removals.endAll(failed)
      for (const dataset of await definitions.everything()) {
        if (stopping.aborted) return
        await prepare(dataset).catch((error: unknown) => failed(dataset, error))
      }
    },
  }
}
