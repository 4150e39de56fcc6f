/** What every destination that takes batches keeps, each check as a function that rejects with what is broken. */
import assert from 'node:assert/strict'
import type { Connector } from '../connector.ts'
import { sideSettings } from '../inline-settings.ts'
import type { EngineColumn } from '../reading.ts'
import type { Surroundings } from '../surroundings.ts'
import type { Writer } from '../writing.ts'

export interface DestinationCase {
  readonly connector: Connector
  readonly config: Readonly<Record<string, unknown>>
  readonly around: Surroundings
  readonly columns: readonly EngineColumn[]
  /** Loads some rows, always the same, as a part with this id; without `commit` they are only written. */
  readonly load: (
    writer: Writer,
    id: string,
    commit: boolean,
  ) => Promise<{ readonly rows: number; readonly duplicate: boolean }>
  /** How many rows the target holds. */
  readonly count: () => Promise<number>
  /** Whatever else of an unfinished load can be found: tables, files. */
  readonly leftovers: () => Promise<readonly string[]>
}

type Check = (given: DestinationCase) => Promise<void>

export const writerChecks: Readonly<Record<string, Check>> = {
  'a part is loaded once per id, however often it comes': async (given) => {
    const before = await given.count()
    const first = await given.load(await open(given, 'one'), 'once', true)
    const loaded = (await given.count()) - before
    assert.ok(first.rows > 0 && loaded > 0 && !first.duplicate)
    const again = await given.load(await open(given, 'one'), 'once', true)
    assert.deepEqual([await given.count(), again.duplicate], [before + loaded, true])
  },

  'a load that is abandoned leaves nothing': async (given) => {
    const before = await given.count()
    const writer = await open(given, 'two')
    await given.load(writer, 'abandoned', false)
    await writer.abandon()
    assert.deepEqual([await given.count(), await given.leftovers()], [before, []])
  },
}

async function open({ connector, config, around, columns }: DestinationCase, run: string): Promise<Writer> {
  const settings = sideSettings(connector, 'destination')?.parse(config)
  const code = await connector.destination!.load()
  return await code.open(settings, around, { pipeline: { id: 'p', name: 'p' }, run, columns })
}
