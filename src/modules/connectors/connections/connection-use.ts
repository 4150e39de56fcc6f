/** Connections for what runs through them: with their secrets, and with the streams that their server lists. */
import { withSuggestion } from '#core/nearest'
import type { Reader } from '#modules/datasets'
import type { SourceStream, Surroundings } from '#sdk'
import type { Catalogue } from '../catalogue.ts'
import { connectorErrors } from '../errors.ts'
import type { Connectors } from '../index.ts'
import type { ConnectionSettings } from './connection-settings.ts'
import type { ConnectionStore, StoredConnection } from './connection-store.ts'

export interface ConnectionUseParts {
  readonly all: Catalogue
  readonly store: ConnectionStore
  readonly settings: ConnectionSettings
  readonly surroundings: (reader: Reader, use: { signal: AbortSignal; seconds: number }) => Promise<Surroundings>
}

export function connectionUse({
  all,
  store,
  settings,
  surroundings,
}: ConnectionUseParts): Pick<Connectors, 'connection' | 'holdConnections' | 'streamConfig'> {
  const keyOf = (workspace: string, { name, type }: StoredConnection) => ({ workspace, name, type })
  return {
    connection: async (workspace, name) => {
      const stored = await store.find(workspace, name)
      return stored && { type: stored.type, settings: settings.filled(keyOf(workspace, stored), stored) }
    },
    holdConnections: store.hold,
    streamConfig: async (reader, connection, stream, signal) => {
      const stored = await store.get(reader.workspace, connection)
      const listed = await streamsOf(
        all,
        stored.type,
        settings.open(keyOf(reader.workspace, stored), stored),
        await surroundings(reader, { signal, seconds: 60 }),
      )
      return streamNamed(listed, stream, connection).config
    },
  }
}

export async function streamsOf(
  all: Catalogue,
  type: string,
  connection: unknown,
  around: Surroundings,
): Promise<readonly SourceStream[]> {
  const { streams } = all.get(type)
  if (streams === undefined) throw connectorErrors.cannot({ type, what: 'list what can be read' })
  return await (await streams.load()).streams(connection, around)
}

export function streamNamed(streams: readonly SourceStream[], name: string, connection: string): SourceStream {
  const found = streams.find((stream) => stream.name === name) ?? streams.find(({ bareName }) => bareName === name)
  if (found !== undefined) return found
  const known = streams.map((stream) => stream.name)
  throw connectorErrors.no_stream(
    { name, connection },
    {
      problems: [
        {
          at: 'stream',
          code: 'unknown_stream',
          ...withSuggestion(`There is no stream "${name}".`, name, known),
        },
      ],
    },
  )
}
