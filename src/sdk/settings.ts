import { z } from 'zod'

/** A setting whose value is kept apart from the definition, sealed, and never shown again. */
export function secretText(about: { title: string; description: string }): z.ZodString {
  return z
    .string()
    .max(10_000)
    .meta({ ...about, writeOnly: true })
}

/** Names of the settings that are secrets. */
export function secretSettings(settings: z.ZodType): readonly string[] {
  if (!(settings instanceof z.ZodObject)) return []
  return Object.entries(settings.shape).flatMap(([name, field]) => (isSecret(field as z.ZodType) ? [name] : []))
}

function isSecret(field: z.ZodType): boolean {
  if (field.meta()?.['writeOnly'] === true) return true
  if (field instanceof z.ZodOptional || field instanceof z.ZodDefault || field instanceof z.ZodNullable) {
    return isSecret(field.unwrap() as z.ZodType)
  }
  return false
}

/** The form, the reference page and the command line are made from this JSON Schema. */
export function settingsSchema(settings: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' })
  return schema
}
