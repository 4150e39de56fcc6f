import { z } from 'zod'
import { ColumnName, ColumnTypeText } from '#core/dataset'
import type { Problem } from '#core/errors'
import { checkExpression, compileExpression, nearest, parseExpression, placedUnder } from '#core/expression'
import { raw } from '#sdk'
import { castColumn } from '../plan/cast.ts'
import { given, nested, scopeOfRelation } from '../plan/relation.ts'
import type { Relation, RelationColumn } from '../plan/relation.ts'
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
    error: 'stands instead of "select", not beside it',
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
  apply: (given, input) => {
    const problems: Problem[] = []
    let relation = renamed(given, nested(input), problems)
    if (problems.length === 0) relation = cast(given, relation, problems)
    if (problems.length === 0) relation = computed(given, relation, problems)
    if (problems.length === 0) relation = chosen(given, relation, problems)
    return problems.length > 0 ? { problems } : relation
  },
})

function renamed({ rename = {} }: MapSettings, input: Relation, problems: Problem[]): Relation {
  for (const old of Object.keys(rename)) known(input, old, `rename.${old}`, problems)
  const columns = input.columns.map((column): RelationColumn => {
    const fresh = Object.hasOwn(rename, column.name) ? rename[column.name] : undefined
    return fresh === undefined || fresh === column.name ? column : { ...column, name: fresh, sql: given(column.name) }
  })
  for (const [index, column] of columns.entries()) {
    if (columns.findIndex((other) => other.name === column.name) < index) {
      problems.push({ at: 'rename', code: 'duplicate_column', message: `There would be two columns "${column.name}".` })
    }
  }
  return { ...input, columns }
}

function cast({ cast: wanted = {} }: MapSettings, input: Relation, problems: Problem[]): Relation {
  if (Object.keys(wanted).length === 0) return input
  const base = nested(input)
  for (const column of Object.keys(wanted)) known(base, column, `cast.${column}`, problems)
  const columns = base.columns.map((column): RelationColumn => {
    const to = Object.hasOwn(wanted, column.name) ? wanted[column.name] : undefined
    if (to === undefined) return column
    const made = castColumn(column, to.type, to.otherwise, `cast.${column.name}`)
    if ('sql' in made) return { name: column.name, type: to.type, nullable: made.nullable, sql: made.sql }
    problems.push(made)
    return column
  })
  return { ...base, columns }
}

function computed({ compute = {} }: MapSettings, input: Relation, problems: Problem[]): Relation {
  if (Object.keys(compute).length === 0) return input
  const base = nested(input)
  const scope = scopeOfRelation(base, true)
  const columns = new Map(base.columns.map((column) => [column.name, column]))
  for (const [target, text] of Object.entries(compute)) {
    const parsed = parseExpression(text)
    if ('problems' in parsed) {
      problems.push(...placedUnder(`compute.${target}`, parsed.problems))
      continue
    }
    const checked = checkExpression(parsed.expression, scope)
    if (checked.problems.length > 0) {
      problems.push(...placedUnder(`compute.${target}`, checked.problems))
      continue
    }
    const { sql, type, nullable } = compileExpression(parsed.expression, scope)
    columns.set(target, { name: target, type, nullable, sql: raw(sql) })
  }
  return { ...base, columns: [...columns.values()] }
}

function chosen({ select, drop = [] }: MapSettings, input: Relation, problems: Problem[]): Relation {
  for (const [index, column] of (select ?? drop).entries())
    known(input, column, `${select === undefined ? 'drop' : 'select'}[${index}]`, problems)
  const kept =
    select === undefined
      ? input.columns.filter((column) => !drop.includes(column.name))
      : [...new Set(select)].flatMap((wanted) => input.columns.filter((column) => column.name === wanted))
  if (kept.length === 0 && problems.length === 0)
    problems.push({ at: 'drop', code: 'no_columns', message: 'No column would be left.' })
  return { ...input, columns: kept }
}

function known(relation: Relation, column: string, at: string, problems: Problem[]): void {
  const names = relation.columns.map((candidate) => candidate.name)
  if (names.includes(column)) return
  const suggestion = nearest(column, names)
  problems.push({
    at,
    code: 'unknown_column',
    message: `There is no column "${column}" here; there are ${names
      .map((each) => `"${each}"`)
      .slice(0, 30)
      .join(', ')}.`,
    ...(suggestion === undefined ? {} : { suggestion }),
  })
}
