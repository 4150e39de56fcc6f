import { z } from 'zod'
import { defineRule, field } from './rule.ts'

export const notNullRule = defineRule({
  type: 'not_null',
  title: 'Not empty',
  about: 'Each row has a value.',
  settings: z.strictObject({ field }),
  example: { type: 'not_null', field: 'id', severity: 'error' },
  fields: (settings) => [settings.field],
  build: (settings) => ({ kind: 'empty', column: settings.field }),
  says: (settings) => `"${settings.field}" has a value`,
})
