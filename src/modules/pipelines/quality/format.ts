import { z } from 'zod'
import { defineRule, field } from './rule.ts'

/** RE2, as the engine matches it. */
const patterns = {
  valid_email:
    "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:[.][A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$",
  valid_url: '^https?://[^\\s/?#]+\\S*$',
  valid_uuid: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
  valid_date: '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])(?:[T ].*)?$',
  valid_phone: '^[+]?[0-9][0-9 ()./-]{5,24}$',
} as const

const formatNames = ['valid_email', 'valid_url', 'valid_uuid', 'valid_date', 'valid_phone', 'matches'] as const

export const formatRule = defineRule({
  type: 'format',
  title: 'Format',
  about: 'Each value has a form: an email address, a URL, a UUID, a date, a phone number, or a regular expression.',
  settings: z
    .strictObject({ field, condition: z.enum(formatNames), pattern: z.string().max(1000).optional() })
    .refine((settings) => settings.condition !== 'matches' || settings.pattern !== undefined, {
      path: ['pattern'],
      error: 'is the regular expression; "matches" needs it',
    }),
  example: { type: 'format', field: 'email', condition: 'valid_email', severity: 'error' },
  fields: (settings) => [settings.field],
  build: ({ field: column, condition, pattern }) => ({
    kind: 'unlike',
    column,
    pattern: condition === 'matches' ? (pattern ?? '') : patterns[condition],
  }),
  says: (settings) =>
    `"${settings.field}" ${settings.condition === 'matches' ? `matches ${settings.pattern}` : `is a ${settings.condition.replace('_', ' ')}`}`,
})
