import { z } from 'zod'
import { defineRule, field } from './rule.ts'

export const allowedRule = defineRule({
  type: 'allowed',
  title: 'Allowed values',
  about: 'Each value is one of a list.',
  settings: z.strictObject({
    field,
    values: z
      .array(z.union([z.string(), z.number(), z.boolean()]))
      .min(1)
      .max(1000),
  }),
  example: { type: 'allowed', field: 'status', values: ['new', 'paid', 'cancelled'], severity: 'error' },
  fields: (settings) => [settings.field],
  build: (settings) => ({ kind: 'none_of', column: settings.field, values: settings.values.map(String) }),
  says: (settings) => `"${settings.field}" is one of ${settings.values.slice(0, 8).map(String).join(', ')}`,
})
