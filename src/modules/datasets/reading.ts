/** The ways to the rows of datasets: each takes a reader, and none leads past `readableRows`. */
import type { Log } from '#ports/log'
import type { Dataset, Datasets } from './index.ts'
import type { PolicySource } from './policy.ts'
import { readableRows } from './readable.ts'
import { readerFor } from './reader.ts'

export interface ReadingParts {
  readonly log: Pick<Log, 'read' | 'positions'>
  readonly maskKey: (workspace: string) => Promise<string>
  readonly get: (workspace: string, name: string) => Promise<Dataset>
  readonly open: (workspace: string, name: string) => Promise<Dataset>
}

export function reading({
  log,
  maskKey,
  get,
  open,
}: ReadingParts): Pick<Datasets, 'readerOf' | 'readable' | 'readEvents' | 'policies'> {
  const parts = { maskKey, positions: log.positions.sql }
  let source: PolicySource | undefined
  return {
    policies: {
      use(next) {
        source = next
      },
    },
    readerOf: (actor) => readerFor(source, actor),
    readable: async (reader, name) => await readableRows(await get(reader.workspace, name), reader, parts),
    async readEvents(reader, name, options) {
      const { from, restricted } = await readableRows(await open(reader.workspace, name), reader, parts)
      return await log.read({ workspace: reader.workspace, name }, restricted ? { ...options, from } : options)
    },
  }
}
