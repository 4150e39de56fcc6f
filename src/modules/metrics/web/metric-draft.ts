/** A metric as its form holds it, and the definition it stands for. */
export interface DatasetChoice {
  readonly name: string
  readonly kind: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

export interface Draft {
  readonly name: string
  readonly code: string
  /** The code no longer follows the name. */
  readonly codeTyped: boolean
  readonly dataset: string
  readonly time: string
  readonly measure: string
  readonly expression: string
  readonly p: string
  readonly ratioFilter: string
  readonly filter: string
  readonly dimensions: readonly string[]
  readonly unit: string
  readonly direction: string
}

export const measureTypes = [
  { value: 'count', title: 'Count of rows' },
  { value: 'sum', title: 'Sum' },
  { value: 'avg', title: 'Average' },
  { value: 'min', title: 'Smallest' },
  { value: 'max', title: 'Largest' },
  { value: 'distinct', title: 'Distinct values' },
  { value: 'percentile', title: 'Percentile' },
  { value: 'ratio', title: 'Share of rows' },
] as const

export function needsExpression(measure: string): boolean {
  return measure !== 'count' && measure !== 'ratio'
}

export function timeColumns(columns: DatasetChoice['columns']): string[] {
  const times = columns.filter(({ type }) => type === 'timestamp' || type === 'date').map(({ name }) => name)
  return times.includes('_ingested_at') ? times : [...times, '_ingested_at']
}

export function blankDraft(dataset: DatasetChoice): Draft {
  return {
    name: '',
    code: '',
    codeTyped: false,
    dataset: dataset.name,
    time: timeColumns(dataset.columns)[0] ?? '_ingested_at',
    measure: 'count',
    expression: '',
    p: '95',
    ratioFilter: '',
    filter: '',
    dimensions: [],
    unit: '',
    direction: '',
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
  return {
    code: draft.code,
    name: draft.name.trim(),
    dataset: draft.dataset,
    time: draft.time,
    measure: measureOf(draft),
    ...(draft.filter.trim() === '' ? {} : { filter: draft.filter.trim() }),
    ...(draft.dimensions.length === 0 ? {} : { dimensions: draft.dimensions }),
    ...(draft.unit.trim() === '' ? {} : { unit: draft.unit.trim() }),
    ...(draft.direction === '' ? {} : { direction: draft.direction }),
  }
}

function measureOf({ measure, expression, p, ratioFilter }: Draft): Readonly<Record<string, unknown>> {
  if (measure === 'count') return { type: 'count' }
  if (measure === 'ratio')
    return {
      type: 'ratio',
      numerator: { type: 'sum', expression: '100', filter: ratioFilter.trim() },
      denominator: { type: 'count' },
    }
  return { type: measure, expression: expression.trim(), ...(measure === 'percentile' ? { p: Number(p) } : {}) }
}
