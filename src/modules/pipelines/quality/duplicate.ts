import { z } from 'zod'
import { defineRule, field } from './rule.ts'

export const duplicateRule = defineRule({
  type: 'duplicate',
  title: 'No duplicates',
  about: 'No two rows of a run have the same values in these columns; all but the first break the rule.',
  settings: z
    .strictObject({
      fields: z
        .array(z.string().min(1))
        .min(1)
        .max(20)
        .optional()
        .meta({ title: 'Fields', description: 'The columns that together are there once.' }),
      field: field.optional(),
    })
    .refine((settings) => (settings.fields === undefined) !== (settings.field === undefined), {
      path: ['fields'],
      error: 'or "field" names what must be there once, one of the two',
    })
    .transform((settings) => ({ fields: settings.fields ?? [settings.field ?? ''] })),
  example: { type: 'duplicate', fields: ['order_id'], severity: 'error' },
  fields: (settings) => settings.fields,
  build: (settings) => ({ kind: 'repeated', columns: settings.fields }),
  says: (settings) =>
    `${settings.fields.map((each) => `"${each}"`).join(', ')} ${settings.fields.length === 1 ? 'is' : 'are'} there once`,
})
