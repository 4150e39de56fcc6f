/** Texts where settings that hold secrets belong: somebody may have written the secret itself. */
import { containsSecret, fieldStep, placeOf } from './schema-parts.ts'
import type { Schema } from './schema-parts.ts'
import { isRecord, schemasInside, viewOf } from './schema-view.ts'

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
  const go = (schemas: readonly Schema[], value: unknown, steps: string): void => {
    if (typeof value === 'string') {
      if (schemas.some(containsSecret)) found.set(placeOf(steps), value)
      return
    }
    const view = viewOf(schemas, value)
    if (Array.isArray(value)) value.forEach((item, index) => go(schemasInside(view, index), item, `${steps}[${index}]`))
    else if (isRecord(value))
      for (const [name, field] of Object.entries(value)) go(schemasInside(view, name), field, steps + fieldStep(name))
  }
  go([schema], settings, '')
  return found
}
