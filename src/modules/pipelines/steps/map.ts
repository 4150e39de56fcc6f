import { z } from 'zod'
import { ColumnName, ColumnTypeText } from '#core/dataset'
import type { Problem } from '#core/errors'
import { checkExpression, parseExpression, placedUnder } from '#core/expression'
import { withSuggestion } from '#core/nearest'
import { scopeOfPlan } from '#plans/columns'
import type { Plan } from '#plans/plan'
import { castValue, columnValue, expressionValue, pick, project } from '#plans/project'
import type { NamedValue } from '#plans/project'
import { defineStep } from './step.ts'

const CastTo = z.union([
  ColumnTypeText.transform((type) => ({ type, otherwise: 'fail' as const })),
  z.strictObject({ type: ColumnTypeText, otherwise: z.enum(['fail', 'null']).default('fail') }),
])

const settings = z
  .strictObject({
    rename: z
      .record(z.string(), ColumnName)
      .optional()
      .meta({ title: 'Rename', description: 'New names by old ones.' }),
    cast: z.record(z.string(), CastTo).optional().meta({
      title: 'Cast',
      description:
        'Types by column; a value that does not fit stops the run, or is left empty with {"type": …, "otherwise": "null"}.',
    }),
    compute: z
      .record(ColumnName, z.string().min(1))
      .optional()
      .meta({ title: 'Compute', description: 'Expressions by the column they fill.' }),
    select: z
      .array(z.string())
      .min(1)
      .optional()
      .meta({ title: 'Select', description: 'The columns to keep, in this order.' }),
    drop: z.array(z.string()).min(1).optional().meta({ title: 'Drop', description: 'The columns to leave out.' }),
  })
  .refine((given) => Object.keys(given).length > 0, {
    error: 'names at least one of rename, cast, compute, select, drop',
  })
  .refine((given) => given.select === undefined || given.drop === undefined, {
    path: ['drop'],
    error: 'replaces "select"; give one of them',
  })

type MapSettings = z.output<typeof settings>

/** In this order: rename, cast, compute, then select or drop. Each sees the names the one before left. */
export const mapStep = defineStep({
  type: 'map',
  title: 'Map',
  about: 'Renames, casts, computes and leaves out columns.',
  settings,
  keepsRows: true,
  example: {
    rename: { cust: 'customer' },
    cast: { amount: 'decimal(12,2)' },
    compute: { total: 'amount * quantity' },
    drop: ['internal_note'],
  },
  build: (given, input) => {
    const problems: Problem[] = []
    let rows = renamed(given, input, problems)
    if (problems.length === 0) rows = cast(given, rows, problems)
    if (problems.length === 0) rows = computed(given, rows, problems)
    if (problems.length === 0) rows = picked(given, rows, problems)
    return problems.length > 0 ? { problems } : rows
  },
})

function renamed({ rename = {} }: MapSettings, input: Plan, problems: Problem[]): Plan {
  for (const old of Object.keys(rename)) known(input, old, `rename.${old}`, problems)
  const names = input.columns.map(({ name }) => (Object.hasOwn(rename, name) ? (rename[name] ?? name) : name))
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index)
      problems.push({ at: 'rename', code: 'duplicate_column', message: `There would be two columns "${name}".` })
  }
  const values = input.columns.map((column, index) => ({
    ...columnValue(input, column.name),
    name: names[index] ?? column.name,
  }))
  return problems.length > 0 ? input : project(input, values)
}

function cast({ cast: wanted = {} }: MapSettings, input: Plan, problems: Problem[]): Plan {
  for (const column of Object.keys(wanted)) known(input, column, `cast.${column}`, problems)
  const values = input.columns.map(({ name }): NamedValue => {
    const to = Object.hasOwn(wanted, name) ? wanted[name] : undefined
    const value = to === undefined ? columnValue(input, name) : castValue(input, { column: name, ...to })
    if ('value' in value) return { name, ...value }
    problems.push({ ...value, at: `cast.${name}` })
    return { name, ...columnValue(input, name) }
  })
  return project(input, values)
}

function computed({ compute = {} }: MapSettings, input: Plan, problems: Problem[]): Plan {
  const scope = scopeOfPlan(input)
  const values = new Map(input.columns.map(({ name }) => [name, { name, ...columnValue(input, name) }]))
  for (const [target, text] of Object.entries(compute)) {
    const parsed = parseExpression(text)
    const found = 'problems' in parsed ? parsed.problems : checkExpression(parsed.expression, scope).problems
    problems.push(...placedUnder(`compute.${target}`, found))
    if ('expression' in parsed && found.length === 0)
      values.set(target, { name: target, ...expressionValue(input, parsed.expression) })
  }
  return project(input, [...values.values()])
}

function picked({ select, drop = [] }: MapSettings, input: Plan, problems: Problem[]): Plan {
  for (const [index, column] of (select ?? drop).entries())
    known(input, column, `${select === undefined ? 'drop' : 'select'}[${index}]`, problems)
  const names = input.columns.map(({ name }) => name)
  const kept = select === undefined ? names.filter((name) => !drop.includes(name)) : [...new Set(select)]
  if (kept.length === 0 && problems.length === 0)
    problems.push({ at: 'drop', code: 'no_columns', message: 'No column would be left.' })
  return problems.length > 0 ? input : pick(input, kept)
}

function known(plan: Plan, column: string, at: string, problems: Problem[]): void {
  const names = plan.columns.map((candidate) => candidate.name)
  if (names.includes(column)) return
  const listed = names.slice(0, 30).map((each) => `"${each}"`)
  const choices = `There are ${listed.join(', ')}.`
  problems.push({
    at,
    code: 'unknown_column',
    ...withSuggestion(`There is no column "${column}" here.`, column, names, choices),
  })
}
