/** Tells whether an unfinished load was meant for the destination that the pipeline has now. */
import { createHash } from 'node:crypto'
import { takeSecrets } from '#sdk'
import type { ValidatedPipeline } from '../definition/definition.ts'

/**
 * Of where rows go: the type and the settings without secrets. `mode` and `key` of a destination with `defaultsMode`
 * say how rows get there and not where, so they are left out.
 */
export function destinationDigest(
  { connector, settings }: ValidatedPipeline['destination'],
  schema: Parameters<typeof takeSecrets>[0],
): string {
  const shown = takeSecrets(schema, settings).value as Readonly<Record<string, unknown>>
  const how = connector.destination?.defaultsMode === true ? ['mode', 'key'] : []
  const where = Object.entries(shown).filter(([name]) => !how.includes(name))
  const text = JSON.stringify([connector.type, where.toSorted(([a], [b]) => (a < b ? -1 : 1))])
  return digest(text)
}

/** Block ids and names of tables are made of it. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
