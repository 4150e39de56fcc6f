/** A metric as its form holds it, and the definition it stands for. */
import type { MeasurePart, MetricDefinition } from '#core/metric'
import { filterOfText } from '#core/filter-text'
import { periodNames, type PeriodName } from '#core/period'
import { shareFilter } from './measure-text.ts'

export interface DatasetChoice {
  readonly name: string
  readonly kind: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

/** One measure over the rows that fit. */
export interface PartDraft {
  readonly type: string
  readonly expression: string
  readonly p: string
  readonly filter: string
}

export interface Draft {
  readonly name: string
  readonly code: string
  /** The code no longer follows the name. */
  readonly codeTyped: boolean
  readonly description: string
  readonly dataset: string
  readonly time: string
  /** The one measure, or what the form calls a share or a ratio of two. */
  readonly measure: PartDraft
  readonly numerator: PartDraft
  readonly denominator: PartDraft
  readonly filter: string
  readonly dimensions: readonly string[]
  readonly unit: string
  readonly direction: string
  readonly targets: Readonly<Partial<Record<PeriodName, string>>>
  readonly lateness: string
}

export const partTypes = [
  { value: 'count', title: 'Count of rows' },
  { value: 'sum', title: 'Sum' },
  { value: 'avg', title: 'Average' },
  { value: 'min', title: 'Smallest' },
  { value: 'max', title: 'Largest' },
  { value: 'distinct', title: 'Distinct values' },
  { value: 'percentile', title: 'Percentile' },
] as const

export const measureTypes = [
  ...partTypes,
  { value: 'share', title: 'Share of rows' },
  { value: 'ratio', title: 'Ratio of two measures' },
] as const

export function needsExpression(measure: string): boolean {
  return measure !== 'count' && measure !== 'share' && measure !== 'ratio'
}

const arrival = '_ingested_at'

/** Rows of a `table` do not say when they came. */
export function timeColumns({ kind, columns }: Pick<DatasetChoice, 'kind' | 'columns'>): string[] {
  const times = columns.filter(({ type }) => type === 'timestamp' || type === 'date').map(({ name }) => name)
  return kind === 'table' || times.includes(arrival) ? times : [...times, arrival]
}

const blankPart: PartDraft = { type: 'count', expression: '', p: '95', filter: '' }

export function blankDraft(dataset: DatasetChoice): Draft {
  return {
    name: '',
    code: '',
    codeTyped: false,
    description: '',
    dataset: dataset.name,
    time: timeColumns(dataset)[0] ?? '',
    measure: blankPart,
    numerator: blankPart,
    denominator: blankPart,
    filter: '',
    dimensions: [],
    unit: '',
    direction: '',
    targets: {},
    lateness: '',
  }
}

/** The form of a metric that is there. */
export function draftOf(metric: MetricDefinition): Draft {
  const { measure } = metric
  const share = shareFilter(measure)
  return {
    name: metric.name,
    code: metric.code,
    codeTyped: true,
    description: metric.description ?? '',
    dataset: metric.dataset,
    time: metric.time,
    measure:
      share !== undefined
        ? { ...blankPart, type: 'share', filter: filterText(share) }
        : measure.type === 'ratio'
          ? { ...blankPart, type: 'ratio' }
          : partDraft(measure),
    numerator: measure.type === 'ratio' ? partDraft(measure.numerator) : blankPart,
    denominator: measure.type === 'ratio' ? partDraft(measure.denominator) : blankPart,
    filter: filterText(metric.filter),
    dimensions: metric.dimensions,
    unit: metric.unit ?? '',
    direction: metric.direction ?? '',
    targets: Object.fromEntries(Object.entries(metric.target ?? {}).map(([period, value]) => [period, String(value)])),
    lateness: metric.lateness,
  }
}

/** The same draft over another dataset: what has no column there is let go, and its own time goes before the arrival. */
export function ontoDataset(draft: Draft, dataset: DatasetChoice): Draft {
  const times = timeColumns(dataset)
  const kept = times.includes(draft.time) && (draft.time !== arrival || times[0] === arrival)
  const names = new Set(dataset.columns.map(({ name }) => name))
  return {
    ...draft,
    dataset: dataset.name,
    time: kept ? draft.time : (times[0] ?? ''),
    dimensions: draft.dimensions.filter((name) => names.has(name)),
  }
}

/** "Net revenue" → "NET.REVENUE". */
export function codeFor(name: string): string {
  return name
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '.')
    .replace(/^[^A-Z]+|\.+$/g, '')
    .slice(0, 100)
}

export function definitionOf(draft: Draft) {
  const targets = periodNames.flatMap((period) => {
    const text = draft.targets[period]?.trim() ?? ''
    return text === '' ? [] : [[period, numberOf(text)] as const]
  })
  return {
    code: draft.code,
    name: draft.name.trim(),
    ...given('description', draft.description.trim()),
    dataset: draft.dataset,
    time: draft.time,
    measure: measureOf(draft),
    ...given('filter', filterOfText(draft.filter.trim())),
    ...(draft.dimensions.length === 0 ? {} : { dimensions: draft.dimensions }),
    ...given('unit', draft.unit.trim()),
    ...given('direction', draft.direction),
    ...(targets.length === 0 ? {} : { target: Object.fromEntries(targets) }),
    ...given('lateness', draft.lateness.trim()),
  }
}

function measureOf({ measure, numerator, denominator }: Draft) {
  if (measure.type === 'share')
    return {
      type: 'ratio',
      numerator: { type: 'sum', expression: '100', ...given('filter', filterOfText(measure.filter.trim())) },
      denominator: { type: 'count' },
    }
  if (measure.type === 'ratio') return { type: 'ratio', numerator: partOf(numerator), denominator: partOf(denominator) }
  return partOf({ ...measure, filter: '' })
}

function partOf({ type, expression, p, filter }: PartDraft) {
  return {
    type,
    ...(needsExpression(type) ? { expression: expression.trim() } : {}),
    ...(type === 'percentile' ? { p: numberOf(p) } : {}),
    ...given('filter', filterOfText(filter.trim())),
  }
}

function partDraft(part: Exclude<MetricDefinition['measure'], { type: 'ratio' }> | MeasurePart): PartDraft {
  return {
    type: part.type,
    expression: 'expression' in part ? part.expression : '',
    p: 'p' in part ? String(part.p) : blankPart.p,
    filter: 'filter' in part ? filterText(part.filter) : '',
  }
}

/** A filter as it is typed: an expression, or the object form as JSON. */
function filterText(filter: unknown): string {
  return filter === undefined ? '' : typeof filter === 'string' ? filter : JSON.stringify(filter)
}

/** What is no number is sent as it is, for the server to say so at its place. */
function numberOf(text: string): number | string {
  const value = Number(text)
  return text.trim() === '' || Number.isNaN(value) ? text : value
}

function given<Name extends string>(name: Name, value: unknown): { readonly [name in Name]?: unknown } {
  return value === '' ? {} : ({ [name]: value } as { readonly [name in Name]: unknown })
}
