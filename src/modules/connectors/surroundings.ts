import type { Datasets, Reader } from '#modules/datasets'
import type { Streams } from '#modules/streams'
import type { Positions } from '#ports/log'
import { WarehouseError } from '#ports/warehouse'
import type { Warehouse } from '#ports/warehouse'
import { bound, raw, render, secretsIn } from '#sdk'
import type { DatasetAccess, EngineSettings, Files, Network, Slice, Sql, Surroundings } from '#sdk'
import type { Egress } from '#kernel/egress'
import { engineOf, struck } from './engine.ts'
import type { Use } from './index.ts'

export interface SurroundingsNeeds {
  readonly warehouse: Warehouse
  readonly datasets: Datasets
  readonly streams: Streams
  readonly positions: Positions
  readonly files: (workspace: string) => Files
  readonly egress: Egress
  readonly send: Network['send']
}

export async function surroundingsOf(needs: SurroundingsNeeds, reader: Reader, use: Use): Promise<Surroundings> {
  const { workspace } = reader
  const { empty } = await needs.datasets.place(workspace)
  return {
    workspace,
    signal: use.signal,
    engine: engineOf(needs.warehouse, { ...use, database: empty }),
    files: needs.files(workspace),
    network: {
      address: (host) => needs.egress.address(host),
      send: needs.send,
    },
    datasets: datasetAccess(needs, reader, use),
  }
}

function datasetAccess({ datasets, streams, positions }: SurroundingsNeeds, reader: Reader, use: Use): DatasetAccess {
  const { workspace } = reader
  const withDefaults = (settings: EngineSettings): EngineSettings => ({ zone: 'UTC', ...use.settings, ...settings })
  const limits = { seconds: use.seconds, ...(use.memoryBytes === undefined ? {} : { memoryBytes: use.memoryBytes }) }
  return {
    find: (name) => datasets.find(workspace, name),
    readable: async (name) => {
      if ((await datasets.find(workspace, name)) === undefined) return undefined
      const { dataset, from } = await datasets.readable(reader, name)
      return { ...dataset, from: raw(from) }
    },
    list: () => datasets.list(workspace),
    create: (spec, source) => datasets.create(workspace, spec, { kind: 'pipeline', name: source }),
    extend: (name, columns) => datasets.extend(workspace, name, columns),
    append: async (name, { id, select, settings, replace = false }) => {
      const { text, parameters } = render(select)
      let bytes = 0
      try {
        const { rows, duplicate } = await datasets.append(workspace, name, {
          id,
          select: text,
          replace,
          parameters,
          settings: withDefaults(settings),
          limits,
          signal: use.signal,
          onProgress: (progress) => {
            bytes = progress.bytesWritten ?? bytes
            use.onProgress?.(progress)
          },
        })
        return { rows, bytes, duplicate }
      } catch (error) {
        throw struck(complaintOf(error), secretsIn(select))
      }
    },
    load: async (name, { id, mode, select, settings }) => {
      const { text, parameters } = render(select)
      await datasets.load(workspace, name, {
        blockId: id,
        mode,
        select: text,
        parameters,
        settings: withDefaults(settings),
        limits,
        signal: use.signal,
      })
    },
    between: async (name, slice) =>
      betweenSql(positions, slice ?? { after: positions.start, to: await streams.end(workspace, name) }),
  }
}

function betweenSql({ sql: { type, between } }: Positions, { after, to }: Slice): Sql {
  const values = new Map([
    ['{after}', bound(after, type)],
    ['{to}', bound(to, type)],
  ])
  const parts = between('{after}', '{to}').split(/(\{after\}|\{to\})/)
  return { parts: parts.map((part) => values.get(part) ?? part) }
}

/** What the engine itself said of rows that could not be read or do not fit: the pipeline has the words for it. */
function complaintOf(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof WarehouseError) return cause
  return error
}
