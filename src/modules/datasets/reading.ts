/** The ways to the rows of datasets: each takes a reader, and none leads past `readableRows`. */
import type { Log } from '#ports/log'
import type { Warehouse } from '#ports/warehouse'
import type { Dataset, Datasets } from './index.ts'
import type { PolicySource } from './policy.ts'
import { readableRows } from './readable.ts'
import { readRestrictedEvents } from './read-events.ts'
import { readerFor } from './reader.ts'

export interface ReadingParts {
  readonly warehouse: Warehouse
  readonly log: Pick<Log, 'read' | 'end'>
  readonly maskKey: (workspace: string) => Promise<string>
  readonly get: (workspace: string, name: string) => Promise<Dataset>
  readonly open: (workspace: string, name: string) => Promise<Dataset>
}

export function reading({
  warehouse,
  log,
  maskKey,
  get,
  open,
}: ReadingParts): Pick<Datasets, 'readerOf' | 'readable' | 'readEvents' | 'policies'> {
  let source: PolicySource | undefined
  return {
    policies: {
      use(next) {
        source = next
      },
    },
    readerOf: (actor) => readerFor(source, actor),
    readable: async (reader, name) => await readableRows(await get(reader.workspace, name), reader, maskKey),
    async readEvents(reader, name, { after, limit, signal }) {
      const topic = { workspace: reader.workspace, name }
      const rows = await readableRows(await open(reader.workspace, name), reader, maskKey)
      const more = signal === undefined ? {} : { signal }
      if (!rows.restricted) return await log.read(topic, { after, limit, ...more })
      return await readRestrictedEvents(warehouse, rows, { after, limit, end: await log.end(topic), ...more })
    },
  }
}
