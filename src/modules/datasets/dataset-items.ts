/** Datasets as the API gives them: with size and freshness of the rows that the reader may see. */
import type { Actor } from '#core/actor'
import type { DatasetItem } from './contract.ts'
import { datasetErrors } from './errors.ts'
import type { Dataset } from './index.ts'
import type { OpenDatasets } from './open-datasets.ts'
import type { Reader } from './reader.ts'
import { datasetSizes } from './sizes.ts'

export interface DatasetItems {
  items(reader: Reader, found: readonly Dataset[]): Promise<DatasetItem[]>
  only(actor: Actor, dataset: Dataset): Promise<DatasetItem>
}

export function datasetItems({ face, ports, rowsOf, loads }: OpenDatasets): DatasetItems {
  const items = async (reader: Reader, found: readonly Dataset[]): Promise<DatasetItem[]> => {
    const rows = await Promise.all(found.map((dataset) => rowsOf(dataset, reader)))
    const sizes = await datasetSizes(ports, rows, await loads.latest(reader.workspace))
    return found.map((dataset) => item(dataset, sizes.get(dataset.name) ?? { rows: 0, bytes: 0, freshness: null }))
  }
  const only = async (actor: Actor, dataset: Dataset): Promise<DatasetItem> => {
    const [first] = await items(await face.readerOf(actor), [dataset])
    if (first === undefined) throw datasetErrors.unknown({ name: dataset.name })
    return first
  }
  return { items, only }
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
