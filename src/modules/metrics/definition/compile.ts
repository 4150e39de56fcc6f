/** A definition held against its dataset: either everything that does not fit, or the SQL of its rows. */
import { engineType, quoteName, type ColumnType } from '#core/dataset'
import type { Problem } from '#core/errors'
import { placedUnder, type Scope } from '#core/expression'
import { withSuggestion } from '#core/nearest'
import type { MetricDefinition, MeasurePart } from '#core/metric'
import { withArticle } from '#core/with-article'
import type { Dataset } from '#modules/datasets'
import { compileMeasure, type CompiledMeasure, type PartSource } from './measure.ts'
import { checkPart, compileCondition, compilePartSource, type MeasurePath } from './measure-parts.ts'

export interface CompiledMetric {
  readonly definition: MetricDefinition
  readonly dataset: Dataset
  /** The SQL behind `FROM` for its rows. */
  readonly from: string
  /** `events` rows have positions; rows of a `table` change. */
  readonly folded: boolean
  /** Time is a calendar date, the same in every zone. */
  readonly byDate: boolean
  /** When a row happened, in whole minutes or seconds since 1970. */
  readonly tick: (unit: TickUnit) => string
  /** Rows from the tick `{first:Int64}` to before the tick `{last:Int64}`. */
  readonly between: (unit: TickUnit) => readonly string[]
  /** Which rows count at all. */
  readonly where: string
  readonly dimensions: readonly Dimension[]
  readonly measure: CompiledMeasure
  /** The columns that filters and groups of a question may name. */
  readonly scope: Scope
}

export type TickUnit = 'minute' | 'second'

export interface Dimension {
  readonly name: string
  /** Its column in the cells table. */
  readonly column: string
  readonly engineType: string
}

const groupable = new Set(['string', 'integer', 'boolean', 'date'])

export function isGroupable(type: ColumnType): boolean {
  return groupable.has(type) || type.startsWith('decimal')
}

/** `from` is the SQL of the dataset's rows; only checks of a definition have none. */
export function compileMetric(
  definition: MetricDefinition,
  dataset: Dataset,
  from: string,
): { readonly metric: CompiledMetric } | { readonly problems: readonly Problem[] } {
  const scope = scopeOfDataset(dataset)
  const time = scope.columns.get(definition.time)
  const problems = [
    ...timeProblems(definition.time, scope),
    ...definition.dimensions.flatMap((name, index) => dimensionProblems(name, `dimensions[${index}]`, scope)),
    ...measureParts(definition).flatMap(([place, part]) => checkPart(part, place, scope, dataset)),
    ...(definition.filter === undefined
      ? []
      : placedUnder('filter', compileCondition(definition.filter, scope).problems)),
  ]
  if (problems.length > 0 || !time) return { problems }

  const sources = new Map<MeasurePart, PartSource>(
    measureParts(definition).map(([, part]) => [part, compilePartSource(part, scope)]),
  )
  const timeSql = `assumeNotNull(${quoteName(definition.time)})`
  const conditions = [
    ...(time.nullable ? [`${quoteName(definition.time)} IS NOT NULL`] : []),
    ...(definition.filter === undefined ? [] : [compileCondition(definition.filter, scope).sql]),
  ]
  return {
    metric: {
      definition,
      dataset,
      from,
      folded: dataset.kind === 'events',
      byDate: time.type === 'date',
      tick: (unit) => tickSql(timeSql, time.type, unit),
      between: (unit) => betweenSql(timeSql, time.type, unit),
      where: conditions.join(' AND ') || '1',
      dimensions: definition.dimensions.map((name, index) => dimension(name, index, scope)),
      measure: compileMeasure(definition.measure, (part) => sources.get(part)!),
      scope,
    },
  }
}

/** The dataset's columns, and when a row came. */
function scopeOfDataset(dataset: Dataset): Scope {
  const own = dataset.columns.map(({ name, type, nullable }) => [name, { type, nullable }] as const)
  const arrival = dataset.kind === 'events' ? ([['_ingested_at', { type: 'timestamp', nullable: false }]] as const) : []
  return { columns: new Map([...own, ...arrival]) }
}

function measureParts({ measure }: MetricDefinition): readonly (readonly [MeasurePath, MeasurePart])[] {
  if (measure.type !== 'ratio') return [['measure', measure]]
  return [
    ['measure.numerator', measure.numerator],
    ['measure.denominator', measure.denominator],
  ]
}

function timeProblems(name: string, scope: Scope): readonly Problem[] {
  const column = scope.columns.get(name)
  if (!column) return [unknownColumn(name, 'time', scope)]
  if (column.type === 'timestamp' || column.type === 'date') return []
  return [
    {
      at: 'time',
      code: 'not_a_time',
      message: `The column "${name}" is ${withArticle(column.type)}; the time of a metric is a timestamp or date.`,
    },
  ]
}

export function dimensionProblems(name: string, at: string, scope: Scope): readonly Problem[] {
  const column = scope.columns.get(name)
  if (!column) return [unknownColumn(name, at, scope)]
  if (isGroupable(column.type)) return []
  return [
    {
      at,
      code: 'not_a_dimension',
      message: `The column "${name}" is ${withArticle(column.type)}; group by a string, integer, decimal, boolean or date.`,
    },
  ]
}

function unknownColumn(name: string, at: string, scope: Scope): Problem {
  const said = withSuggestion(`The dataset has no column "${name}".`, name, scope.columns.keys())
  return { at, code: 'unknown_column', ...said }
}

function dimension(name: string, index: number, scope: Scope): Dimension {
  return { name, column: `d${index}`, engineType: dimensionType(name, scope) }
}

export function dimensionType(name: string, scope: Scope): string {
  const { type, nullable } = scope.columns.get(name)!
  return nullable ? `Nullable(${engineType(type)})` : engineType(type)
}

const micros: Readonly<Record<TickUnit, number>> = { minute: 60_000_000, second: 1_000_000 }

/** Rounded down, also before 1970, where plain division would round up. */
function tickSql(time: string, type: ColumnType, unit: TickUnit): string {
  if (type === 'date') return unit === 'minute' ? `toInt32(${time}) * 1440` : `toInt64(toInt32(${time})) * 86400`
  const length = micros[unit]
  const at = `toUnixTimestamp64Micro(${time})`
  return `CAST(intDiv(${at} - positiveModulo(${at}, ${length}), ${length}), '${unit === 'minute' ? 'Int32' : 'Int64'}')`
}

function betweenSql(time: string, type: ColumnType, unit: TickUnit): readonly string[] {
  const [at, factor] =
    type === 'date' ? [tickSql(time, type, unit), 1] : [`toUnixTimestamp64Micro(${time})`, micros[unit]]
  return [`${at} >= {first:Int64} * ${factor}`, `${at} < {last:Int64} * ${factor}`]
}
