/** What schemas say of one value, before it is parsed. */
import { containsSecret, definitionOf, isMarkedSecret, metadataOf, visitSchemas, wrapperTypes } from './schema-parts.ts'
import type { Definition, Schema } from './schema-parts.ts'

/** Shown in place of a secret that is kept. */
export const hidden = '***'

export interface SchemaView {
  /** The whole value is a secret, by at least one schema that may apply. */
  readonly secret: boolean
  /** It may change while secrets beside it are kept, by all schemas that may apply. */
  readonly safe: boolean
  /** What describes the inside of the value. */
  readonly nodes: readonly Definition[]
}

const nothing: SchemaView = { secret: false, safe: false, nodes: [] }

/** `value` rules out branches of unions that it cannot match; all branches count when it rules out every one. */
export function viewOf(schemas: readonly Schema[], value: unknown): SchemaView {
  return merged(schemas.map((schema) => look(schema, value, new Set())))
}

/** A secret by itself, not one that merely may be a secret as one branch of a union. */
export function isWholeSecret(schema: Schema): boolean {
  const isUnion = definitionOf(schema).type === 'union'
  return isMarkedSecret(schema) || (!isUnion && viewOf([schema], undefined).secret)
}

/** The schemas of a field, or of the item with this index, in a value with this view. */
export function schemasInside({ nodes }: SchemaView, key: string | number): readonly Schema[] {
  return nodes.flatMap((node) => {
    const found = typeof key === 'number' ? itemSchema(node, key) : fieldSchema(node, key)
    return found === undefined ? [] : [found]
  })
}

function look(schema: Schema, value: unknown, open: ReadonlySet<Schema>): SchemaView | undefined {
  // A schema that leads to itself without going into the value says nothing more.
  if (open.has(schema)) return undefined
  const inner = beneath(schema, value, new Set([...open, schema]))
  return {
    secret: isMarkedSecret(schema) || inner.secret,
    safe: metadataOf(schema)['safe'] === true || inner.safe,
    nodes: inner.nodes,
  }
}

function beneath(schema: Schema, value: unknown, open: ReadonlySet<Schema>): SchemaView {
  const definition = definitionOf(schema)
  const { type } = definition
  const through = (...inner: readonly (Schema | undefined)[]) =>
    merged(inner.map((each) => (each === undefined ? undefined : look(each, value, open))))
  if (wrapperTypes.has(type)) return through(definition.innerType)
  if (type === 'lazy') return through(definition.getter?.())
  if (type === 'intersection') return through(definition.left, definition.right)
  if (type === 'union') {
    const options = definition.options ?? []
    const possible = options.filter((option) => mayMatch(option, value))
    return through(...(possible.length > 0 ? possible : options))
  }
  if (type === 'pipe') return pipeView(definition, through)
  if (type === 'template_literal') return { ...nothing, secret: containsSecret(schema) }
  return { ...nothing, nodes: [definition] }
}

/** Where code transforms input into output, a secret of the output may come from anywhere in the input. */
function pipeView(pipe: Definition, through: (...inner: (Schema | undefined)[]) => SchemaView): SchemaView {
  const { in: from, out: to } = pipe
  const opaque = pipe.transform !== undefined || (from !== undefined && changesValues(from))
  if (!opaque) {
    const [before, after] = [through(from), through(to)]
    return { ...merged([before, after]), safe: before.safe || after.safe }
  }
  const before = through(from)
  return { ...before, secret: before.secret || (to !== undefined && containsSecret(to)) }
}

function changesValues(root: Schema): boolean {
  let found = false
  visitSchemas(root, (schema) => {
    const { type, transform, checks = [] } = definitionOf(schema)
    // A string stays the same place when it is trimmed; a list or an object may be arranged anew.
    const rewrites = type !== 'string' && checks.some((check) => check._zod.def.check === 'overwrite')
    found ||= type === 'transform' || transform !== undefined || rewrites
  })
  return found
}

function merged(views: readonly (SchemaView | undefined)[]): SchemaView {
  const known = views.filter((view) => view !== undefined)
  return {
    secret: known.some((view) => view.secret),
    safe: known.length > 0 && known.every((view) => view.safe),
    nodes: known.flatMap((view) => view.nodes),
  }
}

function fieldSchema(node: Definition, key: string): Schema | undefined {
  if (node.type === 'record' || node.type === 'map') return node.valueType
  if (node.type !== 'object') return undefined
  return Object.hasOwn(node.shape ?? {}, key) ? node.shape?.[key] : node.catchall
}

function itemSchema(node: Definition, index: number): Schema | undefined {
  if (node.type === 'array') return node.element
  if (node.type === 'set') return node.valueType
  if (node.type === 'tuple') return node.items?.[index] ?? node.rest ?? undefined
  return undefined
}

/** Only what is certain: a wrong "no" would show a secret. */
function mayMatch(schema: Schema, value: unknown): boolean {
  if (value === undefined || value === hidden) return true
  const definition = definitionOf(schema)
  if (wrapperTypes.has(definition.type) || definition.coerce === true) return true
  switch (definition.type) {
    case 'string':
      return typeof value === 'string'
    case 'number':
    case 'int':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'array':
    case 'tuple':
      return Array.isArray(value)
    case 'record':
      return isRecord(value)
    case 'object':
      return (
        isRecord(value) &&
        Object.entries(definition.shape ?? {}).every(([name, field]) => literalFits(field, value[name]))
      )
    default:
      return true
  }
}

function literalFits(field: Schema, value: unknown): boolean {
  const { type, values = [] } = definitionOf(field)
  return type !== 'literal' || isMarkedSecret(field) || values.includes(value)
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
