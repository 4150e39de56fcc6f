/** Reads zod schemas as data, because zod has no public walk over them. */
import { z } from 'zod'

/** Any schema of zod, also of its other editions. */
export type Schema = z.core.$ZodType

/** The fields of all kinds of schema definitions that hold other schemas. */
export interface Definition {
  readonly type: string
  readonly checks?: readonly z.core.$ZodCheck<never>[]
  readonly innerType?: Schema
  readonly getter?: () => Schema
  readonly in?: Schema
  readonly out?: Schema
  /** Of a codec. */
  readonly transform?: unknown
  readonly options?: readonly Schema[]
  readonly left?: Schema
  readonly right?: Schema
  readonly shape?: Readonly<Record<string, Schema>>
  readonly catchall?: Schema
  readonly element?: Schema
  readonly items?: readonly Schema[]
  readonly rest?: Schema | null
  readonly keyType?: Schema
  readonly valueType?: Schema
  readonly parts?: readonly unknown[]
  readonly values?: readonly unknown[]
  readonly defaultValue?: unknown
  readonly coerce?: boolean
}

/** Schemas that hold one other schema for the same value. */
export const wrapperTypes: ReadonlySet<string> = new Set([
  'optional',
  'nullable',
  'default',
  'prefault',
  'nonoptional',
  'readonly',
  'catch',
  'success',
])

export const containerTypes: ReadonlySet<string> = new Set(['object', 'array', 'tuple', 'record', 'map', 'set'])

/** Schemas without others inside. */
export const leafTypes: ReadonlySet<string> = new Set([
  'string',
  'number',
  'int',
  'boolean',
  'bigint',
  'null',
  'undefined',
  'void',
  'never',
  'any',
  'unknown',
  'date',
  'enum',
  'literal',
  'nan',
  'custom',
  'transform',
])

export function isSchema(value: unknown): value is Schema {
  return typeof (value as { _zod?: { def?: { type?: unknown } } } | null | undefined)?._zod?.def?.type === 'string'
}

export function definitionOf(schema: Schema): Definition {
  return schema._zod.def as unknown as Definition
}

export function metadataOf(schema: Schema): Readonly<Record<string, unknown>> {
  return z.globalRegistry.get(schema) ?? {}
}

/** Marks a secret in a way that survives `.describe()` and `.meta()`, which replace the metadata. */
export const secretMark = z.refine<unknown>(() => true)

export function isMarkedSecret(schema: Schema): boolean {
  const marks: readonly unknown[] = definitionOf(schema).checks ?? []
  return metadataOf(schema)['writeOnly'] === true || marks.includes(secretMark)
}

export interface Part {
  /** `.name` of a field, `[0]` of a tuple, `[]` of any item, `.*` of any field, `{key}` of a key; empty for the same value. */
  readonly step: string
  readonly schema: Schema
}

/** The schemas inside of one, whatever its kind. */
export function partsOf(schema: Schema): readonly Part[] {
  const definition = definitionOf(schema)
  const same = (...schemas: (Schema | undefined)[]) =>
    schemas.filter((each) => each !== undefined).map((each) => ({ step: '', schema: each }))
  return [
    ...Object.entries(definition.type === 'object' ? (definition.shape ?? {}) : {}).map(([name, field]) => ({
      step: fieldStep(name),
      schema: field,
    })),
    ...(definition.catchall === undefined ? [] : [{ step: '.*', schema: definition.catchall }]),
    ...(definition.items ?? []).map((item, index) => ({ step: `[${index}]`, schema: item })),
    ...(isSchema(definition.rest) ? [{ step: '[]', schema: definition.rest }] : []),
    ...(isSchema(definition.element) ? [{ step: '[]', schema: definition.element }] : []),
    ...(isSchema(definition.keyType) ? [{ step: '{key}', schema: definition.keyType }] : []),
    ...(isSchema(definition.valueType)
      ? [{ step: definition.type === 'set' ? '[]' : '.*', schema: definition.valueType }]
      : []),
    ...same(definition.innerType, definition.in, definition.out, definition.left, definition.right),
    ...same(...(definition.type === 'union' ? (definition.options ?? []) : [])),
    ...same(...(definition.parts ?? []).filter(isSchema)),
    ...(definition.type === 'lazy' && definition.getter !== undefined ? same(definition.getter()) : []),
  ]
}

/** How a place continues into a field: `.name`, or `["odd name"]`. */
export function fieldStep(name: string): string {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$-]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}

/** A place begins without a dot. */
export function placeOf(steps: string): string {
  return steps.startsWith('.') ? steps.slice(1) : steps
}

/** Deeper than anybody writes settings; a schema that makes new schemas at each level would never end. */
const maxDepth = 50

/** Visits the schema and all inside it, each once; `leave` says not to continue below one. */
export function visitSchemas(
  root: Schema,
  visit: (schema: Schema, steps: string) => 'leave' | void,
  onTooDeep: (steps: string) => void = () => undefined,
): void {
  const seen = new Set<Schema>()
  const go = (schema: Schema, steps: string, depth: number): void => {
    if (seen.has(schema)) return
    seen.add(schema)
    if (depth > maxDepth) return onTooDeep(steps)
    if (visit(schema, steps) === 'leave') return
    for (const part of partsOf(schema)) go(part.schema, steps + part.step, depth + 1)
  }
  go(root, '', 0)
}

const answers = new WeakMap<Schema, boolean>()

/** Whether a value of this schema may hold a secret. */
export function containsSecret(root: Schema): boolean {
  const known = answers.get(root)
  if (known !== undefined) return known
  let found = false
  visitSchemas(
    root,
    (schema) => {
      found ||= isMarkedSecret(schema)
      return found ? 'leave' : undefined
    },
    () => void (found = true),
  )
  answers.set(root, found)
  return found
}
