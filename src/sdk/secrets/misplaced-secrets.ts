/** Texts where settings that hold secrets belong: somebody may have written the secret itself. */
import { containsSecret } from './schema-parts.ts'
import type { Schema } from './schema-parts.ts'
import { eachText } from './each-text.ts'

/**
 * By place.
 *
 * ```ts
 * import { z } from 'zod'
 * import { secretText } from '#sdk'
 *
 * const token = secretText({ title: 'Token', description: 'Of the server.' })
 * misplacedSecrets(z.object({ headers: z.record(z.string(), token) }), { headers: 'hunter2' }) // Map { 'headers' => 'hunter2' }
 * ```
 */
export function misplacedSecrets(schema: Schema, settings: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  eachText(schema, settings, (text, place, schemas) => {
    if (schemas.some(containsSecret)) found.set(place, text)
  })
  return found
}
