/** The two ways to say which server an end of a pipeline uses: a stored connection, or settings of its own. */
import { startingValue } from '#ui/json-schema'
import type { ConnectorItem, Side } from '../pipeline-api.ts'
import type { Part } from './draft.ts'
import { endSchemas, settingsOf } from './end-settings.ts'

export type Way = 'connection' | 'own'

export function wayOf({ connection }: Part): Way {
  return connection === undefined ? 'own' : 'connection'
}

/** An end of this connector as it begins. The empty name is a connection that is not chosen yet. */
export function freshPart({ type, settings }: ConnectorItem, side: Side, way: Way): Part {
  const schema = way === 'own' ? settings[side] : settings.connected?.[side]
  const config = (startingValue(schema ?? {}) ?? {}) as Part['config']
  return { type, ...(way === 'own' ? {} : { connection: '' }), config }
}

/**
 * The end with the other way to its server: as it was there before, with what is set now beside the server. A stream
 * of a connection is such a setting as a whole and stays with its connection.
 */
export function otherWay(part: Part, before: Part | undefined, connector: ConnectorItem, side: Side): Part {
  const way = wayOf(part) === 'own' ? 'connection' : 'own'
  const other = before ?? freshPart(connector, side, way)
  if (part.streams !== undefined || other.streams !== undefined) return other
  const { connection, rest } = endSchemas(connector, side)
  return { ...other, config: { ...settingsOf(connection, other.config), ...settingsOf(rest, part.config) } }
}
