/** How rows get into datasets, and how far they have come. */
import type { Ports } from '#kernel/module'
import { BlockRejected } from '#ports/log'
import type { Catalogue } from './catalogue.ts'
import { datasetErrors } from './errors.ts'
import { rowsLoaded, type Datasets, type RowsLoaded } from './index.ts'
import type { keyedTable } from './keyed-table.ts'
import type { Loads } from './loads.ts'
import type { topics } from './topics.ts'

const selectIdsMs = 30 * 24 * 3600 * 1000

export interface RowsInParts extends Pick<Ports, 'log' | 'bus'> {
  readonly definitions: Catalogue
  readonly streams: ReturnType<typeof topics>
  readonly table: ReturnType<typeof keyedTable>
  readonly loads: Loads
}

export function datasetRowsIn({
  log,
  bus,
  definitions,
  streams,
  table,
  loads,
}: RowsInParts): Pick<Datasets, 'open' | 'end' | 'generation' | 'append' | 'load'> {
  const open: Datasets['open'] = async (workspace, name) => {
    const dataset = await definitions.get(workspace, name)
    await streams.open(dataset)
    return dataset
  }
  const append: Datasets['append'] = async (workspace, name, block) => {
    await open(workspace, name)
    try {
      return await log.append({ workspace, name }, 'select' in block ? { rememberMs: selectIdsMs, ...block } : block)
    } catch (error) {
      if (!(error instanceof BlockRejected) || !('select' in block)) throw error
      throw datasetErrors.not_loaded({ name, reason: error.message }, { cause: error })
    }
  }

  return {
    open,
    append,
    async end(workspace, name) {
      if (!streams.isOpen(workspace, name)) await open(workspace, name)
      return await log.end({ workspace, name })
    },
    async generation(workspace, name) {
      const dataset = await definitions.get(workspace, name)
      if (dataset.kind !== 'events') return dataset.createdAt
      await streams.open(dataset)
      const replaced = await log.replacedUpTo({ workspace, name })
      return replaced === log.positions.start ? dataset.createdAt : `${dataset.createdAt}/${replaced}`
    },
    async load(workspace, name, load) {
      const dataset = await definitions.get(workspace, name)
      if (dataset.kind === 'events') {
        if (load.mode !== 'overwrite') throw datasetErrors.not_table({ name })
        const { blockId: id, mode: _, ...select } = load
        const { rows, duplicate } = await append(workspace, name, { id, ...select, replace: true })
        return { rows, duplicate }
      }
      await table.prepare(dataset)
      const fresh = await loads.load(dataset, load)
      if (fresh) await bus.publish(rowsLoaded, { workspace, name } satisfies RowsLoaded)
      return { duplicate: !fresh }
    },
  }
}
