import { z } from 'zod'
import { defineRule, field } from './rule.ts'

const bound = z.union([z.number(), z.string()])

export const rangeRule = defineRule({
  type: 'range',
  title: 'Range',
  about: 'Each value lies between two bounds, both of them allowed.',
  settings: z
    .strictObject({ field, min: bound.optional(), max: bound.optional() })
    .refine((settings) => settings.min !== undefined || settings.max !== undefined, {
      path: ['min'],
      error: 'or "max" must be there',
    }),
  example: { type: 'range', field: 'amount', min: 0, max: 100000, severity: 'warn' },
  fields: (settings) => [settings.field],
  build: ({ field: column, min, max }) => ({
    kind: 'outside',
    column,
    ...(min === undefined ? {} : { min: String(min) }),
    ...(max === undefined ? {} : { max: String(max) }),
  }),
  says: ({ field: column, min, max }) => {
    const bounds = [min === undefined ? [] : `at least ${min}`, max === undefined ? [] : `at most ${max}`].flat()
    return `"${column}" is ${bounds.join(' and ')}`
  },
})
