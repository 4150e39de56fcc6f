/** Quality rules: each a spec and a condition in engine SQL that holds for the rows that break it. */
import { z } from 'zod'
import { ColumnTypeText, engineType } from '#core/dataset'
import type { Problem } from '#core/errors'
import { nearest } from '#core/expression'
import type { QualityRuleSpec, Severity } from '#core/pipeline'
import { check } from '#kernel/problems'
import { bound, join, literal, name, raw, sql, text } from '#sdk'
import type { Sql } from '#sdk'
import { castColumn } from '../plan/cast.ts'
import type { Relation, RelationColumn } from '../plan/relation.ts'
import { formatNames, formatPattern } from './formats.ts'

export interface Rule<S extends z.ZodType = z.ZodType> {
  readonly type: string
  readonly title: string
  readonly about: string
  readonly settings: S
  readonly example: Readonly<Record<string, unknown>>
  readonly fields: (settings: z.output<S>) => readonly string[]
  /** True for rows that break the rule. An empty value breaks only `not_null`. */
  readonly breaks: (settings: z.output<S>, columns: readonly RelationColumn[]) => Sql | Problem
  readonly says: (settings: z.output<S>) => string
}

const field = z.string().min(1).meta({ title: 'Field', description: 'The column.' })
const bounds = z.union([z.number(), z.string()])

function defineRule<S extends z.ZodType>(rule: Rule<S>): Rule {
  // Settings reach the functions only after the rule's own schema has parsed them.
  return rule as unknown as Rule
}

export const rules: readonly Rule[] = [
  defineRule({
    type: 'not_null',
    title: 'Not empty',
    about: 'Each row has a value.',
    settings: z.strictObject({ field }),
    example: { type: 'not_null', field: 'id', severity: 'error' },
    fields: (settings) => [settings.field],
    breaks: (settings) => sql`isNull(${name(settings.field)})`,
    says: (settings) => `"${settings.field}" has a value`,
  }),
  defineRule({
    type: 'type',
    title: 'Type',
    about: 'Each value can be read as a type.',
    settings: z.strictObject({ field, expected: ColumnTypeText }),
    example: { type: 'type', field: 'amount', expected: 'decimal(12,2)', severity: 'error' },
    fields: (settings) => [settings.field],
    breaks: (settings, [column]) => {
      if (
        column === undefined ||
        column.type === settings.expected ||
        engineType(column.type) === engineType(settings.expected)
      )
        return raw('false')
      const cast = castColumn(column, settings.expected, 'null', 'expected')
      return 'sql' in cast ? sql`isNotNull(${name(settings.field)}) AND isNull(${cast.sql})` : cast
    },
    says: (settings) => `"${settings.field}" is a ${settings.expected}`,
  }),
  defineRule({
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
    breaks: (settings) =>
      sql`isNotNull(${name(settings.field)}) AND NOT match(toString(assumeNotNull(${name(settings.field)})), ${text(formatPattern(settings.condition, settings.pattern))})`,
    says: (settings) =>
      `"${settings.field}" ${settings.condition === 'matches' ? `matches ${settings.pattern}` : `is a ${settings.condition.replace('_', ' ')}`}`,
  }),
  defineRule({
    type: 'range',
    title: 'Range',
    about: 'Each value lies between two bounds, both of them allowed.',
    settings: z
      .strictObject({ field, min: bounds.optional(), max: bounds.optional() })
      .refine((settings) => settings.min !== undefined || settings.max !== undefined, {
        path: ['min'],
        error: 'or "max" must be there',
      }),
    example: { type: 'range', field: 'amount', min: 0, max: 100000, severity: 'warn' },
    fields: (settings) => [settings.field],
    breaks: (settings, [column]) => {
      const value = name(settings.field)
      const type = column === undefined ? 'String' : engineType(column.type)
      const outside = [
        ...(settings.min === undefined ? [] : [sql`${value} < ${bound(String(settings.min), type)}`]),
        ...(settings.max === undefined ? [] : [sql`${value} > ${bound(String(settings.max), type)}`]),
      ]
      return sql`isNotNull(${value}) AND ifNull(${join(outside, ' OR ')}, false)`
    },
    says: (settings) =>
      `"${settings.field}" is ${[settings.min === undefined ? '' : `at least ${settings.min}`, settings.max === undefined ? '' : `at most ${settings.max}`].filter((part) => part !== '').join(' and ')}`,
  }),
  defineRule({
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
    breaks: (settings) =>
      sql`isNotNull(${name(settings.field)}) AND toString(assumeNotNull(${name(settings.field)})) NOT IN (${raw(settings.values.map((value) => literal(String(value))).join(', '))})`,
    says: (settings) => `"${settings.field}" is one of ${settings.values.slice(0, 8).map(String).join(', ')}`,
  }),
  defineRule({
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
    breaks: (settings) => sql`row_number() OVER (PARTITION BY ${join(settings.fields.map(name), ', ')}) > 1`,
    says: (settings) =>
      `${settings.fields.map((each) => `"${each}"`).join(', ')} ${settings.fields.length === 1 ? 'is' : 'are'} there once`,
  }),
]

export interface ValidatedRule {
  readonly rule: Rule
  readonly settings: unknown
  readonly severity: Severity
  readonly at: string
}

/** What else rules are called. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['null', 'not_null'],
  ['allowed_values', 'allowed'],
  ['unique', 'duplicate'],
])

export function validateRule(
  { type, severity, ...given }: QualityRuleSpec,
  at: string,
): ValidatedRule | { readonly problems: readonly Problem[] } {
  const rule = rules.find((candidate) => candidate.type === (otherNames.get(type) ?? type))
  if (rule === undefined) {
    const known = rules.map((candidate) => candidate.type)
    const suggestion = nearest(type, known)
    return {
      problems: [
        {
          at: `${at}.type`,
          code: 'unknown_rule',
          message: `There is no quality rule "${type}"; there are ${known.join(', ')}.`,
          ...(suggestion === undefined ? {} : { suggestion }),
        },
      ],
    }
  }
  const { value, problems } = check(rule.settings, given, at)
  return problems.length > 0 ? { problems } : { rule, settings: value, severity, at }
}

/** The rule over these rows, or what does not fit. */
export function compileRule({ rule, settings, at }: ValidatedRule, relation: Relation): Sql | Problem {
  const columns: RelationColumn[] = []
  for (const wanted of rule.fields(settings)) {
    const column = relation.columns.find((candidate) => candidate.name === wanted)
    if (column === undefined) {
      const suggestion = nearest(
        wanted,
        relation.columns.map((candidate) => candidate.name),
      )
      return {
        at: `${at}.field`,
        code: 'unknown_column',
        message: `There is no column "${wanted}" after the last step.`,
        ...(suggestion === undefined ? {} : { suggestion }),
      }
    }
    columns.push(column)
  }
  const made = rule.breaks(settings, columns)
  return 'parts' in made ? made : { ...made, at: `${at}.${made.at}` }
}
