/** Which secrets are kept when settings change. */
import { isDeepStrictEqual } from 'node:util'
import type { Problem } from '#core/errors'
import { parseJsonValue } from '#core/parse-json'
import { containsSecret, definitionOf, fieldStep, placeOf, wrapperTypes } from './schema-parts.ts'
import type { Schema } from './schema-parts.ts'
import { hidden, isRecord, schemasInside, viewOf } from './schema-view.ts'
import type { SchemaView } from './schema-view.ts'
import { fillSecrets, mapSecrets } from './secret-values.ts'

export interface KeptSecrets {
  /** The settings that they belong to, with `***` in their places. */
  readonly settings: unknown
  readonly places: Iterable<string>
  readonly open: (place: string) => unknown
}

export interface Change {
  readonly schema: Schema
  readonly given: unknown
  readonly kept?: KeptSecrets | undefined
}

/**
 * The settings given with kept secrets in place of `***`. An absent secret is kept too, and `null` removes it; an item of
 * a list or a name of a record that is left out is removed with its secrets. A secret is kept only while every other
 * setting is unchanged, apart from those whose schema says `safe`: else a change of the host would send it to another
 * server.
 * `at` of a problem is the place within the settings.
 */
export function keepSecrets({ schema, given, kept }: Change): {
  readonly settings: unknown
  readonly problems: readonly Problem[]
} {
  const places = new Set(kept?.places)
  const isSame = kept !== undefined && isDeepStrictEqual(significant(schema, kept.settings), significant(schema, given))
  const problems: Problem[] = []
  const named = new Set<string>()
  const cleared = mapSecrets(schema, given, (secret, place) => {
    named.add(place)
    if (secret === null) return undefined
    if (secret === hidden && !(isSame && places.has(place))) problems.push(secretNeeded(place, places.has(place)))
    return secret
  })
  if (kept === undefined) return { settings: cleared, problems }
  const missing = [...places].filter(
    (place) => !named.has(place) && isSecretPlace(schema, { given, kept: kept.settings }, place),
  )
  if (!isSame) problems.push(...missing.map((place) => secretNeeded(place, true)))
  return { settings: fill(isSame ? missing.reduce(withHidden, cleared) : cleared, isSame ? kept : undefined), problems }
}

function fill(settings: unknown, kept: KeptSecrets | undefined): unknown {
  if (kept === undefined) return settings
  const places = new Set(kept.places)
  return fillSecrets(settings, (place) => (places.has(place) ? kept.open(place) : undefined))
}

function secretNeeded(place: string, isKept: boolean): Problem {
  const because = isKept
    ? 'the secret that is kept belongs to other settings, and is not used with changed ones'
    : 'none is kept'
  return { at: place, code: 'secret_needed', message: `Enter the secret "${place}" again: ${because}.` }
}

/** What a secret is bound to: the settings without secrets and without what may change safely, with defaults. */
export function significant(schema: Schema, value: unknown): unknown {
  return strip([schema], value)
}

function strip(schemas: readonly Schema[], value: unknown): unknown {
  const view = viewOf(schemas, value)
  if (view.secret || view.safe) return undefined
  // An item keeps its place in the list.
  if (Array.isArray(value)) return value.map((item, index) => strip(schemasInside(view, index), item) ?? null)
  if (!isRecord(value)) return value
  const fields = Object.entries(withDefaults(view, value)).flatMap(([name, field]) => {
    const left = strip(schemasInside(view, name), field)
    return left === undefined ? [] : [[name, left] as const]
  })
  // An object that held only secrets is as if it were absent.
  if (fields.length === 0 && schemas.some(containsSecret)) return undefined
  return Object.fromEntries(fields)
}

function withDefaults({ nodes }: SchemaView, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const [node, second] = nodes
  if (node?.type !== 'object' || second !== undefined) return { ...value }
  const defaults = Object.entries(node.shape ?? {}).flatMap(([name, field]) => {
    const standard = Object.hasOwn(value, name) ? undefined : defaultOf(field)
    return standard === undefined ? [] : [[name, standard] as const]
  })
  return { ...Object.fromEntries(defaults), ...value }
}

function defaultOf(schema: Schema): unknown {
  const { type, defaultValue, innerType } = definitionOf(schema)
  if (type === 'default' || type === 'prefault') return defaultValue
  return wrapperTypes.has(type) && innerType !== undefined ? defaultOf(innerType) : undefined
}

/** Whether the settings, as they are now, may have a secret there. */
function isSecretPlace(schema: Schema, { given, kept }: { given: unknown; kept: unknown }, place: string): boolean {
  let schemas: readonly Schema[] = [schema]
  let [inner, before] = [given, kept]
  for (const key of keysOf(place)) {
    // Items that are not in the list any more were removed with their secrets, and so were objects that held more than secrets.
    if (typeof key === 'number' && !(Array.isArray(inner) && key < inner.length)) return false
    if (inner === undefined && strip(schemas, before) !== undefined) return false
    const view = viewOf(schemas, inner)
    // The same holds for names that the user chose, such as those of headers.
    if (typeof key === 'string' && isRecord(inner) && !Object.hasOwn(inner, key) && isOpenName(view, key)) return false
    schemas = schemasInside(view, key)
    inner = fieldOf(inner, key)
    before = fieldOf(before, key)
  }
  return viewOf(schemas, inner).secret
}

function fieldOf(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined
}

/** Whether no schema lists this name, so that it is only where somebody wrote it. */
function isOpenName({ nodes }: SchemaView, name: string): boolean {
  return !nodes.some(({ type, shape }) => type === 'object' && Object.hasOwn(shape ?? {}, name))
}

/** `settings` with `***` at the place, where there is an object or nothing to hold it. */
function withHidden(settings: unknown, place: string): unknown {
  const [head, ...rest] = keysOf(place)
  if (head === undefined) return hidden
  const inner = (value: unknown) => withHidden(value, placeOf(rest.map(stepOf).join('')))
  if (typeof head === 'number')
    return Array.isArray(settings)
      ? settings.with(Math.min(head, settings.length - 1), inner(settings[head]))
      : settings
  const fields = isRecord(settings) ? settings : {}
  return { ...fields, [head]: inner(fields[head]) }
}

function stepOf(key: string | number): string {
  return typeof key === 'number' ? `[${key}]` : fieldStep(key)
}

function keysOf(place: string): readonly (string | number)[] {
  const steps = place.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\.?([^.[]+)/g)
  return [...steps].map(([, index, quoted, name]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? String(parseJsonValue(quoted)) : (name ?? ''),
  )
}
