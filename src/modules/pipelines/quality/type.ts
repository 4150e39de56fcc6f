import { z } from 'zod'
import { ColumnTypeText } from '#core/dataset'
import { withArticle } from '#core/with-article'
import { castValue } from '#plans/project'
import { defineRule, field } from './rule.ts'

export const typeRule = defineRule({
  type: 'type',
  title: 'Type',
  about: 'Each value can be read as a type.',
  settings: z.strictObject({ field, expected: ColumnTypeText }),
  example: { type: 'type', field: 'amount', expected: 'decimal(12,2)', severity: 'error' },
  fields: (settings) => [settings.field],
  problem: (settings, input) => {
    const cast = castValue(input, { column: settings.field, type: settings.expected, otherwise: 'null' })
    return 'value' in cast ? undefined : { ...cast, at: 'expected' }
  },
  build: (settings) => ({ kind: 'unreadable', column: settings.field, type: settings.expected }),
  says: (settings) => `"${settings.field}" is ${withArticle(settings.expected)}`,
})
