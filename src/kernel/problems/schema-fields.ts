import type { z } from 'zod'

/** The shapes of zod that a path can lead through; read as data, because zod has no public walk. */
interface Definition {
  readonly type: string
  readonly innerType?: z.ZodType
  readonly in?: z.ZodType
  readonly element?: z.ZodType
  readonly valueType?: z.ZodType
  readonly items?: readonly z.ZodType[]
  readonly options?: readonly z.ZodType[]
  readonly left?: z.ZodType
  readonly right?: z.ZodType
  readonly getter?: () => z.ZodType
  readonly shape?: Readonly<Record<string, z.ZodType>>
}

/** The names of the fields that `schema` knows at `path`; where unions branch, the branch that `input` chose. */
export function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[], input: unknown): readonly string[] {
  return [...new Set(objectsAt(schema, path, input).flatMap((shape) => Object.keys(shape)))]
}

function objectsAt(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  input: unknown,
): Readonly<Record<string, z.ZodType>>[] {
  const definition = schema._zod.def as unknown as Definition
  const through = (inner: z.ZodType | undefined) => (inner ? objectsAt(inner, path, input) : [])
  const [head, ...rest] = path
  switch (definition.type) {
    case 'object': {
      if (head === undefined) return [definition.shape ?? {}]
      const field = definition.shape?.[String(head)]
      return field ? objectsAt(field, rest, child(input, head)) : []
    }
    case 'array':
      return head === undefined || !definition.element ? [] : objectsAt(definition.element, rest, child(input, head))
    case 'record':
      return head === undefined || !definition.valueType
        ? []
        : objectsAt(definition.valueType, rest, child(input, head))
    case 'tuple': {
      const item = typeof head === 'number' ? definition.items?.[head] : undefined
      return item ? objectsAt(item, rest, child(input, head)) : []
    }
    case 'union': {
      const options = definition.options ?? []
      const chosen = options.filter((option) => literalsFit(option, input))
      return (chosen.length > 0 ? chosen : options).flatMap((option) => objectsAt(option, path, input))
    }
    case 'intersection':
      return [...through(definition.left), ...through(definition.right)]
    case 'lazy':
      return through(definition.getter?.())
    case 'pipe':
      return through(definition.in)
    default:
      return through(definition.innerType)
  }
}

function child(input: unknown, key: PropertyKey | undefined): unknown {
  if (key === undefined || typeof input !== 'object' || input === null || !Object.hasOwn(input, key)) return undefined
  return (input as Record<PropertyKey, unknown>)[key]
}

/** Does every literal field of this branch hold what `input` has there? */
function literalsFit(option: z.ZodType, input: unknown): boolean {
  const { type, shape } = option._zod.def as unknown as Definition
  if (type !== 'object' || !shape) return false
  return Object.entries(shape).every(([name, field]) => {
    const definition = field._zod.def as unknown as Definition & { values?: readonly unknown[] }
    return definition.type !== 'literal' || (definition.values ?? []).includes(child(input, name))
  })
}
