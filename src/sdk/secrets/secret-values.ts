/**
 * Takes secrets out of settings as they were given, and puts them back.
 *
 * ```ts
 * import { z } from 'zod'
 *
 * const token = secretText({ title: 'Token', description: 'For the server.' })
 * const settings = z.object({ headers: z.array(z.object({ name: z.string(), value: token })) })
 * const given = { headers: [{ name: 'x-key', value: 'hunter2' }] }
 * const { value, secrets } = takeSecrets(settings, given)
 * value // { headers: [{ name: 'x-key', value: '***' }] }
 * Object.fromEntries(secrets) // { 'headers[0].value': 'hunter2' }
 * fillSecrets(value, (place) => secrets.get(place)) // { headers: [{ name: 'x-key', value: 'hunter2' }] }
 * ```
 */
import { fieldStep, isMarkedSecret, partsOf, placeOf } from './schema-parts.ts'
import type { Schema } from './schema-parts.ts'
import { hidden, isRecord, schemasInside, viewOf } from './schema-view.ts'

/** `value` with `***` in place of each secret, and the secrets by their place. `***` itself, null and '' are none. */
export function takeSecrets(
  schema: Schema,
  value: unknown,
): { readonly value: unknown; readonly secrets: ReadonlyMap<string, unknown> } {
  const secrets = new Map<string, unknown>()
  const shown = mapSecrets(schema, value, (secret, place) => {
    if (isEmptySecret(secret)) return secret
    if (secret !== hidden) secrets.set(place, secret)
    return hidden
  })
  return { value: shown, secrets }
}

/** For whatever is shown: a secret that lies in clear for some reason is not shown either. */
export function maskSecrets(schema: Schema, value: unknown): unknown {
  return takeSecrets(schema, value).value
}

/** `find` returns undefined for a place without a secret, where `***` stays. */
export function fillSecrets(value: unknown, find: (place: string) => unknown): unknown {
  const go = (inner: unknown, steps: string): unknown => {
    if (inner === hidden) return find(placeOf(steps)) ?? hidden
    if (Array.isArray(inner)) return inner.map((item, index) => go(item, `${steps}[${index}]`))
    if (!isRecord(inner)) return inner
    return Object.fromEntries(Object.entries(inner).map(([name, field]) => [name, go(field, steps + fieldStep(name))]))
  }
  return go(value, '')
}

/** What `change` returns replaces each value that is a secret; undefined leaves a field out. */
export function mapSecrets(
  schema: Schema,
  value: unknown,
  change: (secret: unknown, place: string) => unknown,
): unknown {
  const go = (schemas: readonly Schema[], inner: unknown, steps: string): unknown => {
    const view = viewOf(schemas, inner)
    if (view.secret) return change(inner, placeOf(steps))
    if (Array.isArray(inner))
      return inner.map((item, index) => go(schemasInside(view, index), item, `${steps}[${index}]`))
    if (!isRecord(inner)) return inner
    return Object.fromEntries(
      Object.entries(inner).flatMap(([name, field]) => {
        const made = go(schemasInside(view, name), field, steps + fieldStep(name))
        return made === undefined ? [] : [[name, made]]
      }),
    )
  }
  return go([schema], value, '')
}

export function isEmptySecret(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

/**
 * Where secrets may be, as in `auth.token`, `headers[].value` and `tokens.*`. Schemas that contain themselves are
 * followed once.
 */
export function secretPlaces(schema: Schema): readonly string[] {
  const places = new Set<string>()
  const go = (inner: Schema, steps: string, above: ReadonlySet<Schema>): void => {
    if (above.has(inner)) return
    if (isMarkedSecret(inner)) return void places.add(placeOf(steps))
    for (const part of partsOf(inner)) go(part.schema, steps + part.step, new Set([...above, inner]))
  }
  go(schema, '', new Set())
  return [...places].toSorted()
}

/** Strikes secrets out of a sentence, also where it quotes only their beginning. Shorter texts occur in sentences by chance. */
export function withoutSecretTexts(sentence: string, secrets: Iterable<unknown>, minLength = 3): string {
  return [...secrets]
    .flatMap(textsIn)
    .flatMap((text) => [text, JSON.stringify(text).slice(1, -1), text.slice(0, quotedLength)])
    .filter((text) => text.length >= minLength)
    .toSorted((a, b) => b.length - a.length)
    .reduce((clean, text) => clean.replaceAll(text, hidden), sentence)
}

/** What a problem quotes of a long value. */
const quotedLength = 60

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn)
  return value === undefined || value === null ? [] : [String(value)]
}
