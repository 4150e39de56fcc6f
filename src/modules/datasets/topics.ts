/** The `events` datasets as topics of the log, opened when first needed. */
import { engineType, type Column } from '#core/dataset'
import type { Log, Topic, TopicColumn } from '#ports/log'
import { datasetErrors } from './errors.ts'
import { tableOf } from './places.ts'
import type { Dataset } from './index.ts'

const rememberIdsMs = 25 * 3600 * 1000

export interface Topics {
  /** Resolves when the log has the topic in this form; unfinished blocks are finished or removed then. */
  open(dataset: Dataset): Promise<void>
  isOpen(workspace: string, name: string): boolean
  close(dataset: Dataset): Promise<void>
}

export function topics(log: Log): Topics {
  const opened = new Map<string, { version: number; opening: Promise<void> }>()
  const key = (dataset: Dataset): string => `${dataset.workspace}/${dataset.name}`
  return {
    async open(dataset) {
      if (dataset.kind !== 'events') throw datasetErrors.not_events({ name: dataset.name })
      const known = opened.get(key(dataset))
      if (known !== undefined && known.version >= dataset.version) return await known.opening
      const entry = { version: dataset.version, opening: log.open(topicOf(dataset)) }
      opened.set(key(dataset), entry)
      try {
        await entry.opening
      } catch (error) {
        if (opened.get(key(dataset)) === entry) opened.delete(key(dataset))
        throw error
      }
    },
    isOpen: (workspace, name) => opened.has(`${workspace}/${name}`),
    async close(dataset) {
      opened.delete(key(dataset))
      await log.open(topicOf(dataset))
      await log.remove(dataset)
    },
  }
}

function topicOf(dataset: Dataset): Topic {
  const { workspace, name } = dataset
  return { workspace, name, ...tableOf(dataset), columns: dataset.columns.map(topicColumn), rememberIdsMs }
}

function topicColumn(column: Column): TopicColumn {
  return {
    name: column.name,
    type: engineType(column.type),
    required: !column.nullable,
    ...(column.type === 'json' ? { json: true } : {}),
  }
}
