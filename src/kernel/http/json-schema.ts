import { z } from 'zod'

export type Json = Record<string, unknown>

/** Makes the JSON Schema of a part of an operation; `part` names it where it moves to the components. */
export type SchemaOf = (schema: z.ZodType, part: string) => Json

/** Inline, except for what refers to itself or was given an id: that goes to `components.schemas`. */
export function jsonSchema(schema: z.ZodType, name: string, schemas: Record<string, Json>): Json {
  const {
    $schema: _,
    $defs = {},
    ...root
  } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json & { $defs?: Record<string, Json> }
  const place = (key: string): string => (key.startsWith('__') ? `${name}.${key.slice(2)}` : key)
  const rewrite = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(rewrite)
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => {
        if (key !== '$ref' || typeof value !== 'string') return [key, rewrite(value)]
        if (value === '#') return [key, `#/components/schemas/${name}`]
        return [key, `#/components/schemas/${place(value.replace('#/$defs/', ''))}`]
      }),
    )
  }
  for (const [key, definition] of Object.entries($defs)) schemas[place(key)] = rewrite(definition) as Json
  const written = rewrite(root) as Json
  if (!JSON.stringify(root).includes('"$ref":"#"')) return written
  schemas[name] = written
  return { $ref: `#/components/schemas/${name}` }
}
