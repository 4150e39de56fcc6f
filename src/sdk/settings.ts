import { z } from 'zod'
import { secretMark } from './secrets/schema-parts.ts'
import { isWholeSecret } from './secrets/schema-view.ts'

/**
 * A setting whose value is kept apart from the definition, sealed, and never shown again. It may be anywhere in a
 * schema. It is kept while the settings beside it stay the same; those with `.meta({ safe: true })` may change.
 */
export function secretText(about: { title: string; description: string }): z.ZodString {
  return z
    .string()
    .max(10_000)
    .check(secretMark)
    .meta({ ...about, writeOnly: true })
}

/** The form, the reference page and the command line are made from this JSON Schema. */
export function settingsSchema(settings: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(settings, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (isWholeSecret(zodSchema)) jsonSchema.writeOnly = true
    },
  })
  return schema
}
